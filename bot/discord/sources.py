"""Where a quote stands, in a line: a link where the document can be read, and the page or section.

The line of a text is told only where nothing else says where in it to look; of what was taught, by
whom and when.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.discord.markdown import link, shortened
from bot.discord.taught import credit_of
from bot.presentation import named_path, short_names
from bot.texts import gettext
from footnote import Citation
from footnote.index import Stored
from footnote.text import section_address

_ADDRESS, _NAME, _CREDIT = 300, 50, 150


def source(citation: Citation, limit: int) -> str:
    """Title and headings, at most `limit` characters of them, and where in it the quote stands."""
    path = named_path(citation.title, citation.heading)
    credit = credit_of(citation.document_id)
    place = (
        f" · {shortened(credit, _CREDIT)}" if credit else _place(citation.page, path, citation.line)
    )
    return linked(" › ".join(path), _addresses(citation), limit) + place


def section(citation: Citation, limit: int) -> str:
    """The same beside a button, where there is less room: without the headings in between."""
    return source(replace(citation, heading=citation.heading[-1:]), limit)


def foot(entry: Stored, url: str | None, limit: int) -> str:
    """The document that a passage stands in, and where."""
    passage = entry.passage
    if credit := credit_of(passage.document_id):
        return linked(credit, [url] if url else [], limit)
    addresses = [section_address(url, entry.page, passage.anchor, entry.file), url] if url else []
    path = named_path(passage.title, passage.heading)
    return linked(passage.document_id, addresses, limit) + _place(entry.page, path, entry.row)


def section_names(citations: Sequence[Citation]) -> list[str]:
    """Some sections by short names, as links where they can be read somewhere."""
    return [
        linked(name, _addresses(one)[-2:], _NAME)
        for one, name in zip(citations, short_names(citations), strict=True)
    ]


def linked(label: str, addresses: Iterable[str], limit: int) -> str:
    """The label, shortened, as a link to the first address that is short enough."""
    # A longer address would take the room of the quote, and a cut one leads nowhere.
    address = next((one for one in addresses if len(one) <= _ADDRESS), None)
    if address is None:
        return shortened(label, limit)
    return link(label, address, limit)


def _place(page: int | None, path: Sequence[str], line: int) -> str:
    if page is not None:
        return f" · {gettext('page {page}', page=page)}"
    return "" if len(path) > 1 else f" · {gettext('line {line}', line=line)}"


def _addresses(citation: Citation) -> list[str]:
    """Where a quote can be opened, the longest address, that of the words, first."""
    url, address = citation.url, citation.address
    if not url or not address:
        return []
    if credit_of(citation.document_id):
        # Discord opens its own messages only by the address alone.
        return [url]
    section = section_address(url, citation.page, citation.anchor, citation.source)
    return [address, section, url]
