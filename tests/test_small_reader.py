"""The model that comes with Footnote: its distribution, its card, and what it reads."""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from retrieval.meaning import loading
from retrieval.meaning.loading import installed_folder, installed_reader
from retrieval.meaning.pairs import LONGEST

ROOT = Path(__file__).resolve().parents[1]
MODELS = ROOT / "models"
FOLDER = MODELS / "footnote_reader"
MODEL = FOLDER / "model.onnx"
CARD = (FOLDER / "CARD.md").read_text(encoding="utf-8")

needs_model = pytest.mark.skipif(not MODEL.is_file(), reason="the model is not in this checkout")

GARDEN = [
    "Put the tomatoes out when the nights stay above ten degrees.",
    "The shed is locked in winter.",
]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a test read with the model that is installed; skips where none is."""
    monkeypatch.setattr(loading, "PACKAGE", "footnote_reader")
    if installed_folder() is None:
        pytest.skip("the model that reads is not installed")


def test_the_distribution_holds_the_model_and_nothing_else() -> None:
    """Whoever installs it gets data, and where it lies."""
    project = tomllib.loads((MODELS / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["name"] == "footnote-reader"
    assert "dependencies" not in project["project"]
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"] == {"packages": [FOLDER.name]}
    held = {path.name for path in FOLDER.iterdir()} - {"__pycache__"}
    assert held | {"model.onnx", "tokenizer.json"} == {
        "CARD.md",
        "__init__.py",
        "model.onnx",
        "tokenizer.json",
    }


def test_it_names_its_folder() -> None:
    """As `retrieval/meaning/loading.py` looks for it."""
    done = subprocess.run(
        [sys.executable, "-c", "import footnote_reader; print(footnote_reader.FOLDER)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=MODELS,
    )
    assert Path(done.stdout.strip()) == FOLDER


@needs_model
def test_it_is_small() -> None:
    """At most 35 MB, both files together."""
    size = sum(path.stat().st_size for path in (MODEL, FOLDER / "tokenizer.json"))
    assert size <= 35_000_000


@needs_model
def test_the_card_is_that_of_the_model() -> None:
    """It has the hash of the model, the longest input and no place that is left open."""
    assert re.search(r"`model.onnx` \| `([0-9a-f]{64})`", CARD), "the card has no hash"
    assert hashlib.sha256(MODEL.read_bytes()).hexdigest() in CARD
    assert f"at most {LONGEST} tokens" in CARD
    assert "to be filled in" not in CARD.lower()


@pytest.mark.usefixtures("installed")
def test_it_tells_what_answers() -> None:
    """The relevance is higher where the passage answers, and the part is that which does."""
    reader = installed_reader("small")
    assert reader is not None
    question = "When can tomatoes go outside?"
    right = reader.read(question, "Garden", GARDEN)
    wrong = reader.read(question, "Garden › Tools", ["The shed is locked in winter.", "Oil it."])
    assert right.relevance > wrong.relevance
    # With a file format that the passage does not tell of, nothing answers.
    option = ["-quality N", "Sets the quality of JPEG files, from 1 to 100; the default is 75."]
    told = reader.read("default jpeg quality?", "Output options › JPEG", option)
    other = reader.read("what is the default png quality?", "Output options › JPEG", option)
    assert told.relevance > 0 > other.relevance
    assert told.parts[1] > told.parts[0]


@pytest.mark.usefixtures("installed")
def test_texts_that_mean_the_same_are_near() -> None:
    """A vector has length 1, and its cosine with another one tells how near they are in meaning."""
    reader = installed_reader("small")
    assert reader is not None
    car, vehicle, soup = map(reader.vector, ("The car is broken.", "My vehicle fails.", "Hot soup"))
    assert abs(float(np.linalg.norm(car)) - 1) < 1e-3
    assert float(car @ vehicle) > float(car @ soup) + 0.2


@pytest.mark.usefixtures("installed")
def test_another_process_gets_the_same_bytes() -> None:
    """Readings and vectors of a run that is repeated are the same, whatever was read before."""
    code = (
        "import json, sys; from retrieval.meaning.loading import installed_reader\n"
        "reader = installed_reader('small')\n"
        "before, texts = json.loads(sys.argv[1])\n"
        "for text in before: reader.vector(text), reader.read(text, text, [text])\n"
        "for text in texts:\n"
        "    reading = reader.read(text, 'Garden', texts)\n"
        "    print(reading, reader.vector(text).tobytes().hex())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code, json.dumps([before, GARDEN])],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        ).stdout
        for before in ([], ["What else?", "a " * 500])
    }
    assert len(runs) == 1
    assert runs != {""}
