"""Finding evidence in the documents, also where it was copied from what an answer looks like."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from os.path import normpath
from pathlib import Path

from knowledge.documents import Document, Span, Unit
from knowledge.unmarking import readable
from retrieval.evaluation.question_sets import (
    Evidence,
    JudgedQuestion,
    QuestionSet,
    QuestionSetError,
)
from retrieval.index.reading import Index

_LINE = re.compile(r"(?P<name>.+):(?P<line>\d{1,9})", re.S)
_ANCHOR = re.compile(r"(?P<name>.+?)#.+", re.S)

# Blanks, and what is shown of a block that is not in its text: bullets, bars between cells, gaps,
# and the marks that keep a line to the direction of its script.
_FURNITURE = re.compile(r"[\s•|…\u2068\u2069]+")

_MOST_UNITS = 100
"""So many units at most lie between the first that is quoted of a block and the last."""


def located(found: QuestionSet, index: Index) -> QuestionSet:
    """The set with each document of its evidence by its id.

    QuestionSetError where the documents do not hold all of the evidence.
    """
    if problems := list(stale_evidence(found, index)):
        raise QuestionSetError(found.name, problems)
    return replace(found, questions=tuple(_by_ids(one, index) for one in found.questions))


def stale_evidence(found: QuestionSet, index: Index) -> Iterator[str]:
    """What is wrong with each piece of evidence that the documents do not hold."""
    places = Places(index)
    for question in found.questions:
        for evidence in question.evidence:
            id_ = document_named(evidence.document, index)
            if id_ is None:
                yield f"{question.id}: there is no document {evidence.document!r}"
            elif evidence.quote is not None and not places.of(id_, evidence.quote):
                yield f"{question.id}: {id_} no longer holds {evidence.quote!r}"


def evidence_of(words: str, document_ids: Iterable[str], index: Index) -> Evidence | None:
    """Words that were copied, as the first of some documents has them; None where none does."""
    places = Places(index)
    for id_ in document_ids:
        if found := places.of(id_, words):
            return Evidence(document=id_, quote=found[0].of(index.documents[id_].text))
    return None


def _by_ids(question: JudgedQuestion, index: Index) -> JudgedQuestion:
    named = tuple(
        one.model_copy(update={"document": document_named(one.document, index)})
        for one in question.evidence
    )
    return (
        question if named == question.evidence else question.model_copy(update={"evidence": named})
    )


def document_named(name: str, index: Index) -> str | None:
    """The document of an id, or of a place as a citation shows it; None where there is none.

    A place is a file, also with the folders in front of it, and the line, page or section behind
    it. Of these only the line counts, where it tells the records of a file apart.
    """
    if name in index.documents:
        return name
    match, anchored = _LINE.fullmatch(name), _ANCHOR.fullmatch(name)
    places: list[tuple[str, int | None]] = [(name, None)]
    places += [(match["name"], int(match["line"]))] if match else []
    places += [(anchored["name"], None)] if anchored else []
    return next((id_ for place in places if (id_ := _document_at(*place, index))), None)


def _document_at(name: str, line: int | None, index: Index) -> str | None:
    path = _path_within(name, index)
    if path is None:
        return None
    entries = (entry for entry in index.of_file(path) if entry.line in (None, line))
    return next((entry.passage.document_id for entry in entries), None)


def _path_within(name: str, index: Index) -> str | None:
    """The path, in the folder of the documents, of a file that may be named from outside of it."""
    parts = [part for part in Path(normpath(name)).parts if part != ".."]
    for count in range(len(parts)):
        path = "/".join(parts[count:])
        record = index.manifest.files.get(path)
        if record is not None and record.documents and _leads_in(parts[:count], index.knowledge):
            return path
    return None


def _leads_in(folders: list[str], knowledge: Path | None) -> bool:
    """Whether these are the last folders on the way to the documents."""
    if not folders or knowledge is None:
        return not folders
    folder = knowledge if knowledge.is_dir() else knowledge.parent
    ways = (folder.absolute().parts, folder.resolve().parts)
    return any(list(way[-len(folders) :]) == folders for way in ways)


class Places:
    """Where quotes stand in the documents of an index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._shown: dict[str, _Shown] = {}

    def of(self, document_id: str, quote: str) -> list[Span]:
        """Where a quote stands in a document: as in its text, or else as an answer shows it.

        How lines are broken and indented does not count.
        """
        words = [re.escape(word) for word in quote.split()]
        if not words:
            return []
        text = self._index.documents[document_id].text
        found = [Span(*match.span()) for match in re.finditer(r"\s+".join(words), text)]
        return found or self._shown_of(document_id).places(_letters(quote))

    def _shown_of(self, document_id: str) -> "_Shown":
        if document_id not in self._shown:
            document = self._index.documents[document_id]
            passages = self._index.passages_of(document_id)
            units = {unit.span.start: unit for passage in passages for unit in passage.units}
            self._shown[document_id] = _Shown.of(
                [units[start] for start in sorted(units)], document
            )
        return self._shown[document_id]


@dataclass(frozen=True, slots=True)
class _Shown:
    """The units of a document, each as the letters that are shown of it.

    `starts` says where each begins in the letters of all.
    """

    spans: list[Span]
    letters: list[str]
    starts: list[int]

    @classmethod
    def of(cls, units: list[Unit], document: Document) -> "_Shown":
        spans = [unit.span for unit in units]
        texts = [span.of(document.text) for span in spans]
        letters = [
            _letters(text if unit.is_code else readable(text, document.source))
            for unit, text in zip(units, texts, strict=True)
        ]
        return cls(spans, letters, [0, *accumulate(map(len, letters))])

    def places(self, quote: str) -> list[Span]:
        """The units that some letters stand in, as one span, wherever they do."""
        if not quote:
            return []
        found = [
            self._units(match.start(), match.end())
            for match in re.finditer(re.escape(quote), "".join(self.letters))
        ]
        return found or list(self._with_gaps(quote))

    def _units(self, start: int, end: int) -> Span:
        first, last = (bisect_right(self.starts, place) - 1 for place in (start, end - 1))
        return Span(self.spans[first].start, self.spans[last].end)

    def _with_gaps(self, quote: str) -> Iterator[Span]:
        """Whole units that make up the quote, where an answer left out others between them."""
        for first, beginning in enumerate(self.letters):
            if not beginning or not quote.startswith(beginning):
                continue
            left, last = quote, first
            for number in range(first, min(first + _MOST_UNITS, len(self.letters))):
                if left and self.letters[number] and left.startswith(self.letters[number]):
                    left, last = left.removeprefix(self.letters[number]), number
            if not left:
                yield Span(self.spans[first].start, self.spans[last].end)


def _letters(text: str) -> str:
    return _FURNITURE.sub("", text)
