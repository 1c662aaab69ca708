"""How answers are shown, to whatever front end shows them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING

from footnote import BlockKind, Citation, Passage, Span
from footnote.text import whole_lines

if TYPE_CHECKING:
    # It brings numpy.
    from footnote.vectors import Made

HIGHLIGHT_FROM = 0.3
"""The words that answer are marked from this confidence on."""

MOST_NEAR_WORDS = 40
"""Words after which the lines of one of the closest sections are cut."""

# Control characters, the marks that turn the direction of text, and halves of characters.
_DANGEROUS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")
_WORD = re.compile(r"\w+")

_NUMBER = re.compile(r"\s*\(?(?:\d{1,3}|[a-zA-Z])[.)]\s")
# Blanks are tried from their first one only: there may be many without a bar behind them.
_BAR = re.compile(r"(?:(?<!\s)\s++|(?<!\S))\|(?!\S)\s*")
_TIGHT_BAR = re.compile(r"(?:(?<!\s)\s++)?\|\s*")

_SENTENCE_END = re.compile(r"""[.!?…。！？؟।:]["'”’»)\]]*$""")


def harmless(text: str) -> str:
    """The text on one line, with every character that a terminal would obey replaced."""
    return _DANGEROUS.sub("\N{REPLACEMENT CHARACTER}", _BLANKS.sub(" ", text))


def harmless_code(text: str) -> list[str]:
    """The lines of some code, each with its blanks, and with every dangerous character replaced."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    return [_DANGEROUS.sub("\N{REPLACEMENT CHARACTER}", line).rstrip() for line in lines]


def is_reworded(question: str, understood: str) -> bool:
    """Whether a question was understood in other words, not only with other case or punctuation."""
    return _WORD.findall(question.casefold()) != _WORD.findall(understood.casefold())


class Weight(Enum):
    """What a part of a block is to the question: how much it stands out."""

    AROUND = "around"
    """Stands around what answers."""
    PLAIN = "plain"
    """Neither: what introduces, or a block that answers as a whole."""
    ANSWERS = "answers"
    """A sentence or an item that answers, in a block that holds more."""
    WORDS = "words"
    """The words that answer, where they are likely right."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a line as people read it."""

    text: str
    weight: Weight = Weight.PLAIN


@dataclass(frozen=True, slots=True)
class Line:
    """What is cited of a paragraph, an item, a row, or some code, in parts; of code, one part.

    `number` is that of an item, empty where it only goes on, and None where it has a bullet;
    `depth` is in how many items it is nested.
    """

    kind: BlockKind
    parts: tuple[Part, ...]
    has_mark: bool = False
    number: str | None = None
    depth: int = 0

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(part.text for part in self.parts)

    @property
    def sign(self) -> str | None:
        """What stands in front of an item: its number, a bullet, or where it only goes on nothing.

        None for what is no item, and for one that has a number in its text.
        """
        if self.kind is not BlockKind.ITEM or (self.number is None and _NUMBER.match(self.text)):
            return None
        return "•" if self.number is None else self.number

    def cells(self) -> list[tuple[Part, ...]]:
        """The cells of a row."""
        bars = list(_BAR.finditer(self.text)) or list(_TIGHT_BAR.finditer(self.text))
        starts = [0, *(bar.end() for bar in bars)]
        ends = [*(bar.start() for bar in bars), len(self.text)]
        return [self._between(*place) for place in zip(starts, ends, strict=True)]

    def _between(self, start: int, end: int) -> tuple[Part, ...]:
        """A piece of it, in parts."""
        offset, parts = 0, []
        for part in self.parts:
            text = part.text[max(start - offset, 0) : max(end - offset, 0)]
            if text:
                parts.append(replace(part, text=text))
            offset += len(part.text)
        return tuple(parts)


