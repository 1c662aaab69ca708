"""The text taken out of a file whose format is none, put together with its structure.

Pieces stand in the text as people read them: paragraphs with an empty line between, the items of a
list and the rows of a table one a line.
"""

import re
from dataclasses import dataclass
from itertools import accumulate

from knowledge.documents import Block, BlockKind, Document, Span
from knowledge.errors import ReadError
from knowledge.readers.lines import HeadingPath
from knowledge.readers.source import SourceFile

_BLANKS = re.compile(r"[^\S\f]+|\ufeff+")
_BETWEEN_LINES = {BlockKind.ITEM, BlockKind.HEADER, BlockKind.ROW}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block as it is added, or a heading, whose `kind` is None."""

    kind: BlockKind | None
    text: str
    level: int
    anchor: str | None
    breaks: tuple[int, ...] = ()  # where in the text pages begin


class Extract:
    """What was taken out so far; the pieces come in the order in which they are read."""

    def __init__(self) -> None:
        self._pieces: list[_Piece] = []
        self._pages: list[int] = []

    def heading(self, level: int, text: str, anchor: str | None = None) -> None:
        """A heading, its level from 1; `anchor` leads to it."""
        self._add(None, _one_line(text), level, anchor)

    def block(self, kind: BlockKind, text: str, level: int = 0) -> None:
        """A block; blanks and ends of lines in it become one blank each, but in code.

        A form feed in it is where the next page begins.
        """
        self._add(kind, text if kind is BlockKind.CODE else _one_line(text), level, None)

    def page(self) -> None:
        """The beginning of the next page, between two pieces."""
        self._pages.append(len(self._pieces))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was taken out that can be quoted."""
        return all(piece.kind is None for piece in self._pieces)

    @property
    def first_heading(self) -> str | None:
        """The first heading of level 1."""
        found = (piece.text for piece in self._pieces if piece.kind is None and piece.level == 1)
        return next(found, None)

    def _add(self, kind: BlockKind | None, text: str, level: int, anchor: str | None) -> None:
        *before, last = text.strip().split("\f")
        breaks = tuple(accumulate(map(len, before)))
        if text := "".join([*before, last]):
            self._pieces.append(_Piece(kind, text, level, anchor, breaks))

    def document(
        self,
        file: SourceFile,
        checksum: str,
        *,
        id_: str | None = None,
        title: str | None = None,
        url: str | None = None,
    ) -> Document:
        """The document; its title is the first heading of level 1 if none is given.

        ReadError where nothing was taken out.
        """
        if self.is_empty:
            raise ReadError(file.name, "holds no text; give a file with some")
        name = title or self.first_heading or file.path.stem
        path = HeadingPath(name)
        parts: list[str] = []
        blocks: list[Block] = []
        pages: list[int] = []
        end = 0
        before: BlockKind | None = None
        for number, piece in enumerate(self._pieces):
            if parts:
                is_listed = piece.kind in _BETWEEN_LINES and before in _BETWEEN_LINES
                parts.append("\n" if is_listed and piece.kind is not BlockKind.HEADER else "\n\n")
            start = end + len(parts[-1]) if parts else 0
            end = start + len(piece.text)
            pages += [start] * self._pages.count(number)
            pages += [start + place for place in piece.breaks]
            parts.append(piece.text)
            before = piece.kind
            if piece.kind is None:
                path.enter(piece.level, piece.text, piece.anchor)
                continue
            blocks.append(
                Block(
                    piece.kind,
                    Span(start, end),
                    path.headings,
                    piece.level,
                    path.section,
                    path.anchor,
                )
            )
        pages += [end] * self._pages.count(len(self._pieces))
        return Document(
            id_ or file.id,
            name,
            file.name,
            "".join(parts),
            checksum,
            tuple(blocks),
            url=url,
            pages=tuple(pages),
        )


def _one_line(text: str) -> str:
    """The text with one blank between words; form feeds stay."""
    return _BLANKS.sub(" ", text).replace(" \f ", " \f").strip()
