"""Which model reads, from its name to the answer."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command import Run
from importing import imported
from onnx_files import TEXTS, TOKENS, WIDTH, write_reader

from bot.library import read_library
from bot.settings import Settings
from knowledge.loading import read_text
from retrieval.collection import Collection
from retrieval.evaluation.thresholds import store_threshold, stored_threshold
from retrieval.meaning import loading
from retrieval.meaning.files import ReaderError
from retrieval.meaning.loading import (
    installed_folder,
    installed_reader,
    reader_folder,
    reader_name,
)
from retrieval.opening import collection_of, from_texts, open_collection
from retrieval.scoring.weights import SHIPPED

ROOT = Path(__file__).resolve().parents[1]
CURE = r"pip install 'footnote-bot\[meaning\]'"
SEEDS = "# Seeds\n\nPlant the seeds early.\n\n# Weather\n\nThe frost comes in May.\n"
QUESTION = "When do I plant the seeds?"

needs_extra = pytest.mark.skipif(
    not loading._has_libraries(), reason="the extra for reading by meaning is not installed"
)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package in the place of the one with the small model; the folder of its model."""
    folder = tmp_path / "site" / "tiny_reader"
    write_reader(
        folder,
        {"relevance": (TEXTS,), "parts": (TEXTS, TOKENS), "vectors": (TEXTS, WIDTH)},
    )
    source = "from pathlib import Path\n\nFOLDER = Path(__file__).parent\n"
    (folder / "__init__.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(folder.parent)
    monkeypatch.setattr(loading, "PACKAGE", "tiny_reader")
    monkeypatch.delitem(sys.modules, "tiny_reader", raising=False)
    return folder


@pytest.fixture
def reading(tmp_path: Path) -> Path:
    """A file of weights with those for reading, by which everything is read."""
    said = json.loads(SHIPPED.read_text("utf-8"))
    said["read"] = {
        "passages": said["passages"],
        "order": {"first": 1.0, "read": 0.01},
        "units": said["units"],
        "blocks": {},
        "confidence": said["confidence"],
        "threshold": 0.25,
        "sure": 2.0,
    }
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(said), encoding="utf-8")
    return path


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A folder of documents."""
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "seeds.md").write_text(SEEDS, encoding="utf-8")
    return folder


def test_words_decide_where_nothing_is_installed() -> None:
    """`auto` is no error then."""
    for choice in ("auto", "words"):
        assert reader_folder(choice) is None
        assert installed_reader(choice) is None
        assert reader_name(choice) == "words"


@needs_extra
def test_the_small_model_reads_where_it_is_installed(package: Path) -> None:
    """With `auto` and by its name, one for both; `words` does without."""
    assert installed_folder() == package
    assert reader_name("auto") == reader_name("small") == "small"
    assert reader_name("words") == "words"
    reader = installed_reader("auto")
    assert reader is not None
    assert reader is installed_reader("small")
    assert (reader.name, reader.has_vectors) == ("small", True)
    assert installed_reader("words") is None


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_package_without_a_model_is_none(package: Path, name: str) -> None:
    """As while the model is still being made."""
    (package / name).unlink()
    assert reader_folder("auto") is None
    with pytest.raises(ReaderError, match=CURE):
        reader_folder("small")


@pytest.mark.parametrize("name", ["onnxruntime", "kitoken"])
def test_without_the_extra_words_decide(
    package: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The cure is named where a model was asked for."""
    monkeypatch.setattr(loading, "_EXTRA", (name, f"no_{name}"))
    assert reader_folder("auto") is None
    with pytest.raises(ReaderError, match=f"'small' needs the extra meaning: .*{CURE}"):
        reader_folder("small")
    monkeypatch.setattr(loading, "_EXTRA", (f"no_{name}",))
    with pytest.raises(ReaderError, match=f"needs the extra meaning: .*{CURE}"):
        reader_folder(str(package))


@pytest.mark.parametrize("choice", ["nope", "", "Words", "/no/such/folder", "\0"])
def test_another_name_is_an_error(choice: str) -> None:
    """The sentence has the names that there are."""
    with pytest.raises(ReaderError, match=r"there is no reader .*auto, words, small, or the path"):
        reader_folder(choice)


