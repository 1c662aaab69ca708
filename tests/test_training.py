"""Training: fits that find what was planted, folds that share nothing, weights that are used."""

import json
import random
from pathlib import Path

import numpy as np
import pytest
from corpora import answerer_over, document, material

import footnote
from knowledge.loading import MATERIAL
from retrieval.evaluation.question_sets import Evidence, JudgedQuestion
from retrieval.scoring.weights import SHIPPED, WeightsError, read_weights, score, shipped
from training.cross_validation import folds_of
from training.examples import (
    ANSWERABLE,
    Material,
    Without,
    article_of,
    decisions,
    span_choices,
    unit_choices,
)
from training.learning import Choice, Decision, fit_choices, fit_decisions
from training.refit import _about


def test_a_choice_by_a_planted_rule_is_learned() -> None:
    """Where the larger "good" is right and "noise" says nothing, only "good" gets weight."""
    chance = random.Random(1)
    choices = []
    for _ in range(300):
        rows = [{"good": chance.random(), "noise": chance.random()} for _ in range(5)]
        best = max(range(5), key=lambda n: rows[n]["good"])
        choices.append(Choice.of(rows, [float(n == best) for n in range(5)]))
    model = fit_choices(choices)
    assert model["good"] > 5
    assert abs(model["noise"]) < model["good"] / 10


def test_choices_without_a_right_candidate_say_nothing() -> None:
    """A question none of whose candidates is right changes no weight."""
    choice = Choice.of([{"a": 1.0}, {"b": 1.0}], [1.0, 0.0])
    lost = Choice.of([{"a": 5.0}, {"b": 9.0}], [0.0, 0.0])
    assert fit_choices([choice]) == fit_choices([choice, lost])


def test_a_decision_is_calibrated() -> None:
    """Where a quarter of the examples is right, so is the probability."""
    examples = [Decision({"constant": 1.0}, float(n % 4 == 0), 1.0) for n in range(400)]
    model = fit_decisions(examples)
    assert 1 / (1 + np.exp(-model["constant"])) == pytest.approx(0.25, abs=0.001)


def test_an_example_of_double_weight_counts_twice() -> None:
    """Weights of examples are how often they would stand there."""
    one = [Decision({"constant": 1.0}, 1.0, 2.0), Decision({"constant": 1.0}, 0.0, 1.0)]
    two = [Decision({"constant": 1.0}, right, 1.0) for right in (1.0, 1.0, 0.0)]
    assert fit_decisions(one)["constant"] == pytest.approx(fit_decisions(two)["constant"], abs=1e-4)


def test_a_rare_feature_gets_no_large_weight() -> None:
    """However much it tells of the few examples that have it."""
    plain = [Decision({"constant": 1.0}, float(n % 2), 1.0) for n in range(200)]
    rare = [Decision({"constant": 1.0, "is_row": 1.0}, 1.0, 1.0) for _ in range(3)]
    assert 0 < fit_decisions([*plain, *rare])["is_row"] < 1


def test_fixed_weights_stay() -> None:
    """Only the others are fitted, to what is left to say."""
    fixed = {"constant": -1.0, "share": 2.0}
    examples = [
        Decision({"constant": 1.0, "share": 0.5, "is_row": float(n % 2)}, float(n % 4 == 0), 1.0)
        for n in range(80)
    ]
    model = fit_decisions(examples, fixed=fixed)
    assert fixed.items() <= model.items()
    assert model["is_row"] < 0


def test_only_what_is_about_the_kinds_is_fitted_anew() -> None:
    """Decisions without such features say nothing of them; what has no weight stays without."""
    row = Decision({"constant": 1.0, "unit_is_row": 1.0, "passage_row_list": 0.0, "new": 1.0}, 1, 1)
    other = Decision({"constant": 1.0, "unit_rows": 1.0, "unit_is_row": 0.0}, 0.0, 1.0)
    (kept,) = _about([row, other], ["row"], ["constant"])
    assert kept.features == {"constant": 1.0, "unit_is_row": 1.0}


def _questions(count: int, articles: int) -> Material:
    questions = tuple(
        JudgedQuestion(
            id=str(n),
            question=f"Question {n}?",
            answers=("x",),
            evidence=(Evidence(document=f"Article{n % articles}#1"),),
        )
        for n in range(count)
    )
    return Material("made", MATERIAL, questions)


@pytest.mark.parametrize("articles", [1, 8, 20])
def test_folds_share_no_question(articles: int) -> None:
    """Every question is in one fold, and with several articles no article is in two."""
    made = _questions(60, articles)
    folds = folds_of(made, 5)
    assert sorted(q.id for fold in folds for q in fold) == sorted(q.id for q in made.questions)
    if articles > 5:
        groups = [{article_of(q.evidence[0].document) for q in fold} for fold in folds]
        assert sum(map(len, groups)) == len(set().union(*groups)) == articles


