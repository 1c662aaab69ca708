"""Answers and passages as Discord messages: what is quoted, where it stands, and what to press.

Messages are made of components, not of text with embeds: links in them never unfold, and they hold
twice the text. Discord's limits are kept here: the quotes are shortened, the sources never.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import discord

from bot.discord import answer_buttons
from bot.discord.controls import Button
from bot.discord.markdown import escaped, shortened, unlinked
from bot.discord.quotes import quoted
from bot.discord.sources import foot, linked, section, section_names, source
from bot.discord.taught import credit_of
from bot.discord.words import documents, page_of
from bot.library import Library, Listing, Surroundings
from bot.presentation import (
    block_lines,
    blocks_of,
    cited_first,
    lines_near,
    named_path,
    passage_lines,
)
from bot.texts import gettext, gettext_noop, number
from footnote import Answer, Hit, Passage, Span, Verdict
from footnote.index import Stored, key_of
from footnote.text import readable_of

LONGEST_TEXT = 4_000
"""Characters that Discord allows in all texts of one message of components."""

_QUOTES = 2_400
"""Characters of a passage that is read; what is left is for its heading and its surroundings."""

_QUESTION, _PATH, _NAME, _NOTE, _LINES = 200, 150, 50, 300, 400
_LEAST_QUOTE = 300
_MOST_SOURCES = 4

_SURROUNDINGS = 500
# Blanks are tried from their first one only: there may be many without an item behind them.
_ITEM = re.compile(r"(?:(?<!\s)|(?<=[-*+•] ))(?=\s*\n)\s++[-*+•] ")

ASKED = "-# "
"""What a question above an answer begins with; no other first part of a public message does."""

LISTED = 15
"""Documents on a page of their list."""

_LISTED_ADDRESS = 110
"""Characters that a document's address may have there."""

_Part: TypeAlias = "str | discord.ui.Section[discord.ui.LayoutView]"
"""Of a message: Markdown, or some with a button beside it."""

