"""`footnote bot` as a process, over real connections to a Discord on this machine."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import service
from bot.discord import replies
from tests.discord_laws import broken_by, texts_in
from tests.loopback import BOT, TOKEN, Loopback, loopback

ROOT = Path(__file__).resolve().parents[1]
QUESTION = "Which Mexican city is twinned with Bethlehem?"


PROCESSES: list[asyncio.subprocess.Process] = []


@pytest.fixture
async def fake() -> AsyncIterator[Loopback]:
    """A Discord on this machine."""
    async with loopback() as fake:
        yield fake


@pytest.fixture(autouse=True)
async def no_process_stays() -> AsyncIterator[None]:
    """What a test that failed has started is ended."""
    yield
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
    environment = {**kept, **own, "AT_ONCE": "500", "PATIENCE": "500", **more}
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
    assert code == 0, log
    assert TOKEN not in log
    return log


async def logged(process: asyncio.subprocess.Process, words: str) -> None:
    """Wait until a line of the log has some words."""
    assert process.stderr is not None
    async for line in process.stderr:
        if words in line.decode():
            return
    pytest.fail(f"the process ended and did not say {words!r}")


async def answered(fake: Loopback, token: str) -> str:
    """What the bot answers to an interaction; every request must keep the laws."""
    await fake.answered[token].wait()
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
    """A question that waits for the index when the signal comes is announced, and answered."""
    may_read = tmp_path / "may-read"
    process = await started(fake.url, tmp_path, READ_AFTER=str(may_read), AT_ONCE="0.1")
    await fake.connected()
    token = await fake.ask(QUESTION, private=True)
    await fake.until(lambda: fake.sent(token))
    process.send_signal(number)
    await logged(process, "stopping")
    may_read.touch()
    assert "**Monterrey**" in await answered(fake, token)
    code, _, log = await ended(process)
    assert code == 0, log
    announced, sent = fake.sent(token)
    assert announced.body == {"type": 5, "data": {"flags": 64}}
    assert "components" in sent.body


def test_what_is_announced_is_announced_in_time() -> None:
    """Discord waits for three seconds, of which the way there and back takes some."""
    assert replies.AT_ONCE <= 1


async def test_answers_that_are_being_sent_are_sent(fake: Loopback, tmp_path: Path) -> None:
    """A signal between the answer and its arrival at Discord does not lose it."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    fake.takes.clear()
    token = await fake.ask(QUESTION)
    await fake.until(lambda: fake.sent(token))
    process.send_signal(signal.SIGTERM)
    await logged(process, "stopping")
    assert not fake.answered[token].is_set()
    fake.takes.set()
    code, _, log = await ended(process)
    assert code == 0, log
    assert fake.answered[token].is_set()
    assert "took=" in log


async def test_a_reading_that_takes_long_does_not_hold_up_the_end(
    fake: Loopback, tmp_path: Path
) -> None:
    """Running answers have five seconds, whatever goes on; here a moment, and it never ends."""
    assert service._PATIENCE == 5
    never = str(tmp_path / "never")
    process = await started(fake.url, tmp_path, READ_AFTER=never, PATIENCE="0.1")
    await fake.connected()
    await fake.ask(QUESTION)
    process.send_signal(signal.SIGTERM)
    code, _, log = await ended(process)
    assert code == 0, log


async def test_commands_are_sent_once(fake: Loopback, tmp_path: Path) -> None:
    """A second start with the same commands sends none."""
    for number in (1, 2):
        process = await started(fake.url, tmp_path)
        await fake.connected(number)
        await stopped(process)
    puts = [request for request in fake.requests if request.method == "PUT"]
    assert len(puts) == 1
    assert fake.sessions == 2


async def test_a_dropped_connection_is_resumed(fake: Loopback, tmp_path: Path) -> None:
    """The session goes on, and questions are answered."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    await fake.drop(4000)
    await fake.until(lambda: fake.resumed == 1)
    token = await fake.ask(QUESTION)
    assert "**Monterrey**" in await answered(fake, token)
    assert fake.sessions == 1
    await stopped(process)


async def test_a_refused_token(fake: Loopback, tmp_path: Path) -> None:
    """One sentence with the remedy, without the token, also while the documents are read."""
    never = str(tmp_path / "never")
    process = await started(fake.url, tmp_path, token="another.secret.token", READ_AFTER=never)
    code, _, log = await ended(process)
    assert code == 2
    assert log.splitlines()[-1].startswith("footnote: Discord rejected the token; reset it at")
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
    [("", "no token: create a bot at"), ("to ken", "DISCORD_TOKEN is not a token")],
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
    assert "1 document with 24 passages, 0 files skipped" in out
    assert "7, all valid for Discord" in out
    assert fake.requests == []


async def test_a_mention_over_the_wire(fake: Loopback, tmp_path: Path) -> None:
    """A message that mentions the bot is answered by a message that notifies nobody."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    message = fake._message({"content": f"<@{BOT}> {QUESTION}"})
    author = {**message["author"], "id": "300", "bot": False}
    await fake.dispatch("MESSAGE_CREATE", {**message, "author": author, "guild_id": "200"})
    sent = await fake.until(
        lambda: [r for r in fake.requests if r.path == "/channels/201/messages"]
    )
    assert sent[0].body["allowed_mentions"] == {"parse": [], "replied_user": False}
    assert "Monterrey" in texts_in(sent[0].body["components"])
    await stopped(process)
