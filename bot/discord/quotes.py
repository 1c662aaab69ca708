"""Blocks as Discord shows them: quoted line by line, code fenced, what answers in bold."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from bot.discord.markdown import code_block, emphasised, escaped, shortened
from bot.presentation import Line, Part, Weight
from footnote import BlockKind

_MORE = 60
"""Characters that are left for saying how much is not shown."""

_LEAST_CODE = 60
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
    more = [f"> … and {omitted} more{rest}"] if omitted else []
    return "\n".join([*(shown[place] for place in sorted(shown)), *more])


def _marks(lines: Sequence[Line]) -> Iterator[str]:
    """What each line begins with: a number or a bullet, a blank below a term or a number, a line
    between paragraphs."""
    before, has_term = None, False
    for line in lines:
        if line.kind is before is BlockKind.PARAGRAPH:
            yield ">\n> "
        elif line.sign:
            yield f"> {escaped(line.sign)} "
        elif line.kind is BlockKind.ROW:
            yield "> • "
        elif (line.kind is BlockKind.DEFINITION and has_term) or line.sign == "":
            yield "> \N{EM SPACE}"
        else:
            yield "> "
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
    flagged = [(part.text, part.weight is bold) for part in parts]
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
