"""OpenDocument texts, as LibreOffice writes them."""

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from knowledge.cells import BETWEEN_CELLS
from knowledge.documents import BlockKind, Document
from knowledge.errors import Obstacle, ReadError
from knowledge.readers.archives import checked
from knowledge.readers.extract import Extract
from knowledge.readers.extras import extra
from knowledge.source import SourceFile, checksum

if TYPE_CHECKING:
    from odfdo import Element

_LOCKED = b"manifest:encryption-data"
# What stands within a paragraph and is no part of its text.
_NOTES = ("text:note", "office:annotation")
_DEEPEST = 50
"""Levels of lists and sections that are followed."""


def read(file: SourceFile) -> Iterator[Document]:
    """The file as one document; ReadError where it is locked or broken."""
    odfdo = extra("odfdo", file)
    content = file.read_bytes()
    archive = checked(content, file)
    broken = ReadError(file.name, "is not a valid OpenDocument text")
    try:
        if _LOCKED in archive.read("META-INF/manifest.xml"):
            raise ReadError(
                file.name, "is password-protected; save it without a password", Obstacle.LOCKED
            )
        document = odfdo.Document(BytesIO(content))
        body = document.body
        title = document.meta.title
    except ReadError:
        raise
    except Exception as error:  # whatever its parsers raise
        raise broken from error
    extract = Extract()
    notes: list[str] = []
    _take(body, extract, notes, 0, 0)
    for note in notes:
        extract.block(BlockKind.PARAGRAPH, note)
    yield extract.document(file, checksum(content), title=title or extract.first_heading)


def _take(element: "Element", extract: Extract, notes: list[str], lists: int, depth: int) -> None:
    """Take out all below an element, which stands in so many lists."""
    if depth > _DEEPEST:
        return
    for child in element.children:
        tag = child.tag
        if tag == "text:h":
            level = int(child.get_attribute_string("text:outline-level") or 1)
            extract.heading(level, _text(child, notes))
        elif tag == "text:p":
            text = _text(child, notes)
            style = child.get_attribute_string("text:style-name") or ""
            if style == "Title":
                extract.heading(1, text)
            else:
                kind = BlockKind.ITEM if lists else BlockKind.PARAGRAPH
                extract.block(kind, text, max(lists - 1, 0))
        elif tag == "table:table":
            _take_table(child, extract, notes)
        elif tag == "text:list":
            _take(child, extract, notes, lists + 1, depth + 1)
        elif tag in ("text:list-item", "text:list-header", "text:section", "text:soft-page-break"):
            _take(child, extract, notes, lists, depth + 1)


def _take_table(table: "Element", extract: Extract, notes: list[str]) -> None:
    """Take out the rows; the first is the header."""
    kind = BlockKind.HEADER
    for row in table.get_elements("descendant::table:table-row"):
        cells = row.get_elements("table:table-cell")
        texts = [
            " ".join(_text(one, notes) for one in cell.get_elements("descendant::text:p"))
            for cell in cells
        ]
        if any(text.strip() for text in texts):
            extract.block(kind, BETWEEN_CELLS.join(texts))
            kind = BlockKind.ROW


def _text(element: "Element", notes: list[str]) -> str:
    """The text of a paragraph; its notes are put aside."""
    parts = [element.text or ""]
    for child in element.children:
        tag = child.tag
        if tag in _NOTES:
            found = child.get_elements("descendant::text:p") if tag == "text:note" else ()
            notes += [_text(one, notes) for one in found]
        elif tag in ("text:s", "text:tab", "text:line-break"):
            parts.append(" ")
        elif not tag.startswith("draw:"):
            parts.append(_text(child, notes))
        parts.append(child.tail or "")
    return "".join(parts)
