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

import numpy as np

from retrieval.collection import Collection, open_collection
from retrieval.evaluation.question_sets import read_question_set

ENGINES = ("tantivy", "opensearch")


def opened(options: argparse.Namespace, engine: str, **more: Any) -> Collection:
    """The documents with one of the engines."""
    return open_collection(
        options.knowledge, engine=engine, reader="words", cluster=options.cluster, **more
    )


def asked(options: argparse.Namespace) -> dict[str, Any]:
    """What a process takes that asks with an engine, and what it gets."""
    collection = opened(options, options.engine, refresh=False)
    texts = [one.question for one in read_question_set(options.questions).questions]
    for text in texts[-options.warm :] if options.warm else ():
        collection.ask(text)
    taken, answers = [], []
    for text in texts[: options.most]:
        start = time.perf_counter()
        answer = collection.ask(text)
        taken.append(time.perf_counter() - start)
        hits = [hit.passage.id for hit in collection.answerer.search(text, 10)]
        answers.append({"text": answer.text, "hits": hits})
    return {
        "p50": float(np.percentile(taken, 50)),
        "p99": float(np.percentile(taken, 99)),
        "passages": collection.passages,
        "MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "answers": answers,
    }


def compare(found: dict[str, dict[str, Any]]) -> None:
    """Print what each took, and how much of what they gave is the same."""
    for engine, one in found.items():
        print(
            f"{engine:10} {one['passages']:,} passages: p50 {1000 * one['p50']:.1f} ms,"
            f" p99 {1000 * one['p99']:.1f} ms, {one['MiB']:.0f} MiB"
        )
    pairs = list(zip(*(one["answers"] for one in found.values()), strict=True))
    same = sum(one["text"] == other["text"] for one, other in pairs)
    shared = [
        len(set(one["hits"]) & set(other["hits"])) / max(len(one["hits"]), 1)
        for one, other in pairs
        if one["hits"]
    ]
    print(f"the same verdict and quotes: {same} of {len(pairs)} ({same / len(pairs):.1%})")
    print(f"the same among the ten best: {np.mean(shared):.4f}")


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
        print(json.dumps(asked(options)))
        return
    build(options)
    found = {}
    for engine in ENGINES:
        command = [sys.executable, __file__, *sys.argv[1:], "--engine", engine]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found[engine] = json.loads(done.stdout)
    compare(found)


if __name__ == "__main__":
    main()
