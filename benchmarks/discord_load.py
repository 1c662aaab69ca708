"""100 questions at once to the bot as a process, over 10,000 passages with the default engine.

The documents are the docstrings of Python's standard library and numpy, the questions ask for some,
and Discord is the one of the tests, on this machine. How late the event loop comes back is measured
inside the bot, every five milliseconds, from the first question to the last answer.

    .venv/bin/python benchmarks/discord_load.py
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
from pathlib import Path

import numpy

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from knowledge.chunking import passages_of  # noqa: E402
from knowledge.loading import read_text  # noqa: E402
from tests.loopback import TOKEN, Loopback, loopback  # noqa: E402


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


async def played(fake: Loopback, questions: list[str]) -> tuple[list[float], int]:
    """Ask all at once; seconds to the first answer to each, and how many had none."""
    begun = time.monotonic()
    tokens = [await fake.ask(question) for question in questions]
    waits = (asyncio.wait_for(fake.answered[token].wait(), 30) for token in tokens)
    outcomes = await asyncio.gather(*waits, return_exceptions=True)
    missing = sum(outcome is not True for outcome in outcomes)
    first = [fake.sent(token)[0].at - begun for token in tokens if fake.sent(token)]
    last = [fake.sent(token)[-1].at - begun for token in tokens if fake.sent(token)]
    print(f"acknowledged: p50 {_p(first, 0.5)}, p99 {_p(first, 0.99)}")
    return last, missing


def _p(values: list[float], share: float) -> str:
    return f"{1000 * sorted(values)[int(share * (len(values) - 1))]:,.0f} ms"


async def measured(folder: Path, questions: list[str], data: Path) -> tuple[float, int]:
    """Start the bot, ask, stop it, and print what was seen; the lag's p99, and the errors."""
    lag_file = data / "lags.json"
    environment = {
        "PATH": os.environ["PATH"], "FOOTNOTE_DATA": str(data), "FOOTNOTE_CACHE": str(data),
        "DISCORD_TOKEN": TOKEN, "FOOTNOTE_ENGINE": "rank-bm25", "FOOTNOTE_READER": "words",
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
        times, missing = await played(fake, questions)
        took = time.time() - began
        process.send_signal(signal.SIGTERM)
        await process.wait()
    lags = [lag for at, lag in json.loads(lag_file.read_text()) if began <= at <= began + took]
    print(f"answered:     p50 {_p(times, 0.5)}, p99 {_p(times, 0.99)}, errors {missing}")
    print(f"loop lag:     p50 {_p(lags, 0.5)}, p99 {_p(lags, 0.99)}, most {_p(lags, 1)}")
    print(f"answers per second: {len(questions) / took:,.0f}; exit code {process.returncode}")
    return sorted(lags)[int(0.99 * (len(lags) - 1))], missing


def main() -> int:
    """Make the documents, and measure over them; 1 where the loop lags more than is allowed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--lag", type=float, help="p99 in seconds that is allowed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, data = Path(name, "documents"), Path(name, "data")
        data.mkdir()
        names, passages = corpus(folder, options.passages)
        step = len(names) // options.questions
        print(f"{passages:,} passages, {options.questions} questions at once")
        lag, errors = asyncio.run(measured(folder, names[::step][: options.questions], data))
    return int(errors > 0 or (options.lag is not None and lag > options.lag))


if __name__ == "__main__":
    sys.exit(main())
