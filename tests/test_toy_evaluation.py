"""Ten questions over five sentences: every figure worked out by hand, and the command around it.

What comes of each question (confidences to two digits):

     1 to answer  answered .998  right, 1987 to the letter
     2 to answer  answered .99   right, Anna Berg to the letter
     3 to answer  answered .997  right, 40 to the letter
     4 to answer  answered 1.0   right, a list: "spade rake" for "spade"
     5 to answer  answered .99   right, "Anna Berg in spring" for "in spring"
     6 to answer  answered .996  wrong, the evidence shares no word with the question
     7 to answer  declined .17   would have been right, "pond holds 40" for "40 fish"
     8 to decline declined 0
     9 to decline answered .63
    10 to decline declined 0
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from corpora import documents_at
from hypothesis import given
from hypothesis import strategies as st

from bot.terminal.cli import main
from knowledge.documents import Document, Span
from retrieval.answer.answer import Answer, Citation, Verdict
from retrieval.answer.answering import Answerer
from retrieval.evaluation.comparison import compared
from retrieval.evaluation.figures import Figure, figures
from retrieval.evaluation.judging import Judge
from retrieval.evaluation.question_sets import PACKAGED, read_question_set
from retrieval.evaluation.reports import lengths, scored
from retrieval.index.memory import index_of
from retrieval.scoring.weights import read_weights
from retrieval.search.engine import Hit
from retrieval.search.rank_bm25 import RankBM25Engine

TOY = Path(__file__).parent / "data" / "toy"


@pytest.fixture(scope="module")
def measured() -> dict[str, Figure]:
    """The figures of the ten questions."""
    return _figures(RankBM25Engine)


def _documents() -> list[Document]:
    return documents_at(TOY / "garden.md")


def _figures(engine: type[RankBM25Engine]) -> dict[str, Figure]:
    index = index_of(_documents())
    # Weights of a day, so that what was worked out by hand stays right when others are shipped.
    weights = read_weights(TOY / "weights.json")
    judge = Judge(index, Answerer(index, engine(index), weights=weights))
    questions = read_question_set(TOY / "questions.jsonl").questions
    return figures(scored([judge.outcome(question) for question in questions]))


@pytest.mark.parametrize(
    ("name", "value", "count"),
    [
        ("hit@1", 6 / 7, 7),  # all but 6
        ("hit@5", 6 / 7, 7),
        ("recall@5", 6 / 7, 7),  # the two items of 4 stand in one passage
        ("rr@10", 6 / 7, 7),
        ("ndcg@10", 1.0, 7),  # there is one document
        ("ap", 1.0, 7),
        ("sentence", 6 / 7, 7),
        ("neighbour", 6 / 7, 7),  # nothing stands beside the sentence of 6 in its section
        ("em", 3 / 7, 7),  # 1, 2, 3
        # 1, 2, 3 whole; 4 has 1 of 2 words right; 5 has 2 of 4; 7 misses 1 of 2
        ("f1", (3 + 2 / 3 + 2 / 3 + 2 / 3) / 7, 7),
        ("citation_precision", 5 / 6, 6),  # the answered: 1 to 6, of which 6 is wrong
        ("citation_recall", 5 / 6, 6),
        ("fidelity", 1.0, 8),  # 8 and 10 have no quote
        ("answers", 6 / 7, 7),
        ("declines", 1.0, 3),
        ("precision", 5 / 6, 6),  # 1 to 5 of 1 to 6
        ("recall", 5 / 7, 7),  # 1 to 5
        ("helped", 6 / 7, 7),  # 1 to 5, and 7 by what came nearest
        ("auroc", 20 / 21, 10),  # of 7 x 3 pairs only 7 against 9 is the wrong way round
        # By confidence 4, 3, 1, 2, 5, 6, 7: wrong are 0, 0, 0, 0, 0, 1/6, 1/7
        ("aurc", (1 / 6 + 1 / 7) / 7, 7),
        ("coverage@95", 5 / 7, 7),
        ("coverage@95-neighbour", 5 / 7, 7),
    ],
)
def test_every_figure_is_the_one_worked_out_by_hand(
    measured: dict[str, Figure], name: str, value: float, count: int
) -> None:
    """The value and the number of questions of each figure are as the table above says."""
    assert measured[name].value == pytest.approx(value, abs=1e-6)
    assert measured[name].count == count
    assert measured[name].interval.low <= value <= measured[name].interval.high


def test_the_calibration_error_by_hand(measured: dict[str, Figure]) -> None:
    """Bins: 8, 10 at 0, 7 at .024 (right), 9 at .092; 6 at .618; 2 and 5 at .85; 1, 3, 4 at .96.

    6 and 9 are wrong.
    """
    by_hand = (4 * (1 / 4 - 0.029) + 0.6177 + 2 * (1 - 0.8508) + 3 * (1 - 0.9602)) / 10
    assert measured["ece"].value == pytest.approx(by_hand, abs=0.002)


class _Reversed(RankBM25Engine):
    """A planted regression: the best passages are lost, and the worst that match come first."""

    def search(self, terms: Sequence[str], limit: int) -> list[Hit]:
        hits = super().search(terms, 1_000)[2:][::-1][:limit]
        return [Hit(hit.passage, hit.score, rank) for rank, hit in enumerate(hits, start=1)]


@pytest.mark.slow
def test_a_planted_regression_is_significant() -> None:
    """A ranking without its best passages has a lower hit@1, by more than chance."""
    index = index_of(documents_at(_material()))
    questions = read_question_set(PACKAGED).questions
    runs = []
    for engine in (RankBM25Engine(index), _Reversed(index)):
        judge = Judge(index, Answerer(index, engine))
        runs.append(scored([judge.outcome(question) for question in questions]))
    change = compared(*runs).changes["hit@1"].difference
    assert change.value < -0.3
    assert change.is_significant
    assert change.interval.high < 0


def _material() -> Path:
    from knowledge.loading import MATERIAL

    return MATERIAL


def _evaluate(*options: str) -> int:
    return main(
        ["evaluate", "--knowledge", str(TOY / "garden.md"), str(TOY / "questions.jsonl"), *options]
    )


def test_the_gate_names_the_floors_that_fell(capsys: pytest.CaptureFixture[str]) -> None:
    """A figure below its floor exits with 1 and is named; one above is not."""
    code = _evaluate("--floor", "hit@1=0.9", "--floor", "declines=0.5", "--floor", "answers=0.95")
    assert code == 1
    written = capsys.readouterr()
    assert "Words of an answer: 7 in the median, at most 7 in nine of ten." in written.out
    errors = [line for line in written.err.splitlines() if "floor" in line]
    assert errors == [
        "footnote: hit@1 is 0.8571, below its floor of 0.9",
        "footnote: answers is 0.5714, below its floor of 0.95",
    ]
    assert _evaluate("--floor", "hit@1=0.85") == 0
    assert _evaluate("--floor", "hit=0.85") == 2
    assert _evaluate("--floor", "hit@1=nan") == 2


def test_the_report_is_the_same_whatever_the_processes(tmp_path: Path) -> None:
    """One process and two write the same bytes, without paths of the machine."""
    for processes in ("1", "2"):
        file = tmp_path / f"{processes}.json"
        assert _evaluate("--processes", processes, "--json", str(file)) == 0
    first = (tmp_path / "1.json").read_bytes()
    assert first == (tmp_path / "2.json").read_bytes()
    assert str(TOY).encode() not in first
    report = json.loads(first)
    assert {"hit@1", "hit@5", "rr@10", "ndcg@10", "em", "f1", "sentence", "neighbour"} <= set(
        report["figures"]
    )
    assert {"declines", "answers", "auroc", "fidelity"} <= set(report["figures"])
    assert set(report["figures"]["hit@1"]) == {"value", "low", "high", "n"}
    assert [question["id"] for question in report["questions"]] == [str(n) for n in range(1, 11)]
    assert set(report["tags"]) == {"toy"}
    assert report["words"] == {"median": 7, "ninth_decile": 7}


def test_figures_by_tag_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each tag has a row with what was answered right and what was declined, made harmless."""
    monkeypatch.chdir(tmp_path)
    toy = [json.loads(line) for line in (TOY / "questions.jsonl").read_text().splitlines()]
    for question in toy:
        kind = "off-topic" if question["id"] in "8 10" else "near-miss"
        question["tags"] = ["fact\x1b[1m"] if question["answers"] else [kind]
    Path("q.jsonl").write_text("".join(f"{json.dumps(question)}\n" for question in toy))
    options = ["--knowledge", str(TOY / "garden.md"), "--json", "r.json"]
    assert main(["evaluate", *options, "q.jsonl"]) == 0
    report = json.loads(Path("r.json").read_text())
    rows = capsys.readouterr().out.split("  tag ")[1].splitlines()
    assert rows[0].split() == ["questions", "right", "declined", "rightly"]
    for row, tag, shown, name, count in zip(
        rows[1:4],
        ("fact\x1b[1m", "near-miss", "off-topic"),
        ("fact\N{REPLACEMENT CHARACTER}[1m", "near-miss", "off-topic"),
        ("recall", "declines", "declines"),
        (7, 1, 2),
        strict=True,
    ):
        figure = {key: value * 100 for key, value in report["tags"][tag][name].items()}
        cell = f"{figure['value']:.0f} ({figure['low']:.0f} to {figure['high']:.0f})"
        assert " ".join(row.split()) == f"{shown} {count} {cell}"


