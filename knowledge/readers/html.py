"""Web pages: their main text without menus, banners and footers, with the anchors of headings."""

import re
from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from knowledge.cells import BETWEEN_CELLS
from knowledge.documents import BlockKind, Document
from knowledge.readers.extract import Extract
from knowledge.readers.html_tables import Row, lays_out
from knowledge.source import SourceFile, address, checksum

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PASSED_OVER = {
    "aside", "audio", "button", "canvas", "dialog", "footer", "head", "iframe", "label", "math",
    "menu", "nav", "noscript", "object", "script", "select", "style", "svg", "template",
    "textarea", "video",
}  # fmt: skip
_ROLES = {
    "alertdialog", "banner", "complementary", "contentinfo", "dialog", "doc-backlink",
    "doc-noteref", "doc-toc", "menu", "menubar", "navigation", "search", "toolbar",
}  # fmt: skip
# Names that people give to what is no main text, as a whole class or id; those of headings are
# made of their words, and stand on sections.
_NAMES = re.compile(
    r"(?:(?:site|page|main|global|top|left|right|primary|secondary|mobile|header|footer|wp|nav)-)?"
    r"(?:nav|navbar|navigation|menu|sidebar|breadcrumbs?|cookies?|cookie-\w+|consent|banner|footer"
    r"|masthead|ads?|advert\w*|share|sharing|social|related|pagination|skip-?\w*|toc|tocwrapper"
    r"|headerlink|footnote-(?:ref|back)|mw-editsection|noprint|sr-only|visually-hidden|header)",
    re.I,
)
_NAMED = {"a", "aside", "div", "header", "li", "nav", "ol", "p", "span", "sup", "table", "td", "ul"}
_EMPTY = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)([a-zA-Z][\w:-]*)"
    r"((?:\s[^<>]*)?)/>"
)
_LATIN_1 = {"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii", "iso8859-1"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_BACK = re.compile(r"#(?:footnote-ref|endnote-ref|fnref|cite_ref)")
_BLOCKS = {
    "address", "article", "blockquote", "body", "caption", "center", "details", "div", "dl",
    "fieldset", "figcaption", "figure", "header", "hgroup", "hr", "main", "ol", "p", "section",
    "summary", "table", "tbody", "tfoot", "thead", "ul",
}  # fmt: skip
_LISTS = {"ul", "ol", "dl"}
_ITEMS = {"li", "dt", "dd"}
_CELLS = {"td", "th"}
_TABLES = {"table", "tr", *_CELLS}
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)


def read(file: SourceFile) -> Iterator[Document]:
    """The page as one document."""
    content = file.read_bytes(is_text=False)
    tree = parsed(_decoded(content))
    extract = Extract()
    take(tree, extract)
    heading = tree.css_first("title")
    yield extract.document(
        file,
        checksum(content),
        title=extract.first_heading or (" ".join(heading.text().split()) if heading else None),
        url=_canonical(tree),
    )


def parsed(page: str) -> LexborHTMLParser:
    """The tree of a page; of XHTML, elements that are closed where they begin are empty."""
    is_xhtml = page[:200].lstrip().startswith("<?xml")
    return LexborHTMLParser(_EMPTY.sub(r"<\1\2></\1>", page) if is_xhtml else page)


def take(tree: LexborHTMLParser, extract: Extract, prefix: str = "") -> None:
    """Take the main text out of a page; `prefix` stands before each anchor."""
    root = _main(tree)
    if root is None:
        return
    count = len(extract)
    _Taking(extract, prefix, goes_by_names=True).take(root)
    if len(extract) == count:
        # All of the page stands in something that is called a menu or the like.
        _Taking(extract, prefix, goes_by_names=False).take(root)


def _decoded(content: bytes) -> str:
    """The text in the encoding that its first bytes or its head name, or that it is in."""
    if content.startswith(b"\xef\xbb\xbf"):
        return content.decode("utf-8-sig", errors="replace")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    named = _CHARSET.search(content[:2048])
    name = named[1].decode("ascii", "replace").lower() if named else "utf-8"
    # As browsers do (WHATWG, Encoding Standard).
    encodings = ["windows-1252" if name in _LATIN_1 else name]
    for encoding in [*encodings, "utf-8", "windows-1252"]:
        try:
            return content.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("utf-8", errors="replace")


def _canonical(tree: LexborHTMLParser) -> str | None:
    link = tree.css_first("link[rel~=canonical]")
    return address(link.attributes.get("href")) if link else None


def _main(tree: LexborHTMLParser) -> LexborNode | None:
    """The element that holds the main text: `main`, a single `article`, or all of the body."""
    for selector in ("main", "[role=main]", "article"):
        found = tree.css(selector)
        if len(found) == 1 and found[0].text().strip():
            return found[0]
    return tree.body


