"""What MediaWiki exports as XML: each article a document, without templates, notes and tables."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any
from urllib.parse import quote
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from knowledge.cells import BETWEEN_CELLS
from knowledge.documents import BlockKind, Document
from knowledge.errors import Obstacle, ReadError
from knowledge.readers.extract import Extract
from knowledge.readers.extras import extra
from knowledge.source import SourceFile, checksum, unreadable

_LIST_MARKS = {"*", "#", ":", ";"}
_NOT_SHOWN = {"ref", "gallery", "math", "hr", "timeline", "references", "score"}
_LINE_END = re.compile(r"\n")
_LINE_ENDS = re.compile(r"\n[ \t]*\n")
_PICTURE_OR_CATEGORY = re.compile(r"\s*(?:file|image|category)\s*:", re.I)
_IN_ANOTHER_LANGUAGE = re.compile(r"\s*[a-z]{2,3}(?:-[a-z]+)?:(?! )")
_REDIRECT = re.compile(r"\s*#\w+\s*+(?::\s*+)?\[\[", re.I)
_LONGEST = 2_000_000
"""Characters of an article that are read."""


def read(file: SourceFile) -> Iterator[Document]:
    """A document for each article, its id the title; ReadError where the file is no export."""
    parser = extra("mwparserfromhell", file)
    try:
        with file.opened() as opened:
            yield from _documents(opened, file, parser.parse)
    except OSError as error:
        raise unreadable(file.name, error) from error
    except ParseError as error:
        raise ReadError(file.name, f"is not valid XML ({error})") from error
    except DefusedXmlException as error:
        reason = "defines XML entities, which are not supported; export it again without them"
        raise ReadError(file.name, reason) from error


def _documents(
    opened: IO[bytes], file: SourceFile, parse: Callable[[str], Any]
) -> Iterator[Document]:
    base = ""
    root: Element | None = None
    found = False
    for event, element in iterparse(opened, events=("start", "end"), forbid_dtd=True):
        name = element.tag.rpartition("}")[2]
        if event == "start":
            if root is None:
                root = element
                if name != "mediawiki":
                    raise ReadError(file.name, "is XML, but not a MediaWiki export")
            continue
        if name == "base":
            base = (element.text or "").rpartition("/")[0]
        elif name == "page":
            document = _document(element, base, file, parse)
            # What was read is let go of, since an export may be larger than memory.
            if root is not None:
                root.clear()
            if document is not None:
                found = True
                yield document
    if not found:
        raise ReadError(file.name, "contains no article", Obstacle.NO_TEXT)


def _document(
    page: Element, base: str, file: SourceFile, parse: Callable[[str], Any]
) -> Document | None:
    """The article of a page; None for what is none: redirects, talk, templates."""
    fields = {element.tag.rpartition("}")[2]: element.text or "" for element in page.iter()}
    title, source = fields.get("title", ""), fields.get("text", "")[:_LONGEST]
    if fields.get("ns", "0") != "0" or "redirect" in fields or _REDIRECT.match(source):
        return None
    extract = Extract()
    _take(parse(source).nodes, extract)
    if not len(extract):
        return None
    address = f"{base}/{quote(title.replace(' ', '_'))}" if base else None
    return extract.document(file, checksum(source.encode()), id_=title, title=title, url=address)


def _take(nodes: Iterable[Any], extract: Extract) -> None:
    """Take out an article, given its nodes."""
    gathered: list[str] = []
    marks = ""  # those of a list at the beginning of the line
    counts: dict[str, int] = {}  # of the items of each numbered list around, by its marks

    def flush() -> None:
        nonlocal marks
        text = "".join(gathered)
        gathered.clear()
        if marks or text.strip():
            around = {one: count for one, count in counts.items() if marks.startswith(one)}
            counts.clear()
            counts.update(around)
        if marks:
            counts[marks] = counts.get(marks, 0) + 1
            number = f"{counts[marks]}." if marks.endswith("#") else None
            extract.block(BlockKind.ITEM, text, len(marks) - 1, number=number)
        else:
            extract.block(BlockKind.PARAGRAPH, text)
        marks = ""

    for node in nodes:
        kind = type(node).__name__
        if kind == "Heading":
            flush()
            title = " ".join(_plain(node.title).split())
            extract.heading(node.level, title, title.replace(" ", "_"))
        elif kind == "Tag" and node.wiki_markup in _LIST_MARKS:
            if not marks:
                flush()
            marks += node.wiki_markup
        elif kind == "Tag" and node.tag == "table":
            flush()
            _take_table(node, extract)
        elif kind == "Text":
            # An empty line ends a paragraph, any end of line an item.
            first, *others = (_LINE_ENDS if not marks else _LINE_END).split(str(node))
            gathered.append(first)
            for part in others:
                flush()
                gathered.append(part)
        else:
            gathered.append(_shown(node))
    flush()


def _take_table(table: Any, extract: Extract) -> None:
    """Take out the rows of a table; those of header cells are headers."""
    # The cells of the first row may stand in the table itself.
    rows = [_tags(table, "td", "th"), *(_tags(row, "td", "th") for row in _tags(table, "tr"))]
    for cells in rows:
        kind = BlockKind.HEADER if all(c.tag == "th" for c in cells) else BlockKind.ROW
        extract.block(kind, BETWEEN_CELLS.join(_plain(cell.contents).strip() for cell in cells))


def _tags(parent: Any, *names: str) -> list[Any]:
    nodes = parent.contents.nodes
    return [node for node in nodes if type(node).__name__ == "Tag" and node.tag in names]


def _plain(code: Any) -> str:
    """What a reader sees of some nodes."""
    return "".join(_shown(node) for node in code.nodes)


def _shown(node: Any) -> str:
    """What a reader sees of a node."""
    kind = type(node).__name__
    if kind == "Template":
        return _of_template(node)
    if kind == "Wikilink":
        title = str(node.title)
        is_elsewhere = node.text is None and _IN_ANOTHER_LANGUAGE.match(title)
        if is_elsewhere or _PICTURE_OR_CATEGORY.match(title):
            return ""
        return _plain(node.title if node.text is None else node.text)
    if kind == "Tag":
        if node.tag == "br":
            return " "
        return "" if str(node.tag) in _NOT_SHOWN or node.contents is None else _plain(node.contents)
    if kind == "ExternalLink":
        return _plain(node.url if node.title is None else node.title)
    if kind == "HTMLEntity":
        return str(node.normalize())
    return str(node) if kind == "Text" else ""


def _of_template(template: Any) -> str:
    """What a template shows, of the few that stand within sentences; nothing of others."""
    name = str(template.name).strip().casefold()
    given = [_plain(p.value).strip() for p in template.params if not p.showkey]
    if name in ("convert", "cvt"):
        return " ".join(given[:2])
    return given[-1] if given and name in ("nowrap", "small", "lang", "abbr") else ""
