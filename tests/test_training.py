"""Training: fits that find what was planted, folds that share nothing, weights that are used."""

import random

import numpy as np
import pytest
from corpora import answerer_over, material

from knowledge.loading import MATERIAL
from retrieval.evaluation.question_sets import Evidence, JudgedQuestion
from retrieval.scoring.weights import SHIPPED, read_weights, score, shipped
from training.cross_validation import folds_of
from training.examples import Material, Without, article_of
from training.learning import Choice, Decision, fit_choices, fit_decisions


def test_a_choice_by_a_planted_rule_is_learned() -> None:
    """Where the larger "good" is right and "noise" says nothing, only "good" gets weight."""
    chance = random.Random(1)
    choices = []
    for _ in range(300):
        rows = [{"good": chance.random(), "noise": chance.random()} for _ in range(5)]
        best = max(range(5), key=lambda n: rows[n]["good"])
        choices.append(Choice(rows, [float(n == best) for n in range(5)]))
    model = fit_choices(choices)
    assert model["good"] > 5
    assert abs(model["noise"]) < model["good"] / 10


def test_choices_without_a_right_candidate_say_nothing() -> None:
    """A question none of whose candidates is right changes no weight."""
    choice = Choice([{"a": 1.0}, {"b": 1.0}], [1.0, 0.0])
    lost = Choice([{"a": 5.0}, {"b": 9.0}], [0.0, 0.0])
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


def test_every_shipped_weight_is_of_a_feature_that_is_asked_for() -> None:
    """Over many questions each model's features are among those that have weights, by kind."""
    answerer = answerer_over(material())
    weights = shipped()
    units: set[str] = set()
    confidence: set[str] = set()
    passages: set[str] = set()
    for text in ("When did Mexico vote?", "Who visited Ramallah in 2013?", "Why did it abstain?"):
        trace = answerer.trace(text)
        assert trace.features is not None
        passages |= trace.found[0].features.keys()
        units |= trace.candidates[0].features.keys()
        confidence |= trace.features.keys()
    assert set(weights.passages) <= passages
    assert set(weights.units) <= units
    assert {n for n in weights.confidence if not n.startswith(("kind_", "lost_", "unsaid_"))} <= (
        confidence
    )


def test_a_feature_without_a_weight_adds_nothing() -> None:
    """Features that the weights do not know are passed over."""
    assert score({"a": 2.0, "unknown": 9.0}, {"a": 0.5}) == 1.0


def test_weights_are_read_as_they_were_written() -> None:
    """The shipped file holds four models of finite numbers."""
    weights = read_weights(SHIPPED)
    for model in (weights.passages, weights.units, weights.spans, weights.confidence):
        assert model
        assert all(np.isfinite(value) for value in model.values())
