"""Blocks as Discord shows them: quoted line by line, code fenced, what answers in bold."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from bot.discord.markdown import apart_from_links, code_block, emphasised, escaped, shortened
from bot.presentation import Line, Part, Weight
from bot.texts import gettext, number
from footnote import BlockKind
from footnote.text import unmarked

_BLANK = "\N{EM SPACE}"
_MORE = 60
"""Characters that are left for saying how much is not shown."""

_LEAST_CODE = 60
_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"[ ]{0,3}(?:#{1,3}|-#)[ ]+(?=\S)")
_BULLET = re.compile(r"[ \t]*[-*+][ ]+(?=\S)")
_BEFORE_BOLD = 120


def quoted(lines: Sequence[Line], limit: int, rest: str = "") -> str:
    """The lines of a block as a block quote, of at most `limit` characters.

    What does not fit is cut or counted, and `rest` says where it is: code first, then what does not
    answer. The words that answer are in bold, or else what answers in a block that holds more.
    """
    lines = list(_with_names(lines))
    marks = list(_marks(lines))
    has_words = any(part.weight is Weight.WORDS for line in lines for part in line.parts)
    bold = Weight.WORDS if has_words else Weight.ANSWERS
    shown: dict[int, str] = {}
    left = limit - _MORE
    for place in sorted(range(len(lines)), key=lambda n: _importance(lines[n], n)):
        text = _line(lines[place], marks[place], bold, left)
        if shown and len(text) > left:
            break
        shown[place] = text
        left -= len(text) + 1
    omitted = len(lines) - len(shown)
    return "\n".join([*(shown[place] for place in sorted(shown)), *_more(omitted, rest)])


def _more(omitted: int, rest: str) -> list[str]:
    """A line that says how many are not shown; none where all are."""
    more = gettext("… and {count} more", count=number(omitted))
    return [f"> {more}{rest}"] if omitted else []


def quoted_as_written(text: str, limit: int, rest: str = "") -> str:
    """A person's text in Markdown as a block quote, line by line, its code fenced; likewise cut."""
    left = limit - _MORE
    shown: list[str] = []
    lines = list(_written_lines(text))
    for line in lines:
        part = _line(line, "> ", Weight.WORDS, left)
        if shown and len(part) > left:
            break
        shown.append(part)
        left -= len(part) + 1
    omitted = sum(bool(line.parts) for line in lines[len(shown) :])
    if shown[-1:] == ["> "]:
        shown.pop()
    return "\n".join([*shown, *_more(omitted, rest)])


def _written_lines(text: str) -> Iterator[Line]:
    """The lines of a text, headings in bold, with an empty one where some are; each piece of code
    is one."""
    lines = iter(text.splitlines())
    has_gap = False
    for line in lines:
        if fence := _FENCE.match(line):
            yield _fenced(lines, fence[1])
            # Code stands apart by itself.
            has_gap = False
        elif line.strip():
            if has_gap:
                yield Line(BlockKind.PARAGRAPH, ())
            yield _written(line)
            has_gap = False
        else:
            has_gap = True


def _fenced(lines: Iterator[str], fence: str) -> Line:
    """The code up to the fence that ends it, or to the end of the text."""
    code = takewhile(lambda line: not line.lstrip().startswith(fence), lines)
    return Line(BlockKind.CODE, (Part("\n".join(code)),))


def _written(line: str) -> Line:
    heading = _HEADING.match(line)
    marker = _BULLET.match(line)
    shown = unmarked(line[heading.end() :] if heading else line[marker.end() :] if marker else line)
    part = Part(f"• {shown}" if marker else shown, Weight.WORDS if heading else Weight.PLAIN)
    return Line(BlockKind.PARAGRAPH, (part,))


def _marks(lines: Sequence[Line]) -> Iterator[str]:
    """What each line begins with: a number or a bullet, a blank below a term or a number and for
    each item that it is nested in, a line between paragraphs."""
    before, has_term = None, False
    for line in lines:
        if line.kind is before is BlockKind.PARAGRAPH:
            yield "> \n> "  # Discord takes a line for quoted only with the blank
        elif line.sign:
            yield f"> {line.depth * _BLANK}{escaped(line.sign)} "
        elif line.kind is BlockKind.ROW:
            yield "> • "
        elif (line.kind is BlockKind.DEFINITION and has_term) or line.sign == "":
            yield f"> {(line.depth + 1) * _BLANK}"
        else:
            yield f"> {line.depth * _BLANK}"
        before = line.kind
        has_term = has_term or before is BlockKind.TERM


def _importance(line: Line, place: int) -> tuple[bool, bool, int]:
    return line.kind is BlockKind.CODE, not line.has_mark, place


def _line(line: Line, mark: str, bold: Weight, limit: int) -> str:
    """One line of a block behind its mark, or its code."""
    if line.kind is BlockKind.CODE:
        return code_block(line.text, max(limit, _LEAST_CODE))
    return f"{mark}{_stressed(line.parts, bold, max(limit - len(mark), _BEFORE_BOLD))}"


def _stressed(parts: Sequence[Part], bold: Weight, limit: int) -> str:
    """A line with what has some weight in bold, of at most `limit` characters."""
    flagged = apart_from_links([(part.text, part.weight is bold) for part in parts])
    text = "".join(part for part, _ in flagged)
    if len(text) <= limit and len(whole := emphasised(flagged)) <= limit:
        return whole
    place = next((n for n, (_, is_bold) in enumerate(flagged) if is_bold), None)
    if place is None:
        return shortened(text, limit)
    before = "".join(part for part, _ in flagged[:place])
    after = "".join(part for part, _ in flagged[place + 1 :])
    # Far too long to be shown: what stands around the first of what is in bold.
    if len(before) > _BEFORE_BOLD:
        before = before[-_BEFORE_BOLD:].partition(" ")[2]
        before = f"… {escaped(before)} "
    else:
        before = f"{escaped(before)} " if before.strip() else ""
    words = shortened(flagged[place][0], limit // 2)
    room = limit - len(before) - len(words) - len("**** ")
    rest = f" {shortened(after, room)}" if after.strip() and room > _BEFORE_BOLD else ""
    return f"{before}**{words}**{rest}"


def _with_names(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines, each cell of a row behind what its column is called, instead of the header."""
    names: list[str] = []
    for place, line in enumerate(lines):
        if line.kind not in (BlockKind.HEADER, BlockKind.ROW):
            yield line
            continue
        if line.kind is BlockKind.HEADER:
            rows = takewhile(lambda row: row.kind is BlockKind.ROW, lines[place + 1 :])
            sizes = {len(row.cells()) for row in rows}
            names = [_text(cell) for cell in line.cells()]
            if sizes == {len(names)}:
                continue
            names = []
        yield replace(line, parts=tuple(_named(names, line)))


def _named(names: Sequence[str], row: Line) -> Iterator[Part]:
    """The cells of a row that hold something, each behind its name, if it has one."""
    between = ""
    for place, cell in enumerate(row.cells()):
        if cell:
            name = names[place] if place < len(names) else ""
            yield Part(f"{between}{name}: " if name else between)
            yield from cell
            # The first cell of a row without a header may be a name itself.
            between = " " if _text(cell).endswith(":") else " · "


def _text(parts: Sequence[Part]) -> str:
    return "".join(part.text for part in parts)
