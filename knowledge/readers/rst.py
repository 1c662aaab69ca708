"""reStructuredText: its structure by docutils, with offsets into the text as it is."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import chain
from typing import Any

from knowledge.documents import Block, BlockKind, Document, Span, line_spans
from knowledge.errors import ReadError
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
_OTHER_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_FURTHEST = 100
"""Lines that are looked through for what stands at none of those that docutils names."""


def read(file: SourceFile) -> Iterator[Document]:
    """The file as one document, its title the first heading."""
    core = extra("docutils.core", file)
    roles = extra("docutils.parsers.rst.roles", file)
    nodes_ = extra("docutils.nodes", file)
    for role in _ROLES:
        roles.register_generic_role(role, nodes_.literal)
    content = file.read_bytes()
    text = decoded(content, file.name)
    try:
        # Of one length with the text, and without what ends lines for docutils only.
        plain = _OTHER_LINE_ENDS.sub(" ", text.replace("\ufeff", " "))
        tree = core.publish_doctree(plain, settings_overrides=_SETTINGS)
    except Exception as error:  # whatever a directive raises
        raise ReadError(file.name, f"is not valid reStructuredText ({error})") from error
    titles = list(tree.findall(nodes_.title))
    title = " ".join(titles[0].astext().split()) if titles else file.path.stem
    path = HeadingPath(title)
    blocks = tuple(_Blocks(plain, path).below(tree, 0, 0))
    yield Document(
        id=file.id,
        title=title,
        source=file.name,
        text=text,
        checksum=checksum(content),
        blocks=blocks,
    )


class _Blocks:
    """The blocks of a document, as its tree is gone through."""

    def __init__(self, text: str, path: HeadingPath) -> None:
        self._text = text
        self._lines = list(line_spans(text))
        self._path = path
        self._end = 0  # of what was found last

    def below(self, parent: Any, sections: int, lists: int) -> Iterator[Block]:
        """Those below a node, which stands in so many sections and lists."""
        for node in parent.children:
            name = node.__class__.__name__
            if name == "section":
                yield from self._section(node, sections + 1)
            elif name in ("bullet_list", "enumerated_list", "definition_list", "field_list"):
                yield from self.below(node, sections, lists + 1)
            elif name == "definition_list_item":
                yield from self._definition(node, sections, lists)
            elif name in ("paragraph", "term", "attribution", "rubric", "line", "title", "caption"):
                kind = BlockKind.ITEM if lists else BlockKind.PARAGRAPH
                yield from self._block(kind, node, lists)
            elif name in ("literal_block", "doctest_block"):
                yield from self._block(BlockKind.CODE, node, lists + 1)
            elif name == "row":
                yield from self._row(node)
            elif name not in ("comment", "system_message", "substitution_definition", "target"):
                yield from self.below(node, sections, lists)

    def _section(self, section: Any, level: int) -> Iterator[Block]:
        heading, *others = section.children
        span = self._span(heading)
        if span is not None:
            anchor = section["ids"][0] if section["ids"] else None
            self._path.enter(level, " ".join(heading.astext().split()), anchor)
            section.children = others
        yield from self.below(section, level, 0)

    def _definition(self, item: Any, sections: int, lists: int) -> Iterator[Block]:
        """A term with what it means, as one item; what stands further below it is nested in it."""
        term, meaning = self._span(item.children[0]), item.children[-1]
        first = meaning.children[0] if meaning.children else None
        said = self._span(first) if first.__class__.__name__ == "paragraph" else None
        if term is not None:
            whole = Span(term.start, said.end) if said else term
            yield self._path.block(BlockKind.ITEM, whole, max(lists - 1, 0))
        if said is not None:
            meaning.children = meaning.children[1:]
        yield from self.below(meaning, sections, lists + 1)

    def _block(self, kind: BlockKind, node: Any, lists: int) -> Iterator[Block]:
        span = self._span(node)
        if span is not None:
            yield self._path.block(kind, span, max(lists - 1, 0))

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
        wanted = [line.strip() for line in (node.rawsource or node.astext()).strip().splitlines()]
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
        """Where a text stands in a line, behind what was found before; -1 where it does not."""
        start, end = self._lines[line]
        return self._text.find(wanted, max(start, self._end, least), end)


def _and_above(node: Any) -> Iterator[Any]:
    while node is not None:
        yield node
        node = node.parent
