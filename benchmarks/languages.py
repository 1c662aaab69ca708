"""How good answers are in other languages than English, on XQuAD's paragraphs and questions.

    python benchmarks/languages.py DATA [--reader FOLDER]

DATA is a folder of `xquad-<language>.corpus.jsonl` and `xquad-<language>.questions.jsonl`. For each
language, in percent with 95 % intervals: how often the first passage is the right one (hit@1), the
marked sentences hold an answer (sentence), they do with those before and after (neighbour), the
question is answered at the default threshold (answers), and declined where its article is left out
(off-topic). Then how many words a quote has; of scripts without blanks, pairs of letters. English
is squad2-dev, to compare.

With a reader, its vectors are made first, and off-topic questions are left out. The small reader
reads English only; a copy of its folder, which counts as a model of your own, reads every language.
"""

import argparse
import statistics
from pathlib import Path

import numpy as np

from retrieval.evaluation.judging import Judge
from retrieval.evaluation.statistics import interval_of_mean
from retrieval.meaning.loading import WORDS
from retrieval.opening import open_collection
from retrieval.scoring.weights import shipped
from retrieval.text.tokens import tokens
from training.examples import OFF_TOPIC, decisions, read_material

NAMES = ("hit@1", "sentence", "neighbour", "answers")


def measured(folder: Path, name: str, reader: str) -> str:
    """A row of the table."""
    material = read_material(folder, name)
    collection = open_collection(material.knowledge, reader=reader)
    if reader != WORDS:
        collection.make_vectors()
    judge = Judge(collection.index, collection.answerer)
    asked = [question for question in material.questions if question.judges_quotes]
    outcomes = [judge.outcome(question) for question in asked]
    figures = {
        figure: [outcome.scores[figure] for outcome in outcomes if figure in outcome.scores]
        for figure in NAMES
    }
    if reader == WORDS:
        figures["off-topic"] = [
            float(not trace.answer.citations)
            for kind, _, trace, _ in decisions(material, asked, shipped())
            if kind == OFF_TOPIC
        ]
    cells = []
    for values in figures.values():
        interval = interval_of_mean(np.array(values))
        share = 100 * statistics.mean(values)
        cells.append(f"{share:.1f} ({100 * interval.low:.1f} to {100 * interval.high:.1f})")
    words = [len(tokens(outcome.quoted)) for outcome in outcomes]
    return " | ".join([*cells, f"{statistics.median(words):.0f}"])


def main() -> None:
    """Print the table, in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--reader", default=WORDS, metavar="FOLDER")
    options = parser.parse_args()
    folder = options.data
    names = [*NAMES, "off-topic"] if options.reader == WORDS else NAMES
    print(f"| language | {' | '.join(names)} | words of a quote |")
    print("|---" * (len(names) + 2) + "|")
    found = sorted(path.name.partition(".")[0] for path in folder.glob("xquad-*.corpus.jsonl"))
    for name in ["squad2-dev", *found]:
        print(
            f"| {name.removeprefix('xquad-')} | {measured(folder, name, options.reader)} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
