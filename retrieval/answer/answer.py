"""What comes of a question: the answer with its citations."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from knowledge.documents import Span
from knowledge.unmarking import readable, readable_parts
from retrieval.questions.repair import Repair
from retrieval.search.engine import Hit


class Verdict(Enum):
    """Whether the documents answer the question."""

    ANSWERED = "answered"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands; `line` and `page` count from 1.

    `is_code` is whether it is code, `anchor` what leads to its section in an address, and `url` the
    address of the document.
    `answering` is the span of the words within the quote that answer, None where none stand out.
    `introduces` marks the line that introduces the items cited after it.
    Law: `quote == document.text[span]`.
    """

    document_id: str
    title: str
    heading: tuple[str, ...]
    source: str
    span: Span
    line: int
    quote: str
    answering: Span | None = None
    introduces: bool = False
    is_code: bool = False
    page: int | None = None
    anchor: str | None = None
    url: str | None = None

    @property
    def section(self) -> tuple[str, tuple[str, ...], str | None]:
        """The section that it stands in: the document, the headings above, and the anchor."""
        return self.document_id, self.heading, self.anchor

    @property
    def shown(self) -> str:
        """The quote as people read it: code as it stands, other text without its marks."""
        return self.quote if self.is_code else readable(self.quote, self.source)

    @property
    def shown_parts(self) -> tuple[str, str, str]:
        """The same in three, the words that answer in the middle; all in the first without any."""
        if self.answering is None:
            return self.shown, "", ""
        words = self.answering.moved(-self.span.start)
        parts = self.quote[: words.start], words.of(self.quote), self.quote[words.end :]
        return parts if self.is_code else readable_parts(*parts, self.source)

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
    about for which nothing was found.
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

    def __post_init__(self) -> None:
        if (self.verdict is Verdict.ANSWERED) != bool(self.citations):
            raise ValueError(f"{self.verdict} with {len(self.citations)} citations")

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
