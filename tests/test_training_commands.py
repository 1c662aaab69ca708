"""Training from its data to the figures and the weights, as its commands are run, on a tiny set."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from command import Run

from retrieval.scoring import weights
from retrieval.scoring.weights import SHIPPED, read_weights
from training import ablation, examples, train

pytestmark = pytest.mark.slow

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
    _write_manuals(folder)
    return folder


def _write_manuals(folder: Path) -> None:
    """Five manuals of two pages: three with questions of the one form, two with those of both."""
    written, blind, other = [], [], []
    for number, tool in enumerate(("loom", "kiln", "lathe", "forge", "still")):
        pages = folder / ("pages" if number > 2 else "manuals") / tool
        pages.mkdir(parents=True)
        limit = f"The default of max_{tool} is {number + 3}."
        start = f"Turn the {tool} on with the red switch, then wait until it is warm."
        (pages / "options.html").write_text(
            f"<h1>Options</h1><dl><dt>max_{tool}</dt><dd>{limit} It limits the heat.</dd></dl>"
        )
        (pages / "use.html").write_text(
            f"<h1>The {tool}</h1><h2>Start</h2><p>{start} It hums.</p><h2>Care</h2><p>Oil it.</p>"
        )
        asked = [
            (f"default of max_{tool}", "fact", "options.html", limit),
            (f"how do i turn on the {tool}", "howto", "use.html", start),
            (f"price of a {tool} in yen", "near-miss", "use.html", ""),
        ]
        for place, (question, kind, file, quote) in enumerate(asked):
            row = {"id": f"{tool}-{place}", "kind": kind, "question": question}
            written.append({**row, "manual": tool, "file": file, "quote": quote})
            evidence = [{"file": file, "quote": quote}] if quote else []
            pattern = [quote[:-1].replace(".", r"\.")] if quote else []
            judged = {**row, "corpus": tool, "answers": pattern, "evidence": evidence}
            (other if number > 2 else blind).append(judged)
    for name, rows in (
        ("docs-train/questions.jsonl", written[:9]),
        ("docs-train/blind.jsonl", blind),
        ("docs/questions.jsonl", other),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        _written(folder / name, rows)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few of the packaged questions are learned from, since they take most of the time."""
    found = examples.packaged("tuning")
    monkeypatch.setattr(train, "packaged", lambda _: replace(found, questions=found.questions[:16]))


def _arguments(data: Path, *options: str) -> list[str]:
    return ["train.py", str(data), str(data / "manuals"), str(data / "pages"), *options]


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
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The four models go where they are told to, and the questions they learned are answered."""
    before = SHIPPED.read_bytes()
    out = tmp_path / "weights.json"
    each = tmp_path / "each"
    monkeypatch.setattr("sys.argv", _arguments(data, "--out", str(out), "--each", str(each)))
    train.main()
    assert sorted(file.name for file in each.iterdir()) == ["forge.json", "still.json"]
    assert all(read_weights(file).confidence for file in each.iterdir())
    assert SHIPPED.read_bytes() == before
    fitted = read_weights(out)
    assert all((fitted.passages, fitted.units, fitted.spans, fitted.confidence))

    assert "right of shown" in capsys.readouterr().out

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
    monkeypatch.setattr("sys.argv", _arguments(data, "--cross-validate"))
    train.main()
    out = capsys.readouterr().out
    assert out.startswith("squad2-dev, 2 folds\n")
    assert "packaged, 2 folds\n" in out
    for line in (r"hit@1 +\d", r"sentence +\d", r"auroc off-topic +[01]\.", "threshold 0.20: "):
        assert re.search(rf"^  {line}", out, re.M), line


@pytest.mark.usefixtures("few")
def test_an_ablation_tells_what_each_group_of_features_gains(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three tables, of passages, of units and of the confidence, with the learning curve."""
    monkeypatch.setattr("sys.argv", _arguments(data))
    ablation.main()
    out = capsys.readouterr().out
    for title in ("passages: ", "units: ", "confidence: "):
        assert re.search(rf"^{title}", out, re.M)
    assert re.search(r"^  title and headings +[+-]\d+\.\d\d \[[+-]", out, re.M)
    assert re.search(r"^  a quarter of the questions +[+-]\d+\.\d\d \[[+-]", out, re.M)
