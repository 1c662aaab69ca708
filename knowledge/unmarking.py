"""Text as people read it: a quote of Markdown, AsciiDoc and other text without its marks.

A quote is exact, marks and all; this is only how it is shown.
"""

import csv
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from knowledge.cells import separators_in
from knowledge.formats import format_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Stands between the parts of a text while its marks are taken away; of no text's own use.
_CUT = "\ue000"

_MARKS = re.compile(r"[*_`\[\]<>&\\~|!$^]")
_NOTE = re.compile(r"\[\^[^\[\]\s]+\](?!:)")
_NOTE_BEGIN = re.compile(r"\[\^[^\]\s]+\]:\s*")
# Of bounded length, since a text may have thousands of brackets.
_REFERENCE = re.compile(r"\[([^\[\]\n]{1,200})\]\[[^\[\]\n]{0,100}\]")
_LINE_MARKS = re.compile(r"(?m)^[ \t]*(?:>[ \t]?)+")
_TABLE_ROW = re.compile(r"\s*\|(.*?)\|?\s*", re.S)

_TASK = re.compile(r"\[[ xX]\]\s+")

# What each mark of reStructuredText leaves; in one pattern, so that nothing is unmarked twice.
_RST = re.compile(
    r"``(?P<literal>.+?)``"
    r"|:[\w:+-]+:`~?(?P<role>[^`<]+?)\s*(?:<[^`>]*>)?`"
    r"|`(?P<link>[^`<]+?)\s*<[^`>]+>`__?"
    r"|`(?P<text>[^`]+)`(?:__?)?"
    r"|\s?\[[#*\w]+\]_(?!\w)"
    r"|(?<!\w)\*\*(?P<strong>\S|\S.*?\S)\*\*(?!\w)"
    r"|(?<![\w*])\*(?P<emphasis>[^\s*]|[^\s*].*?\S)\*(?![\w*])"
    r"|(?<!\w)(?P<reference>\w+?)__?(?!\w)"
    r"|\\(?P<escaped>\S)",
    re.S,
)

# The same of AsciiDoc; a mark of it stands at the borders of words.
_ASCIIDOC = re.compile(
    r"``(?P<literals>.+?)``"
    r"|`\+?(?P<literal>[^`]+?)\+?`"
    r"|\s?footnote:\w*\[[^\[\]]{0,2000}\]"
    r"|linkgit:(?P<page>[\w-]{1,80}\[\d\])"
    r"|<<[^<>,\n]{1,200},(?P<named>[^<>]{1,200})>>"
    r"|<<(?P<reference>[^<>\n]{1,200})>>"
    r"|(?:xref|link|mailto):[^\s\[\]]{1,2000}+\[(?P<link>[^\[\]]{1,500})\]"
    r"|https?://[^\s\[\]]{1,2000}+\[(?P<address>[^\[\]]{1,500})\]"
    r"|(?<![\w*])\*\*?(?P<strong>[^\s*]|[^\s*][^*]*?[^\s*])\*\*?(?![\w*])"
    r"|(?<![\w_])__?(?P<emphasis>[^\s_]|[^\s_][^_]*?[^\s_])__?(?![\w_])"
    r"|(?<!\w)'(?P<quoted>[^\s']|[^\s'][^'\n]*?[^\s'])'(?!\w)"
    r"|\[\[[\w:.-]{1,80}\]\]"
    r"|\\(?P<escaped>[*_`'#+<{])",
    re.S,
)
_ASCIIDOC_BAR = re.compile(r"(?<=\s)(?:[\d.]+[+*])?[.<^>]*[a-z]?\|\s*")


def readable(text: str, source: str) -> str:
    """A piece of a file as people read it."""
    return _by_format(source)(text)


def readable_parts(parts: Sequence[str], source: str) -> list[str]:
    """A piece of a file as people read it, in as many parts as it is given in.

    Where marks make these inseparable, all of it comes as the first, and the others are empty.
    """
    unmark = _by_format(source)
    if unmark is str:
        return list(parts)
    if not any(_CUT in part for part in parts):
        shown = unmark(_CUT.join(parts)).split(_CUT)
        if len(shown) == len(parts):
            return shown
    return [unmark("".join(parts)), *[""] * (len(parts) - 1)]


def unmarked(text: str) -> str:
    """Markdown without its marks and pictures: the text of links, code, and plain words."""
    if not _MARKS.search(text):
        return text
    if row := _TABLE_ROW.fullmatch(text):
        text = row[1].strip()
    if begin := _NOTE_BEGIN.match(text) or _TASK.match(text):
        text = text[begin.end() :]
    text = _REFERENCE.sub(_label, _NOTE.sub("", _LINE_MARKS.sub("", text)))
    (inline,) = _markdown().parseInline(text)
    return "".join(map(_shown, inline.children or ()))


def _by_format(source: str) -> Callable[[str], str]:
    format_ = format_of(source)
    return _UNMARKING.get(format_.reader if format_ else "", str)


@cache
def _markdown() -> "MarkdownIt":
    # Imported here since most quotes have no marks.
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark")


def _shown(token: "Token") -> str:
    """What a reader sees of a token."""
    if token.type == "image":
        return ""
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "html_inline":
        return " " if token.content.lower().startswith("<br") else ""
    return token.content


def _label(reference: re.Match[str]) -> str:
    """The text of a link to a place that is named elsewhere; figures in brackets are no link."""
    return reference[1] if any(letter.isalpha() for letter in reference[1]) else reference[0]


def _unmarked_rst(text: str) -> str:
    return _RST.sub(lambda mark: next((g for g in mark.groups() if g is not None), ""), text)


def _unmarked_asciidoc(text: str) -> str:
    shown = _ASCIIDOC.sub(lambda mark: next((g for g in mark.groups() if g is not None), ""), text)
    return _ASCIIDOC_BAR.sub("| ", shown)


def _unmarked_row(text: str) -> str:
    """The cells of a row, between bars; as it stands where what parts them is not clear."""
    separators = separators_in(text)
    if len(separators) != 1:
        return text
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=separators[0]))
    except csv.Error:
        return text
    return "\n".join(" | ".join(cell.strip() for cell in row) for row in rows)


_UNMARKING: dict[str, Callable[[str], str]] = {
    "markdown": unmarked,
    "asciidoc": _unmarked_asciidoc,
    "rst": _unmarked_rst,
    "table": _unmarked_row,
}