def test_what_is_left_out_is_not_found() -> None:
    """An engine without a document finds no passage of it, and ranks the rest from 1."""
    article = material()
    made = Material("packaged", MATERIAL, ())
    engine = Without(made.engine)
    assert engine.search(["palestin"], 5)
    engine.is_left_out = lambda document: document == article.id
    assert engine.search(["palestin"], 5) == []


def test_patterns_are_learned_from_as_answers_are() -> None:
    """Units and decisions are the same for either; spans are learned from answers alone."""
    asked = {"id": "1", "question": "When was Mexico's office in Ramallah opened?"}
    by_answer = JudgedQuestion.model_validate({**asked, "answers": ["2005"]})
    by_pattern = JudgedQuestion.model_validate({**asked, "patterns": [r"\b2005\b"]})
    made = Material("packaged", MATERIAL, (by_answer, by_pattern))
    learned = [list(unit_choices(made, [one], shipped())) for one in made.questions]
    (one,), (other,) = learned
    assert one.names == other.names
    assert (one.values == other.values).all()
    assert (one.right == other.right).all()
    assert 1.0 in one.right
    decided = [(kind, right) for kind, _, _, right in decisions(made, made.questions, shipped())]
    assert decided == [(ANSWERABLE, True), (ANSWERABLE, True)]
    assert not list(span_choices(made, [by_pattern], shipped()))


MANUAL = """<h1>Loom</h1><p>A loom is a machine that weaves. See the options.</p><h2>Options</h2>
<table><tr><th>name</th><th>unit</th></tr><tr><td>max_speed</td><td>rows</td></tr></table>
<dl><dt>max_speed</dt><dd>The default of the loom is 40 rows because it is old.</dd></dl>
<h2>Start the loom</h2><p>To start the loom:</p><ol><li>You must oil it in March 1984.</li></ol>
<pre>loom --start\nloom --test</pre>"""
ASKED = (
    *("what is a loom?", "how to start the loom", "list the options of the loom", "start the loom"),
    *("default of max_speed of the loom", "Is the loom old?", "When did Mexico vote in Rome?"),
    *("Who visited Ramallah in 2013?", "Why is the loom old?", "Where is the loom?"),
    *("Which unit does max_speed have?", "How many rows does the loom weave, not 40?"),
)


def test_every_shipped_weight_is_of_a_feature_that_there_is() -> None:
    """Over questions of every kind, few weights are of features that none of them has."""
    answerer = answerer_over(material(), document(MANUAL, "loom.html"))
    found: dict[str, set[str]] = {"passages": set(), "units": set(), "confidence": set()}
    for text in ASKED:
        trace = answerer.trace(text)
        assert trace.features is not None
        found["passages"].update(*(one.features for one in trace.found))
        found["units"].update(*(one.features for one in trace.candidates))
        found["confidence"].update(trace.features)
    for model, names in found.items():
        weights = set(getattr(shipped(), model))
        assert len(weights - names) < len(weights) / 3
        assert {name.partition("_")[0] for name in weights - names} <= {
            name.partition("_")[0] for name in names
        }


def test_a_feature_without_a_weight_adds_nothing() -> None:
    """Features that the weights do not know are passed over."""
    assert score({"a": 2.0, "unknown": 9.0}, {"a": 0.5}) == 1.0


def test_weights_are_read_as_they_were_written() -> None:
    """The shipped file holds four models of finite numbers."""
    weights = read_weights(SHIPPED)
    for model in (weights.passages, weights.units, weights.spans, weights.confidence):
        assert model
        assert all(np.isfinite(value) for value in model.values())


def test_other_weights_are_used_where_they_are_given(tmp_path: Path) -> None:
    """With weights of a file a question is as sure as their confidence says."""
    file = tmp_path / "weights.json"
    models = {"passages": {}, "units": {}, "spans": {}, "confidence": {"constant": -3.0}}
    file.write_text(json.dumps({**models, "threshold": 0.04}))
    asked = "When did Mexico vote?"
    collection = footnote.open(MATERIAL, cache=tmp_path / "cache", weights=file)
    answer = collection.ask(asked)
    assert answer.confidence == pytest.approx(1 / (1 + np.exp(3)))
    assert collection.threshold == 0.04
    assert answer.citations


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"passages": {"a": "x"}}', "\xff"])
def test_a_file_without_weights_is_named(tmp_path: Path, text: str) -> None:
    """What holds no weights, or is not there, is named with the remedy."""
    file = tmp_path / "weights.json"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(WeightsError, match=r"weights\.json: is not a file of weights; make one"):
        read_weights(file)
    with pytest.raises(WeightsError, match="cannot be read"):
        read_weights(tmp_path / "missing.json")
