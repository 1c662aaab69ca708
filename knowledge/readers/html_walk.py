"""The way through the elements of a web page, and the blocks that are met on it."""

import re

from selectolax.lexbor import LexborNode

from knowledge.cells import BETWEEN_CELLS
from knowledge.documents import BlockKind
from knowledge.readers.extract import Extract
from knowledge.readers.html_lists import LISTS, Lists
from knowledge.readers.html_marks import (
    Attributes,
    Mark,
    is_link,
    is_passed_over,
    is_signature,
    leads_away,
    mark_of,
)
from knowledge.readers.html_tables import Row, lays_out
from knowledge.readers.layout import is_laid_out, parts_of

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {
    "address", "article", "blockquote", "body", "caption", "center", "details", "div", "dl",
    "fieldset", "figcaption", "figure", "header", "hgroup", "hr", "main", "ol", "p", "section",
    "summary", "table", "tbody", "tfoot", "thead", "ul",
}  # fmt: skip
_ITEMS = {"li", "dt", "dd"}
_KINDS = {
    "li": BlockKind.ITEM, "dt": BlockKind.TERM, "dd": BlockKind.DEFINITION, "pre": BlockKind.CODE,
}  # fmt: skip
_TITLED = {BlockKind.PARAGRAPH, BlockKind.DEFINITION, BlockKind.ITEM}
_IDENTIFIED = "[id], a[name]"
_CELLS = {"td", "th"}
_TABLES = {"table", "tr", *_CELLS}
_STRUCTURAL = {*_HEADINGS, *_TABLES, *_KINDS, *_BLOCKS, "br"}
_NUMBER = re.compile(r"\s*+(?:\d+\.)*\d*[.)]?\s*")


