"""Text as people read it: a quote of Markdown, reStructuredText or a table without its marks.

A quote is exact, marks and all; this is only how it is shown.
"""

import csv
import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from knowledge.readers import format_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Stand around a part of a text while its marks are taken away; of no text's own use.
_BEGIN, _END = "\ue000", "\ue001"

_MARKS = re.compile(r"[*_`\[\]<>&\\~|!$^]")
_NOTE = re.compile(r"\[\^[^\]\s]+\](?!:)")
_NOTE_BEGIN = re.compile(r"\[\^[^\]\s]+\]:\s*")
_REFERENCE = re.compile(r"\[([^\[\]]*[^\W\d][^\[\]]*)\]\[[^\[\]]*\]")
_LINE_MARKS = re.compile(r"(?m)^[ \t]*(?:>[ \t]?)+")
_TABLE_ROW = re.compile(r"\s*\|(.*?)\|?\s*", re.S)

_RST = (
    (re.compile(r"``(.+?)``", re.S), r"\1"),
    (re.compile(r":[\w:+-]+:`~?([^`<]+?)\s*(?:<[^`>]*>)?`"), r"\1"),
    (re.compile(r"`([^`<]+?)\s*<[^`>]+>`__?", re.S), r"\1"),
    (re.compile(r"`([^`]+)`(?:__?)?"), r"\1"),
    (re.compile(r"\s?\[[#*\w]+\]_"), ""),
    (re.compile(r"(?<!\w)\*\*(\S|\S.*?\S)\*\*(?!\w)", re.S), r"\1"),
    (re.compile(r"(?<![\w*])\*([^\s*]|[^\s*].*?\S)\*(?![\w*])", re.S), r"\1"),
    (re.compile(r"\|(\S|\S[^|\n]*?\S)\|_?"), r"\1"),
    (re.compile(r"\b(\w+)__?(?=\W|$)"), r"\1"),
    (re.compile(r"\\(\S)"), r"\1"),
)


def readable(text: str, source: str) -> str:
    """A piece of a file as people read it."""
    return _by_format(source)(text)


def readable_parts(before: str, part: str, after: str, source: str) -> tuple[str, str, str]:
    """A piece of a file as people read it, in three: `part`, and what stands around it.

    Where marks make the three inseparable, all of it comes as the first.
    """
    shown = readable(f"{before}{_BEGIN}{part}{_END}{after}", source)
    first, begin, rest = shown.partition(_BEGIN)
    middle, end, last = rest.partition(_END)
    if begin and end:
        return first, middle, last
    return readable(f"{before}{part}{after}", source), "", ""


def unmarked(text: str) -> str:
    """Markdown without its marks: the text of links and pictures, code, and plain words."""
    if not _MARKS.search(text):
        return text
    if row := _TABLE_ROW.fullmatch(text):
        text = row[1].strip()
    text = text[begin.end() :] if (begin := _NOTE_BEGIN.match(text)) else text
    text = _REFERENCE.sub(r"\1", _NOTE.sub("", _LINE_MARKS.sub("", text)))
    (inline,) = _markdown().parseInline(text)
    return "".join(map(_shown, inline.children or ()))


def _by_format(source: str) -> Callable[[str], str]:
    format_ = format_of(source)
    return _UNMARKING.get(format_.reader if format_ else "", str)


@cache
def _markdown() -> "MarkdownIt":
    # Imported here since most quotes have no marks.
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("strikethrough")


def _shown(token: "Token") -> str:
    """What a reader sees of a token."""
    if token.type == "image":
        return "".join(map(_shown, token.children or ()))
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "html_inline":
        return " " if token.content.lower().startswith("<br") else ""
    return token.content


def _unmarked_rst(text: str) -> str:
    for pattern, shown in _RST:
        text = pattern.sub(shown, text)
    return text


def _unmarked_row(text: str) -> str:
    """The cells of a row, between bars."""
    from knowledge.readers.table import separator_of

    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=separator_of([text])))
    except csv.Error:
        return text
    return "\n".join(" | ".join(cell.strip() for cell in row) for row in rows)


_UNMARKING: dict[str, Callable[[str], str]] = {
    "markdown": unmarked,
    "rst": _unmarked_rst,
    "table": _unmarked_row,
}
