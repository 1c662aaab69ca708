"""A search cluster against the embedded index, over the same documents and questions.

    python benchmarks/cluster.py KNOWLEDGE QUESTIONS --cluster ADDRESSES [--most 500] [--warm 200]

QUESTIONS is a set as `footnote evaluate` reads it. Both indexes are made where they are missing;
with --rebuild they are made anew, and how long that took is printed. Each engine is then asked in a
process of its own, by words, one question after the other: seconds of a whole answer, and the
memory of the process. What both gave is compared: the ten best passages, verdict and quotes.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from retrieval.collection import Collection, open_collection

ENGINES = ("tantivy", "opensearch")


def opened(options: argparse.Namespace, engine: str, **more: Any) -> Collection:
    """The documents with one of the engines."""
    return open_collection(
        options.knowledge, engine=engine, reader="words", cluster=options.cluster, **more
    )


def asked(options: argparse.Namespace, questions: list[str]) -> dict[str, Any]:
    """What a process takes that asks with an engine, and what it gets."""
    collection = opened(options, options.engine, refresh=False)
    for text in questions[-options.warm :] if options.warm else ():
        collection.ask(text)
    taken, answers = [], []
    for text in questions[: options.most]:
        start = time.perf_counter()
        answer = collection.ask(text)
        taken.append(time.perf_counter() - start)
        hits = [hit.passage.id for hit in collection.search(text, 10)]
        answers.append({"text": answer.text, "hits": hits})
    # Nothing else has been imported here than what asking needs.
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"taken": taken, "passages": collection.passages, "MiB": memory, "answers": answers}


def compare(found: dict[str, dict[str, Any]]) -> None:
    """Print what each took, and how much of what they gave is the same."""
    for engine, one in found.items():
        middle, last = (quantile(one["taken"], share) for share in (0.5, 0.99))
        print(
            f"{engine:10} {one['passages']:,} passages: p50 {1000 * middle:.1f} ms,"
            f" p99 {1000 * last:.1f} ms, {one['MiB']:.0f} MiB"
        )
    pairs = list(zip(*(one["answers"] for one in found.values()), strict=True))
    same = sum(one["text"] == other["text"] for one, other in pairs)
    shared = [
        len(set(one["hits"]) & set(other["hits"])) / len(one["hits"])
        for one, other in pairs
        if one["hits"]
    ]
    print(f"the same verdict and quotes: {same} of {len(pairs)} ({same / len(pairs):.1%})")
    print(f"the same among the ten best: {sum(shared) / len(shared):.4f}")


def quantile(values: list[float], share: float) -> float:
    """The value below which that share of some values is."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def build(options: argparse.Namespace) -> None:
    """Make both indexes, and print how long that took where they were made."""
    for engine in ENGINES:
        start = time.perf_counter()
        collection = opened(options, engine, rebuild=options.rebuild)
        taken = time.perf_counter() - start
        if not collection.report.is_nothing:
            rate = collection.passages / taken
            print(f"{engine:10} {taken:.1f} s to index, {rate:,.0f} passages a second", flush=True)


def main() -> None:
    """Build both, ask in a process for each, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("knowledge", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--cluster", required=True)
    parser.add_argument("--most", type=int, default=500)
    parser.add_argument("--warm", type=int, default=200)
    parser.add_argument("--rebuild", action="store_true")
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.engine:
        print(json.dumps(asked(options, json.load(sys.stdin))))
        return
    # Imported here since it brings pydantic, which is no part of asking.
    from retrieval.evaluation.question_sets import read_question_set

    questions = [one.question for one in read_question_set(options.questions).questions]
    build(options)
    found = {}
    for engine in ENGINES:
        command = [sys.executable, __file__, *sys.argv[1:], "--engine", engine]
        done = subprocess.run(command, input=json.dumps(questions), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found[engine] = json.loads(done.stdout)
    compare(found)


if __name__ == "__main__":
    main()
