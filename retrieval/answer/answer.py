"""What comes of a question: the answer with its citations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from knowledge.documents import BlockKind, Span
from knowledge.unmarking import readable, readable_parts
from retrieval.meaning.loading import WORDS
from retrieval.questions.repair import Repair
from retrieval.search.engine import Hit


class Verdict(Enum):
    """Whether the documents answer the question."""

    ANSWERED = "answered"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A line of a quote: a paragraph, an item, a row, or some code.

    `number` is that of an item of a numbered list, empty for what goes on in one; `depth` is in how
    many other items it is nested.
    """

    span: Span
    kind: BlockKind
    number: str | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands; `line` and `page` count from 1.

    `kind` is that of what it is a quote of, `anchor` what leads to its section in an address, and
    `url` the address of the document. `marks` are the sentences or items within the quote that
    answer, and `answering` is the span of the words that do, None where none stand out.
    `introduces` is whether it introduces what is cited after it, and `skips` whether words are left
    out between it and what is cited before it of the same block. `lines` are those that it quotes:
    several of a section that is only close. `encoding` is that of the source, as Python names it,
    where it is another one than UTF-8.
    Law: `quote == document.text[span]`.
    """

    document_id: str
    title: str
    heading: tuple[str, ...]
    source: str
    span: Span
    line: int
    quote: str
    marks: tuple[Span, ...] = ()
    answering: Span | None = None
    introduces: bool = False
    skips: bool = False
    kind: BlockKind = BlockKind.PARAGRAPH
    page: int | None = None
    anchor: str | None = None
    url: str | None = None
    encoding: str | None = None
    lines: tuple[QuotedLine, ...] = ()

    @property
    def numbers(self) -> tuple[tuple[int, str], ...]:
        """Where items of numbered lists begin in the document, each with its number."""
        return tuple((line.span.start, line.number) for line in self.lines if line.number)

    @property
    def is_code(self) -> bool:
        """Whether it is code, in which no mark is one."""
        return self.kind is BlockKind.CODE

    @property
    def marked(self) -> str:
        """The text of the marks, one a line."""
        return "\n".join(mark.moved(-self.span.start).of(self.quote) for mark in self.marks)

    @property
    def section(self) -> tuple[str, tuple[str, ...], str | None]:
        """The section that it stands in: the document, the headings above, and the anchor."""
        return self.document_id, self.heading, self.anchor

    @property
    def shown(self) -> str:
        """The quote as people read it: code as it stands, other text without its marks."""
        return self.quote if self.is_code else readable(self.quote, self.source)

    def shown_in_parts(self, cuts: Sequence[int]) -> list[str]:
        """The same, cut at places of the document, in order, within the quote.

        Where marks make the parts inseparable, all of it comes as the first.
        """
        places = [self.span.start, *cuts, self.span.end]
        parts = [self.quote[a - self.span.start : b - self.span.start] for a, b in pairwise(places)]
        return parts if self.is_code else readable_parts(parts, self.source)

    @property
    def address(self) -> str | None:
        """Where the quote can be opened; None where the document is nowhere to be read."""
        if self.url is None:
            return None
        # Imported here since most documents have no address.
        from knowledge.addresses import address_at

        return address_at(self.url, self.page, self.anchor, self.shown, self.source)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question.

    ANSWERED has at least one citation. DECLINED has none, and `withheld` are those that it would
    have had. `nearest` are the closest sections, at most three and none of them cited, each with
    the lines that fit best. `confidence` (0 to 1) is how likely it is that the quote answers the
    question, or would have; `short_confidence` the same of the words that answer. `repairs` are
    the misspelt words that were read as others, and `unanswered` those of several things asked
    about for which nothing was found. `reader` is what found it, WORDS or the name of a model, and
    `has_vectors` whether that looked by meaning too.
    """

    question: str
    verdict: Verdict
    confidence: float
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    short_confidence: float | None = None
    withheld: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    repairs: tuple[Repair, ...] = ()
    unanswered: tuple[str, ...] = ()
    reader: str = WORDS
    has_vectors: bool = False

    def __post_init__(self) -> None:
        if (self.verdict is Verdict.ANSWERED) != bool(self.citations):
            raise ValueError(f"{self.verdict} with {len(self.citations)} citations")

    @property
    def is_read(self) -> bool:
        """Whether a model read what was found."""
        return self.reader != WORDS

    @property
    def best_quotes(self) -> tuple[Citation, ...]:
        """The best quotes, whether they are shown or not."""
        return self.citations or self.withheld

    @property
    def text(self) -> str | None:
        """The quotes, one a line; None where the question was declined."""
        return "\n".join(citation.quote for citation in self.citations) or None

    @property
    def short_answer(self) -> str | None:
        """The words that answer, one citation's a line; None where none stand out."""
        return answering_words(self.citations)


def answering_words(citations: Iterable[Citation]) -> str | None:
    """The words of the citations that answer, one citation's a line; None where none stand out."""
    parts = [c.answering.moved(-c.span.start).of(c.quote) for c in citations if c.answering]
    return "\n".join(parts) or None