class _Taking:
    """The way through the elements of a page, without recursion, however deep they nest."""

    def __init__(self, extract: Extract, prefix: str, *, goes_by_names: bool) -> None:
        self._extract = extract
        self._goes_by_names = goes_by_names
        self._prefix = prefix
        self._text: list[str] = []
        self._kind = BlockKind.PARAGRAPH
        self._level = 0
        self._depth = 0  # of lists
        self._heading: tuple[int, str | None] | None = None
        self._anchor: str | None = None
        self._row: Row | None = None
        self._below: dict[int, tuple[str, int]] = {}  # cells that go on in the next row
        self._layouts: list[bool] = []  # of the tables around, whether each lays out the page

    def take(self, root: LexborNode) -> None:
        """Take out all below an element."""
        node = root.child
        while node is not None:
            if node.tag == "-text":
                self._text.append(node.text_content or "")
                if self._text[-1].strip() and self._heading is None:
                    self._anchor = None
                goes_down = False
            else:
                goes_down = not _is_passed_over(node, goes_by_names=self._goes_by_names)
                if goes_down:
                    self._enter(node)
            if goes_down and node.child is not None:
                node = node.child
                continue
            if goes_down:
                self._leave(node)
            while node.next is None:
                parent = node.parent
                if parent is None or parent.mem_id == root.mem_id:
                    self._flush()
                    return
                node = parent
                self._leave(node)
            node = node.next
        self._flush()

    def _enter(self, node: LexborNode) -> None:
        tag = node.tag or ""
        own = node.attributes.get("id") or (node.attributes.get("name") if tag == "a" else None)
        if own:
            self._anchor = own
            if self._heading is not None and self._heading[1] is None:
                self._heading = self._heading[0], own
        if tag in _HEADINGS:
            self._flush()
            self._heading = _HEADINGS[tag], own or self._anchor
        elif tag in _TABLES:
            self._enter_table(node, tag)
        elif tag == "pre":
            self._flush()
            self._kind = BlockKind.CODE
        elif tag in _ITEMS:
            self._flush()
            self._kind = BlockKind.ITEM
            self._level = max(self._depth - 1, 0) + (tag == "dd")
        elif tag == "br":
            self._text.append("\n")
        elif tag in _BLOCKS:
            self._between()
            self._depth += tag in _LISTS

    def _enter_table(self, node: LexborNode, tag: str) -> None:
        """A table, a row or a cell begins."""
        if tag in _CELLS and self._row is not None:
            self._text.append(" ")
            return
        self._flush()
        if tag == "table":
            self._layouts.append(lays_out(node))
            self._below = {}
        elif tag == "tr" and self._is_among_rows:
            self._row = Row(self._below)

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in _HEADINGS:
            self._end_heading(_HEADINGS[tag])
        elif tag in _TABLES:
            self._leave_table(node, tag)
        elif tag == "pre" or tag in _ITEMS:
            self._flush()
            self._kind = BlockKind.PARAGRAPH
        elif tag in _BLOCKS:
            self._between()
            if tag in _LISTS:
                self._depth -= 1
                self._level = max(self._depth - 1, 0)
                self._kind = BlockKind.ITEM if self._depth else BlockKind.PARAGRAPH

    def _leave_table(self, node: LexborNode, tag: str) -> None:
        """A table, a row or a cell ends."""
        if self._row is None or tag == "table":
            self._flush()
            if tag == "table" and self._layouts:
                self._layouts.pop()
        elif tag == "tr":
            self._end_row(self._row)
        else:
            rows = node.attributes.get("rowspan") or "1"
            self._row.add("".join(self._text), int(rows) if rows.isdecimal() else 1, tag == "th")
            self._text.clear()

    def _end_heading(self, own_level: int) -> None:
        level, anchor = self._heading or (own_level, None)
        text = "".join(self._text)
        self._text.clear()
        self._heading = None
        self._extract.heading(level, text, f"{self._prefix}{anchor}" if anchor else None)

    def _between(self) -> None:
        """A block begins or ends: what was gathered is one, but within a cell or a heading."""
        if self._row is not None or self._heading is not None:
            self._text.append(" ")
        else:
            self._flush()

    @property
    def _is_among_rows(self) -> bool:
        """Whether a row here is one of a table of rows, not of one that lays out the page."""
        return not self._layouts or not self._layouts[-1]

    def _end_row(self, row: Row) -> None:
        self._row = None
        self._text.clear()
        cells = row.all_cells()
        self._below = row.below
        if any(cells):
            kind = BlockKind.HEADER if row.is_header else BlockKind.ROW
            self._extract.block(kind, BETWEEN_CELLS.join(cells))

    def _flush(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        if self._row is not None or self._heading is not None:
            self._text.append(f"{text} ")
        elif text.strip():
            self._extract.block(self._kind, text, self._level if self._depth else 0)


def _is_passed_over(node: LexborNode, *, goes_by_names: bool) -> bool:
    tag = node.tag or ""
    if tag in _PASSED_OVER or tag.startswith(("-", "!")):
        return True
    attributes = node.attributes
    if not attributes:
        return False
    if _is_hidden(attributes) or (attributes.get("role") or "") in _ROLES:
        return True
    if tag == "a" and _BACK.match(attributes.get("href") or ""):
        return True
    return goes_by_names and tag in _NAMED and _is_named_aside(attributes)


def _is_hidden(attributes: Mapping[str, str | None]) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    return _HIDDEN.search(attributes.get("style") or "") is not None


def _is_named_aside(attributes: Mapping[str, str | None]) -> bool:
    """Whether its classes or its id call it something that is no main text."""
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split()
    return any(_NAMES.fullmatch(name) for name in names)
