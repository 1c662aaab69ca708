"""Addresses that open a document where a quote stands."""

import re
from urllib.parse import quote

from knowledge.cells import BETWEEN_CELLS
from knowledge.formats import format_of
from knowledge.languages import is_unspaced

_SHORT = 80
"""Characters of a quote that is named whole; of a longer one its first and last words are."""

_WORDS = 5
_CLAUSE = re.compile(r"[^，。、！？；：,.!?;:]{4,}")
_ROUTE = re.compile(r"#[!/]")
"""How the part behind the # begins that is a page of its own to the site, not a place in one."""

_CHAT = re.compile(r"https://discord\.com/channels/")
"""What an app opens that takes nothing behind a #; its anchors are the ids of messages."""


def base_address(base_url: str, document_id: str) -> str:
    """Where a document can be read below a base: whatever its id holds, the address is one word."""
    return f"{base_url.rstrip('/')}/{quote(document_id, errors='replace')}"


def address_at(url: str, page: int | None, anchor: str | None, text: str, source: str) -> str:
    """The address of a document, at the page of a PDF, or at the section and the text.

    `text` is as people read it, since it is looked for in what they see.

    The words are a text fragment, which browsers go to and mark (WICG, Scroll to Text Fragment);
    one that knows of none goes to the section.
    """
    if page is not None or not _opens_at_words(url, source):
        return section_address(url, page, anchor, source)
    directive = _directive(text)
    if not directive:
        return section_address(url, page, anchor, source)
    return f"{url.partition('#')[0]}#{quote(anchor or '', errors='replace')}:~:text={directive}"


def section_address(url: str, page: int | None, anchor: str | None, source: str) -> str:
    """The same without the words."""
    if page is not None:
        return f"{url.partition('#')[0]}#page={page}"
    if anchor and _CHAT.match(url):
        return f"{url}/{quote(anchor, errors='replace')}"
    if anchor and _opens_at_words(url, source):
        return f"{url.partition('#')[0]}#{quote(anchor, errors='replace')}"
    return url


def _opens_at_words(url: str, source: str) -> bool:
    """Whether a browser shows the document as a page of text."""
    format_ = format_of(source)
    is_place = _ROUTE.search(url) or _CHAT.match(url)
    return not is_place and (format_ is None or format_.is_page)


def _directive(text: str) -> str:
    """The text, or where it begins and ends, as a text directive; both ends are whole words."""
    cells = [cell for cell in text.strip().split(BETWEEN_CELLS.strip()) if cell.strip()]
    if len(cells) > 1:
        # Cells have nothing between them on a page.
        return f"{_encoded(_begin(cells[0]))},{_encoded(_end(cells[-1]))}"
    # A block ends with a line, and the words at an end must not reach over it.
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return ""
    whole = " ".join(text.split())
    if len(lines) == 1 and len(whole) <= _SHORT:
        return _encoded(whole)
    begin, end = _begin(lines[0]), _end(lines[-1])
    return _encoded(begin) if begin == whole else f"{_encoded(begin)},{_encoded(end)}"


def _begin(text: str) -> str:
    return _some(text, first=True)


def _end(text: str) -> str:
    return _some(text, first=False)


def _some(text: str, *, first: bool) -> str:
    """The first or the last words of a line; clauses, where there are no blanks."""
    words = text.split()
    if is_unspaced(text) and len(text) > 12 * len(words):
        clauses: list[str] = _CLAUSE.findall(text) or [text.strip()]
        return clauses[0 if first else -1].strip()
    # No more than half, so that the two do not overlap.
    count = min(_WORDS, max(len(words) // 2, 1)) if len(text) > _SHORT else len(words)
    return " ".join(words[:count] if first else words[-count:])


def _encoded(text: str) -> str:
    # A comma and a dash would part the directive.
    return quote(text.strip(), safe="", errors="replace").replace("-", "%2D")