class Walk:
    """The way through the elements of a page, without recursion, however deep they nest."""

    def __init__(self, extract: Extract, prefix: str, *, goes_by_names: bool) -> None:
        self._extract = extract
        self._goes_by_names = goes_by_names
        self._prefix = prefix
        self._text: list[str] = []
        self._kind = BlockKind.PARAGRAPH
        self._level = 0
        self._may_be_laid_out = False  # whether what is shown as typed may be prose
        self._around: list[tuple[BlockKind, int]] = []  # kinds and levels that go on after this one
        self._lists = Lists()
        self._links = 0  # elements around that are links
        self._is_links = True  # whether all text so far stands in links
        self._has_links = False  # whether some of it does
        # The elements around, and whether each is a link.
        self._open: list[tuple[str, Attributes, Mark | None, bool]] = []
        self._marks: list[Mark] = []  # of these
        self._title = ""  # of the admonition, which the next block begins with
        self._term: str | None = None  # what leads to the term that is being taken
        self._heading: tuple[int, str | None] | None = None
        self._heading_level = 1  # of the last one
        self._leads_away = False  # whether a link in it leads to another page
        self._anchor: str | None = None
        self._row: Row | None = None
        self._below: dict[int, tuple[str, int]] = {}  # cells that go on in the next row
        self._is_signature = False  # whether the table around is that of a function
        self._layouts: list[bool] = []  # of the tables around, whether each lays out the page

    def take(self, root: LexborNode) -> None:
        """Take out all below an element."""
        node = root.child
        while node is not None:
            if node.tag == "-text":
                self._take_text(node.text_content or "")
                goes_down = False
            else:
                tag, attributes = node.tag or "", node.attributes
                goes_down = not is_passed_over(tag, attributes, goes_by_names=self._goes_by_names)
                if goes_down:
                    self._enter(node, tag, attributes)
            if goes_down and node.child is not None:
                node = node.child
                continue
            if goes_down:
                self._leave()
            while node.next is None:
                parent = node.parent
                if parent is None or parent.mem_id == root.mem_id:
                    self._flush()
                    return
                node = parent
                self._leave()
            node = node.next
        self._flush()

    def _take_text(self, text: str) -> None:
        self._text.append(text)
        if not text.strip():
            return
        if self._heading is None:
            self._anchor = None
        # What divides links from each other is no word, nor is the number of one.
        if self._links:
            self._has_links = True
        elif self._is_links and any(map(str.isalnum, text)):
            self._is_links = self._is_number_of_link(text)

    def _is_number_of_link(self, text: str) -> bool:
        before_link = not self._has_links and self._row is None
        return before_link and _NUMBER.fullmatch(text) is not None

    def _take_is_links(self) -> bool:
        """Whether all that was gathered stands in links; what comes is asked anew."""
        is_links = self._is_links and self._has_links
        self._is_links, self._has_links = True, False
        return is_links

    def _mark(self, node: LexborNode, tag: str, attributes: Attributes) -> Mark | None:
        """What an element is besides its tag; it stands alone then."""
        mark = mark_of(node, tag, attributes, is_in_admonition=self._is_in(Mark.ADMONITION))
        if mark is None or self._is_in(mark):
            return None
        self._flush()
        self._marks.append(mark)
        return mark

    def _is_in(self, mark: Mark) -> bool:
        return mark in self._marks

    def _unmark(self, mark: Mark) -> None:
        """An element that is marked ends."""
        if mark is Mark.TITLE:
            self._title = " ".join("".join(self._text).split())
            self._text.clear()
            self._take_is_links()
        else:
            self._flush()
            self._add_title()
        self._marks.remove(mark)

    def _enter(self, node: LexborNode, tag: str, attributes: Attributes) -> None:
        is_block = tag in _STRUCTURAL
        # What has no attributes is an admonition's title or a listing of source at most.
        may_be_marked = is_block and (attributes or self._marks or tag == "pre")
        mark = self._mark(node, tag, attributes) if may_be_marked else None
        leads_on = is_link(tag, attributes)
        self._open.append((tag, attributes, mark, leads_on))
        if leads_on:
            self._links += 1
            self._leads_away = self._leads_away or leads_away(attributes)
        own = attributes.get("id") or (attributes.get("name") if tag == "a" else None)
        if own:
            self._anchor = own
            if self._heading is not None and self._heading[1] is None:
                self._heading = self._heading[0], own
        if is_block and not self._is_in(Mark.TITLE):
            self._enter_block(node, tag, attributes, own)

    def _enter_block(
        self, node: LexborNode, tag: str, attributes: Attributes, own: str | None
    ) -> None:
        if tag in _HEADINGS:
            self._flush()
            self._heading = _HEADINGS[tag], own or self._anchor
            self._leads_away = False
        elif tag in _TABLES:
            self._enter_table(node, tag, attributes)
        elif (kind := _kind(tag, attributes)) is not None:
            self._flush()
            self._around.append((self._kind, self._level))
            self._kind = kind
            # What is coloured is code.
            is_plain = tag == "pre" and node.css_first("span") is None
            self._may_be_laid_out = is_plain and not self._is_in(Mark.LISTING)
            if tag in _ITEMS:
                self._level = max(self._lists.depth - 1, 0) + (tag == "dd")
            if tag == "li":
                self._lists.begin_item(attributes)
            if tag == "dt":
                self._term = own or _identified(node)
        elif tag == "br":
            self._text.append("\n")
        elif tag in _BLOCKS:
            self._between()
            if tag in LISTS:
                self._lists.enter(tag, attributes)

    def _enter_table(self, node: LexborNode, tag: str, attributes: Attributes) -> None:
        """A table, a row or a cell begins."""
        if self._is_signature or (tag in _CELLS and self._row is not None):
            self._text.append(" ")
            return
        self._flush()
        if tag == "table":
            self._is_signature = is_signature(attributes)
            self._layouts.append(self._is_in(Mark.ADMONITION) or lays_out(node))
            self._below = {}
        elif tag == "tr" and self._is_among_rows:
            self._row = Row(self._below)

    def _leave(self) -> None:
        tag, attributes, mark, leads_on = self._open.pop()
        self._links -= leads_on
        if tag in _STRUCTURAL and not self._is_in(Mark.TITLE):
            self._leave_block(tag, attributes)
        if mark is not None:
            self._unmark(mark)

    def _leave_block(self, tag: str, attributes: Attributes) -> None:
        if tag in _HEADINGS:
            self._end_heading(_HEADINGS[tag])
        elif tag in _TABLES:
            self._leave_table(tag, attributes)
        elif _kind(tag, attributes) is not None:
            self._flush()
            self._kind, self._level = self._around.pop()
            self._may_be_laid_out = False
            self._term = None
            if tag == "li":
                self._lists.items.end()
        elif tag in _BLOCKS:
            self._between()
            if tag in LISTS:
                self._lists.leave()

    def _leave_table(self, tag: str, attributes: Attributes) -> None:
        """A table, a row or a cell ends."""
        if self._is_signature and tag != "table":
            return
        if self._row is None or tag == "table":
            self._flush()
            if tag == "table" and self._layouts:
                self._layouts.pop()
                self._is_signature = False
        elif tag == "tr":
            self._end_row(self._row)
        else:
            rows = attributes.get("rowspan") or "1"
            self._row.add("".join(self._text), int(rows) if rows.isdecimal() else 1, tag == "th")
            self._text.clear()

    def _end_heading(self, own_level: int) -> None:
        level, anchor = self._heading or (own_level, None)
        text = "".join(self._text)
        self._text.clear()
        self._heading = None
        if self._take_is_links() and self._leads_away and level == 1:
            # It names the site, and leads to its first page.
            return
        self._heading_level = level
        self._extract.heading(level, text, f"{self._prefix}{anchor}" if anchor else None)

    def _between(self) -> None:
        """A block begins or ends: what was gathered is one, or within code a line."""
        if self._row is not None or self._heading is not None:
            self._text.append(" ")
        elif self._kind is not BlockKind.CODE:
            self._flush()
        elif self._text and not self._text[-1].endswith("\n"):
            self._text.append("\n")

    @property
    def _is_among_rows(self) -> bool:
        """Whether a row here is one of a table of rows, not of one that lays out the page."""
        return not self._layouts or not self._layouts[-1]

    def _end_row(self, row: Row) -> None:
        self._row = None
        self._text.clear()
        is_links = self._take_is_links()
        cells = row.all_cells()
        self._below = row.below
        if any(cells):
            kind = BlockKind.HEADER if row.is_header else BlockKind.ROW
            is_quotable = not self._is_in(Mark.LISTING) and not is_links
            self._add_title()
            self._extract.block(kind, BETWEEN_CELLS.join(cells), is_quotable=is_quotable)

    def _flush(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        if self._row is not None or self._heading is not None:
            self._text.append(f"{text} ")
        elif text.strip():
            if self._may_be_laid_out and is_laid_out(text):
                self._add_laid_out(text)
            else:
                self._add(self._kind, text)

    def _add(
        self, kind: BlockKind, text: str, level: int | None = None, number: str | None = None
    ) -> None:
        """Add a block, behind the title of the admonition that it is the first of."""
        if kind not in _TITLED:
            self._add_title()
        title, self._title = self._title, ""
        if kind is BlockKind.ITEM and number is None:
            number = self._lists.items.take()
        self._extract.block(
            kind,
            text,
            (self._level if self._lists.depth else 0) if level is None else level,
            title=title,
            anchor=f"{self._prefix}{self._term}" if self._term else None,
            is_quotable=not self._take_is_links() and not self._is_in(Mark.LISTING),
            number=number,
        )

    def _add_laid_out(self, text: str) -> None:
        """Add prose that is shown as it was typed; its headings stand below those of the page."""
        for part in parts_of(text):
            if part.kind is None:
                self._extract.heading(self._heading_level + part.level, part.span.of(text))
            else:
                content, level = part.span.of(text), self._level + part.level
                self._add(part.kind, content, level, part.number)

    def _add_title(self) -> None:
        """Add a title that no text follows as a block of its own."""
        if self._title:
            title, self._title = self._title, ""
            self._extract.block(BlockKind.PARAGRAPH, title, is_quotable=False)


def _kind(tag: str, attributes: Attributes) -> BlockKind | None:
    """The kind of the blocks in an element that gives them one."""
    is_fragment = tag == "div" and attributes.get("class") == "fragment"
    return BlockKind.CODE if is_fragment else _KINDS.get(tag)


def _identified(node: LexborNode) -> str | None:
    """What leads to the first element below that has such a thing."""
    found = node.css_first(_IDENTIFIED)
    return (found.attributes.get("id") or found.attributes.get("name")) if found else None
