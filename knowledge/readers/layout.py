"""Prose that is laid out by blanks alone, as in manual pages: its headings, terms and examples.

Web pages show such text as it was typed, as they show code.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from knowledge.documents import BlockKind, Span, line_spans
from knowledge.numbering import number_in

_WORD = re.compile(r"[\"'(<]?[^\W\d_]+(?:['’-][^\W\d_]+)*[\"')>]?[,.;:?!]?[\"')]?")
_NO_PROSE = re.compile(r"#|//|/\*|\*|>>>|\$ |\.\.\.|\|")
_MARKER = re.compile(r"(?:[-*+•o]|\d{1,2}[.)]|\(?[a-z\d]\))[ \t]+(?=\S)")
_CAPITALS = re.compile(r"[A-Z][A-Z\d ,/&():'._-]*[A-Z)\d]")
_DIVIDER = re.compile(r"([=~_-])\1{3,}")
_GAP = re.compile(r"(?<=\S)(?: {2,}|[ ]*\t[ \t]*)(?=\S)")
_MEANING = re.compile(r"(\S.{0,40}?)[ \t]+:[ \t]+(?=\S)")
_END = re.compile(r"\S+\(\w+\)")
_COMMANDS = "SYNOPSIS"

_BLANKS = " \t\f\v\r\n\u00a0\ufeff"
_FEWEST_WORDS = 4  # of a line of prose
_SHARES = (3, 0.8), (5, 0.6), (20, 0.4)
"""Of so many lines of prose, the share of all lines from which on a text is prose."""

_LOOKED_AT = 300
_LONGEST_TERM = 60
_FAR = 40
"""Where the name of a manual page stands at its end."""

_LONGEST_ALONE = 3  # in words
_DEEPEST = 20
_MOST_GAPS = 20
_ABOUT = 2
"""By so many characters a line and what underlines it may differ."""

_LONGEST_HEADING = 10  # in words


@dataclass(frozen=True, slots=True)
class Part:
    """A block of a text, or a heading in it, whose `kind` is None and whose level counts from 1."""

    kind: BlockKind | None
    span: Span
    level: int = 0
    number: str | None = None  # of an item


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    indent: int
    text: str

    @property
    def is_text(self) -> bool:
        return bool(self.text) and _DIVIDER.fullmatch(self.text) is None

    @property
    def is_sentence(self) -> bool:
        return self.text.endswith(".") and self.text[0].isupper() and " " in self.text

    @property
    def is_prose(self) -> bool:
        words = self.text.split()
        known = sum(_WORD.fullmatch(word) is not None for word in words)
        return (
            known >= _FEWEST_WORDS and known >= 0.7 * len(words) and not _NO_PROSE.match(self.text)
        )


def is_laid_out(text: str) -> bool:
    """Whether a text that is shown as it was typed is prose, and no code."""
    if text.count("\n") < 2:
        return False
    lines = [line for line in islice(_lines(text), _LOOKED_AT) if line.is_text]
    prose = sum(line.is_prose for line in lines)
    if _is_manual_page(lines):
        return prose > 0
    shares = [share for fewest, share in _SHARES if prose >= fewest]
    return bool(shares) and prose >= min(shares) * len(lines)


def parts_of(text: str) -> list[Part]:
    """The blocks and headings of a text that is laid out by blanks."""
    parts = list(_Layout(text).parts())
    # Several terms that mean the same may have empty lines between them.
    for place in range(len(parts) - 2, -1, -1):
        part, following = parts[place], parts[place + 1]
        is_like_it = following.kind is BlockKind.TERM and following.level == part.level
        if is_like_it and part.kind is not None and _may_be_term(part.span.of(text)):
            parts[place] = Part(BlockKind.TERM, part.span, part.level)
    return parts


def _may_be_term(text: str) -> bool:
    is_short = "\n" not in text and len(text.split()) <= _LONGEST_ALONE
    return is_short and not text.endswith((":", "."))


def _lines(text: str) -> Iterator[_Line]:
    for start, end in line_spans(text):
        line = text[start:end]
        bare = line.strip(_BLANKS)
        indent = len(line.expandtabs()) - len(line.expandtabs().lstrip(_BLANKS))
        begin = start + len(line) - len(line.lstrip(_BLANKS))
        yield _Line(begin, begin + len(bare), indent, bare)


def _has_same_ends(line: str) -> bool:
    """Whether a line begins and ends with the name of a manual page, as its first one does."""
    words = line.split()
    return len(words) > 1 and words[0] == words[-1] and _END.fullmatch(words[0]) is not None


def _is_manual_page(lines: Sequence[_Line]) -> bool:
    """Whether all that begins at the margin is headings in capitals."""
    at_margin = [line for line in lines if line.indent == 0 and not _has_same_ends(line.text)]
    headings = sum(_CAPITALS.fullmatch(line.text) is not None for line in at_margin)
    return headings >= 2 and headings >= 0.8 * len(at_margin) and len(at_margin) < len(lines) / 2


class _Layout:
    """The way through the lines of a text, from top to bottom."""

    def __init__(self, text: str) -> None:
        self._lines = list(_lines(text))
        written = [line for line in self._lines if line.text]
        self._is_manual = _is_manual_page(written)
        indents = [line.indent for line in written if line.indent > 4 or not self._is_manual]
        self._base = min(indents, default=0)
        self._terms: list[tuple[int, int]] = []  # indents of open terms and of what they mean
        self._heading = ""
        self._nested = 0  # how deep in lines that are deeper than those above them

    def parts(self) -> Iterator[Part]:
        """The parts in order."""
        follows_divider = False
        for is_written, group in groupby(self._lines, key=lambda line: bool(line.text)):
            if not is_written:
                continue
            lines = list(group)
            for heading, rest in self._sections(lines, follows_divider):
                if heading is not None:
                    yield heading
                yield from self._chunk(rest)
            follows_divider = not any(line.is_text for line in lines)

    def _sections(
        self, lines: Sequence[_Line], follows_divider: bool
    ) -> Iterator[tuple[Part | None, list[_Line]]]:
        """The lines of a chunk below the headings in it, if any; without what divides."""
        heading: Part | None = None
        rest: list[_Line] = []
        for number, (line, below) in enumerate(zip(lines, [*lines[1:], None], strict=True)):
            if _DIVIDER.fullmatch(line.text) or (self._is_manual and self._is_margin(line)):
                continue
            level = self._level(line, below)
            if not level and follows_divider and len(lines) == 1 and number == 0:
                level = 1 if len(line.text.split()) <= _LONGEST_HEADING else 0
            if not level:
                rest.append(line)
                continue
            if heading is not None or rest:
                yield heading, rest
            heading, rest = Part(None, Span(line.start, line.end), level), []
            self._terms = []
            self._heading = line.text if level == 1 else self._heading
        yield heading, rest

    def _is_margin(self, line: _Line) -> bool:
        """Whether it is the first or last line of a printed page."""
        if line.indent == 0:
            return _has_same_ends(line.text)
        return line.indent >= _FAR and _END.fullmatch(line.text) is not None

    def _level(self, line: _Line, below: _Line | None) -> int:
        """The level of a heading, 0 for what is none: in capitals, or underlined, or set out."""
        if self._is_manual:
            return 0 if line.indent >= self._base else 1 if line.indent == 0 else 2
        if below is None or below.is_text or abs(len(line.text) - len(below.text)) > _ABOUT:
            return 0
        return 1 if below.text.startswith("=") else 2

    def _chunk(self, lines: Sequence[_Line]) -> Iterator[Part]:
        """The parts of some lines without a blank line between."""
        if self._nested == _DEEPEST:
            yield self._text(lines)
            return
        self._nested += 1
        place = 0
        while place < len(lines):
            first = lines[place].indent
            head = place + 1
            while head < len(lines) and lines[head].indent == first and not _starts(lines, head):
                head += 1
            end = head
            while end < len(lines) and lines[end].indent > first:
                end += 1
            if _MARKER.match(lines[place].text):
                yield from self._item(lines[place:end])
            else:
                yield from self._stretch(lines[place:head], lines[head:end])
            place = end
        self._nested -= 1

    def _item(self, lines: Sequence[_Line]) -> Iterator[Part]:
        marker = _MARKER.match(lines[0].text)
        width = marker.end() if marker else 0
        level = self._depth(lines[0].indent)
        first = lines[0]
        number = number_in(marker[0]) if marker else None
        yield Part(BlockKind.ITEM, Span(first.start + width, lines[-1].end), level, number)
        self._terms.append((first.indent, first.indent + width))

    def _stretch(self, head: Sequence[_Line], body: Sequence[_Line]) -> Iterator[Part]:
        """Lines at one indent, and deeper ones below them."""
        column = _column(head, body)
        meaning = _MEANING.match(head[-1].text) if len(head) == 1 else None
        if column is not None:
            yield from self._entries(head, body, column)
        elif meaning is not None and (body or not self._is_manual):
            yield from self._explained(head[0], body, meaning)
        elif len(head) == 1 and _hangs(head[0], body):
            yield self._text([*head, *body])
        elif body and self._is_term(head, body):
            level = self._depth(head[0].indent)
            for line in head:
                yield Part(BlockKind.TERM, Span(line.start, line.end), level)
            self._terms.append((head[0].indent, body[0].indent))
            yield from self._chunk(body)
        else:
            yield self._text(head)
            if body:
                yield from self._chunk(body)

    def _explained(
        self, line: _Line, body: Sequence[_Line], meaning: re.Match[str]
    ) -> Iterator[Part]:
        """A term and what it means, with a colon between."""
        level = self._depth(line.indent)
        end = body[-1].end if body else line.end
        yield Part(BlockKind.TERM, Span(line.start, line.start + meaning.end(1)), level)
        yield Part(BlockKind.DEFINITION, Span(line.start + meaning.end(), end), level + 1)
        self._terms.append((line.indent, body[0].indent if body else line.indent + 1))

    def _is_term(self, head: Sequence[_Line], body: Sequence[_Line]) -> bool:
        is_short = all(len(line.text) <= _LONGEST_TERM for line in head)
        said = head[-1].text
        return (
            is_short
            and len(head) <= 3
            and (said.endswith("...") or not said.endswith((":", ".", ",")))
            and any(line.is_prose or line.is_sentence for line in body)
        )

    def _entries(self, head: Sequence[_Line], body: Sequence[_Line], column: int) -> Iterator[Part]:
        """Terms with what they mean on their lines; the last goes on in the lines below it."""
        level = self._depth(head[0].indent)
        for line in head:
            gap = _gap_before(line, column)
            if gap is None:
                continue
            end = body[-1].end if line is head[-1] and body else line.end
            yield Part(BlockKind.TERM, Span(line.start, line.start + gap[0]), level)
            yield Part(BlockKind.DEFINITION, Span(line.start + gap[1], end), level + 1)
        self._terms.append((head[0].indent, column))

    def _text(self, lines: Sequence[_Line]) -> Part:
        indent = lines[0].indent
        level = self._depth(indent)
        kind = BlockKind.DEFINITION if self._terms else BlockKind.PARAGRAPH
        at_text = self._terms[-1][1] if self._terms else self._base
        is_deeper = indent > at_text
        prose = sum(line.is_prose for line in lines)
        is_prose = prose * 2 >= len(lines) or lines[-1].is_sentence
        if not is_prose and (is_deeper or self._heading == _COMMANDS):
            kind = BlockKind.CODE
        return Part(kind, Span(lines[0].start, lines[-1].end), level)

    def _depth(self, indent: int) -> int:
        """In how many terms a line of such an indent stands; those beside it are closed."""
        while self._terms and self._terms[-1][0] >= indent:
            self._terms.pop()
        return len(self._terms)


def _hangs(line: _Line, body: Sequence[_Line]) -> bool:
    """Whether a line goes on in the deeper ones below it."""
    is_open = not line.text.endswith((":", ".", ";"))
    return bool(body) and is_open and len(line.text) > _LONGEST_TERM and line.is_prose


def _starts(lines: Sequence[_Line], place: int) -> bool:
    """Whether an item begins there."""
    return _MARKER.match(lines[place].text) is not None


def _gaps(line: _Line) -> Iterator[tuple[int, re.Match[str]]]:
    """The first gaps of a line, each with the column that it ends at."""
    for gap in islice(_GAP.finditer(line.text), _MOST_GAPS):
        yield line.indent + len(line.text[: gap.end()].expandtabs()), gap


def _column(head: Sequence[_Line], body: Sequence[_Line]) -> int | None:
    """Where what terms mean begins on each of some lines; None where they are no entries."""
    columns = [{column for column, _ in _gaps(line)} for line in head]
    common = set.intersection(*columns)
    if body:
        common &= {body[0].indent}
    elif len(head) == 1:
        first = _GAP.search(head[0].text)
        is_term = first is not None and first.start() <= _LONGEST_TERM / 2
        return min(common) if common and is_term else None
    return min(common, default=None)


def _gap_before(line: _Line, column: int) -> tuple[int, int] | None:
    found = (gap.span() for end, gap in _gaps(line) if end == column)
    return next(found, None)
