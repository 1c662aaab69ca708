"""Web pages: their main text without menus, banners and footers, with the anchors of headings."""

import re
from codecs import lookup
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from knowledge.documents import Document
from knowledge.encodings import encoding_of
from knowledge.readers.extract import Extract
from knowledge.readers.html_walk import Walk
from knowledge.source import Decoded, SourceFile, address, checksum, marked_encoding

_EMPTY = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)([a-zA-Z][\w:-]*)"
    r"((?:\s[^<>]*)?)/>"
)
_LATIN_1 = "windows-1252"
# WHATWG, Encoding Standard; what could be read so far is not UTF-16.
_AS_BROWSERS = {
    **dict.fromkeys(
        ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii", "iso8859-1"), _LATIN_1
    ),
    **dict.fromkeys(("utf-16", "utf-16le", "utf-16be"), "utf-8"),
}
_CHARSET = re.compile(rb"""<meta[^<>]+charset\s*=\s*(?:["']\s*)?([\w.:-]+)""", re.I)


def read(file: SourceFile) -> Iterator[Document]:
    """The page as one document."""
    content = file.read_bytes()
    page = _decoded(content)
    tree = parsed(page.text)
    extract = Extract()
    take(tree, extract)
    yield extract.document(
        file,
        checksum(content),
        title=_title(tree, extract),
        url=_canonical(tree),
        encoding=page.encoding,
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


def _decoded(content: bytes) -> Decoded:
    """The text in the encoding that its first bytes or its head name, or that it is in."""
    if content.startswith(b"\xef\xbb\xbf"):
        return Decoded(content.decode("utf-8-sig", errors="replace"))
    marked = marked_encoding(content)
    if marked is not None:
        return Decoded(content.decode(marked, errors="replace"), marked)
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
        return Decoded(text, None if lookup(encoding).name == "utf-8" else encoding)
    return Decoded(content.decode("utf-8", errors="replace"))


def _encodings(content: bytes) -> Iterator[str]:
    """Those to try, in their order."""
    named = _CHARSET.search(content[:2048])
    if named:
        name = named[1].decode("ascii", "replace").lower()
        yield _AS_BROWSERS.get(name, name)
    yield "utf-8"
    if told := encoding_of(content):
        yield told
    yield _LATIN_1


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
