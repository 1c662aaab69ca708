"""Web pages: their main text without menus, banners and footers, with the anchors of headings."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from knowledge.documents import Document
from knowledge.readers.extract import Extract
from knowledge.readers.html_walk import Walk
from knowledge.source import SourceFile, address, checksum

_EMPTY = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)([a-zA-Z][\w:-]*)"
    r"((?:\s[^<>]*)?)/>"
)
_LATIN_1 = {"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii", "iso8859-1"}
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)


def read(file: SourceFile) -> Iterator[Document]:
    """The page as one document."""
    content = file.read_bytes(is_text=False)
    tree = parsed(_decoded(content))
    extract = Extract()
    take(tree, extract)
    yield extract.document(
        file, checksum(content), title=_title(tree, extract), url=_canonical(tree)
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
    Walk(extract, prefix, goes_by_names=True).take(root)
    if len(extract) == count:
        # All of the page stands in something that is called a menu or the like.
        Walk(extract, prefix, goes_by_names=False).take(root)


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


def _title(tree: LexborHTMLParser, extract: Extract) -> str | None:
    """The heading of level 1, of several the one that the page's name begins with, or that name.

    Others are the name of the site, which stands on each page, or the first of many sections.
    """
    named = tree.css_first("title")
    name = " ".join(named.text().split()) if named else ""
    headings = extract.headings_of_level_1
    if not name or len(headings) == 1:
        return headings[0] if headings else name or None
    return next((heading for heading in headings if name.startswith(heading)), name)


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
