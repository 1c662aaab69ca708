"""Answers that are lost on their way to Discord: sent again, and never twice."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from bot.discord import sending
from bot.discord.sending import EDIT, MESSAGE, RESPONSE, Patience, again
from tests.bot_process import QUESTION, started, stopped
from tests.discord_laws import broken_by, texts_in
from tests.loopback import BOT, DONE_BUT_502, DROPPED, LOST, Loopback

pytestmark = pytest.mark.slow

LOSSES = [503, DROPPED, LOST, DONE_BUT_502]


def shown(fake: Loopback) -> list[str]:
    """The texts of the bot's messages."""
    return [texts_in(message["components"]) for message in fake.messages.values()]


@pytest.mark.parametrize("loss", LOSSES)
async def test_a_first_response(fake: Loopback, tmp_path: Path, loss: int) -> None:
    """Discord takes one; that there is one already means that it came through."""
    fake.fails["/callback"] = [loss]
    process = await started(fake.url, tmp_path)
    await fake.connected()
    token = await fake.ask(QUESTION)
    assert "Monterrey" in await shown_for(fake, token)
    log = await stopped(process)
    assert len(shown(fake)) == 1
    assert "took=" in log
    assert "Traceback" not in log


@pytest.mark.parametrize("at", ["/callback", "/messages/@original"])
@pytest.mark.parametrize("loss", LOSSES)
async def test_an_announced_response(fake: Loopback, tmp_path: Path, loss: int, at: str) -> None:
    """Whether the announcement is lost or the answer, it stands in one message."""
    may_read = tmp_path / "may-read"
    fake.fails[at] = [loss]
    process = await started(fake.url, tmp_path, READ_AFTER=str(may_read), AT_ONCE="0.1")
    await fake.connected()
    token = await fake.ask(QUESTION)
    await fake.until(lambda: fake.messages)
    assert shown(fake) == [""]
    may_read.touch()
    assert "Monterrey" in await shown_for(fake, token)
    log = await stopped(process)
    assert len(shown(fake)) == 1
    assert "Traceback" not in log


@pytest.mark.parametrize("loss", LOSSES)
async def test_a_message(fake: Loopback, tmp_path: Path, loss: int) -> None:
    """Discord knows by the nonce that it has it already."""
    fake.fails["/messages"] = [loss]
    process = await started(fake.url, tmp_path)
    await fake.connected()
    message = fake._message({"content": f"<@{BOT}> {QUESTION}"})
    author = {**message["author"], "id": "300", "bot": False}
    await fake.dispatch("MESSAGE_CREATE", {**message, "author": author, "guild_id": "200"})
    sent = await fake.until(lambda: posts(fake) if len(posts(fake)) == 2 else [])
    log = await stopped(process)
    assert sent[0] == sent[1]
    (said,) = shown(fake)
    assert "Monterrey" in said
    assert "Traceback" not in log


async def test_an_announcement_whose_answers_are_all_lost(fake: Loopback, tmp_path: Path) -> None:
    """It stands there, and says in the end what went wrong."""
    fake.fails["/callback"] = [LOST] + 3 * [DROPPED]
    never = str(tmp_path / "never")
    process = await started(fake.url, tmp_path, READ_AFTER=never, PATIENCE="1")
    await fake.connected()
    token = await fake.command("source", document=(3, "mexico"))
    assert "Something went wrong" in await asyncio.wait_for(shown_for(fake, token), 60)
    await stopped(process)
    assert len(shown(fake)) == 1


async def test_what_is_lost_again_and_again_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried for no longer than there is time; what takes too long is tried again too."""
    now = 0
    monkeypatch.setattr(sending, "monotonic", lambda: now)

    async def send() -> None:
        nonlocal now
        now += 3
        if now == 3:
            await asyncio.Event().wait()
        raise aiohttp.ServerDisconnectedError

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await again(send, Patience(seconds=10, once=0.01, pause=0.01))
    assert now == 12


def test_nothing_is_tried_for_longer_than_discord_takes_it() -> None:
    """Three seconds for a first response, fifteen minutes for what follows, minutes for a nonce."""
    assert RESPONSE.seconds <= 3
    assert EDIT.seconds + EDIT.once <= 15 * 60
    assert MESSAGE.seconds + MESSAGE.once <= 3 * 60


def posts(fake: Loopback) -> list[object]:
    """The bodies of the messages that were sent to the channel."""
    return [r.body for r in fake.requests if r.path == "/channels/201/messages"]


async def shown_for(fake: Loopback, token: str) -> str:
    """What the message says that answers an interaction."""
    await fake.answered[token].wait()
    for request in fake.requests:
        assert not broken_by(request.method, request.path, request.body)
    return texts_in(fake.messages[fake.original(token)]["components"])