@needs_extra
@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_folder_without_a_model_is_named(tmp_path: Path, name: str) -> None:
    """So is the file that it has not."""
    folder = write_reader(tmp_path / "mine")
    (folder / name).unlink()
    with pytest.raises(ReaderError, match=f"mine: has no {name}; a reader is a folder with"):
        reader_folder(str(folder))


@needs_extra
def test_a_model_of_ones_own_has_the_name_of_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where that name means something else, the whole path."""
    own = write_reader(tmp_path / "large")
    assert reader_name(str(own)) == reader_name(f"{own}/") == "large"
    monkeypatch.chdir(own)
    assert reader_name(".") == "large"
    like_another = write_reader(tmp_path / "small")
    assert reader_name(str(like_another)) == str(like_another)


@needs_extra
def test_a_model_is_loaded_once_until_it_changes(tmp_path: Path) -> None:
    """A file that was exchanged is read again."""
    own = write_reader(tmp_path / "large")
    first = installed_reader(str(own))
    assert installed_reader(str(own)) is first
    write_reader(own, integers="int32")
    assert installed_reader(str(own)) is not first


@needs_extra
def test_a_model_of_ones_own_is_tried_when_it_is_loaded(tmp_path: Path) -> None:
    """Footnote's own was tried before it came here."""
    own = write_reader(tmp_path / "large", {"logits": (TEXTS, 3)})
    with pytest.raises(ReaderError, match="where one score is needed"):
        installed_reader(str(own))


OPENINGS: list[Callable[[Path, str], Collection]] = [
    lambda seeds, reader: open_collection(seeds, reader=reader, cache=seeds.parent),
    lambda seeds, reader: from_texts({"seeds.md": SEEDS}, reader=reader),
    lambda seeds, reader: collection_of(read_text("seeds.md", SEEDS), reader=reader),
]


@pytest.mark.parametrize("opening", OPENINGS)
def test_a_wrong_reader_is_said_before_anything_is_read(
    seeds: Path, opening: Callable[[Path, str], Collection]
) -> None:
    """Nothing is indexed for it; one that there is can be named."""
    with pytest.raises(ReaderError, match="there is no reader 'nope'"):
        opening(seeds, "nope")
    assert opening(seeds, "words").reader == "words"


@needs_extra
def test_a_model_reads_what_is_found(
    tmp_path: Path, seeds: Path, package: Path, reading: Path
) -> None:
    """The answer names it, the trace what it made of each passage."""
    own = write_reader(tmp_path / "large")
    for choice, name in ((str(own), "large"), ("small", "small"), ("auto", "small")):
        collection = open_collection(seeds, reader=choice, weights=reading, cache=tmp_path)
        assert collection.reader == name
        collection.prepare()
        trace = collection.explain(QUESTION)
        assert (trace.answer.reader, trace.answer.has_vectors) == (name, False)
        assert trace.answer.is_read
        assert trace.readings.keys() <= {one.hit.passage.id for one in trace.found}
        assert trace.readings
    words = open_collection(seeds, reader="words", weights=reading, cache=tmp_path)
    words.prepare()
    assert (words.reader, words.ask(QUESTION).reader) == ("words", "words")


@needs_extra
def test_without_weights_for_it_nothing_is_read(seeds: Path, package: Path) -> None:
    """What a model says means nothing without them."""
    said = json.loads(SHIPPED.read_text("utf-8"))
    said.pop("read", None)
    weights = seeds.parent / "words.json"
    weights.write_text(json.dumps(said), encoding="utf-8")
    collection = open_collection(seeds, reader="small", weights=weights, cache=seeds.parent)
    collection.prepare()
    assert (collection.reader, collection.ask(QUESTION).reader) == ("words", "words")


