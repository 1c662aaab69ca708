"""The values that carry text and its provenance; none of them changes after it is built.

Every offset counts characters of the document's text, and every span is half-open.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.languages import ENGLISH

# What ends a line in an editor; str.splitlines() would also break at form feeds and the like.
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a document's text: `start` up to, not including, `end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, not {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """The slice of `text` that this span covers."""
        return text[self.start : self.end]

    def moved(self, offset: int) -> "Span":
        """The span `offset` characters further on."""
        return Span(self.start + offset, self.end + offset)

    def holds(self, other: "Span") -> bool:
        """Whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


class BlockKind(StrEnum):
    """What a reader found: running text, a list item, a term, what it means, a table's header or
    row, code."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    TERM = "term"
    DEFINITION = "definition"
    HEADER = "header"
    ROW = "row"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a document's structure, as its format shows it.

    `heading` is the path of section headings above it, `section` the number of headings before it
    (sections may have one path twice), and `level` the nesting depth of an item. `anchor` is what
    leads to the section, or to a term, in an address, behind its `#`. What is nothing but links, or
    stands in an index or a listing of source, is not quotable. `number` is that of an item of a
    numbered list ("2.", "b)"), empty for what goes on in one, and None for all else.
    """

    kind: BlockKind
    span: Span
    heading: tuple[str, ...] = ()
    level: int = 0
    section: int = 0
    anchor: str | None = None
    is_quotable: bool = True
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One text with its structure.

    `id` is stable across runs; `source` is the file it was read from; `checksum` is the SHA-256
    of the bytes read. The text is that of the file, or what was taken out of a file of another
    format than text. `line` is set where the whole text is one record on that line of the source.
    `language` is the ISO 639-1 code of what most of the text is in, `url` the address at which the
    document says that it can be read. `pages` are the places where its pages begin, in order.
    `encoding` is that of the file, as Python names it, where it is another one than UTF-8.
    """

    id: str
    title: str
    source: str
    text: str = field(repr=False)
    checksum: str = field(repr=False)
    blocks: tuple[Block, ...] = field(repr=False)
    line: int | None = None
    language: str = ENGLISH
    url: str | None = None
    pages: tuple[int, ...] = field(default=(), repr=False)
    encoding: str | None = None

    def line_at(self, offset: int) -> int:
        """The line of the source, from 1, on which the character at `offset` stands."""
        return 1 + lines_before(self.text, offset) if self.line is None else self.line

    def page_at(self, offset: int) -> int | None:
        """The page, from 1, on which the character at `offset` stands; None without pages."""
        return bisect_right(self.pages, offset) or None


def lines_before(text: str, offset: int) -> int:
    """How many lines of `text` end before the character at `offset`."""
    count = text.count
    # A carriage return and line feed end one line, and each alone ends one too.
    ends = count("\n", 0, offset) + count("\r", 0, offset) - count("\r\n", 0, offset)
    return ends - (offset > 0 and text[offset - 1 : offset + 1] == "\r\n")


def line_spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each line of `text` without its line end; an empty line has start == end."""
    start = 0
    for end in _LINE_END.finditer(text):
        yield start, end.start()
        start = end.end()
    yield start, len(text)


@dataclass(frozen=True, slots=True)
class Unit:
    """What can be quoted by itself: a sentence, a list item or a table row.

    `lead` is the line that introduces an item: the lead-in of a list, the header of a table, the
    item above a nested one, the term that it explains. `kind` is that of its block; what is
    not quotable answers nothing. `number` is that of its block, and empty for what goes on in it.
    """

    span: Span
    lead: Span | None = None
    kind: BlockKind = BlockKind.PARAGRAPH
    is_quotable: bool = True
    number: str | None = None

    @property
    def is_code(self) -> bool:
        """Whether it is code, in which no mark is one."""
        return self.kind is BlockKind.CODE


@dataclass(frozen=True, slots=True)
class Introduction:
    """A line that introduces units of a passage and is no unit of it: it stands before it."""

    unit: Unit
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """What is indexed and found: a stretch of a document with its heading path and its units.

    Law: `text == document.text[span]`. `introductions` are the lines above its units that are not
    among them, as in the later parts of a long list. `opens_section` is whether it stands right
    below its heading.
    """

    id: str
    document_id: str
    title: str
    heading: tuple[str, ...]
    span: Span
    text: str = field(repr=False)
    units: tuple[Unit, ...] = field(repr=False)
    introductions: tuple[Introduction, ...] = field(default=(), repr=False)
    language: str = ENGLISH
    anchor: str | None = None
    opens_section: bool = False

    @property
    def section(self) -> tuple[str, tuple[str, ...], str | None]:
        """The section that it stands in: the document, the headings above, and the anchor."""
        return self.document_id, self.heading, self.anchor

    @property
    def lead_in(self) -> str:
        """The text of the introductions, one a line."""
        return "\n".join(introduction.text for introduction in self.introductions)

    @property
    def has_code(self) -> bool:
        """Whether some of it is code."""
        return any(unit.is_code for unit in self.units)

    @property
    def explained(self) -> str | None:
        """The outermost term that it says the meaning of; None where it is no entry of any."""
        units = (*(introduction.unit for introduction in self.introductions), *self.units)
        term = next((unit.span for unit in units if unit.kind is BlockKind.TERM), None)
        return None if term is None else self.quote(term)

    def kind_at(self, offset: int) -> BlockKind:
        """The kind of the unit or introduction that begins at `offset`; running text elsewhere."""
        kinds = (unit.kind for unit in self._all_units() if unit.span.start == offset)
        return next(kinds, BlockKind.PARAGRAPH)

    def _all_units(self) -> Iterator[Unit]:
        yield from self.units
        yield from (introduction.unit for introduction in self.introductions)

    def quote(self, span: Span) -> str:
        """The text of a span that lies in this passage or is one of its introductions."""
        for introduction in self.introductions:
            if introduction.unit.span == span:
                return introduction.text
        if not self.span.holds(span):
            raise ValueError(f"{span} lies outside of passage {self.id}")
        return self.text[span.start - self.span.start : span.end - self.span.start]
