"""Whole-process time of one answer, against importing its libraries and against another version.

    python benchmarks/start_up.py [--passages 24] [--runs 15] [--at-most 1.3] [--earlier FOLDER]

The answer is over the packaged article, of 24 passages, or over so many records as --passages says.
What is compared runs alternately in the same environment; figures are medians. --earlier names a
checkout of another version, which is asked the same with the libraries of this environment. With
--at-most, exits with 1 where a ratio is higher.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUESTION = "When did Mexico open its office in Ramallah?"
ASK = [sys.executable, "-m", "bot", "ask", QUESTION]
PEER = [
    sys.executable,
    "-c",
    "import rank_bm25, pydantic; pydantic.create_model('X', x=(int, 1))",
]


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """How long a process takes from start to end."""
    start = time.perf_counter()
    done = subprocess.run(
        command, env=environment, cwd=environment["PYTHONPATH"], stdout=subprocess.DEVNULL
    )
    taken = time.perf_counter() - start
    assert done.returncode in (0, 1), "the answer failed"
    return taken


def records(count: int, path: Path) -> None:
    """Write so many records, of a sentence or two each."""
    rows = (
        {
            "_id": str(n),
            "title": f"Office {n}",
            "text": f"Mexico opened office {n} in Ramallah. " * 5,
        }
        for n in range(count)
    )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def compiling() -> dict[str, str]:
    """The environment of a process that keeps compiled modules for the next one, as people's do."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def environment_of(folder: Path, checkout: Path, knowledge: Path | None) -> dict[str, str]:
    """That of a process that asks with the code of a checkout, and caches of its own."""
    found = {
        **compiling(),
        "PYTHONPATH": str(checkout),
        "FOOTNOTE_CACHE": str(folder / checkout.name),
    }
    return found if knowledge is None else {**found, "FOOTNOTE_KNOWLEDGE": str(knowledge)}


def main() -> int:
    """Measure, print, and compare with what is allowed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--at-most", type=float)
    parser.add_argument("--earlier", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        knowledge = folder / "records.jsonl" if options.passages else None
        if knowledge is not None:
            records(options.passages, knowledge)
        own = environment_of(folder, ROOT, knowledge)
        compared = {"its libraries' imports": (PEER, own)}
        if options.earlier:
            earlier = environment_of(folder, options.earlier.resolve(), knowledge)
            compared["the earlier version"] = (ASK, earlier)
        processes = {"footnote ask": (ASK, own), **compared}
        times = measured(processes, options.runs)
    answer = times["footnote ask"]
    print(f"{'footnote ask':24}{answer * 1000:6.0f} ms (median of {options.runs})")
    ratios = {what: answer / times[what] for what in compared}
    for what, ratio in ratios.items():
        print(f"{what:24}{times[what] * 1000:6.0f} ms, ratio {ratio:.2f}")
    return int(options.at_most is not None and max(ratios.values()) > options.at_most)


def measured(processes: dict[str, tuple[list[str], dict[str, str]]], runs: int) -> dict[str, float]:
    """The median time of each, all of them run in turn."""
    for command, environment in processes.values():
        seconds(command, environment)  # so that each finds its compiled files and its index
    taken: dict[str, list[float]] = {what: [] for what in processes}
    for _ in range(runs):
        for what, (command, environment) in processes.items():
            taken[what].append(seconds(command, environment))
    return {what: statistics.median(times) for what, times in taken.items()}


if __name__ == "__main__":
    sys.exit(main())
