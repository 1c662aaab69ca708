"""The documents as a running bot holds them: found by short keys, suggested, fingerprinted."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path

from bot.assembly import Assembled, assemble
from bot.settings import Settings
from knowledge.documents import Document, Passage
from knowledge.loading import MATERIAL
from retrieval.answers import Citation
from retrieval.tokens import words

KEY_LENGTH = 8
"""Characters of a passage's key: 48 bits, so that among a million passages none is like it."""

_ILL_WRITTEN = {"typo", "chat"}
"""Tags of questions that test reading, and are not for others to read."""


class Library:
    """What was read once; a new reading makes a new library."""

    def __init__(self, assembled: Assembled, questions: Iterable[str] = ()) -> None:
        self.documents = assembled.documents
        self.passages = assembled.passages
        self.skipped = assembled.skipped
        self.engine = assembled.engine
        self.answerer = assembled.answerer
        self._questions = tuple(questions)

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hex digits that change when a document or the engine does."""
        digest = hashlib.sha256(self.engine.encode())
        for document in sorted(self.documents.values(), key=lambda document: document.id):
            digest.update(f"\0{document.id}\0{document.checksum}".encode(errors="surrogateescape"))
        return digest.hexdigest()[:12]

    def prepare(self) -> "Library":
        """Work out now what is looked up later, so that nobody waits for it."""
        _ = self.fingerprint, self._first_places, self._places, self._suggested, self._names
        return self

    def key_of(self, passage: Passage) -> str:
        """The passage's key: another one as soon as its text or its document's name changes."""
        return _key(passage.id, passage.text)

    def place_of(self, key: str) -> int | None:
        """The place among the passages of the one with a key; None where there is none any more."""
        return self._places.get(key)

    def passage_of(self, citation: Citation) -> Passage:
        """The passage that a quote stands in, or the first one behind it."""
        place = self._first_places[citation.document_id]
        while self.passages[place].span.end < citation.span.end:
            place += 1
        return self.passages[place]

    @cached_property
    def _first_places(self) -> dict[str, int]:
        last_first = reversed(list(enumerate(self.passages)))
        return {passage.document_id: place for place, passage in last_first}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {_key(p.id, p.text): place for place, p in enumerate(self.passages)}

    def suggestions(self, typed: str, limit: int) -> list[str]:
        """Questions and headings whose words begin with those typed, questions first."""
        return _matching(typed, self._suggested, limit)

    @cached_property
    def _suggested(self) -> dict[str, list[str]]:
        headings = (" › ".join(passage.heading) for passage in self.passages if passage.heading)
        return {text: _folded(text) for text in (*self._questions, *headings)}

    def named(self, typed: str, limit: int) -> list[Document]:
        """Documents whose title or id has words that begin with those typed."""
        return [self.documents[name] for name in _matching(typed, self._names, limit)]

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        return {d.id: _folded(f"{d.id} {d.title}") for d in self.documents.values()}


def read_library(settings: Settings) -> Library:
    """The library over the documents of the settings; FootnoteError where it cannot be built."""
    assembled = assemble(settings.knowledge, settings.engine, settings.data)
    return Library(assembled, _questions(settings)).prepare()


def _questions(settings: Settings) -> Iterator[str]:
    """The questions of the question set that the documents answer, and that are written well."""
    from retrieval.evaluation.question_sets import PACKAGED, read_question_set

    is_packaged = settings.questions is None and settings.knowledge == MATERIAL
    path: Path | None = PACKAGED if is_packaged else settings.questions
    if path is not None:
        questions = read_question_set(path).questions
        well = (q for q in questions if not (q.must_be_declined or _ILL_WRITTEN & set(q.tags)))
        yield from dict.fromkeys(question.question for question in well)


def _key(name: str, text: str) -> str:
    digest = hashlib.sha256(f"{name}\0{text}".encode(errors="surrogateescape")).digest()
    return urlsafe_b64encode(digest)[:KEY_LENGTH].decode()


def _folded(text: str) -> list[str]:
    return words(text.casefold())


def _matching(typed: str, texts: dict[str, list[str]], limit: int) -> list[str]:
    """The first `limit` names of texts that have, for each word typed, a word it begins."""
    beginnings = _folded(typed)
    matches = (
        name
        for name, held in texts.items()
        if all(any(word.startswith(start) for word in held) for start in beginnings)
    )
    return list(islice(matches, limit))
