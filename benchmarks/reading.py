"""What reading costs: the same questions answered by words, and with the reader.

Each in a process of its own.

    python benchmarks/reading.py KNOWLEDGE QUESTIONS [--most 100]

QUESTIONS is a set as `footnote evaluate` reads it, and the index of KNOWLEDGE has to be there
(`footnote index`). Prints seconds of a whole answer and the memory of the process, and for each
process how many answers were read, by which reader.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np

from retrieval.evaluation.question_sets import read_question_set
from retrieval.opening import open_collection

READERS = ("words", "small")


def asked(knowledge: Path, questions: Path, reader: str, most: int) -> dict[str, object]:
    """What a process takes that asks with a reader."""
    start = time.perf_counter()
    collection = open_collection(knowledge, reader=reader, refresh=False)
    texts = [one.question for one in read_question_set(questions).questions[:most]]
    collection.ask(texts[0])
    first = time.perf_counter() - start
    taken, readers = [], Counter[str]()
    for text in texts:
        start = time.perf_counter()
        readers[collection.ask(text).reader] += 1
        taken.append(time.perf_counter() - start)
    return {
        "first": first,
        "p50": float(np.percentile(taken, 50)),
        "p95": float(np.percentile(taken, 95)),
        "a second": len(taken) / sum(taken),
        "MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "read by": dict(readers),
    }


def main() -> None:
    """Ask in a process for each reader, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("knowledge", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--most", type=int, default=100)
    parser.add_argument("--reader", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.reader:
        found = asked(options.knowledge, options.questions, options.reader, options.most)
        print(json.dumps(found))
        return
    for reader in READERS:
        done = subprocess.run(
            [sys.executable, *sys.argv, "--reader", reader], stdout=subprocess.PIPE, check=True
        )
        found = json.loads(done.stdout)
        cells = (f"{name} {value:.3f}" for name, value in found.items() if name != "read by")
        print(f"{reader:6} {', '.join(cells)}; answers by {found['read by']}")


if __name__ == "__main__":
    main()