def blocks_of(citations: Sequence[Citation]) -> list[list[Citation]]:
    """The citations by block: those of one section that stand one behind the other."""
    blocks: list[list[Citation]] = []
    for citation in citations:
        before = blocks[-1][-1] if blocks else None
        if (
            before is not None
            and before.section == citation.section
            and before.span.end <= citation.span.start
        ):
            blocks[-1].append(citation)
        else:
            blocks.append([citation])
    return blocks


def cited_first(block: Sequence[Citation]) -> Citation:
    """The one citation that answers, or where the block begins."""
    answering = [citation for citation in block if citation.marks]
    return answering[0] if len(answering) == 1 else block[0]


def block_lines(block: Sequence[Citation], short_confidence: float | None = None) -> list[Line]:
    """The lines of a block; `short_confidence` is how likely its answering words are right."""
    marks = [citation.marks for citation in block]
    words = [(c.answering,) if c.answering is not None else () for c in block]
    is_likely = (short_confidence or 0) >= HIGHLIGHT_FROM and _is_more_than(block, words)
    is_longer = any(marks) and _is_more_than(block, marks)
    return [
        Line(
            citation.kind,
            (*_gap(citation), *_parts(citation, is_longer=is_longer, has_words=is_likely)),
            has_mark=bool(citation.marks),
            number=citation.lines[0].number if citation.lines else None,
            depth=citation.lines[0].depth if citation.lines else 0,
        )
        for citation in block
    ]


def _gap(citation: Citation) -> tuple[Part, ...]:
    """The sign that words are left out before a citation; none before a row or code."""
    is_told = citation.skips and citation.kind not in (BlockKind.ROW, BlockKind.CODE)
    return (Part("… "),) if is_told else ()


def lines_near(nearest: Citation) -> list[Line]:
    """The lines shown of one of the closest sections, each of its kind as far as that shows."""
    *lines, last = block_lines(list(_divided(nearest)))
    if len(nearest.quote.split()) >= MOST_NEAR_WORDS and not _SENTENCE_END.search(last.text):
        cut = "\n…" if last.kind is BlockKind.CODE else " …"
        last = replace(last, parts=(*last.parts, Part(cut, last.parts[-1].weight)))
    return [*lines, last]


def passage_lines(passage: Passage, source: str, mark: Span | None = None) -> list[Line]:
    """All lines of a passage; `mark` is what was quoted from it."""
    return block_lines(
        [
            replace(one, marks=_within(one.span, (mark,)) if mark is not None else ())
            for one in _cited(passage, source)
        ]
    )


def running_text(passage: Passage, source: str) -> str:
    """All of a passage as one text, its items behind their signs."""
    inside = (one for one in _cited(passage, source) if passage.span.holds(one.span))
    return " ".join(
        f"{line.sign} {line.text}" if line.sign else line.text for line in block_lines(list(inside))
    )


def lines_within(passage: Passage, source: str, span: Span) -> list[Line]:
    """The lines of a passage that some of it takes part in."""
    return block_lines([one for one in _cited(passage, source) if any(_within(one.span, (span,)))])


def _cited(passage: Passage, source: str) -> Iterator[Citation]:
    """The lines of a passage as citations."""
    for line in whole_lines(passage):
        yield Citation(
            document_id=passage.document_id,
            title=passage.title,
            heading=passage.heading,
            source=source,
            span=line.span,
            line=1,
            quote=passage.quote(line.span),
            kind=line.kind,
            lines=(line,),
        )


def named_path(title: str, heading: Sequence[str]) -> tuple[str, ...]:
    """The title and the headings, without the first of these where it is the title again."""
    is_title = bool(heading) and _folded(heading[0]) == _folded(title)
    return (title, *heading[is_title:])


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def short_names(citations: Sequence[Citation]) -> list[str]:
    """The last heading of each, or its title; behind the title where two titles have it."""
    names = [(one.title, *one.heading)[-1] for one in citations]
    titles: dict[str, set[str]] = {}
    for one, name in zip(citations, names, strict=True):
        titles.setdefault(name, set()).add(one.title)
    return [
        f"{one.title} › {name}" if one.heading and len(titles[name]) > 1 else name
        for one, name in zip(citations, names, strict=True)
    ]


