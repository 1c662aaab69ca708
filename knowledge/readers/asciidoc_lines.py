"""What a line of AsciiDoc is: a heading, an item, a border, or for programs only."""

import re
from collections.abc import Iterable
from itertools import islice

from knowledge.numbering import number_in, numeral

# None of these goes over a line more than once, however it is made.
_HEADING = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*)")
_UNDERLINE = re.compile(r"([=\-~^+])\1+[ \t]*")
_LEVELS = "=-~^+"
_ABOUT = 2
"""By so many characters a heading and what underlines it may differ."""

_DIRECTIVE = re.compile(r"[a-z]\w*::[^\s\[]*\[.*\][ \t]*")
_ATTRIBUTE = re.compile(r":!?\w[\w-]*!?:(?:[ \t].*)?")
_COMMENT = re.compile(r"//(?!/).*")
_BREAK = re.compile(r"'''|<<<|\* ?\* ?\*|---")
_STYLE = re.compile(r"\[(?:[\w.#%\"'\[,].*)?\][ \t]*")
_ITEM = re.compile(r"[ \t]*(\*{1,6}|-|\.{1,6}|\d{1,3}\.|[a-zA-Z]\.|•|<[\d.]+>)[ \t]+(?=\S)")
_STYLES = ("1", "1", "a", "i", "A", "I", "1")
"""Of the numbers that as many dots stand for."""

_TERM = re.compile(r"[ \t]*(?P<term>\S.*?)(?P<mark>:{2,4}|;;)(?:[ \t]+(?=\S)|[ \t]*\Z)")
_VERBATIM = re.compile(r"(-{4,}|\.{4,}|\+{4,}|/{4,}|`{3,}\w*)[ \t]*")
_BOX = re.compile(r"(={4,}|\*{4,}|_{4,}|--)[ \t]*")
_TABLE = re.compile(r"[|,:!]={3,}[ \t]*")
_CAPTION = re.compile(r"\.(?=[^\s.])")

_STRONG = re.compile(
    r"(?:ifn?def|ifeval|endif|include)::[^\s\[]*\[.*\]"
    r"|\[(?:verse|source|listing|quote|horizontal|NOTE|TIP|IMPORTANT|WARNING|CAUTION)\b.*\]"
    r"|\[\[[\w:.-]+\]\]"
)
_LITERAL = re.compile(r"\.{4}[ \t]*")
_LINK = re.compile(r"\b(?:linkgit|xref|link):\S{1,200}\[")
_OF_OTHERS = re.compile(r"\.\. [\w-]+::")
_LOOKED_AT = 2_000


def is_asciidoc(lines: Iterable[str]) -> bool:
    """Whether plain text is AsciiDoc: what only that has, and something more of it."""
    kinds: set[str] = set()
    for line in islice(lines, _LOOKED_AT):
        if _OF_OTHERS.match(line):  # a directive of reStructuredText
            return False
        if _STRONG.fullmatch(line):
            kinds.add("style" if line.startswith("[") else "directive")
        elif _LITERAL.fullmatch(line):
            kinds.add("border")
        elif line == "+":
            kinds.add("+")
        elif _TERM.fullmatch(line):
            kinds.add("term")
        elif _ATTRIBUTE.fullmatch(line):
            kinds.add("attribute")
        elif (found := _HEADING.fullmatch(line)) and not found[2].rstrip().endswith("="):
            kinds.add(f"heading {found[1]}")
        elif _LINK.search(line):
            kinds.add("link")
    is_sure = bool(kinds & {"directive", "style", "border"})
    has_headings = {"heading =", "heading =="} <= kinds
    return (is_sure and len(kinds) > 1) or has_headings or {"+", "term"} <= kinds


def heading(line: str, below: str | None) -> tuple[int, str, int] | None:
    """The level, from 1, the text and the lines of a heading; None where none begins."""
    if found := _HEADING.fullmatch(line):
        text = found[2].rstrip()
        bare = text.removesuffix(found[1])
        # The marks may stand behind it too.
        is_closed = bare != text and bare[-1:].isspace()
        return len(found[1]), bare.rstrip() if is_closed else text, 1
    if below is None or not _UNDERLINE.fullmatch(below) or line[:1].isspace():
        return None
    if _STYLE.fullmatch(line) or is_for_programs(line):
        return None
    is_fit = abs(len(line.rstrip()) - len(below.rstrip())) <= _ABOUT
    has_word = any(map(str.isalnum, line))
    if not is_fit or not has_word or len(below.rstrip()) < 2:
        return None
    return 1 + _LEVELS.index(below[0]), line.strip(), 2


def is_for_programs(line: str) -> bool:
    """Whether a line says something to what makes pages of it, and nothing to people."""
    patterns = (_DIRECTIVE, _ATTRIBUTE, _COMMENT, _BREAK)
    return any(pattern.fullmatch(line) for pattern in patterns)


def style(line: str) -> str | None:
    """The name of a style that is given to what follows, perhaps empty; None for other lines."""
    if not _STYLE.fullmatch(line):
        return None
    return re.split(r"[,.#%\]]", line[1:], maxsplit=1)[0]


def item(line: str) -> tuple[str, int] | None:
    """The mark of a list, whatever its number, and where the text behind it begins."""
    found = _ITEM.match(line)
    if found is None:
        return None
    mark = re.sub(r"\d+", "1", found[1])
    return ("a." if re.fullmatch("[a-zA-Z]\\.", mark) else mark), found.end()


def number(marker: str, count: int) -> str | None:
    """The number of the item behind a marker, which is the `count`th of its list."""
    mark = marker.strip()
    if mark.strip("."):
        return mark if mark.startswith("<") else number_in(marker)
    return f"{numeral(count, _STYLES[len(mark)])}." if mark else None


def term(line: str) -> tuple[str, tuple[int, int], int] | None:
    """The mark of a list of terms, the place of the term, and where what it means begins."""
    found = _TERM.match(line)
    return None if found is None else (found["mark"], found.span("term"), found.end())


def verbatim(line: str) -> str | None:
    """The border of lines that are taken as they stand."""
    return line.rstrip() if _VERBATIM.fullmatch(line) else None


def box(line: str) -> str | None:
    """The border of other blocks."""
    return line.rstrip() if _BOX.fullmatch(line) else None


def is_table(line: str) -> bool:
    """Whether a line is the border of a table."""
    return _TABLE.fullmatch(line) is not None


def caption(line: str) -> int:
    """Where the words of the line above a block begin that names it; 0 where it is none."""
    found = _CAPTION.match(line)
    return found.end() if found else 0