_ANSWERED, _DECLINED = discord.Colour(0x2F8F5B), discord.Colour(0x8A8F98)
_CONFIDENCE = (
    (0.9, gettext_noop("Very likely right")),
    (0.7, gettext_noop("Likely right")),
    (0.5, gettext_noop("Probably right")),
    (0.0, gettext_noop("Unsure, check the source")),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """How an answer is shown: above it the question, where no message beside it shows it.

    `raters` may rate it (nobody where no moderator would see that), and, where a server
    `has_helpers`, hand a decline on; `note` is a last line. The question of a decline `is_whole` as
    far as there is room, and read off it again, where no message beside it has it.
    """

    raters: tuple[int, ...]
    question: str | None = None
    note: str | None = None
    has_helpers: bool = False
    is_whole: bool = False


class Pages:
    """The messages over one library; sources are links where documents have addresses."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def answer(self, answer: Answer, shown: Shown) -> discord.ui.LayoutView:
        """The quotes with their sources, or what came nearest and what to do."""
        note = [f"-# {shown.note}"] if shown.note else []
        if answer.verdict is Verdict.DECLINED:
            parts = [*_decline(answer), *note]
            room = LONGEST_TEXT - len(ASKED) - sum(map(_length, parts))
            limit = room if shown.is_whole else _QUESTION
            heading = [asked(shown.question, limit)] if shown.question else []
            buttons = answer_buttons.under_decline(shown.raters, has_helpers=shown.has_helpers)
            return _message([*heading, *parts], buttons, _DECLINED)
        heading = [asked(shown.question)] if shown.question else []
        left = LONGEST_TEXT - sum(map(len, [*heading, *note]))
        buttons = answer_buttons.under_answer(answer, shown.raters, self._library)
        return _message([*heading, *_quotes(answer, left), *note], buttons, _ANSWERED)

    def found(
        self, keys: Sequence[str], position: int, entry: Stored | None
    ) -> discord.ui.LayoutView:
        """One of several passages that were found, or that it is in the documents no more."""
        place = gettext("Passage {position} of {count}", position=position + 1, count=len(keys))
        buttons = answer_buttons.under_found(position, keys, can_be_read=entry is not None)
        if entry is None:
            gone = gettext("The documents have changed; this passage is no longer in them.")
            return _message([gone, f"-# {place}"], buttons)
        heading = f"{_heading(entry.passage)}\n-# {place}"
        lines = passage_lines(entry.passage, entry.file)
        return _message([heading, quoted(lines, _QUOTES), self._foot(entry)], buttons)

    def reading(
        self, place: Surroundings, mark: Span | None = None, others: str = ""
    ) -> discord.ui.LayoutView:
        """A passage in its surroundings; `mark` is the span of what was quoted from it, and
        `others` the keys of what was found beside it."""
        entry, before, after = place
        parts = [_heading(entry.passage)]
        if before is not None:
            parts.append(f"-# … {_tail(_read(before))}")
        parts.append(quoted(passage_lines(entry.passage, entry.file, mark), _QUOTES))
        if after is not None:
            parts.append(f"-# {shortened(_read(after), _SURROUNDINGS)}")
        parts.append(self._foot(entry))
        return _message(parts, answer_buttons.under_reading(before, after, others))

    def _foot(self, entry: Stored) -> str:
        return f"-# {foot(entry, self._library.index.url_of(entry), _PATH)}"

    def documents(self, listing: Listing) -> discord.ui.LayoutView:
        """A page of the documents, and how many files were skipped."""
        lines = []
        for document in listing.documents:
            url = document.url
            addresses = [url] if url and len(url) <= _LISTED_ADDRESS else []
            name = linked(credit_of(document.id) or document.id, addresses, _NAME)
            lines.append(f"- {shortened(document.title, _NAME)} · {name}")
        notes = []
        if listing.pages > 1:
            by_name = gettext("/source finds one by name")
            notes.append(f"{page_of(listing.page, listing.pages)}; {by_name}")
        if listing.skipped:
            notes.append(gettext("skipped files: {count}", count=number(listing.skipped)))
        parts = [f"### {documents(listing.total)}", "\n".join(lines)]
        if notes:
            parts.append(f"-# {' · '.join(notes)}")
        return _message(parts, answer_buttons.under_listing(listing))


def _quotes(answer: Answer, limit: int) -> list[str]:
    """Each block with its source, then how sure and how understood, and where else to look."""
    blocks = blocks_of(answer.citations)[:_MOST_SOURCES]
    room = 2 * _PATH // len(blocks)
    sources = [f"-# — {source(cited_first(block), room)}" for block in blocks]
    notes = [_certainty(answer.confidence), *_repairs(answer)]
    if answer.unanswered:
        words = shortened(", ".join(answer.unanswered), _NOTE)
        notes.append(gettext("nothing found for {words}", words=words))
    last, names = f"-# {' · '.join(notes)}", section_names(answer.nearest)
    others = gettext("-# See also: {sections}", sections=", ".join(names)) if names else ""
    # Sources are never shortened for the quotes, but the quotes for them.
    left = limit - sum(map(len, [*sources, last]))
    if others and left - len(others) >= _LEAST_QUOTE * len(blocks):
        last = f"{last}\n{others}"
        left -= len(others) + 1
    share = left // len(blocks)
    quotes = [
        quoted(block_lines(one, answer.short_confidence), share, gettext(", see “Context”"))
        for one in blocks
    ]
    return [*(part for pair in zip(quotes, sources, strict=True) for part in pair), last]


def _certainty(confidence: float) -> str:
    sure = next(word for least, word in _CONFIDENCE if confidence >= least)
    percent = f"{confidence:.0%}".removesuffix("%")
    return gettext("{sure} ({percent}%)", sure=gettext(sure), percent=percent)


def _decline(answer: Answer) -> Iterator[_Part]:
    """The closest sections, each with the lines that fit best and a way to read it."""
    if not answer.nearest:
        yield gettext("The documents do not answer this.")
        yield from (f"-# {repair}" for repair in _repairs(answer))
        return
    yield gettext("No sure answer. The closest sections:")
    for nearest in answer.nearest:
        name, lines = section(nearest, _PATH), quoted(lines_near(nearest), _LINES)
        read = answer_buttons.beside(nearest, answer.hits)
        if read is None:
            yield f"{name}\n{lines}"
        else:
            yield discord.ui.Section(name, accessory=read)
            yield lines
    notes = [gettext("Rephrase the question, or ask a person."), *_repairs(answer)]
    yield f"-# {' · '.join(notes)}"


def _heading(passage: Passage) -> str:
    return f"### {shortened(' › '.join(named_path(passage.title, passage.heading)), 2 * _PATH)}"


def _length(part: _Part) -> int:
    texts = [part] if isinstance(part, str) else [getattr(t, "content", "") for t in part.children]
    return sum(map(len, texts))


def asked(question: str, limit: int = _QUESTION) -> str:
    """A question above its answer: in small print, since the words are not the bot's."""
    return f"{ASKED}{unlinked(question, limit)}"


def question_alone(question: str) -> discord.ui.LayoutView:
    """A question whose answer stands in the thread below it."""
    return notice(asked(question))


def notice(text: str, buttons: Sequence[Button] = ()) -> discord.ui.LayoutView:
    """A message that only says something; `text` is Markdown."""
    return _message([text], buttons)


def _message(
    parts: Iterable[_Part],
    buttons: Sequence[Button],
    colour: discord.Colour | None = None,
) -> discord.ui.LayoutView:
    container: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(
        *(discord.ui.TextDisplay(part) if isinstance(part, str) else part for part in parts),
        accent_colour=colour,
    )
    if buttons:
        container.add_item(discord.ui.ActionRow(*buttons))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    # Presses are read off the buttons, so that discord.py need not keep the message in memory.
    view.stop()
    return view


def _repairs(answer: Answer) -> list[str]:
    repaired = [
        gettext("{word} (not {asked})", word=repair.read_as, asked=repair.asked)
        for repair in answer.repairs
    ]
    words = shortened(", ".join(repaired), _NOTE)
    return [gettext("searched for {words}", words=words)] if repaired else []


def _read(entry: Stored) -> str:
    """The text of a passage as people read it, with signs between its items."""
    return _ITEM.sub(" • ", readable_of(entry.passage, entry.passage.text, entry.file))


def _tail(text: str) -> str:
    """The last words of a text."""
    return escaped(text[-_SURROUNDINGS:].partition(" ")[2])


def hit_keys(hits: Iterable[Hit]) -> list[str]:
    """The keys of passages that were found."""
    return [key_of(hit.passage) for hit in hits]
