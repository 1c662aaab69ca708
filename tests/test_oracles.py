"""Measures and statistics against other people's implementations."""

from pathlib import Path

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import AP, RR, R, Success, nDCG
from scipy import stats

from bot.terminal.cli import main
from retrieval.evaluation import measures
from retrieval.evaluation.statistics import (
    interval_of_mean,
    paired_difference,
    wilson,
)

CONFIDENCES = st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.5, 0.9, 1.0]), min_size=1, max_size=30)


@given(
    st.permutations(list("abcdefghijkl")),
    st.dictionaries(st.sampled_from("abcdefgz"), st.integers(0, 3)),
)
def test_ranking_measures_are_those_of_trec_eval(
    ranking: list[str], grades: dict[str, int]
) -> None:
    """nDCG@10, AP, RR, success and recall equal those of ir-measures on graded judgements."""
    relevant = [document for document, grade in grades.items() if grade > 0]
    if not relevant:
        return
    run = {"q": {document: 1 / rank for rank, document in enumerate(ranking, start=1)}}
    theirs = ir_measures.calc_aggregate(
        [nDCG @ 10, AP, RR @ 10, Success @ 5, R @ 5], {"q": grades}, run
    )
    found = [
        frozenset(n for n, document in enumerate(relevant) if document == name) for name in ranking
    ]
    assert measures.ndcg(ranking, grades, 10) == pytest.approx(theirs[nDCG @ 10])
    assert measures.average_precision(ranking, grades) == pytest.approx(theirs[AP])
    assert measures.reciprocal_rank(found, 10) == pytest.approx(theirs[RR @ 10])
    assert measures.hit(found, 5) == pytest.approx(theirs[Success @ 5])
    assert measures.recall(found, len(relevant), 5) == pytest.approx(theirs[R @ 5])


def test_exported_files_give_the_same_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A BEIR folder's run and qrels, scored by ir-measures, give our nDCG@10 and AP."""
    texts = [
        "The pond holds fish.",
        "The house is red.",
        "Fish swim in the red pond.",
        "A red fish.",
    ]
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text(
        "".join(f'{{"_id": "d {n}", "text": "{text}"}}\n' for n, text in enumerate(texts))
    )
    (tmp_path / "queries.jsonl").write_text(
        '{"_id": "q1", "text": "red fish"}\n{"_id": "q2", "text": "pond house"}\n'
    )
    (tmp_path / "qrels" / "test.tsv").write_text(
        "q1\td 0\t1\nq1\td 3\t2\nq2\td 1\t1\nq2\td 2\t0\nq2\td 3\t3\n"
    )
    files = [str(tmp_path / name) for name in ("run.txt", "qrels.txt", "report.json")]
    assert (
        main(
            ["evaluate", str(tmp_path), "--run", files[0], "--qrels", files[1], "--json", files[2]]
        )
        == 0
    )
    theirs = ir_measures.calc_aggregate(
        [nDCG @ 10, AP],
        ir_measures.read_trec_qrels(files[1]),
        ir_measures.read_trec_run(files[0]),
    )
    from json import loads

    ours = loads(Path(files[2]).read_text(encoding="utf-8"))["figures"]
    assert ours["ndcg@10"]["value"] == pytest.approx(theirs[nDCG @ 10], abs=1e-6)
    assert ours["ap"]["value"] == pytest.approx(theirs[AP], abs=1e-6)
    assert ours["ndcg@10"]["value"] < 1


@given(CONFIDENCES, CONFIDENCES)
def test_auroc_is_mann_and_whitneys_u(positive: list[float], negative: list[float]) -> None:
    """The area is U over the number of pairs, ties counted half."""
    u = stats.mannwhitneyu(positive, negative).statistic
    ours = measures.auroc(np.array(positive), np.array(negative))
    assert ours == pytest.approx(u / (len(positive) * len(negative)))


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_scipys(counts: tuple[int, int]) -> None:
    """The interval of a proportion equals that of scipy's binomial test."""
    theirs = stats.binomtest(*counts).proportion_ci(method="wilson")
    ours = wilson(*counts)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@pytest.mark.parametrize("total", range(1, 61))
def test_an_interval_holds_its_share(total: int) -> None:
    """Its ends are on either side of the share, also of none and of all."""
    for right in range(total + 1):
        interval = wilson(right, total)
        assert 0 <= interval.low <= right / total <= interval.high <= 1


def test_the_bootstrap_is_near_scipys() -> None:
    """The percentile interval of a mean is that of scipy's bootstrap, but for the draws."""
    values = np.random.default_rng(3).random(200)
    theirs = stats.bootstrap(
        (values,), np.mean, method="percentile", n_resamples=4000, rng=np.random.default_rng(1)
    ).confidence_interval
    ours = interval_of_mean(values)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.004)


@pytest.mark.parametrize("effect", [0.0, 0.1, 0.3])
def test_the_paired_test_is_near_scipys(effect: float) -> None:
    """The p-value of a paired difference is that of scipy's permutation test of signs."""
    generator = np.random.default_rng(7)
    old = generator.integers(0, 2, 60).astype(float)
    new = np.where(generator.random(60) < effect, 1.0, old)
    ours = paired_difference(old, new)
    theirs = stats.permutation_test(
        (new, old),
        lambda x, y, axis: np.mean(x - y, axis=axis),
        permutation_type="samples",
        n_resamples=9_999,
        rng=np.random.default_rng(2),
    ).pvalue
    assert ours.value == pytest.approx((new - old).mean())
    assert ours.p_value == pytest.approx(theirs, abs=0.02)


def test_risk_and_coverage_by_hand() -> None:
    """Two questions of one confidence are answered together: no threshold parts them."""
    confidence = np.array([0.9, 0.8, 0.8, 0.3])
    right = np.array([True, True, False, False])
    coverage, risk = measures.risk_coverage(confidence, right)
    assert coverage.tolist() == [0.25, 0.75, 1.0]
    assert risk.tolist() == pytest.approx([0, 1 / 3, 1 / 2])
    assert measures.area_under_risk_coverage(confidence, right) == pytest.approx(
        0.25 * 0 + 0.5 / 3 + 0.25 / 2
    )
    assert measures.coverage_at_precision(confidence, right, 0.95) == 0.25
    assert measures.calibration_error(confidence, right) == pytest.approx((0.1 + 2 * 0.3 + 0.3) / 4)


@pytest.mark.parametrize(
    ("answer", "gold", "em", "f1"),
    [
        ("The Eiffel Tower!", "eiffel tower", 1, 1),
        ("a cat", "the cat", 1, 1),
        ("in 1987", "1987", 0, 2 / 3),
        ("", "1987", 0, 0),
        ("red fish", "blue bird", 0, 0),
    ],
)
def test_answers_are_normalised_as_squad_does(answer: str, gold: str, em: float, f1: float) -> None:
    """Case, punctuation, articles and blanks do not count."""
    assert measures.exact_match(answer, [gold]) == em
    assert measures.f1(answer, [gold, "zzz"]) == pytest.approx(f1)


def test_an_answer_is_contained_in_whole_words() -> None:
    """ "19" is not in "1987", and "US" is not in "house"."""
    assert measures.contains("It was in 1987.", ["1987"]) == 1
    assert measures.contains("It was in 1987.", ["19"]) == 0
    assert measures.contains("the house", ["us"]) == 0