def test_a_set_without_tags_has_no_figures_by_tag(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No table is shown where it would be empty."""
    path = tmp_path / "set.jsonl"
    path.write_text('{"id": "1", "question": "Who painted the house?"}', "utf-8")
    assert main(["evaluate", "--knowledge", str(TOY / "garden.md"), str(path)]) == 0
    assert "  tag " not in capsys.readouterr().out


@given(st.lists(st.integers(1, 300), min_size=1, max_size=40))
def test_nine_in_ten_answers_are_as_short_as_is_said(counts: list[int]) -> None:
    """Half have at most the median, nine in ten at most the ninth decile; only shown ones count."""
    answers = [_answer_of(count) for count in counts]
    declined = replace(answers[0], verdict=Verdict.DECLINED, citations=())
    found = lengths([*answers, declined])
    assert found is not None
    for length, share in ((found.median, 0.5), (found.ninth_decile, 0.9)):
        assert sum(count <= length for count in counts) >= share * len(counts)
        assert min(counts) <= length <= max(counts)
    assert lengths([declined]) is None


def _answer_of(words: int) -> Answer:
    text = " ".join(["word"] * words)
    quote = Citation("a", "A", (), "a.md", Span(0, len(text)), 1, text)
    return Answer("a?", Verdict.ANSWERED, 1.0, (quote,), ())


def test_a_baseline_that_is_no_report_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Another file as the baseline gets one sentence before anything runs."""
    assert _evaluate("--baseline", str(TOY / "garden.md")) == 2
    assert "is no report" in capsys.readouterr().err


def test_a_baseline_of_other_questions_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A report that shares no question with the set compares with nothing."""
    other = tmp_path / "other.json"
    other.write_text('{"questions": [{"id": "zz", "confidence": 1, "scores": {}}]}')
    assert _evaluate("--baseline", str(other)) == 2
    assert "contains none of these questions" in capsys.readouterr().err


def test_a_report_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """A path in a folder that is not there exits with 2 and writes nothing."""
    assert _evaluate("--json", str(tmp_path / "nowhere" / "r.json")) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 1: Invalid JSON"),
        ('{"id": "1"}', "line 1: question: Field required"),
        (
            '{"id": "1", "question": "a?", "evidence": [{"document": "no.md"}]}',
            "1: there is no document 'no.md'",
        ),
        (
            '{"id": "1", "question": "a?", "evidence": [{"document": "garden.md", "quote": "x"}]}',
            "1: garden.md no longer holds 'x'",
        ),
        (
            '{"id": "1", "question": "a?"}\n{"id": "1", "question": "b?"}',
            "the id '1' stands 2 times",
        ),
        ("\n", "holds no questions"),
        ('{"id": "1", "question": "  "}', "1: the question is empty or has more than 1,000"),
    ],
)
def test_what_is_wrong_with_a_set_is_told_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, reason: str
) -> None:
    """A bad line, a duplicate or evidence that is gone is named with the file; exit code 2."""
    path = tmp_path / "set.jsonl"
    path.write_text(line, encoding="utf-8")
    assert main(["evaluate", "--knowledge", str(TOY / "garden.md"), str(path)]) == 2
    error = capsys.readouterr().err
    assert "set.jsonl: " in error
    assert reason in error


def test_a_repeated_question_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A question that stands twice with one judgement counts twice, and that is said."""
    path = tmp_path / "set.jsonl"
    path.write_text('{"id": "1", "question": "a?"}\n{"id": "2", "question": "a?"}', "utf-8")
    assert main(["evaluate", "--knowledge", str(TOY / "garden.md"), str(path)]) == 0
    assert "set.jsonl: the question 'a?' occurs 2 times" in capsys.readouterr().err


def test_a_squad_file_brings_its_documents(tmp_path: Path) -> None:
    """The contexts of a SQuAD file are the documents; what is impossible must be declined."""
    qas = [
        {"id": "a", "question": "When was it built?", "answers": [{"text": "1987"}]},
        {"id": "b", "question": "Who sold it?", "answers": [], "is_impossible": True},
    ]
    paragraphs = [{"context": "It was built in 1987.", "qas": qas}]
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": [{"title": "House", "paragraphs": paragraphs}]}))
    found = read_question_set(path)
    assert isinstance(found.corpus, tuple)
    assert [document.id for document in found.corpus] == ["House#1"]
    assert [question.must_be_declined for question in found.questions] == [False, True]
    assert main(["evaluate", str(path)]) == 0


def test_a_beir_folder_brings_its_corpus(tmp_path: Path) -> None:
    """Grades are read, judgements of all files count, and queries without any are left out."""
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text(
        '{"_id": "d1", "title": "", "text": "The pond holds fish."}\n'
        '{"_id": "d2", "title": "", "text": "The house is red."}\n'
    )
    (tmp_path / "queries.jsonl").write_text(
        '{"_id": "q1", "text": "fish in the pond"}\n{"_id": "q2", "text": "nothing"}\n'
    )
    (tmp_path / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\n"
    )
    found = read_question_set(tmp_path)
    assert [question.id for question in found.questions] == ["q1"]
    assert [(e.document, e.grade) for e in found.questions[0].evidence] == [("d1", 2), ("d2", 0)]
    assert main(["evaluate", str(tmp_path), "--floor", "ndcg@10=1"]) == 0


def test_the_packaged_set_is_what_the_documents_say() -> None:
    """Its amounts, its parts and its kinds are those that docs/evaluation.md names."""
    questions = read_question_set(PACKAGED).questions
    assert sum(not question.must_be_declined for question in questions) == 210
    assert sum(question.must_be_declined for question in questions) == 118
    text = (Path(__file__).parents[1] / "docs" / "evaluation.md").read_text(encoding="utf-8")
    kinds = {"direct", "paraphrase", "list", "typo", "chat", "several"}
    kinds |= {"near-miss", "off-topic", "false-premise"}
    for kind in kinds:
        count = sum(kind in question.tags for question in questions)
        assert f"| {kind} | {count} |" in text
    for question in questions:
        assert len({"tuning", "held-out"} & set(question.tags)) == 1
        assert len(kinds & set(question.tags)) == 1
    sections = {tag for q in questions for tag in q.tags if tag.startswith("section:")}
    assert len(sections) == 9


@pytest.mark.slow
def test_drafted_questions_are_reported_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figures are those without them, the row of their tag has theirs, and a line says so."""
    monkeypatch.chdir(tmp_path)
    lines = (TOY / "questions.jsonl").read_text().splitlines()
    own = [json.loads(line) for line in lines[1:]]
    drafted = {**json.loads(lines[0]), "tags": ["drafted"]}
    written = {"own.jsonl": own, "both.jsonl": [*own, drafted], "drafted.jsonl": [drafted]}
    reports = {}
    for name, questions in written.items():
        Path(name).write_text("".join(f"{json.dumps(question)}\n" for question in questions))
        options = ["--knowledge", str(TOY / "garden.md"), "--json", "r.json", "--html", "r.html"]
        assert main(["evaluate", *options, name]) == 0
        reports[name] = json.loads(Path("r.json").read_text())
    assert reports["both.jsonl"]["figures"] == reports["own.jsonl"]["figures"]
    assert reports["both.jsonl"]["tags"]["drafted"]["recall"]["n"] == 1
    assert len(reports["both.jsonl"]["questions"]) == 10
    assert reports["drafted.jsonl"]["figures"]["recall"]["n"] == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert "Not counted but by tag: 1 drafted question, which shares the words" in shown
    assert "1 drafted question, which shares the words of the documents: expect less" in shown


def test_drafted_questions_count_where_no_others_are_to_be_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A set of drafted questions and others to decline has figures about answers too."""
    monkeypatch.chdir(tmp_path)
    lines = [json.loads(line) for line in (TOY / "questions.jsonl").read_text().splitlines()]
    drafted = [{**line, "tags": ["drafted"]} for line in lines if line["evidence"]]
    declined = [line for line in lines if not line["evidence"]]
    questions = "".join(f"{json.dumps(line)}\n" for line in drafted + declined)
    Path("set.jsonl").write_text(questions)
    options = ["--knowledge", str(TOY / "garden.md"), "--json", "r.json"]
    assert main(["evaluate", *options, "set.jsonl"]) == 0
    figures = json.loads(Path("r.json").read_text())["figures"]
    assert figures["recall"]["n"] == len(drafted)
    assert figures["declines"]["n"] == len(declined)
    assert "expect less of real ones" in " ".join(capsys.readouterr().out.split())
