"""reStructuredText: its structure by docutils, with offsets into the text as it is."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import chain, count, repeat
from typing import Any

from knowledge.documents import Block, BlockKind, Document, Span, line_spans
from knowledge.errors import ReadError
from knowledge.numbering import OpenItems, numeral
from knowledge.readers.extras import extra
from knowledge.readers.lines import HeadingPath
from knowledge.sentences import trimmed
from knowledge.source import SourceFile, checksum, decoded

# Nothing is included or executed, and what is wrong is passed over in silence.
_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 5,
    "halt_level": 6,
    "traceback": True,
    "line_length_limit": 1 << 24,
    "doctitle_xform": False,
    "docinfo_xform": False,
}
# Roles of Sphinx that docutils does not know.
_ROLES = (
    "abbr", "attr", "class", "command", "data", "doc", "download", "envvar", "exc", "file", "func",
    "guilabel", "kbd", "keyword", "menuselection", "meth", "mod", "obj", "option", "program",
    "ref", "samp", "term", "numref", "confval", "setting", "issue", "pr", "user",
)  # fmt: skip
_DEFINING = ("definition_list", "field_list", "option_list")
_TERMS = ("term", "field_name", "option_group")
_MEANINGS = ("definition", "field_body", "description")
_TEXTS = ("paragraph", "attribution", "rubric", "line", "title", "caption")
_NO_TEXT = ("comment", "system_message", "substitution_definition", "target", "classifier")
_STYLES = {
    "arabic": "1", "loweralpha": "a", "upperalpha": "A", "lowerroman": "i", "upperroman": "I",
}  # fmt: skip
_OTHER_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_FURTHEST = 100
"""Lines that are looked through for what stands at none of those that docutils names."""


def read(file: SourceFile) -> Iterator[Document]:
    """The file as one document, its title the first heading."""
    core = extra("docutils.core", file)
    roles = extra("docutils.parsers.rst.roles", file)
    nodes_ = extra("docutils.nodes", file)
    from knowledge.readers.rst_directives import register

    register()
    for role in _ROLES:
        roles.register_generic_role(role, nodes_.literal)
    content = file.read_bytes()
    text, encoding = decoded(content, file.name)
    try:
        # Of one length with the text, and without what ends lines for docutils only.
        plain = _OTHER_LINE_ENDS.sub(" ", text.replace("\ufeff", " "))
        tree = core.publish_doctree(plain, settings_overrides=_SETTINGS)
    except Exception as error:  # whatever a directive raises
        raise ReadError(file.name, f"is not valid reStructuredText ({error})") from error
    titles = list(tree.findall(nodes_.title))
    title = " ".join(titles[0].astext().split()) if titles else file.path.stem
    path = HeadingPath(title)
    blocks = tuple(_Blocks(plain, path).below(tree, 0, 0, BlockKind.PARAGRAPH))
    yield Document(
        id=file.id,
        title=title,
        source=file.name,
        text=text,
        checksum=checksum(content),
        blocks=blocks,
        encoding=encoding,
    )


class _Blocks:
    """The blocks of a document, as its tree is gone through."""

    def __init__(self, text: str, path: HeadingPath) -> None:
        self._text = text
        self._lines = list(line_spans(text))
        self._path = path
        self._items = OpenItems()
        self._end = 0  # of what was found last

    def below(self, parent: Any, sections: int, lists: int, kind: BlockKind) -> Iterator[Block]:
        """Those below a node, in so many sections and lists; `kind` is that of its text."""
        for node in parent.children:
            name = node.__class__.__name__
            if name == "section":
                yield from self._section(node, sections + 1)
            elif name in ("bullet_list", "enumerated_list"):
                for number, item in zip(_numbers(node), node.children, strict=False):
                    self._items.begin(number)
                    yield from self.below(item, sections, lists + 1, BlockKind.ITEM)
                    self._items.end()
            elif name in _DEFINING:
                yield from self.below(node, sections, lists + 1, kind)
            elif name in _TERMS:
                yield from self._block(BlockKind.TERM, node, lists - 1)
            elif name in _MEANINGS:
                yield from self.below(node, sections, lists, BlockKind.DEFINITION)
            elif name in _TEXTS:
                yield from self._block(kind, node, lists - (kind is BlockKind.ITEM))
            elif name in ("literal_block", "doctest_block"):
                yield from self._block(BlockKind.CODE, node, lists)
            elif name == "row":
                yield from self._row(node)
            elif name not in _NO_TEXT:
                yield from self.below(node, sections, lists, kind)

    def _section(self, section: Any, level: int) -> Iterator[Block]:
        heading, *others = section.children
        span = self._span(heading)
        if span is not None:
            anchor = section["ids"][0] if section["ids"] else None
            self._path.enter(level, " ".join(heading.astext().split()), anchor)
            section.children = others
        yield from self.below(section, level, 0, BlockKind.PARAGRAPH)

    def _block(self, kind: BlockKind, node: Any, level: int) -> Iterator[Block]:
        span = self._span(node)
        if span is not None:
            number = self._items.take() if kind is BlockKind.ITEM else None
            yield self._path.block(kind, span, max(level, 0), number)

    def _row(self, row: Any) -> Iterator[Block]:
        """A row of a table, from its first line to its last."""
        spans = [
            span
            for entry in row.children
            for paragraph in entry.findall(lambda node: node.__class__.__name__ == "paragraph")
            if (span := self._span(paragraph, keeps_place=True)) is not None
        ]
        if spans:
            is_header = row.parent.__class__.__name__ == "thead"
            start, end = min(span.start for span in spans), max(span.end for span in spans)
            self._end = end
            kind = BlockKind.HEADER if is_header else BlockKind.ROW
            yield self._path.block(kind, Span(start, end))

    def _line_at(self, offset: int) -> int:
        return bisect_left(self._lines, offset, key=lambda line: line[1])

    def _span(self, node: Any, *, keeps_place: bool = False) -> Span | None:
        """Where the lines of a node stand, behind what was found before.

        docutils keeps the lines of a node, and says near which number they stand.
        """
        source = node.rawsource or ", ".join(child.astext() for child in node.children)
        wanted = [line.strip() for line in source.strip().splitlines()]
        first = self._first_line(node, wanted) if wanted else None
        if first is None:
            return None
        last = first + len(wanted) - 1
        start = self._place(wanted[0], first)
        end = self._place(wanted[-1], last, max(start, 0)) + len(wanted[-1])
        if not keeps_place:
            self._end = end
        return trimmed(self._text, start, end)

    def _first_line(self, node: Any, wanted: list[str]) -> int | None:
        following = self._line_at(self._end)
        near = next((n.line for n in _and_above(node) if n.line is not None), following)
        around = range(max(near - len(wanted) - 2, following), near + 3)
        behind = range(following, following + _FURTHEST)
        most = len(self._lines) - len(wanted)
        places = (place for place in chain(around, behind) if place <= most)
        return next((place for place in places if self._is_at(place, wanted)), None)

    def _is_at(self, first: int, wanted: list[str]) -> bool:
        """Whether these lines stand from a line on, the first perhaps behind a marker."""
        return all(self._place(line, first + n) >= 0 for n, line in enumerate(wanted))

    def _place(self, wanted: str, line: int, least: int = 0) -> int:
        """Where a text stands in a line, behind what was found before; -1 where it does not.

        It is no part of a word there.
        """
        start, end = self._lines[line]
        place = self._text.find(wanted, max(start, self._end, least), end)
        while place >= 0 and self._is_within_word(wanted, place):
            place = self._text.find(wanted, place + 1, end)
        return place

    def _is_within_word(self, wanted: str, place: int) -> bool:
        text, end = self._text, place + len(wanted)
        begins = wanted[:1].isalnum() and place > 0 and text[place - 1].isalnum()
        return begins or (wanted[-1:].isalnum() and text[end : end + 1].isalnum())


def _numbers(list_: Any) -> Iterator[str | None]:
    """The numbers of the items of a list; of one with bullets None for each."""
    style = _STYLES.get(list_.get("enumtype", ""))
    if style is None:
        yield from repeat(None)
    else:
        for value in count(list_.get("start", 1)):
            yield f"{list_['prefix']}{numeral(value, style)}{list_['suffix']}"


def _and_above(node: Any) -> Iterator[Any]:
    while node is not None:
        yield node
        node = node.parent
