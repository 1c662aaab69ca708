"""Answers and passages as Discord messages: what is quoted, where it stands, and what to press.

Messages are made of components, not of text with embeds: links in them never unfold, and they hold
twice the text. Discord's limits are kept here: the quotes are shortened, the sources never.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import discord

from bot.discord.answer_buttons import buttons_under
from bot.discord.controls import Action, Button, Control, button
from bot.discord.markdown import escaped, link, shortened
from bot.discord.quotes import quoted
from bot.discord.taught import credit_of
from bot.library import Library, Listing, Surroundings
from bot.presentation import (
    block_lines,
    blocks_of,
    cited_first,
    counted,
    lines_near,
    named_path,
    passage_lines,
    short_names,
)
from footnote import Answer, Citation, Hit, Passage, Span, Verdict
from footnote.index import Stored, key_of
from footnote.text import readable_of, section_address

LONGEST_TEXT = 4_000
"""Characters that Discord allows in all texts of one message of components."""

_QUOTES = 2_400
"""Characters of a passage that is read; what is left is for its heading and its surroundings."""

_QUESTION, _PATH, _NAME, _NOTE, _ADDRESS, _LINES = 500, 150, 50, 300, 300, 400
_LEAST_QUOTE = 300
_MOST_SOURCES = 4

_SURROUNDINGS = 500

LISTED = 15
"""Documents on a page of their list."""

_LISTED_ADDRESS = 110
"""Characters that a document's address may have there."""

