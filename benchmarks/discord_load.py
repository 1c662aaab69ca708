"""Questions to the bot as a process over 10,000 passages: 100 at once, or so many a second.

The documents are the docstrings of Python's standard library and numpy, the questions ask for some,
and Discord is the one of the tests, on this machine. How late the event loop comes back is measured
inside the bot, every five milliseconds, from the first question to the last answer.

    .venv/bin/python benchmarks/discord_load.py [--questions 1000]
    .venv/bin/python benchmarks/discord_load.py --rate 20 --seconds 600

No limits are set. At a rate, it also says how many questions were refused since too many waited,
and how much memory the bot had after a tenth of the time and at the end.
"""

import argparse
import ast
import asyncio
import json
import os
import signal
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from knowledge.chunking import passages_of  # noqa: E402
from knowledge.loading import read_text  # noqa: E402
from tests.loopback import TOKEN, Loopback, Request, loopback  # noqa: E402


def docstrings() -> Iterator[tuple[str, str]]:
    """Modules of the standard library and of numpy, with what their functions say of themselves."""
    for root in (Path(sysconfig.get_paths()["stdlib"]), Path(numpy.__file__).parent):
        for path in sorted(root.rglob("*.py")):
            if {"test", "tests", "site-packages"} & set(path.relative_to(root).parts):
                continue
            try:
                tree = ast.parse(path.read_text(encoding="utf-8"))
            except (SyntaxError, UnicodeDecodeError):
                continue
            said = [
                f"# {node.name}\n\n{text}"
                for node in ast.walk(tree)
                if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
                and (text := ast.get_docstring(node))
            ]
            if said:
                yield f"{root.name}/{path.relative_to(root).as_posix()}.md", "\n\n".join(said)


def corpus(folder: Path, most: int) -> tuple[list[str], int]:
    """Write documents until they have so many passages; questions about them, and how many."""
    questions: list[str] = []
    passages = 0
    for name, text in docstrings():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        questions += [f"What does {line[2:]} do?" for line in text.splitlines() if line[:2] == "# "]
        passages += sum(len(list(passages_of(document))) for document in read_text(name, text))
        if passages >= most:
            break
    return questions, passages


@dataclass(frozen=True)
class Played:
    """What became of the questions: seconds from each to the first response and to the answer, or
    until it was refused; and how many had none."""

    acknowledged: list[float]
    answered: list[float]
    refused: list[float]
    missing: int


async def played(fake: Loopback, questions: list[str], rate: float | None) -> Played:
    """Ask all at once, or so many a second, and wait for the answers."""
    begun = time.monotonic()
    asked = {}
    for number, question in enumerate(questions):
        if rate is not None:
            await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
        token = await fake.ask(question)
        asked[token] = time.monotonic()
    waits = (asyncio.wait_for(fake.answered[token].wait(), 30) for token in asked)
    await asyncio.gather(*waits, return_exceptions=True)
    sent: dict[str, list[Request]] = {token: [] for token in asked}
    for request in fake.requests:
        for part in request.path.split("/"):
            if part in sent:
                sent[part].append(request)
    told = {token: found for token, found in sent.items() if fake.answered[token].is_set()}
    refused = {token for token, found in told.items() if any(map(_is_refusal, found))}
    last = {token: found[-1].at - asked[token] for token, found in told.items()}
    return Played(
        [found[0].at - asked[token] for token, found in sent.items() if found],
        [seconds for token, seconds in last.items() if token not in refused],
        [seconds for token, seconds in last.items() if token in refused],
        len(asked) - len(told),
    )


def _is_refusal(request: Request) -> bool:
    return "Too many questions are waiting" in json.dumps(request.body)


def _p(values: list[float], share: float) -> str:
    return f"{1000 * sorted(values)[int(share * (len(values) - 1))]:,.0f} ms" if values else "-"


def _memory(process: int) -> float:
    """The memory of a process in MiB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def measured(
    folder: Path, questions: list[str], data: Path, rate: float | None
) -> tuple[float, int]:
    """Start the bot, ask, stop it, and print what was seen; the lag's p99, and the errors."""
    lag_file = data / "lags.json"
    environment = {
        "PATH": os.environ["PATH"], "FOOTNOTE_DATA": str(data), "FOOTNOTE_CACHE": str(data),
        "DISCORD_TOKEN": TOKEN, "FOOTNOTE_READER": "words",
        "FOOTNOTE_LIMIT_CHANNEL": "0", "FOOTNOTE_LIMIT_SERVER": "0", "LAG_FILE": str(lag_file),
    }  # fmt: skip
    async with loopback() as fake:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-W", "ignore", "-m", "tests.loopback_bot", fake.url, "--knowledge", str(folder)),
            cwd=ROOT,
            env=environment,
            stderr=asyncio.subprocess.DEVNULL,
        )
        await fake.connected()
        # The first one waits for the index.
        token = await fake.ask(questions[0])
        await asyncio.wait_for(fake.answered[token].wait(), 120)
        began = time.time()
        first = len(questions) // 10 if rate else 0
        before = await played(fake, questions[:first], rate)
        memory = _memory(process.pid)
        after = await played(fake, questions[first:], rate)
        took = time.time() - began
        print(f"memory:       {memory:,.0f} MiB, then {_memory(process.pid):,.0f} MiB")
        process.send_signal(signal.SIGTERM)
        await process.wait()
    lags = [lag for at, lag in json.loads(lag_file.read_text()) if began <= at <= began + took]
    acknowledged = before.acknowledged + after.acknowledged
    answered, refused = before.answered + after.answered, before.refused + after.refused
    missing = before.missing + after.missing
    for name, times in (
        ("acknowledged:", acknowledged), ("answered:", answered), ("refused:", refused),
        ("loop lag:", lags),
    ):  # fmt: skip
        spread = f"p50 {_p(times, 0.5)}, p99 {_p(times, 0.99)}, most {_p(times, 1)}"
        print(f"{name:13} {len(times):,}: {spread}")
    print(f"no answer:    {missing}")
    print(f"answers per second: {len(answered) / took:,.0f}; exit code {process.returncode}")
    return sorted(lags)[int(0.99 * (len(lags) - 1))], missing


def main() -> int:
    """Make the documents, and measure over them; 1 where the loop lags more than is allowed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--rate", type=float, help="questions a second, instead of all at once")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long, at a rate")
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--lag", type=float, help="p99 in seconds that is allowed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, data = Path(name, "documents"), Path(name, "data")
        data.mkdir()
        names, passages = corpus(folder, options.passages)
        rate = options.rate
        count = options.questions if rate is None else int(rate * options.seconds)
        # Evenly over all documents, and from the beginning again where there are too few.
        questions = [names[n * max(1, len(names) // count) % len(names)] for n in range(count)]
        how = "at once" if rate is None else f"at {rate:g} a second"
        print(f"{passages:,} passages, {count:,} questions {how}")
        lag, errors = asyncio.run(measured(folder, questions, data, rate))
    return int(errors > 0 or (options.lag is not None and lag > options.lag))


if __name__ == "__main__":
    sys.exit(main())
