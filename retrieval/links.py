"""Addresses that open a document where a quote stands."""

from urllib.parse import quote

from knowledge.languages import is_unspaced
from knowledge.unmarking import readable

_SHORT = 80
"""Characters of a quote that is named whole; of a longer one its first and last words are."""

_WORDS, _LETTERS = 5, 12


def base_address(base_url: str, document_id: str) -> str:
    """Where a document can be read below a base: whatever its id holds, the address is one word."""
    return f"{base_url.rstrip('/')}/{quote(document_id, errors='replace')}"


def address_at(url: str, page: int | None, anchor: str | None, text: str, source: str) -> str:
    """The address of a document, at the page of a PDF, or at the section and the text.

    The words are a text fragment, which browsers go to and mark (WICG, Scroll to Text Fragment);
    one that knows of none goes to the section.
    """
    page_url = url.partition("#")[0]
    if page is not None:
        return f"{page_url}#page={page}"
    words = readable(text, source).split()
    fragment = f":~:text={_directive(' '.join(words))}" if words else ""
    return f"{page_url}#{quote(anchor or '', errors='replace')}{fragment}"


def section_address(url: str, page: int | None, anchor: str | None) -> str:
    """The same without the words."""
    page_url = url.partition("#")[0]
    if page is not None:
        return f"{page_url}#page={page}"
    return f"{page_url}#{quote(anchor, errors='replace')}" if anchor else url


def _directive(text: str) -> str:
    """The text, or where it begins and ends, as a text directive."""
    if len(text) <= _SHORT:
        return _encoded(text)
    words = text.split(" ")
    if is_unspaced(text) or len(words) < 2 * _WORDS:
        return f"{_encoded(text[:_LETTERS])},{_encoded(text[-_LETTERS:])}"
    return f"{_encoded(' '.join(words[:_WORDS]))},{_encoded(' '.join(words[-_WORDS:]))}"


def _encoded(text: str) -> str:
    # A comma and a dash would part the directive.
    return quote(text, safe="", errors="replace").replace("-", "%2D")
