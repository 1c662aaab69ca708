"""Experiments on the quality of answers that no question set shows as it is.

    python benchmarks/quality.py DATA [--every 1]

DATA is a folder of `<name>.corpus.jsonl` and `<name>.questions.jsonl`. Five tables:

ranking    the engine alone and with its best passages scored again, on every set that is there
typos      squad2-dev's questions with one edit in each of one or two words, and with two edits
removed    squad2-dev's questions without their paragraph (near miss) or article (off-topic)
switched   what repairs, acronyms, letters shared and the second sentence gain
time       milliseconds of a whole answer over squad2-dev, and words of a quote

Weights that come with Footnote were fitted to squad2-dev, stackfaq, cranfield and med: figures of
questions that they were not fitted to come from training/train.py --cross-validate.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

from retrieval.answer.answering import Trace
from retrieval.evaluation import measures
from retrieval.evaluation.question_sets import JudgedQuestion
from retrieval.evaluation.statistics import bootstrap, interval_of_mean, paired_difference
from retrieval.questions.acronyms import Acronyms
from retrieval.questions.question import Question
from retrieval.scoring.weights import Model, shipped
from retrieval.text.tokens import tokens
from training.examples import ANSWERABLE, Material, decisions, read_material
from training.train import MAIN

RANKED = ("squad2-dev", "disfl-qa", "stackfaq", "cranfield", "med")
LANGUAGES = ("de", "es", "ru", "tr")
CORPUS_OF = {"disfl-qa": MAIN}
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def misspelt(text: str, chance: random.Random, edits: int) -> str:
    """The text with one or two of its longer words misspelt by so many edits each."""
    long = [w for w in tokens(text) if text[w.start : w.end].isalpha() and w.end - w.start >= 4]
    words = [word for word in long if not word.is_stop_word]
    for word in sorted(chance.sample(words, min(len(words), chance.choice((1, 2)))), reverse=True):
        written = text[word.start : word.end]
        for _ in range(edits):
            written = _edited(written, chance)
        text = text[: word.start] + written + text[word.end :]
    return text


def _edited(word: str, chance: random.Random) -> str:
    """The word with two letters swapped, or a letter dropped, added or changed."""
    place = chance.randrange(len(word) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    letter = chance.choice(LETTERS)
    if kind == 1:
        return word[:place] + letter + word[place:]
    return word[:place] + (letter if kind == 2 else "") + word[place + 1 :]


def _hit(ask: Callable[[str], Sequence[str]], q: JudgedQuestion) -> float:
    wanted = {evidence.document for evidence in q.evidence if evidence.grade > 0}
    return float(any(document in wanted for document in ask(q.question)[:1]))


def _ndcg(ask: Callable[[str], Sequence[str]], question: JudgedQuestion) -> float:
    grades = {evidence.document: evidence.grade for evidence in question.evidence}
    return measures.ndcg(ask(question.question), grades, 10)


def _rankers(material: Material) -> tuple[Callable[[str], list[str]], Callable[[str], list[str]]]:
    answerer = material.answerer(shipped())

    def engine(text: str) -> list[str]:
        hits = material.engine.search(Question(text).terms, 50)
        return list(dict.fromkeys(hit.passage.document_id for hit in hits))

    def rescored(text: str) -> list[str]:
        hits = answerer.search(text, 50)
        return list(dict.fromkeys(hit.passage.document_id for hit in hits))

    return engine, rescored


def ranking(data: Path, every: int) -> None:
    """The engine alone against the same with its best passages scored again."""
    print("ranking: engine alone, scored again, gain with its 95 % interval")
    for name in RANKED:
        if not (data / f"{name}.questions.jsonl").exists():
            continue
        material = read_material(data, name, CORPUS_OF.get(name, name))
        engine, again = _rankers(material)
        asked = [question for question in material.questions if question.evidence][::every]
        for label, measure in (
            ("hit@1", _hit),
            ("ndcg@10", _ndcg),
        ):
            old = np.array([measure(engine, question) for question in asked])
            new = np.array([measure(again, question) for question in asked])
            _print_pair(f"{name} {label}", old, new)


def typos(material: Material, every: int) -> None:
    """What one or two misspelt words in each question cost."""
    print("typos: as written, misspelt, change with its 95 % interval (hit@1)")
    asked = [q for q in material.questions if q.judges_quotes and q.evidence][::every]
    answerer = material.answerer(shipped())
    _, rescored = _rankers(material)
    clean = np.array([_hit(rescored, question) for question in asked])
    for edits in (1, 2):
        chance = random.Random(7)
        changed = [
            q.model_copy(update={"question": misspelt(q.question, chance, edits)}) for q in asked
        ]
        spoilt = np.array([_hit(rescored, question) for question in changed])
        _print_pair(f"{edits} edit{'s' * (edits > 1)} a word", clean, spoilt)
    repaired = [bool(answerer.answer(question.question).repairs) for question in asked]
    print(f"  questions as written in which something is repaired: {np.mean(repaired):.3f}")


def removed(material: Material, every: int) -> None:
    """How well confidence tells questions that are answered from those that cannot be."""
    print("removed: auroc with its 95 % interval, declined at the default threshold")
    confidences: dict[str, list[float]] = {}
    declined: dict[str, list[float]] = {}
    for kind, _, trace, _ in decisions(material, material.questions[::every], shipped()):
        confidences.setdefault(kind, []).append(trace.answer.confidence)
        declined.setdefault(kind, []).append(float(not trace.answer.citations))
    answerable = np.array(confidences.pop(ANSWERABLE))
    print(f"  to answer       declined {np.mean(declined[ANSWERABLE]):.3f}")
    for kind, values in sorted(confidences.items()):
        other = np.array(values)
        both = np.concatenate([answerable, other])
        positive = np.arange(len(both)) < len(answerable)

        def statistic(rows: np.ndarray, both=both, positive=positive) -> float:  # type: ignore[no-untyped-def,type-arg]
            return measures.auroc(both[rows][positive[rows]], both[rows][~positive[rows]])

        interval = bootstrap(len(both), statistic)
        print(
            f"  {kind:14} {measures.auroc(answerable, other):.3f} "
            f"[{interval.low:.3f}, {interval.high:.3f}]  declined {np.mean(declined[kind]):.3f}"
        )


def switched(data: Path, material: Material, every: int) -> None:
    """What parts without weights gain: the same with each of them switched off."""
    print("switched: without it, with it, gain with its 95 % interval")
    asked = [q for q in material.questions if q.judges_quotes and q.evidence][::every]
    chance = random.Random(7)
    spoilt = [q.model_copy(update={"question": misspelt(q.question, chance, 1)}) for q in asked]
    for label, questions, target, name, off in (
        ("repairs, misspelt hit@1", spoilt, "retrieval.answer.answering", "repaired", _no_repairs),
        (
            "acronyms, hit@1",
            asked,
            "retrieval.answer.answering.Answerer",
            "_acronyms",
            Acronyms(()),
        ),
    ):
        with patch(f"{target}.{name}", off):
            _, without = _rankers(material)
            old = np.array([_hit(without, question) for question in questions])
        _, within = _rankers(material)
        _print_pair(label, old, np.array([_hit(within, question) for question in questions]))
    _letters_shared(data, every)
    answerer = material.answerer(shipped())
    traces = [(question, answerer.trace(question.question)) for question in asked]
    traces = [(question, trace) for question, trace in traces if trace.candidates]
    alone = [float(q.is_answered_by(trace.candidates[0].quote)) for q, trace in traces]
    both = [_sentence(question, trace) for question, trace in traces]
    _print_pair("second sentence, sentence", np.array(alone), np.array(both))


def _sentence(question: JudgedQuestion, trace: Trace) -> float:
    """Whether the marked sentences answer."""
    marked = "\n".join(citation.marked for citation in trace.answer.best_quotes)
    return float(question.is_answered_by(marked, trace.asked.question.language))


def _letters_shared(data: Path, every: int) -> None:
    """What words that are alike by their letters gain where no lexicon relates them."""
    whole = shipped()
    without = replace(
        whole, passages=_without(whole.passages, "similar"), units=_without(whole.units, "similar")
    )
    right: tuple[list[float], list[float]] = ([], [])
    for language in LANGUAGES:
        if not (data / f"xquad-{language}.questions.jsonl").exists():
            continue
        material = read_material(data, f"xquad-{language}")
        asked = [question for question in material.questions if question.judges_quotes][::every]
        for weights, found in zip((without, whole), right, strict=True):
            answerer = material.answerer(weights)
            found += [_sentence(q, answerer.trace(q.question)) for q in asked]
    if right[0]:
        _print_pair("letters shared, xquad sentence", np.array(right[0]), np.array(right[1]))


def _without(model: Model, beginning: str) -> Model:
    return {name: value for name, value in model.items() if not name.startswith(beginning)}


def _no_repairs(text: str, *_: object, **__: object) -> tuple[str, tuple[()]]:
    return text, ()


def times(material: Material, every: int) -> None:
    """How long an answer takes, every passage met before, and how long quotes are."""
    answerer = material.answerer(shipped())
    asked = [q.question for q in material.questions if q.judges_quotes][::every]
    for text in asked:
        answerer.answer(text)
    taken, words = [], []
    for text in asked:
        start = time.perf_counter()
        answer = answerer.answer(text)
        taken.append((time.perf_counter() - start) * 1000)
        quotes = answer.best_quotes
        words.append(sum(len(citation.quote.split()) for citation in quotes))
    taken.sort()
    print(
        f"time: p50 {taken[len(taken) // 2]:.2f} ms, p99 {taken[len(taken) * 99 // 100]:.2f} ms; "
        f"words of a quote, median {statistics.median(words):.0f}"
    )


def _print_pair(label: str, old: np.ndarray, new: np.ndarray) -> None:  # type: ignore[type-arg]
    change = paired_difference(old, new)
    interval = interval_of_mean(new)
    print(
        f"  {label:20} {old.mean():.3f}  {new.mean():.3f} [{interval.low:.3f}, {interval.high:.3f}]"
        f"  {change.value:+.3f} [{change.interval.low:+.3f}, {change.interval.high:+.3f}]"
    )


def main() -> None:
    """Run all of them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--every", type=int, default=1, help="ask every so many questions only")
    options = parser.parse_args()
    material = read_material(options.data, MAIN)
    ranking(options.data, options.every)
    typos(material, options.every)
    removed(material, options.every)
    switched(options.data, material, options.every)
    times(material, options.every)


if __name__ == "__main__":
    main()
