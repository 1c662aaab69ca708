"""AsciiDoc: its structure, with offsets into the text as it is.

Conditions, attributes and the borders of blocks say nothing to people and belong to no block. What
a condition leaves out is read too: which attributes are set is not known here.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.documents import Block, BlockKind, Document, Span, line_spans
from knowledge.readers import asciidoc_lines as lines_
from knowledge.readers.asciidoc_tables import columns_in, names_header, rows
from knowledge.readers.lines import HeadingPath
from knowledge.sentences import trimmed
from knowledge.source import SourceFile, checksum, decoded

_AS_TYPED = frozenset(("source", "listing", "literal", "verse", "subs"))
_NOT_SHOWN = ("/", "+")
_DEEPEST = 20
"""Boxes in boxes."""


def read(file: SourceFile) -> Iterator[Document]:
    """The file as one document, its title the first heading of level 1."""
    content = file.read_bytes()
    text, encoding = decoded(content, file.name)
    yield _document(file, content, text, _lines_of(text), encoding)


def asciidoc_of(
    file: SourceFile, content: bytes, text: str, encoding: str | None
) -> Document | None:
    """The document of a text file that is AsciiDoc; None where it is not."""
    lines = _lines_of(text)
    return _document(file, content, text, lines, encoding) if lines_.is_asciidoc(lines) else None


def _lines_of(text: str) -> list[str]:
    return [text[start:end].removeprefix("\ufeff") for start, end in line_spans(text)]


def _document(
    file: SourceFile, content: bytes, text: str, lines: Sequence[str], encoding: str | None
) -> Document:
    title = _title_of(lines) or file.path.stem
    return Document(
        id=file.id,
        title=title,
        source=file.name,
        text=text,
        checksum=checksum(content),
        blocks=tuple(_Blocks(text, HeadingPath(title)).all()),
        encoding=encoding,
    )


def _title_of(lines: Sequence[str]) -> str | None:
    """The first heading of level 1; None where there is none."""
    for line, below in zip(lines, [*lines[1:], None], strict=True):
        found = lines_.heading(line, below)
        if found is not None and found[0] == 1:
            return found[1]
    return None


@dataclass(frozen=True, slots=True)
class _List:
    """A list that is open: its mark, what stands in it, and the number of its last item."""

    mark: str
    kind: BlockKind
    count: int = 0
    number: str | None = None


class _Blocks:
    """The way through the lines of a text, from top to bottom."""

    def __init__(self, text: str, path: HeadingPath) -> None:
        self._text = text
        self._lines = list(line_spans(text))
        self._path = path
        self._at = 0
        self._borders = self._all_borders()
        self._lists: list[_List] = []
        self._boxes: list[tuple[str, list[_List]]] = []  # with the lists that each stands in
        self._pending: Span | None = None  # of a text whose last line was not seen yet
        self._is_term_open = False  # a term was read, and not yet what it means
        self._is_attached = False  # what follows belongs to the item above it
        self._has_gap = True
        self._style = ""
        self._columns = 0
        self._has_header = False

    def all(self) -> Iterator[Block]:
        """The blocks in order."""
        while self._at < len(self._lines):
            yield from self._line()
        yield from self._flush()

    def _all_borders(self) -> dict[str, list[int]]:
        """The lines on which each border of something that is taken as it stands is seen."""
        borders: dict[str, list[int]] = {}
        for number in range(len(self._lines)):
            line = self._at_line(number) or ""
            if lines_.verbatim(line) or lines_.is_table(line):
                borders.setdefault(line.rstrip(), []).append(number)
        return borders

    def _inside(self, closing: str) -> tuple[int, int] | None:
        """The lines behind this one and before the next such border, which ends them.

        None where there is no more, so that this one was none.
        """
        numbers = self._borders.get(closing, [])
        place = bisect_right(numbers, self._at)
        if place == len(numbers):
            self._at += 1
            return None
        first, self._at = self._at + 1, numbers[place] + 1
        return first, numbers[place]

    def _at_line(self, number: int) -> str | None:
        if number >= len(self._lines):
            return None
        start, end = self._lines[number]
        line = self._text[start:end]
        return line.removeprefix("\ufeff") if number == 0 else line

    def _line(self) -> Iterator[Block]:
        """Whatever begins, goes on or ends at a line."""
        line = self._at_line(self._at) or ""
        start = self._lines[self._at][1] - len(line)
        if not line.strip():
            yield from self._flush()
            self._has_gap = True
            self._at += 1
        elif self._pending is not None and not self._ends_text(line):
            self._pending = Span(self._pending.start, start + len(line.rstrip()))
            self._at += 1
        else:
            yield from self._flush()
            yield from self._begin(line, start)

    def _ends_text(self, line: str) -> bool:
        """Whether a line is no more of the text above it."""
        is_border = lines_.verbatim(line) or lines_.box(line) or lines_.is_table(line)
        if is_border or line.strip() == "+" or lines_.is_for_programs(line):
            return True
        begins_item = lines_.item(line) is not None or lines_.term(line) is not None
        return lines_.style(line) is not None or (bool(self._lists) and begins_item)

    def _begin(self, line: str, start: int) -> Iterator[Block]:
        """What begins at a line."""
        found = lines_.heading(line, self._at_line(self._at + 1))
        named = lines_.style(line)
        if found is not None:
            self._enter(*found)
        elif line.strip() == "+":
            if self._has_gap and len(self._lists) > 1:
                self._lists.pop()  # it belongs to the item around
            self._is_attached, self._has_gap = True, False
            self._at += 1
        elif lines_.is_for_programs(line):
            self._at += 1
        elif named is not None:
            self._style = named or self._style
            self._columns = columns_in(line) or self._columns
            self._has_header = self._has_header or names_header(line)
            self._at += 1
        elif (border := lines_.verbatim(line)) is not None:
            yield from self._verbatim(border)
        elif lines_.is_table(line):
            yield from self._table(line.rstrip())
        elif (border := lines_.box(line)) is not None:
            self._box(border)
        else:
            yield from self._begin_text(line, start)

    def _enter(self, level: int, text: str, count: int) -> None:
        is_first = level == 1 and not self._path.headings
        self._path.enter(level, text)
        self._lists, self._boxes = [], []
        self._end_block()
        self._at += count
        # Below the title stand the author, the date and attributes.
        while is_first and count == 1 and (self._at_line(self._at) or "").strip():
            self._at += 1

    def _begin_text(self, line: str, start: int) -> Iterator[Block]:
        """A term, an item, code that is only indented, or text."""
        if (found := lines_.term(line)) is not None:
            mark, (first, last), text = found
            self._open(mark, BlockKind.TERM)
            span = trimmed(self._text, start + first, start + last)
            if span is not None:
                yield self._path.block(BlockKind.TERM, span, len(self._lists) - 1)
            self._is_term_open = True
            if text < len(line):
                self._take(start + text, line, start)
        elif (marked := lines_.item(line)) is not None:
            self._open(marked[0], BlockKind.ITEM, line[: marked[1]])
            self._take(start + marked[1], line, start)
        elif begin := lines_.caption(line):
            self._settle()
            self._take(start + begin, line, start)
            yield from self._flush()
        else:
            self._settle()
            if self._style in _AS_TYPED or self._is_indented_code(line):
                yield from self._typed()
                return
            self._take(start, line, start)
        self._at += 1
        self._has_gap = False

    def _is_indented_code(self, line: str) -> bool:
        """Whether a line is code since it is indented, and not since it belongs to an item."""
        begins = (self._has_gap or self._is_attached) and not self._is_term_open
        return line[:1].isspace() and begins

    def _take(self, begin: int, line: str, start: int) -> None:
        """Let a text begin, which goes on until it ends."""
        self._pending = trimmed(self._text, begin, start + len(line))

    def _settle(self) -> None:
        """Close the lists that what follows does not belong to."""
        if self._has_gap and not (self._is_attached or self._is_term_open):
            self._lists = list(self._boxes[-1][1]) if self._boxes else []

    def _open(self, mark: str, kind: BlockKind, written: str = "") -> None:
        """Begin an item of a list, in the list of its mark that is open, or else in a new one."""
        least = len(self._boxes[-1][1]) if self._boxes else 0
        marks = [one.mark for one in self._lists[least:]]
        count = 1
        if mark in marks:
            count += self._lists[least + marks.index(mark)].count
            del self._lists[least + marks.index(mark) :]
        self._lists.append(_List(mark, kind, count, lines_.number(written, count)))
        self._is_attached, self._is_term_open = False, False

    def _flush(self) -> Iterator[Block]:
        """The text that has ended."""
        if self._pending is None:
            return
        span, self._pending = self._pending, None
        depth = len(self._lists)
        kind = self._lists[-1].kind if depth else BlockKind.PARAGRAPH
        if kind is BlockKind.TERM:
            kind = BlockKind.DEFINITION
        number = None
        if kind is BlockKind.ITEM:
            number = self._lists[-1].number
            self._lists[-1] = replace(self._lists[-1], number=number and "")
        yield self._path.block(kind, span, depth - (kind is BlockKind.ITEM), number)
        self._end_block()

    def _end_block(self) -> None:
        self._is_attached, self._is_term_open, self._has_gap = False, False, False
        self._style, self._columns, self._has_header = "", 0, False

    def _typed(self) -> Iterator[Block]:
        """Lines up to an empty one, as they stand."""
        first = self._at
        while (line := self._at_line(self._at)) is not None and line.strip():
            if line.strip() == "+" or (self._at > first and lines_.is_for_programs(line)):
                break
            self._at += 1
        yield from self._code(first, self._at)
        self._end_block()

    def _verbatim(self, border: str) -> Iterator[Block]:
        """The lines up to the same border, as they stand, unless they are not to be shown."""
        self._settle()
        inside = self._inside("`" * border.count("`") or border)
        if inside is not None and not border.startswith(_NOT_SHOWN):
            yield from self._code(*inside)
            self._end_block()

    def _code(self, first: int, end: int) -> Iterator[Block]:
        if first >= end:
            return
        span = trimmed(self._text, self._lines[first][0], self._lines[end - 1][1])
        if span is not None:
            yield self._path.block(BlockKind.CODE, span, len(self._lists))

    def _box(self, border: str) -> None:
        """The border of a box, which holds other blocks."""
        if self._boxes and self._boxes[-1][0] == border:
            self._lists = self._boxes.pop()[1]
            self._end_block()
        elif len(self._boxes) < _DEEPEST:
            self._settle()
            self._boxes.append((border, list(self._lists)))
            self._end_block()
        self._at += 1

    def _table(self, border: str) -> Iterator[Block]:
        """The rows of a table."""
        self._settle()
        if (inside := self._inside(border)) is None:
            return
        first, end = inside
        start, last = self._lines[first][0], self._lines[end - 1][1]
        for kind, span in rows(self._text, start, last, self._columns, self._has_header):
            yield self._path.block(kind, span)
        self._end_block()
