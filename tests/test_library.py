"""The documents of a running bot: keys, suggestions, fingerprint."""

import gc
import weakref
from pathlib import Path

import pytest

from bot.library import Library, read_library
from bot.settings import Settings
from knowledge.errors import FootnoteError
from retrieval.index.entries import KEY_LENGTH, key_of
from retrieval.opening import open_collection


def library_of(folder: Path, **texts: str) -> Library:
    """A library over some files."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return Library(
        open_collection(folder, cache=folder.parent / "cache"), ["How long is the lease?"]
    )


def test_every_passage_is_found_by_its_key() -> None:
    """Keys differ, and lead back to their passage."""
    index = read_library(Settings()).index
    passages = list(index.passages())
    keys = [key_of(passage) for passage in passages]
    assert len(set(keys)) == len(keys) == index.manifest.passages
    found = [index.with_key(key) for key in keys]
    assert [entry.passage for entry in found if entry] == passages
    assert all(len(key) == KEY_LENGTH for key in keys)
    assert index.with_key("x" * KEY_LENGTH) is None


def test_keys_stay_while_the_text_stays(tmp_path: Path) -> None:
    """Another document changes nothing; another text does."""
    before = library_of(tmp_path / "a", a="# A\n\nThe lease ends in May.\n")
    (passage,) = before.index.passages()
    more = library_of(tmp_path / "a", b="# B\n\nThe rent is due on Friday.\n")
    assert more.index.with_key(key_of(passage)) is not None
    changed = library_of(tmp_path / "a", a="# A\n\nThe lease ends in June.\n")
    assert changed.index.with_key(key_of(passage)) is None
    # What was opened before is as it was.
    assert before.index.with_key(key_of(passage)) is not None


def test_the_fingerprint_changes_with_the_documents(tmp_path: Path) -> None:
    """And with nothing else."""
    one = library_of(tmp_path / "a", a="# A\n\nOne.\n").fingerprint
    assert library_of(tmp_path / "a").fingerprint == one
    assert library_of(tmp_path / "a", a="# A\n\nTwo.\n").fingerprint != one
    assert len(one) == 12


def test_the_passage_of_a_quote() -> None:
    """A citation's passage holds it, or comes right behind the line that introduces it."""
    library = read_library(Settings())
    for question in ("Which agreements were signed?", "When did Mexico open its office?"):
        for citation in library.collection.answerer.answer(question).citations:
            passage = library.quoted_from(citation).passage
            assert passage.document_id == citation.document_id
            assert passage.span.end >= citation.span.end


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ["How long is the lease?", "Lease", "Lease › Ends"]),
        ("leas", ["How long is the lease?", "Lease", "Lease › Ends"]),
        ("end lea", ["Lease › Ends"]),
        ("LONG", ["How long is the lease?"]),
        ("rent", []),
    ],
)
def test_suggestions(tmp_path: Path, typed: str, expected: list[str]) -> None:
    """Each word typed begins a word of what is suggested; questions come first."""
    text = "# Paper\n\n## Lease\n\nIt is long.\n\n### Ends\n\nIt ends in May.\n"
    library = library_of(tmp_path / "a", a=text)
    found = library.suggestions(typed, 25)
    assert [each.removeprefix("Paper › ") for each in found] == expected
    assert library.suggestions(typed, 1) == found[:1]


def test_questions_that_test_reading_are_not_suggested() -> None:
    """Those with typos or in the words of chats are in the packaged set, and are no models."""
    suggested = read_library(Settings()).suggestions("", 1_000)
    assert "When was the coperation agreement on helth signed?" not in suggested
    assert "When did Mexico condemn the attack by Hamas on Israel?" in suggested


def test_other_documents_have_questions_only_where_a_set_is_named(tmp_path: Path) -> None:
    """The packaged questions are about the packaged article; a set of one's own is read."""
    (tmp_path / "a.md").write_text("# A\n\nThe lease ends in May.\n")
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": "1", "question": "When does it end?", "answers": ["May"]}\n')
    settings = Settings(knowledge=tmp_path / "a.md")
    assert read_library(settings).suggestions("", 25) == []
    settings = Settings(knowledge=tmp_path / "a.md", questions=questions)
    assert read_library(settings).suggestions("", 25) == ["When does it end?"]
    with pytest.raises(FootnoteError, match=r"nowhere\.jsonl"):
        read_library(Settings(questions=tmp_path / "nowhere.jsonl"))


@pytest.mark.parametrize("engine", ["rank-bm25", "tantivy"])
def test_a_library_that_is_exchanged_leaves_memory(engine: str) -> None:
    """Without the help of the garbage collector, from which a bot's index is kept."""
    library = read_library(Settings(engine=engine))
    collection = library.collection
    (citation,) = collection.ask("When did Mexico open its ofice?").citations
    library.surroundings(library.quoted_from(citation))
    parts = (collection, collection.index, collection.index.entries, collection.answerer)
    gone = [weakref.ref(part) for part in parts]
    gc.disable()
    try:
        del library, collection, parts
        assert [ref() for ref in gone] == [None] * 4
    finally:
        gc.enable()
