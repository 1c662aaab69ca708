"""Inputs that nobody would write, to everything that reads what others wrote.

Each target of tests/fuzz_targets.py gets so many inputs, in a process of its own: inputs that are
made of real ones by chance, or with --guided by Atheris (pip install atheris), which follows what
they reach. An input that breaks a law, crashes, or takes more than three seconds is shown, and the
exit code is 1.

    .venv/bin/python benchmarks/fuzz.py [TARGET ...] [--inputs 10000] [--seed 0] [--guided]
"""

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

_LONGEST = 4_000
"""Bytes of the inputs that Atheris makes."""

_OURS = ["bot", "knowledge", "retrieval"]


def main() -> int:
    """Give each target its inputs, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="default: all of them")
    parser.add_argument("--inputs", type=int, default=10_000, help="for each target")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--guided", action="store_true", help="by Atheris")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        return _guided(arguments.targets[0], arguments.inputs, arguments.seed)
    from tests.fuzz_targets import TARGETS

    if unknown := [name for name in arguments.targets if name not in TARGETS]:
        parser.error(f"no target is called {unknown[0]}; there are {', '.join(TARGETS)}")
    run = _run_guided if arguments.guided else _run
    failed = 0
    for name in arguments.targets or TARGETS:
        began = time.perf_counter()
        done, findings = run(name, arguments.inputs, arguments.seed)
        seconds = time.perf_counter() - began
        print(f"{name:20} {done:>9,} inputs {seconds:7.1f} s  {len(findings)} found", flush=True)
        for finding in findings:
            print(f"    {finding}", flush=True)
        failed += len(findings)
    return failed > 0


def _run(name: str, count: int, seed: int) -> tuple[int, list[str]]:
    """Inputs by chance: how many were given, and what failed."""
    with tempfile.TemporaryDirectory() as folder:
        last = Path(folder, "last")
        ours, theirs = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.Process(target=_fuzz, args=(name, count, seed, last, theirs))
        process.start()
        theirs.close()
        try:
            done, findings = ours.recv()
        except EOFError:
            process.join()
            return 0, [f"ended with {process.exitcode}: {last.read_bytes()[:300]!r}"]
        process.join()
    return done, findings


def _fuzz(name: str, count: int, seed: int, last: Path, told: object) -> None:
    from tests.fuzz_targets import TARGETS
    from tests.fuzzing import fuzz

    file = os.open(last, os.O_WRONLY | os.O_CREAT)

    def keep(content: bytes) -> None:
        os.ftruncate(file, os.pwrite(file, content, 0))

    course = fuzz(TARGETS[name], count, seed, keep)
    found = [f"{one.error}: {one.content[:300]!r}" for one in course.findings.values()]
    told.send((course.inputs, found))


def _run_guided(name: str, count: int, seed: int) -> tuple[int, list[str]]:
    """Inputs by Atheris, which ends its process at the first that fails."""
    command = [sys.executable, "-W", "ignore", __file__, name, "--one"]
    given = ["--inputs", str(count), "--seed", str(seed)]
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.run(
            [*command, *given], cwd=folder, capture_output=True, text=True, errors="replace"
        )
        kept = [path.read_bytes() for path in Path(folder).iterdir() if path.is_file()]
    done = [line for line in process.stderr.splitlines() if line.startswith("#")]
    last = int(done[-1][1:].split()[0]) if done else 0
    if process.returncode == 0:
        return last, []
    error = [line for line in process.stderr.splitlines() if "Error" in line or "ERROR" in line]
    return last, [f"{error[:1]}: {content[:300]!r}" for content in kept]


def _guided(name: str, count: int, seed: int) -> int:
    """Be guided by what inputs reach of our code, in this process, which Atheris ends."""
    import atheris

    from tests.fuzzing import one_sentence  # noqa: F401 (so that it is not instrumented)

    with atheris.instrument_imports(include=_OURS):
        from tests.fuzz_targets import TARGETS

        target = TARGETS[name]
        seeds = target.seeds()
        # What is imported when it is used is instrumented too.
        for content in seeds:
            target.run(content)
    corpus = Path("corpus")
    corpus.mkdir()
    for number, content in enumerate(seeds):
        (corpus / str(number)).write_bytes(content)
    options = (f"-runs={count}", f"-seed={seed + 1}", f"-max_len={_LONGEST}", "-timeout=30")
    atheris.Setup([sys.argv[0], *options, "-print_final_stats=1", str(corpus)], target.run)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    # A reader would only be waited for: words decide which passages are found.
    os.environ["FOOTNOTE_READER"] = "words"
    sys.exit(main())
