"""What vectors of passages cost: to open, to compare with a question, to keep, and in memory.

    OPENBLAS_NUM_THREADS=1 python benchmarks/vectors.py [--passages 20000] [--width 384] [--runs 15]

The vectors are random ones, which cost the same as those of a model. Times are those of the
processor, in one thread, as medians; memory is what the process has more than before, at most.
"""

import argparse
import hashlib
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from retrieval.meaning.vectors import NAME, TEXT_LENGTH, Kept, Vectors, keep_vectors, whole

MODEL = "random"


def milliseconds(work: Callable[[], object], runs: int) -> float:
    """How long something takes: the median."""
    taken = []
    for _ in range(runs):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return 1000 * statistics.median(taken)


def memory() -> float:
    """The most that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def written(folder: Path, passages: int, width: int) -> None:
    """Keep so many random vectors, from a process of its own, whose memory is not counted."""
    from multiprocessing import Process

    process = Process(target=_write, args=(folder, passages, width))
    process.start()
    process.join()


def _write(folder: Path, passages: int, width: int) -> None:
    random = np.random.default_rng(1)
    kept = {}
    for number in range(passages):
        text = hashlib.sha256(str(number).encode()).digest()[:TEXT_LENGTH]
        kept[f"{number:08}"] = Kept(text, whole(unit(random, width)))
    taken = milliseconds(lambda: keep_vectors(folder, MODEL, kept), 3)
    print(f"keep: {taken:.0f} ms, {(folder / NAME).stat().st_size / 1e6:.1f} MB")


def unit(random: np.random.Generator, width: int) -> np.ndarray:
    """A random vector of length 1."""
    vector = random.normal(size=width)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--width", type=int, default=384)
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written(folder, options.passages, options.width)
        before = memory()
        vectors = Vectors.open(folder, MODEL)
        assert vectors is not None
        asked = unit(np.random.default_rng(2), options.width)
        cosines = vectors.cosines(asked)
        vectors.best(cosines, 20)
        print(f"memory: {memory() - before:.1f} MiB")
        keys = [key for key, _ in vectors.best(cosines, 50)]
        steps: dict[str, Callable[[], object]] = {
            "open": lambda: Vectors.open(folder, MODEL),
            "cosines": lambda: vectors.cosines(asked),
            "best 20": lambda: vectors.best(cosines, 20),
            "of 50 keys": lambda: [vectors.of(key, cosines) for key in keys],
        }
        for step, work in steps.items():
            print(f"{step}: {milliseconds(work, options.runs):.2f} ms")


if __name__ == "__main__":
    main()
