"""The text taken out of a file whose format is none, put together with its structure.

Pieces stand in the text as people read them: paragraphs with an empty line between, the items of a
list and the rows of a table one a line.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from knowledge.documents import Block, BlockKind, Document, Span
from knowledge.errors import Obstacle, ReadError
from knowledge.readers.lines import HeadingPath
from knowledge.source import SourceFile

PAGE = "\ue00c"
"""Stands in a text where a page begins; of no text's own use."""

_BLANKS = re.compile(r"[\s\ufeff]+")
_HALVES = re.compile("[\ud800-\udfff]")
_DIVIDERS = re.compile("[\u00ad\u200b]")
_BETWEEN_LINES = {
    BlockKind.ITEM, BlockKind.TERM, BlockKind.DEFINITION, BlockKind.HEADER, BlockKind.ROW,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block as it is added, or a heading, whose `kind` is None."""

    kind: BlockKind | None
    text: str
    level: int
    anchor: str | None
    breaks: tuple[int, ...] = ()  # where in the text pages begin
    is_quotable: bool = True
    number: str | None = None


class Extract:
    """What was taken out so far; the pieces come in the order in which they are read."""

    def __init__(self) -> None:
        self._pieces: list[_Piece] = []
        self._pages: list[int] = []

    def heading(self, level: int, text: str, anchor: str | None = None) -> None:
        """A heading, its level from 1; `anchor` leads to it."""
        self._add(None, _one_line(text), level, anchor)

    def block(
        self,
        kind: BlockKind,
        text: str,
        level: int = 0,
        *,
        title: str = "",
        anchor: str | None = None,
        has_pages: bool = False,
        is_quotable: bool = True,
        number: str | None = None,
    ) -> None:
        """A block; blanks and ends of lines in it become one blank each, but in code.

        `title` is a line that it begins with, `anchor` leads to it where it is a term, `number` is
        that of an item. With `has_pages`, PAGE in it is where the next page begins.
        """
        text = text if has_pages else text.replace(PAGE, "")
        whole = text if kind is BlockKind.CODE else _one_line(text)
        if title:
            whole = f"{_one_line(title)}\n{whole}"
        self._add(kind, whole, level, anchor, is_quotable=is_quotable, number=number)

    def page(self) -> None:
        """The beginning of the next page, between two pieces."""
        self._pages.append(len(self._pieces))

    def __len__(self) -> int:
        """How many blocks there are."""
        return sum(piece.kind is not None for piece in self._pieces)

    @property
    def headings_of_level_1(self) -> list[str]:
        """The texts of the headings of level 1."""
        return [piece.text for piece in self._pieces if piece.kind is None and piece.level == 1]

    @property
    def first_heading(self) -> str | None:
        """The first heading of level 1."""
        return next(iter(self.headings_of_level_1), None)

    def _add(
        self,
        kind: BlockKind | None,
        text: str,
        level: int,
        anchor: str | None,
        *,
        is_quotable: bool = True,
        number: str | None = None,
    ) -> None:
        # Halves of characters could not be written.
        text = _whole(text)
        *before, last = text.strip().split(PAGE)
        breaks = tuple(accumulate(map(len, before)))
        if text := "".join([*before, last]):
            piece = _Piece(kind, text, level, anchor, breaks, is_quotable, number)
            self._pieces.append(piece)

    def document(
        self,
        file: SourceFile,
        checksum: str,
        *,
        id_: str | None = None,
        title: str | None = None,
        url: str | None = None,
        encoding: str | None = None,
    ) -> Document:
        """The document; its title is the first heading of level 1 if none is given.

        ReadError where nothing was taken out.
        """
        if not len(self):
            raise ReadError(file.name, "holds no text; give a file with some", Obstacle.NO_TEXT)
        name = title or self.first_heading or file.path.stem
        text, starts = self._text()
        return Document(
            id=id_ or file.id,
            title=name,
            source=file.name,
            text=text,
            checksum=checksum,
            blocks=tuple(self._blocks(starts, HeadingPath(name))),
            url=url,
            pages=tuple(self._page_starts(text, starts)),
            encoding=encoding,
        )

    def _text(self) -> tuple[str, list[int]]:
        """All pieces as one text, and where each begins."""
        parts: list[str] = []
        starts: list[int] = []
        end = 0
        before: BlockKind | None = None
        for piece in self._pieces:
            if parts:
                is_listed = piece.kind in _BETWEEN_LINES and before in _BETWEEN_LINES
                gap = "\n" if is_listed and piece.kind is not BlockKind.HEADER else "\n\n"
                parts.append(gap)
                end += len(gap)
            starts.append(end)
            parts.append(piece.text)
            end += len(piece.text)
            before = piece.kind
        return "".join(parts), starts

    def _blocks(self, starts: list[int], path: HeadingPath) -> Iterator[Block]:
        for piece, start in zip(self._pieces, starts, strict=True):
            if piece.kind is None:
                path.enter(piece.level, piece.text, piece.anchor)
            else:
                span = Span(start, start + len(piece.text))
                block = path.block(piece.kind, span, piece.level, piece.number)
                yield replace(
                    block, anchor=piece.anchor or block.anchor, is_quotable=piece.is_quotable
                )

    def _page_starts(self, text: str, starts: list[int]) -> Iterator[int]:
        """Where pages begin: between pieces and within them."""
        between = Counter(self._pages)
        for number, (piece, start) in enumerate(zip(self._pieces, starts, strict=True)):
            yield from [start] * between[number]
            yield from (start + place for place in piece.breaks)
        yield from [len(text)] * between[len(starts)]


def _whole(text: str) -> str:
    """The text with a sign in place of each half of a character."""
    return _HALVES.sub("\N{REPLACEMENT CHARACTER}", text)


def _one_line(text: str) -> str:
    """The text with one blank between words, without what only says where one may be divided."""
    return _BLANKS.sub(" ", _DIVIDERS.sub("", text)).replace(f" {PAGE} ", f" {PAGE}").strip()
