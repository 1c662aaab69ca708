"""What every collection must do, wherever its documents are kept and whichever engine searches."""

import json
import pickle
from collections.abc import Callable
from operator import eq
from pathlib import Path

import pytest
from corpora import documents_at

from knowledge.loading import MATERIAL
from retrieval.answer.json_records import AnswerRecord, SearchRecord
from retrieval.cluster.address import Cluster
from retrieval.collection import Collection
from retrieval.evaluation.question_sets import PACKAGED, read_question_set
from retrieval.index.engines import ENGINES, OPENSEARCH, UnknownEngineError
from retrieval.opening import collection_of, from_texts, open_collection

MERLUN = (
    "The merlon of the tower fell. The merlon lies in the yard, and a merlon is heavy.\n\n"
    "The marlun sings in the yard.\n\nThe marlun sings by the sea.\n"
)
"""A word that occurs more often in all, and one that more passages have."""

Open = Callable[[Path, str], Collection]
"""Opens a collection over the documents at a path, with an engine."""


def _on_disk(path: Path, engine: str) -> Collection:
    # Other processes would read with the model that is installed.
    return open_collection(path, engine=engine, reader="words")


def _in_memory(path: Path, engine: str) -> Collection:
    return collection_of(documents_at(path), engine, reader="words")


KINDS = [
    *(pytest.param((_on_disk, engine), id=f"disk-{engine}") for engine in sorted(ENGINES)),
    *(pytest.param((_in_memory, engine), id=f"memory-{engine}") for engine in sorted(ENGINES)),
    pytest.param((None, OPENSEARCH), id=OPENSEARCH, marks=pytest.mark.cluster),
]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> tuple[Open | None, str]:
    """How a collection is opened, and its engine."""
    found: tuple[Open | None, str] = request.param
    return found


@pytest.fixture
def engine(kind: tuple[Open | None, str]) -> str:
    """The name of an engine."""
    return kind[1]


@pytest.fixture
def open_(kind: tuple[Open | None, str], request: pytest.FixtureRequest) -> Open:
    """Opens a collection of one kind."""
    opens, _ = kind
    if opens is not None:
        return opens
    cluster: Cluster = request.getfixturevalue("cluster")
    return lambda path, engine: open_collection(
        path, engine=engine, reader="words", cluster=cluster
    )


def reference(path: Path, engine: str) -> Collection:
    """A collection on disk that answers as one with an engine must: its own, or the nearest."""
    return open_collection(path, engine="tantivy" if engine == OPENSEARCH else engine)


