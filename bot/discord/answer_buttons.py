"""What can be pressed: under an answer, beside the closest sections, and where a source is read.

An answer has three buttons, short enough for one row on a phone in every language; all others are
where one reads.
"""

from collections.abc import Iterable, Sequence

from bot.discord.controls import LONGEST_CUSTOM_ID, Action, Button, Control, button
from bot.discord.words import AFTER, BEFORE
from bot.library import Library, Listing
from bot.presentation import blocks_of
from bot.texts import gettext
from footnote import Answer, Citation, Hit, Passage
from footnote.index import KEY_LENGTH, Stored, key_of


def under_answer(answer: Answer, raters: tuple[int, ...], library: Library) -> list[Button]:
    """The source of what answers, and what its `raters` think of it."""
    if not answer.hits:
        return []
    block = blocks_of(answer.citations)[0]
    first = next((citation for citation in block if citation.marks), block[0])
    # Nearly always it was found, and a whole document need not be read on the event loop.
    passage = _found(first, answer.hits) or library.quoted_from(first).passage
    read = button(
        gettext("Context"), _reading(passage, block, _others(answer.hits, answer.citations))
    )
    if not raters:
        return [read]
    ids = tuple(map(str, raters))
    return [
        read,
        button("👍", Control(Action.HELPFUL, ids)),
        button("👎", Control(Action.UNHELPFUL, ids)),
    ]


def under_decline(raters: tuple[int, ...], *, has_helpers: bool) -> list[Button]:
    """A form for what its `raters` expected, and a way to a person where there is one."""
    if not raters:
        return []
    ids = tuple(map(str, raters))
    buttons = [button(gettext("Say what you expected"), Control(Action.EXPECTED, ids))]
    if has_helpers:
        buttons.append(button(gettext("Ask a person"), Control(Action.PERSON, ids)))
    return buttons


def beside(nearest: Citation, hits: Sequence[Hit]) -> Button | None:
    """Opens one of the closest sections; None where it was not found among the passages."""
    passage = _found(nearest, hits)
    if passage is None:
        return None
    return button(gettext("Read"), _reading(passage, [nearest], _others(hits, [nearest])))


def under_reading(before: Stored | None, after: Stored | None, others: str) -> list[Button]:
    """The passages beside the one that is read, and the others that were found."""
    buttons = [_turn(gettext(BEFORE), before, others), _turn(gettext(AFTER), after, others)]
    if others:
        buttons.append(button(gettext("Other passages"), Control(Action.LIST, ("0", others))))
    return buttons


def under_found(position: int, keys: Sequence[str], *, can_be_read: bool) -> list[Button]:
    """The passages before and behind one of those that were found, and all around it."""
    text = "".join(keys)
    buttons = [
        _leaf(gettext(BEFORE), position - 1, keys, text),
        _leaf(gettext(AFTER), position + 1, keys, text),
    ]
    if can_be_read:
        buttons.append(button(gettext("Read on"), Control(Action.READ, (keys[position],))))
    return buttons


def under_listing(listing: Listing) -> list[Button]:
    """The other pages of the list of documents."""
    if listing.pages == 1:
        return []
    return [
        _page(gettext(BEFORE), listing.page - 1, listing),
        _page(gettext(AFTER), listing.page + 1, listing),
    ]


def _reading(passage: Passage, block: Sequence[Citation], others: str) -> Control:
    """Opens a passage, with what answers in it, and as many of the others as there is room for."""
    marks = [mark for citation in block for mark in citation.marks] or [block[0].span]
    place = (key_of(passage), str(marks[0].start), str(marks[-1].end))
    room = LONGEST_CUSTOM_ID - len(Control(Action.READ, (*place, "")).custom_id)
    others = others[: room // KEY_LENGTH * KEY_LENGTH]
    return Control(Action.READ, (*place, others) if others else place)


def _found(citation: Citation, hits: Iterable[Hit]) -> Passage | None:
    """The passage that a quote stands in, where it was found."""
    held = (
        hit.passage
        for hit in hits
        if hit.passage.document_id == citation.document_id and hit.passage.span.holds(citation.span)
    )
    return next(held, None)


def _others(hits: Iterable[Hit], citations: Sequence[Citation]) -> str:
    """The keys of the passages that have nothing of what is quoted."""
    return "".join(key_of(hit.passage) for hit in hits if not _is_quoted(hit, citations))


def _is_quoted(hit: Hit, citations: Iterable[Citation]) -> bool:
    passage = hit.passage
    return any(
        passage.document_id == citation.document_id
        and passage.span.start < citation.span.end
        and citation.span.start < passage.span.end
        for citation in citations
    )


def _turn(label: str, entry: Stored | None, others: str) -> Button:
    # A button that leads nowhere still needs an id, other than that of the one beside it.
    key = label if entry is None else key_of(entry.passage)
    control = Control(Action.TURN, (key, others) if others else (key,))
    return button(label, control, is_enabled=entry is not None)


def _leaf(label: str, position: int, keys: Sequence[str], text: str) -> Button:
    # Two buttons of a message must not have one id, not even those that lead nowhere.
    is_enabled = 0 <= position < len(keys)
    control = Control(Action.LEAF, (str(position) if is_enabled else label[0], text))
    return button(label, control, is_enabled=is_enabled)


def _page(label: str, page: int, listing: Listing) -> Button:
    is_enabled = 0 <= page < listing.pages
    control = Control(Action.DOCUMENTS, (str(page) if is_enabled else label[0],))
    return button(label, control, is_enabled=is_enabled)
