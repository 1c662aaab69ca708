"""How good answers are in other languages than English, on XQuAD's paragraphs and questions.

    python benchmarks/languages.py DATA

DATA is a folder of `xquad-<language>.corpus.jsonl` and `xquad-<language>.questions.jsonl`. For each
language: how often the first passage is the right one, the quote holds an answer, it does with the
sentence before and after it, and how many words a quote has (of scripts without blanks, pairs of
letters), each but the last in percent with a 95 % interval. English is squad2-dev, to compare.
"""

import argparse
import statistics
from pathlib import Path

import numpy as np

from bot.assembly import judge_over
from knowledge.loading import load
from retrieval.confidence import THRESHOLD
from retrieval.evaluation.question_sets import read_question_set
from retrieval.evaluation.statistics import interval_of_mean
from retrieval.tokens import tokens

NAMES = ("hit@1", "sentence", "neighbour", "answers")


def measured(corpus: Path, questions: Path) -> str:
    """A row of the table."""
    documents = {document.id: document for document in load(corpus).documents}
    judge = judge_over(documents, "auto", THRESHOLD)
    asked = [one for one in read_question_set(questions).questions if one.answers]
    outcomes = [judge.outcome(question) for question in asked]
    cells = []
    for name in NAMES:
        values = [outcome.scores[name] for outcome in outcomes]
        interval = interval_of_mean(np.array(values))
        share = 100 * statistics.mean(values)
        cells.append(f"{share:.1f} ({100 * interval.low:.1f} to {100 * interval.high:.1f})")
    words = [len(tokens(outcome.quoted)) for outcome in outcomes]
    return " | ".join([*cells, f"{statistics.median(words):.0f}"])


def main() -> None:
    """Print the table, in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    folder = parser.parse_args().data
    print(f"| language | {' | '.join(NAMES)} | words of a quote |")
    print("|---" * (len(NAMES) + 2) + "|")
    for corpus in [
        folder / "squad2-dev.corpus.jsonl",
        *sorted(folder.glob("xquad-*.corpus.jsonl")),
    ]:
        name = corpus.name.removesuffix(".corpus.jsonl")
        label = name.removeprefix("xquad-")
        row = measured(corpus, folder / f"{name}.questions.jsonl")
        print(f"| {label} | {row} |", flush=True)


if __name__ == "__main__":
    main()
