"""The buttons under an answer: the quote in its surroundings, other passages, and ratings."""

from bot.discord.controls import Action, Button, Control, button
from bot.library import Library
from bot.presentation import blocks_of
from footnote import Answer, Hit, Verdict
from footnote.index import key_of


def buttons_under(
    answer: Answer, raters: tuple[int, ...], has_helpers: bool, library: Library
) -> list[Button]:
    """What can be pressed under an answer; under a decline only where something came near, or a
    person can be asked."""
    ids = tuple(map(str, raters))
    if answer.verdict is Verdict.DECLINED:
        buttons = []
        if answer.nearest:
            keys = "".join(key_of(hit.passage) for hit in answer.hits)
            buttons.append(button("Nearest passages", Control(Action.LIST, ("0", keys))))
        if has_helpers and raters:
            buttons.append(button("Ask a person", Control(Action.PERSON, ids)))
        return buttons
    if not answer.hits:
        return []
    buttons = [button("Show in context", Control(Action.READ, _place_of(answer, library)))]
    others = "".join(key_of(hit.passage) for hit in answer.hits if not _is_quoted(hit, answer))
    if others:
        buttons.append(button("Other passages", Control(Action.LIST, ("0", others))))
    if raters:
        buttons += [
            button("Helpful", Control(Action.HELPFUL, ids)),
            button("Not helpful", Control(Action.UNHELPFUL, ids)),
        ]
    return buttons


def _place_of(answer: Answer, library: Library) -> tuple[str, str, str]:
    """The passage that is quoted first, with the span of what answers in it."""
    block = blocks_of(answer.citations)[0]
    first = next((citation for citation in block if citation.marks), block[0])
    marks = [mark for citation in block for mark in citation.marks] or [first.span]
    # Nearly always it was found, and a whole document need not be read on the event loop.
    held = (
        hit.passage
        for hit in answer.hits
        if hit.passage.document_id == first.document_id and hit.passage.span.holds(first.span)
    )
    passage = next(held, None) or library.quoted_from(first).passage
    return (key_of(passage), str(marks[0].start), str(marks[-1].end))


def _is_quoted(hit: Hit, answer: Answer) -> bool:
    """Whether a passage that was found has something of what is quoted."""
    passage = hit.passage
    return any(
        passage.document_id == citation.document_id
        and passage.span.start < citation.span.end
        and citation.span.start < passage.span.end
        for citation in answer.citations
    )