def alike(one: object, other: object) -> bool:
    """Whether two records differ in nothing but what two engines may round otherwise.

    That may decide between hits that are as good as each other.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        if "hits" in one:
            one, other = ({**record, "hits": ordered(record["hits"])} for record in (one, other))
        return one.keys() == other.keys() and all(alike(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, abs=0.01)
    return one == other


def ordered(hits: list[dict[str, object]]) -> list[dict[str, object]]:
    """Hits by their passages, without their ranks."""
    found = sorted(hits, key=lambda hit: str(hit["passage"]))
    return [{name: hit[name] for name in hit if name != "rank"} for hit in found]


def written(collection: Collection, question: str) -> dict[str, object]:
    """The answer as it is printed."""
    record: dict[str, object] = json.loads(
        AnswerRecord.of(collection.ask(question)).model_dump_json()
    )
    return record


@pytest.mark.slow
def test_all_answer_the_packaged_questions_with_the_same_bytes(open_: Open, engine: str) -> None:
    """Whatever the kind; of two engines only the rounding of scores differs."""
    expected = reference(MATERIAL, engine)
    collection = open_(MATERIAL, engine)
    same = alike if engine == OPENSEARCH else eq
    for question in read_question_set(PACKAGED).questions:
        found = written(collection, question.question)
        assert same(found, written(expected, question.question))


def test_search_finds_the_same(open_: Open, engine: str) -> None:
    """Passages, scores and ranks."""

    def found(collection: Collection) -> list[SearchRecord]:
        hits = collection.search("agreements with Ramallah")
        return [SearchRecord.of(hit, collection.documents[hit.passage.document_id]) for hit in hits]

    expected = found(reference(MATERIAL, engine))
    assert [one.passage for one in found(open_(MATERIAL, engine))] == [
        one.passage for one in expected
    ]
    if engine != OPENSEARCH:
        assert found(open_(MATERIAL, engine)) == expected


def test_a_misspelt_word_is_read_as_the_one_that_more_passages_have(
    open_: Open, engine: str, tmp_path: Path
) -> None:
    """Passages count, not occurrences: the same whoever asks."""
    lines = [
        json.dumps({"_id": str(number), "text": text})
        for number, text in enumerate(MERLUN.split("\n\n"))
    ]
    path = tmp_path / "towers.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    (repair,) = open_(path, engine).ask("Where is the merlun?").repairs
    assert (repair.asked, repair.read_as) == ("merlun", "marlun")


def test_documents_are_those_of_the_files(open_: Open, engine: str) -> None:
    """Text, title, source and language, and as many passages as there are."""
    collection = open_(MATERIAL, engine)
    (read,) = documents_at(MATERIAL)
    (kept,) = collection.documents.values()
    for name in ("id", "title", "source", "text", "checksum", "language"):
        assert getattr(kept, name) == getattr(read, name)
    assert collection.passages == len(list(collection.index.passages())) > 1


def test_another_process_opens_the_same(open_: Open, engine: str) -> None:
    """A collection that was pickled answers as it did."""
    collection = open_(MATERIAL, engine)
    again = pickle.loads(pickle.dumps(collection))  # noqa: S301 (our own)
    question = "Which Mexican city is twinned with Bethlehem?"
    assert written(again, question) == written(collection, question)
    assert again.engine == engine


@pytest.mark.slow
def test_an_evaluation_asks_as_everybody_does(open_: Open, engine: str) -> None:
    """Its answers are those of `ask`, with one process and with two."""
    collection = open_(MATERIAL, engine)
    asked = read_question_set(PACKAGED)
    one, two = (collection.evaluate(asked, processes=count) for count in (1, 2))
    assert one.to_json() == two.to_json()
    for outcome in one.outcomes[:40]:
        assert AnswerRecord.of(outcome.answer) == AnswerRecord.of(
            collection.ask(outcome.question.question)
        )
    assert one.figures["fidelity"].value == 1


def test_a_conversation_is_that_of_its_documents(open_: Open, engine: str) -> None:
    """A follow-up is answered as the whole question is."""
    collection = open_(MATERIAL, engine)
    conversation = collection.conversation()
    conversation.ask("How did Mexico vote in 2012?")
    assert conversation.ask("And in 1947?") == collection.ask("How did Mexico vote in 1947?")


def test_what_an_index_tells_is_the_same(open_: Open, engine: str) -> None:
    """Passages in their order, languages, words, and what stands before and after a passage."""
    found, expected = open_(MATERIAL, engine), reference(MATERIAL, engine)
    assert list(found.index.passages()) == list(expected.index.passages())
    assert found.index.languages() == expected.index.languages()
    (document,) = found.documents
    entries = list(found.index.of_document(document))
    assert [entry.passage for entry in entries] == list(expected.index.passages())
    first, second, *_ = entries
    after = found.index.after(first)
    assert after is not None
    assert after.passage == second.passage
    before = found.index.before(second)
    assert before is not None
    assert before.passage == first.passage
    assert found.index.before(first) is None
    for term in ("gaza", "gibraltar"):
        assert found.knows(term) == expected.knows(term) == (term == "gaza")


def test_an_explanation_has_the_answer(open_: Open, engine: str) -> None:
    """And asking again, after looking for changes where there are none, gives the same."""
    collection = open_(MATERIAL, engine)
    question = "Which Mexican city is twinned with Bethlehem?"
    answer = collection.ask(question)
    assert collection.explain(question).answer == answer
    assert collection.refresh().is_nothing
    assert list(collection.differences()) == []
    assert collection.ask(question) == answer


def test_refreshing_reads_what_has_changed(tmp_path: Path) -> None:
    """The next question is answered from the documents as they are."""
    path = tmp_path / "notes.md"
    path.write_text("The lease ends in May.\n", encoding="utf-8")
    collection = open_collection(path)
    assert collection.ask("When does the lease end?").text == "The lease ends in May."
    assert collection.refresh().is_nothing
    path.write_text("The lease ends in June of 2031.\n", encoding="utf-8")
    assert collection.refresh().changed == ("notes.md",)
    assert collection.ask("When does the lease end?").text == "The lease ends in June of 2031."


def test_a_collection_can_be_opened_as_it_is(tmp_path: Path) -> None:
    """Without looking at the files again."""
    path = tmp_path / "notes.md"
    path.write_text("The lease ends in May.\n", encoding="utf-8")
    open_collection(path)
    path.write_text("The lease ends in June.\n", encoding="utf-8")
    kept = open_collection(path, refresh=False)
    assert kept.ask("When does the lease end?").text == "The lease ends in May."
    assert [each.what for each in kept.differences()] == ["has changed"]


def test_texts_are_read_as_files_of_their_names_are(tmp_path: Path) -> None:
    """Headings of Markdown are headings, and a name without an ending is that of plain text."""
    texts = {"faq.md": "# Lease\n\nThe lease ends in May.\n", "note": "Cats sleep."}
    collection = from_texts(texts)
    (citation,) = collection.ask("When does the lease end?").citations
    assert (citation.document_id, citation.heading, citation.line) == ("faq.md", (), 3)
    assert citation.title == "Lease"
    assert collection.refresh().is_nothing
    assert list(collection.differences()) == []


def test_an_unknown_engine_is_told_before_anything_is_read(tmp_path: Path) -> None:
    """Also where the documents are not there."""
    with pytest.raises(UnknownEngineError):
        open_collection(tmp_path / "gone", engine="rank-bm52")
    with pytest.raises(UnknownEngineError):
        collection_of([], "rank-bm52")
