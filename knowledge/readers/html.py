"""Web pages: their main text without menus, banners and footers, with the anchors of headings."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from knowledge.documents import BlockKind, Document
from knowledge.readers.extract import Extract
from knowledge.readers.source import SourceFile, address, checksum

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PASSED_OVER = {
    "aside", "audio", "button", "canvas", "dialog", "footer", "form", "head", "iframe", "math",
    "menu", "nav", "noscript", "object", "script", "select", "style", "svg", "template",
    "textarea", "video",
}  # fmt: skip
_ROLES = {
    "alertdialog", "banner", "complementary", "contentinfo", "dialog", "doc-backlink",
    "doc-noteref", "doc-toc", "menu", "menubar", "navigation", "search", "toolbar",
}  # fmt: skip
# Names that people give to what is no main text, as a whole class or id.
_NAMES = re.compile(
    r"(?:.*-)?(?:nav|navbar|navigation|menu|sidebar|breadcrumbs?|cookies?|cookie-\w+|consent|banner"
    r"|footer|masthead|ads?|advert\w*|share|sharing|social|related|pagination|skip-?\w*|toc|tocwrapper"
    r"|headerlink|footnote-(?:ref|back)|mw-editsection|noprint|sr-only|visually-hidden|site-header)",
    re.I,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_BACK = re.compile(r"#(?:footnote-ref|endnote-ref|fnref|cite_ref)")
_BLOCKS = {
    "address", "article", "blockquote", "body", "caption", "center", "details", "div", "dl",
    "fieldset", "figcaption", "figure", "header", "hgroup", "hr", "main", "ol", "p", "section",
    "summary", "table", "tbody", "tfoot", "thead", "ul",
}  # fmt: skip
_LISTS = {"ul", "ol", "dl"}
_ITEMS = {"li", "dt", "dd"}
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)


def read(file: SourceFile) -> Iterator[Document]:
    """The page as one document."""
    content = file.read_bytes(is_text=False)
    tree = LexborHTMLParser(_decoded(content))
    extract = Extract()
    take(tree, extract)
    heading = tree.css_first("title")
    yield extract.document(
        file,
        checksum(content),
        title=extract.first_heading or (" ".join(heading.text().split()) if heading else None),
        url=_canonical(tree),
    )


def take(tree: LexborHTMLParser, extract: Extract, prefix: str = "") -> None:
    """Take the main text out of a page; `prefix` stands before each anchor."""
    root = _main(tree)
    if root is not None:
        _Taking(extract, prefix).take(root)


def _decoded(content: bytes) -> str:
    """The text in the encoding that its first bytes or its head name, or that it is in."""
    if content.startswith(b"\xef\xbb\xbf"):
        return content.decode("utf-8-sig", errors="replace")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    named = _CHARSET.search(content[:2048])
    encodings = [named[1].decode("ascii", "replace")] if named else []
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

    def __init__(self, extract: Extract, prefix: str) -> None:
        self._extract = extract
        self._prefix = prefix
        self._text: list[str] = []
        self._kind = BlockKind.PARAGRAPH
        self._level = 0
        self._depth = 0  # of lists
        self._heading: tuple[int, str | None] | None = None
        self._anchor: str | None = None
        self._cells: list[str] | None = None
        self._is_header = False

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
                goes_down = not _is_passed_over(node)
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
        elif tag in ("td", "th"):
            self._text.append(" ")
            self._is_header = self._is_header and tag == "th"
        elif tag == "tr":
            self._flush()
            self._cells, self._is_header = [], True
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
            self._between(tag)
            self._depth += tag in _LISTS

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in _HEADINGS:
            level, anchor = self._heading or (_HEADINGS[tag], None)
            text = "".join(self._text)
            self._text.clear()
            self._heading = None
            self._extract.heading(level, text, f"{self._prefix}{anchor}" if anchor else None)
        elif tag in ("td", "th") and self._cells is not None:
            self._cells.append(" ".join("".join(self._text).split()))
            self._text.clear()
        elif tag == "tr":
            self._end_row()
        elif tag == "pre" or tag in _ITEMS:
            self._flush()
            self._kind = BlockKind.PARAGRAPH
        elif tag in _BLOCKS:
            self._between(tag)
            if tag in _LISTS:
                self._depth -= 1
                self._level = max(self._depth - 1, 0)
                self._kind = BlockKind.ITEM if self._depth else BlockKind.PARAGRAPH

    def _between(self, tag: str) -> None:
        """A block begins or ends: what was gathered is one, but within a cell or a heading."""
        if self._cells is not None or self._heading is not None:
            self._text.append(" ")
        else:
            self._flush()

    def _end_row(self) -> None:
        cells = self._cells or []
        self._cells = None
        if any(cells):
            kind = BlockKind.HEADER if self._is_header else BlockKind.ROW
            self._extract.block(kind, " | ".join(cells))
        self._text.clear()

    def _flush(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        if self._cells is not None or self._heading is not None:
            self._text.append(f"{text} ")
        elif text.strip():
            self._extract.block(self._kind, text, self._level if self._depth else 0)


def _is_passed_over(node: LexborNode) -> bool:
    tag = node.tag or ""
    if tag in _PASSED_OVER or tag.startswith("-") or tag.startswith("!"):
        return True
    attributes = node.attributes
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if tag == "a" and _BACK.match(attributes.get("href") or ""):
        return True
    if (attributes.get("role") or "") in _ROLES or _HIDDEN.search(attributes.get("style") or ""):
        return True
    if tag in _HEADINGS:
        return False
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split()
    return any(_NAMES.fullmatch(name) for name in names)
