"""How many times as long Footnote takes as what it is built on, both measured in turns.

    python benchmarks/ratios.py                        over docstrings of Python's library
    python benchmarks/ratios.py --check                likewise, and exit with 1 where a ratio is
                                                       more than a quarter above that in REACHED
    python benchmarks/ratios.py CORPUS [--size N]      over the first N passages of a corpus

CORPUS is a BEIR folder or a corpus.jsonl. Each figure is a time of Footnote's in multiples of that
of a named peer, over the same passages, questions and terms: both are measured question by
question and index by index in the processor's time, and process by process, so that whatever else
the machine does slows both.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import bot.__main__  # noqa: E402, F401 (so garbage is looked for as seldom as in a command)
from benchmarks.discord_load import docstrings  # noqa: E402
from benchmarks.peer_systems import Search, footnote, rank_bm25, tantivy  # noqa: E402
from benchmarks.peers import cold, questions_of, rows, texts_of, write_corpus  # noqa: E402

SEARCH = "a search, Tantivy alone"
ANSWER = "a whole answer, a search by rank-bm25"
INDEXING = "indexing, cutting words and Tantivy alone"
PROCESS = "a new process, importing tantivy and pydantic"
REACHED: Mapping[str, float] = {SEARCH: 6.1, ANSWER: 6.5, INDEXING: 4.4, PROCESS: 1.2}
"""What each ratio was over the docstrings, measured beside other work."""

SLACK = 1.25
SIZE = 2_000
"""Docstrings that are taken."""

MOST = 100_000
"""Passages up to which rank-bm25 is compared, which scores every one of them for each question, and
that are indexed several times."""

INDEXINGS = 7
"""Times that both are indexed; what takes so short a time varies."""


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of what was measured in turns."""
    return median(one / other for one, other in zip(ours, theirs, strict=True))


def seconds(work: Callable[[], object]) -> float:
    """How long something takes of a processor: what takes longer is also interrupted more often."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def processor_seconds(work: Callable[[], object]) -> float:
    """The same with what the processes take that it starts."""
    before = sum(os.times()[:4])
    work()
    return sum(os.times()[:4]) - before


def asked(ours: Search, theirs: Search, questions: Sequence[str]) -> float:
    """The ratio of two searches."""
    times: dict[Search, list[float]] = {ours: [], theirs: []}
    for number, question in enumerate(questions):
        for search in (ours, theirs) if number % 2 else (theirs, ours):
            times[search].append(seconds(lambda: search(question)))  # noqa: B023 (done at once)
    return ratio(times[ours][5:], times[theirs][5:])


def indexed(texts: list[str], folder: Path) -> tuple[float, Path, Path]:
    """The ratio of indexing, and the folders of what was indexed last."""
    build = footnote("search", "tantivy")
    times = []
    # The first time, what is needed is imported.
    for number in range(1 + (INDEXINGS if len(texts) <= MOST else 1)):
        some = texts if number else texts[:10]
        own, other = folder / f"footnote{number}", folder / f"tantivy{number}"
        own.mkdir()
        other.mkdir()
        write_corpus(own / "corpus.jsonl", some)
        ours = processor_seconds(lambda: build(some, own))  # noqa: B023 (done at once)
        theirs = processor_seconds(lambda: tantivy(some, other))  # noqa: B023 (done at once)
        times.append((ours, theirs))
    return ratio(*zip(*times[1:], strict=True)), own, other


def ratios(corpus: Path, count: int | None, folder: Path) -> dict[str, float]:
    """Each ratio over the first `count` passages, or all."""
    texts, questions = texts_of(corpus, count), questions_of(corpus, count)
    indexing, own, other = indexed(texts, folder)
    search, answer = (footnote(part, "tantivy")(texts, own) for part in ("search", "answer"))
    found = {SEARCH: asked(search, tantivy([], other), questions)}
    if len(texts) <= MOST:
        found[ANSWER] = asked(answer, rank_bm25(texts, folder), questions)
    return {**found, INDEXING: indexing, PROCESS: cold(corpus, count)["ratio"]}


def said_of_functions(file: Path) -> Path:
    """A corpus of docstrings of Python's library, written to a file."""
    texts = (said for _, module in docstrings() for said in module.split("\n\n# "))
    with file.open("w", encoding="utf-8") as out:
        for number, text in enumerate(islice(texts, SIZE)):
            out.write(json.dumps({"_id": str(number), "title": "", "text": text}) + "\n")
    return file


def main() -> int:
    """Measure, print, and compare with what was reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="?", type=Path)
    parser.add_argument("--size", type=int)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.check and (options.corpus or options.size):
        parser.error(
            "--check compares what was reached over the docstrings; give no corpus or size"
        )
    with tempfile.TemporaryDirectory() as folder:
        corpus = options.corpus or said_of_functions(Path(folder) / "docstrings.jsonl")
        found = ratios(corpus, options.size, Path(folder))
        count = len(rows(corpus, options.size))
    print(f"Over {count:,} passages:\n\n| time of | in multiples of | ratio |\n|---|---|---|")
    for name, value in found.items():
        print(f"| {' | '.join(name.split(', '))} | {value:.2f} |")
    worse = {name: value for name, value in found.items() if value > SLACK * REACHED[name]}
    if not options.check or not worse:
        return 0
    for name, value in worse.items():
        print(f"{name}: {value:.2f}, and it was {REACHED[name]:.2f}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
