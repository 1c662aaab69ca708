"""`footnote bot` as a process, over real connections to a Discord on this machine."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.discord_laws import broken_by, texts_in
from tests.loopback import TOKEN, Loopback

ROOT = Path(__file__).resolve().parents[1]
QUESTION = "Which Mexican city is twinned with Bethlehem?"

PROCESSES: list[asyncio.subprocess.Process] = []


async def end_all() -> None:
    """End what a test that failed has started."""
    while PROCESSES:
        process = PROCESSES.pop()
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def started(
    url: str, data: Path, *options: str, token: str = TOKEN, **more: str
) -> asyncio.subprocess.Process:
    """The bot as a process of its own, which knows no hurry unless it is told."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DISCORD_", "FOOTNOTE_"))}
    own = {"FOOTNOTE_CACHE": os.environ["FOOTNOTE_CACHE"], "FOOTNOTE_DATA": str(data)}
    environment = {**kept, **own, "AT_ONCE": "500", "PATIENCE": "500", "WAIT": "500", **more}
    if token:
        environment["DISCORD_TOKEN"] = token
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-W", "ignore::DeprecationWarning", "-m", "tests.loopback_bot", url, *options),
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    PROCESSES.append(process)
    return process


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    """Exit code, output and log of a process that ends by itself."""
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def stopped(process: asyncio.subprocess.Process) -> str:
    """The log of a bot that is told to stop, and does."""
    process.send_signal(signal.SIGTERM)
    code, _, log = await ended(process)
    assert code == 0, f"{code}\n{log}"
    assert TOKEN not in log
    return log


async def logged(process: asyncio.subprocess.Process, words: str) -> str:
    """Wait until a line of the log has some words; the line."""
    assert process.stderr is not None
    async for line in process.stderr:
        if words in line.decode():
            return line.decode()
    pytest.fail(f"the process ended and did not say {words!r}")


async def eventually(look: Callable[[], bool], what: str) -> None:
    """Wait until something can be seen that a process does; fail where it is not in a minute."""
    end = time.monotonic() + 60
    while not look():
        if time.monotonic() > end:
            pytest.fail(f"not in a minute: {what}")
        await asyncio.sleep(0.01)


async def answered(fake: Loopback, token: str) -> str:
    """What the bot answers to an interaction; every request must keep the laws."""
    await fake.answered[token].wait()
    bodies = [request.body for request in fake.sent(token)]
    for request in fake.requests:
        assert not broken_by(request.method, request.path, request.body)
    last = bodies[-1].get("data") or bodies[-1]
    return texts_in(last["components"])
