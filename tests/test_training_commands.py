"""Training from its data to the figures and the weights, as its commands are run, on a tiny set."""

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from command import Run

from retrieval.scoring import weights
from retrieval.scoring.weights import SHIPPED, read_weights
from training import ablation, cross_validation, examples, train

TOWNS = (
    "Hensdale",
    "Orrington",
    "Lower Wick",
    "Tarnmouth",
    "Quilby",
    "Marsh End",
    "Fenholt",
    "Ulby",
)
PEOPLE = ("Ada Thorne", "Ben Okoro", "Clara Voss", "Dan Whitlock", "Eva Lund", "Finn Marlow")


def _written(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


def _facts(number: int, town: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The paragraphs of a town's article, each with questions and their answers."""
    year, person, other = 1801 + 7 * number, PEOPLE[number % 6], PEOPLE[(number + 1) % 6]
    yield (
        f"The old mill of {town} was built in {year} by {person}. It burned down in {year + 60}.",
        [(f"When was the mill of {town} built?", str(year)), (f"Who built {town}'s mill?", person)],
    )
    yield (
        f"The stone bridge at {town} has {number + 3} arches. A toll of {number + 2} pence was"
        f" taken on it until {year + 90}.",
        [(f"How many arches has the bridge at {town}?", f"{number + 3} arches")],
    )
    yield (
        f"The school of {town} was founded by {other}. Its first teachers came from Brindle.",
        [(f"Who founded the school of {town}?", other)],
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight articles of three paragraphs with 40 questions, and three sets that judge ranking."""
    folder = tmp_path_factory.mktemp("training")
    corpus, questions = [], []
    for number, town in enumerate(TOWNS):
        for place, (text, asked) in enumerate(_facts(number, town)):
            id_ = f"{town}#{place}"
            corpus.append({"_id": id_, "title": town, "text": text})
            questions += [
                {"question": question, "answers": [answer], "evidence": [{"document": id_}]}
                for question, answer in asked
            ]
        questions.append({"question": f"When was the lighthouse of {town} painted?"})
    for row, question in enumerate(questions):
        question["id"] = str(row)
    _written(folder / "squad2-dev.corpus.jsonl", corpus)
    _written(folder / "squad2-dev.questions.jsonl", questions)
    ranked = [{**question, "answers": []} for question in questions if "answers" in question]
    for name in ("stackfaq", "cranfield", "med"):
        _written(folder / f"{name}.corpus.jsonl", corpus)
        _written(folder / f"{name}.questions.jsonl", ranked[:4])
    return folder


def learn_from_fewer() -> None:
    """Let this process learn from a few of the packaged questions, which take most of the time."""
    found = examples.packaged("tuning")
    train.packaged = lambda _: replace(found, questions=found.questions[:16])


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little is learned from, by the processes of a cross-validation as well."""
    monkeypatch.setattr(train, "packaged", train.packaged)  # put back at the end
    learn_from_fewer()
    pool = partial(ProcessPoolExecutor, initializer=learn_from_fewer)
    monkeypatch.setattr(cross_validation, "ProcessPoolExecutor", pool)
    monkeypatch.setattr(ablation, "FOLDS", 2)


@pytest.fixture
def ships(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """Lets the commands take the weights of a file for those that are shipped."""

    def ships(file: Path) -> None:
        monkeypatch.setattr(weights, "SHIPPED", file)
        weights.shipped.cache_clear()

    yield ships
    weights.shipped.cache_clear()


@pytest.mark.usefixtures("few")
def test_weights_are_fitted_written_and_answer(
    data: Path,
    tmp_path: Path,
    run: Run,
    ships: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The four models go where they are told to, and the questions they learned are answered."""
    before = SHIPPED.read_bytes()
    out = tmp_path / "weights.json"
    monkeypatch.setattr("sys.argv", ["train.py", str(data), "--out", str(out)])
    train.main()
    assert SHIPPED.read_bytes() == before
    fitted = read_weights(out)
    assert all((fitted.passages, fitted.units, fitted.spans, fitted.confidence))

    ships(out)
    lines = (data / "squad2-dev.questions.jsonl").read_text("utf-8").splitlines()
    asked = [json.loads(line) for line in lines]
    stdin = "".join(f"{question['question']}\n" for question in asked)
    corpus = str(data / "squad2-dev.corpus.jsonl")
    answers = run("ask", "--json", "--knowledge", corpus, stdin=stdin).out.splitlines()
    right = [
        (json.loads(line)["short_answer"] or "") in question.get("answers", [""])
        for question, line in zip(asked, answers, strict=True)
    ]
    assert sum(right) > 0.8 * len(right)


@pytest.mark.usefixtures("few")
def test_cross_validation_tells_of_questions_that_were_not_learned(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Figures with their intervals for both sets, and how the kinds of questions are told apart."""
    monkeypatch.setattr("sys.argv", ["train.py", str(data), "--cross-validate", "--folds", "2"])
    train.main()
    out = capsys.readouterr().out
    assert out.startswith("squad2-dev, 2 folds\n")
    assert "packaged, tuning half, 2 folds\n" in out
    for line in (r"hit@1 +\d", r"sentence +\d", r"auroc off-topic +[01]\.", "threshold 0.20: "):
        assert re.search(rf"^  {line}", out, re.M), line


@pytest.mark.usefixtures("few")
def test_an_ablation_tells_what_each_group_of_features_gains(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four tables: passages, sentences, short answers, and the confidence."""
    monkeypatch.setattr("sys.argv", ["ablation.py", str(data)])
    ablation.main()
    out = capsys.readouterr().out
    for title in ("passages: ", "sentences: ", "short answers: ", "confidence: "):
        assert re.search(rf"^{title}", out, re.M)
    assert re.search(r"^  title +[+-]\d+\.\d\d \[[+-]", out, re.M)
    assert re.search(r"^  denial +[+-]0\.\d{3} \[", out, re.M)
