"""How answers are shown, to whatever front end shows them."""

import re
from collections.abc import Sequence

from footnote import Citation

HIGHLIGHT_FROM = 0.3
"""The words that answer are marked from this confidence on."""

# Control characters, the marks that turn the direction of text, and halves of characters.
_DANGEROUS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")


def harmless(text: str) -> str:
    """The text on one line, with every character that a terminal would obey replaced."""
    return _DANGEROUS.sub("\N{REPLACEMENT CHARACTER}", _BLANKS.sub(" ", text))


def harmless_code(text: str) -> list[str]:
    """The lines of some code, each with its blanks, and with every dangerous character replaced."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    return [_DANGEROUS.sub("\N{REPLACEMENT CHARACTER}", line).rstrip() for line in lines]


def cited_together(citations: Sequence[Citation]) -> list[list[Citation]]:
    """The citations, a list's items together with the lines that introduce them."""
    groups: list[list[Citation]] = []
    for citation in citations:
        within_list = bool(groups) and groups[-1][0].introduces
        begins_anew = within_list and citation.introduces and not groups[-1][-1].introduces
        if within_list and not begins_anew:
            groups[-1].append(citation)
        else:
            groups.append([citation])
    return groups


def cited_first(citations: Sequence[Citation]) -> Citation:
    """The one item that answers, or where a whole list begins."""
    items = [citation for citation in citations if not citation.introduces]
    return items[0] if len(items) == 1 else citations[0]


def counted(count: int, noun: str) -> str:
    """The number with its noun, in the plural unless it is one."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
