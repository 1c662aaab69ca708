"""`footnote bot` as a process, over real connections to a Discord on this machine."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.discord_laws import broken_by, texts_in
from tests.loopback import BOT, TOKEN, Loopback, loopback

ROOT = Path(__file__).resolve().parents[1]
QUESTION = "Which Mexican city is twinned with Bethlehem?"


@pytest.fixture
async def fake() -> AsyncIterator[Loopback]:
    """A Discord on this machine."""
    async with loopback() as fake:
        yield fake


async def started(
    url: str, data: Path, *options: str, token: str = TOKEN, **more: str
) -> asyncio.subprocess.Process:
    """The bot as a process of its own."""
    own = {name: os.environ[name] for name in ("PATH", "FOOTNOTE_CACHE")}
    environment = {**own, "FOOTNOTE_DATA": str(data), **more}
    if token:
        environment["DISCORD_TOKEN"] = token
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-W", "ignore::DeprecationWarning", "-m", "tests.loopback_bot", url, *options),
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    """Exit code, output and log of a process that ends by itself."""
    out, err = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode, out.decode(), err.decode()


async def stopped(process: asyncio.subprocess.Process) -> str:
    """The log of a bot that is told to stop, and does."""
    process.send_signal(signal.SIGTERM)
    code, _, log = await ended(process)
    assert code == 0, log
    assert TOKEN not in log
    return log


async def sent_something(fake: Loopback, token: str) -> None:
    """Wait until the bot has sent something for an interaction."""
    async with asyncio.timeout(20):
        while not fake.sent(token):
            await asyncio.sleep(0.02)


async def answered(fake: Loopback, token: str) -> str:
    """What the bot answers to an interaction; every request must keep the laws."""
    await asyncio.wait_for(fake.answered[token].wait(), 20)
    bodies = [request.body for request in fake.sent(token)]
    for request in fake.requests:
        assert not broken_by(request.method, request.path, request.body)
    last = bodies[-1].get("data") or bodies[-1]
    return texts_in(last["components"])


async def test_a_question_over_the_wire_and_a_clean_end(fake: Loopback, tmp_path: Path) -> None:
    """The answer is the response itself; SIGTERM closes the connection as a client should."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    token = await fake.ask(QUESTION)
    assert "**Monterrey**" in await answered(fake, token)
    (sent,) = fake.sent(token)
    assert sent.body["type"] == 4
    log = await stopped(process)
    assert fake.close_codes == [1000]
    assert "Monterrey" not in log
    assert "twinned" not in log
    assert "/ask guild=200 channel=201 took=" in log


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_running_answers_finish_before_the_end(
    fake: Loopback, tmp_path: Path, number: signal.Signals
) -> None:
    """A question that waits for the index when the signal comes is answered."""
    process = await started(fake.url, tmp_path, SLOW_LOADING="2")
    await fake.connected()
    asked = time.monotonic()
    token = await fake.ask(QUESTION, private=True)
    await sent_something(fake, token)
    process.send_signal(number)
    assert "**Monterrey**" in await answered(fake, token)
    code, _, log = await ended(process)
    assert code == 0, log
    announced, sent = fake.sent(token)
    assert announced.body == {"type": 5, "data": {"flags": 64}}
    assert announced.at - asked < 3
    assert "components" in sent.body