@needs_extra
def test_each_reader_has_its_threshold(
    tmp_path: Path, seeds: Path, package: Path, reading: Path
) -> None:
    """That of its weights, or the one that was calibrated with it and no other."""
    shipped = json.loads(reading.read_text("utf-8"))

    def opened(reader: str) -> Collection:
        return open_collection(
            seeds, reader=reader, weights=reading, cache=tmp_path, data=tmp_path / "data"
        )

    assert opened("small").threshold == shipped["read"]["threshold"]
    assert opened("small").threshold_of("words") == shipped["threshold"]
    assert opened("words").threshold == shipped["threshold"]
    store_threshold(tmp_path / "data", seeds, 0.75, "small")
    assert stored_threshold(tmp_path / "data", seeds, "small") == 0.75
    assert opened("small").threshold == 0.75
    assert opened("words").threshold == shipped["threshold"]
    store_threshold(tmp_path / "data", seeds, 0.625)
    assert (opened("words").threshold, opened("auto").threshold) == (0.625, 0.75)


@needs_extra
def test_the_bot_loads_the_model_before_it_is_ready(
    tmp_path: Path, seeds: Path, package: Path, reading: Path
) -> None:
    """The first member who asks waits no longer than the others."""
    settings = Settings(seeds, reader="small", weights=reading, cache=tmp_path)
    library = read_library(settings)
    reader = installed_reader("small")
    assert reader is not None
    assert reader._loaded is not None
    assert library.collection.reader == "small"


def test_a_wrong_reader_is_one_sentence(run: Run, tmp_path: Path) -> None:
    """With exit code 2, as an option and as a setting."""
    done = run("ask", "--reader", "nope", QUESTION)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("footnote: there is no reader 'nope'; use one of: auto, words,")
    done = run("search", "--reader", "small", "seeds")
    assert (done.code, done.out) == (2, "")
    assert "pip install 'footnote-bot[meaning]'" in done.err


@needs_extra
def test_a_broken_model_is_one_sentence(run: Run, tmp_path: Path, reading: Path) -> None:
    """With exit code 2, by whatever command it is to be used."""
    own = write_reader(tmp_path / "large")
    (own / "model.onnx").write_bytes(b"\0")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTE_WEIGHTS", str(reading))
        patch.setenv("DISCORD_TOKEN", "token")
        for arguments in (
            ("ask", QUESTION),
            ("search", "seeds"),
            ("evaluate",),
            ("bot", "--check"),
        ):
            done = run(*arguments, "--reader", str(own))
            assert (done.code, done.out) == (2, "")
            assert "is no ONNX model that can be loaded" in done.err


@needs_extra
def test_the_command_says_what_read(
    run: Run, tmp_path: Path, seeds: Path, reading: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In JSON and in the explanation; the setting counts where no option is given."""
    own = write_reader(tmp_path / "large")
    monkeypatch.setenv("FOOTNOTE_WEIGHTS", str(reading))
    monkeypatch.setenv("FOOTNOTE_READER", str(own))
    documents = ("--knowledge", str(seeds))
    record = json.loads(run("ask", *documents, "--json", QUESTION).out)
    assert (record["reader"], record["vectors"]) == ("large", False)
    record = json.loads(run("ask", *documents, "--reader", "words", "--json", QUESTION).out)
    assert (record["reader"], record["vectors"]) == ("words", False)
    explained = " ".join(run("ask", *documents, "--explain", QUESTION).out.split())
    assert "Passages that large read, with their relevance:" in explained
    assert "Reader: large, without vectors of the passages." in explained
    assert "below the threshold of 0.25" in explained or "the threshold of 0.25" in explained
    explained = run("ask", *documents, "--reader", "words", "--explain", QUESTION).out
    assert "Reader: words." in explained
    assert "relevance" not in explained


@needs_extra
def test_what_words_are_sure_of_loads_no_model(
    tmp_path: Path, seeds: Path, package: Path, reading: Path
) -> None:
    """Starting up is not slower for it."""
    said = json.loads(reading.read_text("utf-8"))
    said["read"]["sure"] = 0.0
    reading.write_text(json.dumps(said), encoding="utf-8")
    answer, modules = imported(
        ["ask", "--json", "--knowledge", str(seeds), QUESTION],
        {"onnxruntime", "kitoken"},
        {
            **os.environ,
            "PYTHONPATH": str(package.parent),
            "FOOTNOTE_READER": "small",
            "FOOTNOTE_WEIGHTS": str(reading),
            "FOOTNOTE_CACHE": str(tmp_path),
        },
        first="from retrieval.meaning import loading; loading.PACKAGE = 'tiny_reader'",
    )
    assert json.loads(answer)["reader"] == "words"
    assert modules == []
