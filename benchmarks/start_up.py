"""Whole-process time of one answer over the packaged article, against importing its libraries.

    python benchmarks/start_up.py [--runs 15] [--at-most 1.3]

Both run alternately in the same environment; the figures are medians. With --at-most, exits with 1
where the ratio is higher.
"""

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

QUESTION = "When did Mexico open its office in Ramallah?"
ANSWER = [str(Path(sys.executable).with_name("footnote")), "ask", QUESTION]
PEER = [
    sys.executable,
    "-c",
    "import rank_bm25, pydantic; pydantic.create_model('X', x=(int, 1))",
]


def seconds(command: list[str]) -> float:
    """How long a process takes from start to end."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> int:
    """Measure, print, and compare with what is allowed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--at-most", type=float)
    options = parser.parse_args()
    for command in (ANSWER, PEER):
        seconds(command)  # so that both find their compiled files
    pairs = [(seconds(ANSWER), seconds(PEER)) for _ in range(options.runs)]
    answer, peer = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"footnote ask            {answer * 1000:6.0f} ms (median of {options.runs})")
    print(f"its libraries' imports  {peer * 1000:6.0f} ms")
    print(f"ratio                   {answer / peer:6.2f}")
    return int(options.at_most is not None and answer / peer > options.at_most)


if __name__ == "__main__":
    sys.exit(main())