def _introduces(citation: Citation) -> bool:
    return citation.introduces or citation.kind in (BlockKind.TERM, BlockKind.HEADER)


def _is_more_than(block: Sequence[Citation], spans: Sequence[Sequence[Span]]) -> bool:
    """Whether a block has words besides some spans of its citations and what introduces them."""
    return any(
        _has_words_outside(citation, within)
        for citation, within in zip(block, spans, strict=True)
        if not _introduces(citation)
    )


def _has_words_outside(citation: Citation, spans: Sequence[Span]) -> bool:
    """Whether a citation has words outside of some spans in it, which are in order."""
    start = citation.span.start
    places = [start, *(place for span in spans for place in (span.start, span.end))]
    ends = [*places[1:], citation.span.end]
    outside = (citation.quote[a - start : b - start] for a, b in zip(places, ends, strict=True))
    # Every other piece is one of the spans.
    return any(map(str.isalnum, "".join(islice(outside, 0, None, 2))))


def _within(span: Span, others: Iterable[Span]) -> tuple[Span, ...]:
    """The parts of other spans that lie in one."""
    return tuple(
        Span(max(other.start, span.start), min(other.end, span.end))
        for other in others
        if other.start < span.end and span.start < other.end
    )


def _ends(spans: Iterable[Span]) -> list[int]:
    """Where spans start and end, in order."""
    return sorted({place for span in spans for place in (span.start, span.end)})


def _parts(citation: Citation, *, is_longer: bool, has_words: bool) -> Iterator[Part]:
    """The parts of a citation, by what each is to the question."""
    if citation.is_code:
        # Never styled, so that it can be copied.
        yield Part(citation.quote)
        return
    words = (citation.answering,) if has_words and citation.answering is not None else ()
    marks = citation.marks if is_longer else ()
    around = Weight.AROUND if is_longer and not _introduces(citation) else Weight.PLAIN
    start, end = citation.span.start, citation.span.end
    cuts = [place for place in _ends((*words, *marks)) if start < place < end]
    texts = citation.shown_in_parts(cuts)
    if cuts and not any(texts[1:]):
        yield Part(texts[0])
        return
    for place, text in zip([start, *cuts], texts, strict=True):
        if _holds(words, place):
            yield Part(text, Weight.WORDS)
        else:
            yield Part(text, Weight.ANSWERS if _holds(marks, place) else around)


def _holds(spans: Iterable[Span], place: int) -> bool:
    return any(span.start <= place < span.end for span in spans)


def _divided(nearest: Citation) -> Iterator[Citation]:
    """The lines of a quote of several, as citations of their own, the outermost not indented."""
    if not nearest.lines:
        yield nearest
        return
    least = min((line.depth for line in nearest.lines if line.kind is BlockKind.ITEM), default=0)
    for line in nearest.lines:
        quote = line.span.moved(-nearest.span.start).of(nearest.quote)
        marks = _within(line.span, nearest.marks)
        yield replace(
            nearest,
            span=line.span,
            quote=quote,
            marks=marks,
            answering=None,
            kind=line.kind,
            lines=(replace(line, depth=max(line.depth - least, 0)),),
        )


def vectors_text(made: "Made") -> str:
    """How many passages have vectors, and why others have none."""
    passages = counted(made.passages, "passage")
    if made.passages > made.most:
        return f"No vectors: {passages} are more than FOOTNOTE_VECTORS allows ({made.most:,})."
    if made.is_elsewhere:
        return f"Vectors for {made.vectors:,} of {passages}; another process is making the others."
    new = f" ({made.made:,} made now)" if made.made else ""
    return f"Vectors for {passages}{new}."


def counted(count: int, noun: str) -> str:
    """The number with its noun, in the plural unless it is one."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