async def test_answers_that_are_being_sent_are_sent(fake: Loopback, tmp_path: Path) -> None:
    """A signal between the answer and its arrival at Discord does not lose it."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    fake.delay = 1.0
    token = await fake.ask(QUESTION)
    await sent_something(fake, token)
    log = await stopped(process)
    assert fake.answered[token].is_set()
    assert "took=" in log


async def test_a_reading_that_takes_long_does_not_hold_up_the_end(
    fake: Loopback, tmp_path: Path
) -> None:
    """Within five seconds and a little, whatever goes on."""
    process = await started(fake.url, tmp_path, SLOW_LOADING="60")
    await fake.connected()
    await fake.ask(QUESTION)
    process.send_signal(signal.SIGTERM)
    code, _, log = await asyncio.wait_for(ended(process), 10)
    assert code == 0, log


async def test_commands_are_sent_once(fake: Loopback, tmp_path: Path) -> None:
    """A second start with the same commands sends none."""
    for _ in range(2):
        fake._ready.clear()
        process = await started(fake.url, tmp_path)
        await fake.connected()
        await stopped(process)
    puts = [request for request in fake.requests if request.method == "PUT"]
    assert len(puts) == 1
    assert fake.sessions == 2


async def test_a_dropped_connection_is_resumed(fake: Loopback, tmp_path: Path) -> None:
    """The session goes on, and questions are answered."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    await fake.drop(4000)
    for _ in range(200):
        if fake.resumed:
            break
        await asyncio.sleep(0.1)
    assert fake.resumed == 1
    token = await fake.ask(QUESTION)
    assert "**Monterrey**" in await answered(fake, token)
    assert fake.sessions == 1
    await stopped(process)


async def test_a_refused_token(fake: Loopback, tmp_path: Path) -> None:
    """One sentence with the remedy, without the token."""
    process = await started(fake.url, tmp_path, token="another.secret.token", SLOW_LOADING="60")
    code, _, log = await asyncio.wait_for(ended(process), 10)
    assert code == 2
    assert log.splitlines()[-1].startswith("footnote: Discord refused the token; reset it at")
    assert "another.secret.token" not in log


async def test_the_privilege_that_was_not_granted(fake: Loopback, tmp_path: Path) -> None:
    """One sentence with both remedies."""
    process = await started(fake.url, tmp_path, FOOTNOTE_MESSAGE_CONTENT="true")
    code, _, log = await ended(process)
    assert code == 2
    assert "turn on Message Content Intent" in log.splitlines()[-1]


async def test_no_network(tmp_path: Path) -> None:
    """One sentence, and an exit code that says that it may work later."""
    process = await started("http://127.0.0.1:9", tmp_path)
    code, _, log = await ended(process)
    assert code == 75
    assert "Discord cannot be reached" in log.splitlines()[-1]


async def test_no_documents(fake: Loopback, tmp_path: Path) -> None:
    """A folder that is not there ends the bot, also where it is connected already."""
    process = await started(fake.url, tmp_path, "--knowledge", str(tmp_path / "none"))
    code, _, log = await ended(process)
    assert code == 2
    assert "does not exist" in log.splitlines()[-1]


@pytest.mark.parametrize(
    ("token", "sentence"),
    [("", "no token: make a bot at"), ("to ken", "DISCORD_TOKEN is no token")],
)
async def test_what_is_no_token(tmp_path: Path, token: str, sentence: str) -> None:
    """One sentence, without the token."""
    process = await started("http://127.0.0.1:9", tmp_path, token=token)
    code, _, log = await ended(process)
    assert code == 2
    assert sentence in log
    assert "to ken" not in log


async def test_check_does_not_connect(fake: Loopback, tmp_path: Path) -> None:
    """It says what would run."""
    process = await started(fake.url, tmp_path, "--check")
    code, out, _ = await ended(process)
    assert code == 0
    assert "1 document in 24 passages, 0 files skipped" in out
    assert "7, all as Discord takes them" in out
    assert fake.requests == []


async def test_a_mention_over_the_wire(fake: Loopback, tmp_path: Path) -> None:
    """A message that mentions the bot is answered by a message that notifies nobody."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    message = fake._message({"content": f"<@{BOT}> {QUESTION}"})
    author = {**message["author"], "id": "300", "bot": False}
    await fake.dispatch("MESSAGE_CREATE", {**message, "author": author, "guild_id": "200"})
    for _ in range(100):
        sent = [r for r in fake.requests if r.path == "/channels/201/messages"]
        if sent:
            break
        await asyncio.sleep(0.1)
    assert sent[0].body["allowed_mentions"] == {"parse": [], "replied_user": False}
    assert "Monterrey" in texts_in(sent[0].body["components"])
    await stopped(process)
