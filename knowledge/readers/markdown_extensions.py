"""What writers add to CommonMark: terms with what they mean, and boxes such as notes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge.documents import Block, BlockKind, Span, line_spans
from knowledge.sentences import trimmed

# "!!! note" and "??? note" begin a box of indented lines, ":::note" stands at both ends of one.
_BOX = re.compile(r"""([ ]*)(?:!!!|\?\?\?\+?)[ ]+[\w-]+(?:[ ]+[\w-]+)*[ ]*("[^"]*")?[ ]*""")
_FENCE = re.compile(r"[ ]{0,3}:{3,}[ ]*(?:\{?[\w-]+\}?(?:\[[^\]]*\])?[^:]*)?")
_LONGEST = 200  # characters of a line that begins or ends a box
_INDENT = "    "
# Stands in the first line of a quotation that is a box.
_ALERT = re.compile(r"\[!\w+\][+-]?[ \t]*(?:\r\n|\r|\n)(?:[ \t]*>)*[ \t]*(?=\S)")
_MEANING = re.compile(r"[ ]{0,3}:[ \t]+(?=\S)")
_CODE_FENCE = re.compile(r"[ ]{0,3}(?:```|~~~)")


def without_boxes(lines: Iterator[str]) -> Iterator[str]:
    """The lines for the parser, those within boxes as if these were not there.

    Each stands in its line; only marks and blanks before its words are taken away.
    """
    inside: str | None = None  # the indentation of a box
    is_code = False
    for line in lines:
        is_code ^= inside is None and _CODE_FENCE.match(line) is not None
        box = None if is_code or len(line) > _LONGEST else _BOX.fullmatch(line)
        if box is not None:
            inside = box[1]
            yield box[2] or ""
        elif inside is not None and line.startswith(inside + _INDENT):
            yield line[len(_INDENT) :]
        elif inside is not None and not line.strip():
            yield line
        else:
            inside = None
            yield "" if not is_code and len(line) < _LONGEST and _FENCE.fullmatch(line) else line


def extended(text: str, blocks: Iterator[Block]) -> Iterator[Block]:
    """The blocks, paragraphs that hold terms and what they mean divided into these."""
    pending: Block | None = None
    for block in (_without_alert(text, one) for one in blocks):
        if pending is not None:
            is_term = _begins_meaning(text, block) and _is_line(text, pending)
            yield replace(pending, kind=BlockKind.TERM) if is_term else pending
            pending = None
        *before, last = _divided(text, block)
        yield from before
        if last.kind is BlockKind.PARAGRAPH:
            pending = last
        else:
            yield last
    if pending is not None:
        yield pending


def _without_alert(text: str, block: Block) -> Block:
    """The block without the mark that makes a quotation a note."""
    mark = _ALERT.match(text, block.span.start, block.span.end)
    return replace(block, span=Span(mark.end(), block.span.end)) if mark else block


def _begins_meaning(text: str, block: Block) -> bool:
    is_paragraph = block.kind is BlockKind.PARAGRAPH
    return is_paragraph and _MEANING.match(text, block.span.start, block.span.end) is not None


def _is_line(text: str, block: Block) -> bool:
    return "\n" not in block.span.of(text) and "\r" not in block.span.of(text)


def _divided(text: str, block: Block) -> Sequence[Block]:
    """A paragraph as its terms, each a line, and what they mean, each behind a colon."""
    if block.kind is not BlockKind.PARAGRAPH:
        return [block]
    start = block.span.start
    lines = [(start + first, start + end) for first, end in line_spans(block.span.of(text))]
    begins = [n for n, (first, end) in enumerate(lines) if _MEANING.match(text, first, end)]
    return list(_terms(text, block, lines, begins)) if begins else [block]


def _terms(
    text: str, block: Block, lines: Sequence[tuple[int, int]], begins: Sequence[int]
) -> Iterator[Block]:
    for first, end in lines[: begins[0]]:
        yield from _part(text, block, BlockKind.TERM, first, end)
    for begin, following in zip(begins, [*begins[1:], len(lines)], strict=True):
        mark = _MEANING.match(text, *lines[begin])
        meant = lines[begin][0] if mark is None else mark.end()
        yield from _part(text, block, BlockKind.DEFINITION, meant, lines[following - 1][1])


def _part(text: str, block: Block, kind: BlockKind, start: int, end: int) -> Iterator[Block]:
    span = trimmed(text, start, end)
    if span is not None:
        yield replace(block, kind=kind, span=span, level=int(kind is BlockKind.DEFINITION))
