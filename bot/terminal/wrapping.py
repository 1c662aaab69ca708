"""Text in indented lines that fit the terminal, with styles that end where their line ends."""

import re
from textwrap import TextWrapper

from footnote.text import is_unspaced

WIDEST = 100
"""Columns; longer lines of text are hard to read, however wide the terminal is."""

INDENT = "  "

BOLD, PLAIN, DIM = "\x02", "\x03", "\x04"
"""Stand for styles in text that is yet to be wrapped; no text has them once it is harmless."""

_STYLES = {BOLD: "\x1b[1m", DIM: "\x1b[2m", PLAIN: "\x1b[0m"}
_SIGNS = re.compile(f"[{BOLD}{PLAIN}{DIM}]")
_TO_THE_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def isolated(text: str) -> str:
    """The text, its direction kept from what stands beside it where it is written to the left."""
    return f"\u2068{text}\u2069" if _TO_THE_LEFT.search(text) else text


def wrapped(text: str, width: int, mark: str = "", indent: str = INDENT) -> str:
    """The text in indented lines, behind `mark` if there is one."""
    first, rest = (f"{indent}{mark} ", f"{indent}{' ' * len(mark)} ") if mark else (indent, indent)
    return styled(filled(text, width, first, rest))


def styled(text: str) -> str:
    """The text with its styles, each line's own, since pagers begin a line without any."""
    lines, style = [], ""
    for line in text.split("\n"):
        blanks = len(line) - len(line.lstrip(" "))
        line = f"{line[:blanks]}{style}{line[blanks:]}"
        for sign in _SIGNS.findall(line):
            style = "" if sign == PLAIN else sign
        lines.append(f"{line}{PLAIN}" if style else line)
    return _SIGNS.sub(lambda sign: _STYLES[sign[0]], "\n".join(lines))


def cut(text: str, limit: int) -> str:
    """The text, ended behind a word, or within one that is too long itself."""
    if len(text) <= limit:
        return text
    begin = text[: limit - 1]
    return f"{begin.rpartition(' ')[0] or begin.rstrip()}…"


def columns(text: str) -> int:
    """How many columns a line takes."""
    return len(_SIGNS.sub("", text))


def filled(text: str, width: int, first: str, rest: str) -> str:
    """The text in lines of up to `width`; long words, such as paths, are never broken.

    Without blanks between words it is, and its letters take two columns each.
    """
    width = min(width, WIDEST)
    if is_unspaced(text):
        # Imported here since it takes as long as an answer.
        from wcwidth import wrap

        lines = wrap(
            text,
            width,
            initial_indent=first,
            subsequent_indent=rest,
            break_on_hyphens=False,
        )
        return "\n".join(lines)
    wrapper = TextWrapper(
        width=width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapper.fill(text)