_ANSWERED, _DECLINED = discord.Colour(0x2F8F5B), discord.Colour(0x8A8F98)
_CONFIDENCE = (
    (0.9, "Very likely right"),
    (0.7, "Likely right"),
    (0.5, "Probably right"),
    (0.0, "Unsure, check the source"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """How an answer is shown: above it the question, where no message beside it shows it.

    `raters` may rate it (nobody where no moderator would see that), and, where a server
    `has_helpers`, hand a decline on; `note` is a last line.
    """

    raters: tuple[int, ...]
    question: str | None = None
    note: str | None = None
    has_helpers: bool = False


class Pages:
    """The messages over one library; sources are links where documents have addresses."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def answer(self, answer: Answer, shown: Shown) -> discord.ui.LayoutView:
        """The quotes with their sources, or what came nearest and what to do."""
        is_answered = answer.verdict is Verdict.ANSWERED
        heading = [_asked(shown.question)] if shown.question else []
        note = [f"-# {shown.note}"] if shown.note else []
        left = LONGEST_TEXT - sum(map(len, [*heading, *note]))
        body = self._quotes(answer, left) if is_answered else self._decline(answer)
        buttons = buttons_under(answer, shown.raters, shown.has_helpers, self._library)
        colour = _ANSWERED if is_answered else _DECLINED
        return _message([*heading, *body, *note], buttons, colour)

    def _quotes(self, answer: Answer, limit: int) -> list[str]:
        """Each block with its source, then how sure and how understood, and where else to look."""
        blocks = blocks_of(answer.citations)[:_MOST_SOURCES]
        room = 2 * _PATH // len(blocks)
        sources = [f"-# — {self._source(cited_first(block), room)}" for block in blocks]
        sure = next(word for least, word in _CONFIDENCE if answer.confidence >= least)
        notes = [f"{sure} ({answer.confidence:.0%})", *_repairs(answer)]
        if answer.unanswered:
            notes.append(f"nothing found for {shortened(', '.join(answer.unanswered), _NOTE)}")
        last, others = f"-# {' · '.join(notes)}", self._others(answer)
        # Sources are never shortened for the quotes, but the quotes for them.
        left = limit - sum(map(len, [*sources, last]))
        if others and left - len(others) >= _LEAST_QUOTE * len(blocks):
            last = f"{last}\n{others}"
            left -= len(others) + 1
        share = left // len(blocks)
        quotes = [
            quoted(block_lines(one, answer.short_confidence), share, ", see “Show in context”")
            for one in blocks
        ]
        return [*(part for pair in zip(quotes, sources, strict=True) for part in pair), last]

    def _others(self, answer: Answer) -> str:
        """The closest sections in one line, by short names; empty without any."""
        names = short_names(answer.nearest)
        links = [
            _linked(name, _addresses(one)[1:], _NAME)
            for one, name in zip(answer.nearest, names, strict=True)
        ]
        return f"-# See also: {', '.join(links)}" if links else ""

    def _decline(self, answer: Answer) -> list[str]:
        """The closest sections, each with the lines that fit best, and what to do."""
        if not answer.nearest:
            repairs = [f"-# {repair}" for repair in _repairs(answer)]
            return ["The documents do not answer this.", *repairs]
        sections = [
            f"{self._source(one, _PATH)}\n{quoted(lines_near(one), _LINES)}"
            for one in answer.nearest
        ]
        advice = "Rephrase the question"
        if answer.hits:
            advice += ", look at the nearest passages"
        notes = [f"{advice}, or ask a person.", *_repairs(answer)]
        return ["No sure answer. The closest sections:", *sections, f"-# {' · '.join(notes)}"]

    def found(
        self, keys: Sequence[str], position: int, entry: Stored | None
    ) -> discord.ui.LayoutView:
        """One of several passages that were found, or that it is in the documents no more."""
        text = "".join(keys)
        number = f"Passage {position + 1} of {len(keys)}"
        buttons = [
            _leaf("← Previous", position - 1, keys, text),
            _leaf("Next →", position + 1, keys, text),
        ]
        if entry is None:
            gone = "The documents have changed; this passage is no longer in them."
            return _message([gone, f"-# {number}"], buttons)
        heading = f"{_heading(entry.passage)}\n-# {number}"
        buttons.append(button("Read on", Control(Action.READ, (keys[position],))))
        lines = passage_lines(entry.passage, entry.file)
        return _message([heading, quoted(lines, _QUOTES), self._foot(entry)], buttons)

    def reading(self, place: Surroundings, mark: Span | None = None) -> discord.ui.LayoutView:
        """A passage in its surroundings; `mark` is the span of what was quoted from it."""
        entry, before, after = place
        parts = [_heading(entry.passage)]
        if before is not None:
            parts.append(f"-# … {_tail(_read(before))}")
        parts.append(quoted(passage_lines(entry.passage, entry.file, mark), _QUOTES))
        if after is not None:
            parts.append(f"-# {shortened(_read(after), _SURROUNDINGS)}")
        parts.append(self._foot(entry))
        return _message(parts, [_turn("← Previous", before), _turn("Next →", after)])

    def _foot(self, entry: Stored) -> str:
        id_ = entry.passage.document_id
        url, anchor = self._library.index.url_of(entry), entry.passage.anchor
        addresses = [section_address(url, entry.page, anchor, entry.file), url] if url else []
        if credit := credit_of(id_):
            return f"-# {_linked(credit, addresses[-1:], _PATH)}"
        return f"-# {_linked(id_, addresses, _PATH)}, {_where(entry.page, entry.row)}"

    def _source(self, citation: Citation, limit: int) -> str:
        """Title and headings, as a link where the document can be read somewhere, and the line."""
        path = " › ".join(named_path(citation.title, citation.heading))
        addresses = _addresses(citation)
        if credit := credit_of(citation.document_id):
            # Discord opens its own messages only by the address alone.
            return f"{_linked(path, addresses[-1:], limit)} · {shortened(credit, _PATH)}"
        return f"{_linked(path, addresses, limit)} · {_where(citation.page, citation.line)}"

    def documents(self, listing: Listing) -> discord.ui.LayoutView:
        """A page of the documents, and how many files were skipped."""
        lines = []
        for document in listing.documents:
            url = document.url
            addresses = [url] if url and len(url) <= _LISTED_ADDRESS else []
            name = _linked(credit_of(document.id) or document.id, addresses, _NAME)
            lines.append(f"- {shortened(document.title, _NAME)} · {name}")
        notes = []
        if listing.pages > 1:
            page = f"Page {listing.page + 1:,} of {listing.pages:,}"
            notes.append(f"{page}; /source finds one by name")
        if listing.skipped:
            notes.append(f"skipped files: {listing.skipped:,}")
        parts = [f"### {counted(listing.total, 'document')}", "\n".join(lines)]
        if notes:
            parts.append(f"-# {' · '.join(notes)}")
        if listing.pages == 1:
            return _message(parts, [])
        before, after = listing.page - 1, listing.page + 1
        buttons = [_page("← Previous", before, listing), _page("Next →", after, listing)]
        return _message(parts, buttons)


def _where(page: int | None, line: int) -> str:
    return f"line {line}" if page is None else f"page {page}"


def _addresses(citation: Citation) -> list[str]:
    """Where a quote can be opened, the longest address, that of the words, first."""
    url, address = citation.url, citation.address
    if not url or not address:
        return []
    section = section_address(url, citation.page, citation.anchor, citation.source)
    return [address, section, url]


def _linked(label: str, addresses: Iterable[str], limit: int) -> str:
    """The label, shortened, as a link to the first address that is short enough."""
    # A longer address would take the room of the quote, and a cut one leads nowhere.
    address = next((one for one in addresses if len(one) <= _ADDRESS), None)
    if address is None:
        return shortened(label, limit)
    return link(label, address, limit)


def _heading(passage: Passage) -> str:
    return f"### {shortened(' › '.join(named_path(passage.title, passage.heading)), 2 * _PATH)}"


def _turn(label: str, entry: Stored | None) -> Button:
    # A button that leads nowhere still needs an id, other than that of the one beside it.
    key = label if entry is None else key_of(entry.passage)
    return button(label, Control(Action.TURN, (key,)), is_enabled=entry is not None)


def _leaf(label: str, position: int, keys: Sequence[str], text: str) -> Button:
    # Two buttons of a message must not have one id, not even those that lead nowhere.
    is_enabled = 0 <= position < len(keys)
    control = Control(Action.LEAF, (str(position) if is_enabled else label[0], text))
    return button(label, control, is_enabled=is_enabled)


def _page(label: str, page: int, listing: Listing) -> Button:
    is_enabled = 0 <= page < listing.pages
    control = Control(Action.DOCUMENTS, (str(page) if is_enabled else label[0],))
    return button(label, control, is_enabled=is_enabled)


def _asked(question: str) -> str:
    return f"### {shortened(question, _QUESTION)}"


def question_alone(question: str) -> discord.ui.LayoutView:
    """A question whose answer stands in the thread below it."""
    return notice(_asked(question))


def notice(text: str, buttons: Sequence[Button] = ()) -> discord.ui.LayoutView:
    """A message that only says something; `text` is Markdown."""
    return _message([text], buttons)


def _message(
    parts: Iterable[str],
    buttons: Sequence[Button],
    colour: discord.Colour | None = None,
) -> discord.ui.LayoutView:
    container: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(
        *(discord.ui.TextDisplay(part) for part in parts), accent_colour=colour
    )
    if buttons:
        container.add_item(discord.ui.ActionRow(*buttons))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    # Presses are read off the buttons, so that discord.py need not keep the message in memory.
    view.stop()
    return view


def _repairs(answer: Answer) -> list[str]:
    repaired = [f"{repair.read_as} (not {repair.asked})" for repair in answer.repairs]
    return [f"searched for {shortened(', '.join(repaired), _NOTE)}"] if repaired else []


def _read(entry: Stored) -> str:
    """The text of a passage as people read it."""
    return readable_of(entry.passage, entry.passage.text, entry.file)


def _tail(text: str) -> str:
    """The last words of a text."""
    return escaped(text[-_SURROUNDINGS:].partition(" ")[2])


def hit_keys(hits: Iterable[Hit]) -> list[str]:
    """The keys of passages that were found."""
    return [key_of(hit.passage) for hit in hits]
