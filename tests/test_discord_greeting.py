"""The message with which the bot comes to a server: once, and where moderators see it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.bot_process import eventually, logged, started, stopped
from tests.discord_laws import broken_by, texts_in
from tests.loopback import BOT, GUILD, Loopback, user

JOINED, HIDDEN, MODERATORS_ALONE, OPEN, SYSTEM = 500, 501, 502, 503, 504
MODERATORS = 600
VIEW, SEND, MANAGE = 1 << 10, 1 << 11, 1 << 5


def role(id_: int, name: str, permissions: int) -> dict[str, Any]:
    """A role."""
    return {**GUILD["roles"][0], "id": str(id_), "name": name, "permissions": str(permissions)}


def channel(id_: int, position: int, *denied: tuple[int, int]) -> dict[str, Any]:
    """A text channel; `denied` are permissions, each with the role that lacks it."""
    overwrites = [
        {"id": str(whom), "type": 0, "allow": "0", "deny": str(what)} for whom, what in denied
    ]
    place = {"id": str(id_), "name": f"c{id_}", "position": position}
    return {**GUILD["channels"][0], **place, "permission_overwrites": overwrites}


def server(
    joined_at: str | None = None, *, system: int | None = None, id_: int = JOINED
) -> dict[str, Any]:
    """A server that the bot has just joined, or long ago."""
    me = {
        "user": user(BOT, is_bot=True), "roles": [], "deaf": False, "mute": False, "flags": 0,
        "joined_at": joined_at or datetime.now(UTC).isoformat(),
    }  # fmt: skip
    return {
        **GUILD, "id": str(id_), "members": [me],
        "system_channel_id": None if system is None else str(system),
        "roles": [role(id_, "@everyone", VIEW | SEND), role(MODERATORS, "Moderators", MANAGE)],
        "channels": [
            channel(HIDDEN, 0, (MODERATORS, VIEW)), channel(MODERATORS_ALONE, 1, (id_, SEND)),
            channel(OPEN, 2), channel(SYSTEM, 3),
        ],
    }  # fmt: skip


def greetings(fake: Loopback) -> list[tuple[str, str]]:
    """What the bot said in channels, each with the channel."""
    found = []
    for request in fake.requests:
        if request.method == "POST" and request.path.endswith("/messages"):
            assert not broken_by(request.method, request.path, request.body)
            found.append((request.path.split("/")[2], texts_in(request.body["components"])))
    return found


@pytest.mark.slow
async def test_it_greets_once(fake: Loopback, tmp_path: Path) -> None:
    """Where it may write and moderators read; not after an outage, a restart, or a second time."""
    process = await started(fake.url, tmp_path)
    await logged(process, "connected: 2 servers")
    await fake.dispatch("GUILD_CREATE", server("2020-01-01T00:00:00+00:00", id_=JOINED + 50))
    await fake.dispatch("GUILD_CREATE", server())
    await eventually(lambda: len(greetings(fake)) == 1, "a greeting")
    await fake.dispatch("GUILD_DELETE", {"id": str(JOINED), "unavailable": True})
    await fake.dispatch("GUILD_CREATE", {**server(), "unavailable": False})
    await fake.dispatch("GUILD_CREATE", server())
    for _ in range(3):
        await logged(process, "joined guild=")
    await stopped(process)
    process = await started(fake.url, tmp_path)
    await logged(process, "connected: 2 servers")
    await fake.dispatch("GUILD_CREATE", server())
    await logged(process, f"joined guild={JOINED}")
    await stopped(process)
    ((where, text),) = greetings(fake)
    assert where == str(OPEN)
    assert len(text.splitlines()) == 3
    assert "/footnote setup" in text


async def test_it_greets_where_it_was_invited_while_it_was_away(
    fake: Loopback, tmp_path: Path
) -> None:
    """Discord then says only that the server is there, as it does of all others."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    await fake.dispatch("GUILD_CREATE", {**server(), "unavailable": False})
    await eventually(lambda: len(greetings(fake)) == 1, "a greeting")
    await stopped(process)
    assert [where for where, _ in greetings(fake)] == [str(OPEN)]


@pytest.mark.slow
async def test_it_prefers_the_system_channel(fake: Loopback, tmp_path: Path) -> None:
    """As other bots do; and comes silently to a server that its operator has not chosen."""
    process = await started(fake.url, tmp_path, FOOTNOTE_SERVERS=f"{JOINED}")
    await logged(process, "connected: 2 servers")
    await fake.dispatch("GUILD_CREATE", server(system=SYSTEM, id_=JOINED + 50))
    await fake.dispatch("GUILD_CREATE", server(system=SYSTEM))
    await eventually(lambda: len(greetings(fake)) == 1, "a greeting")
    await stopped(process)
    assert [where for where, _ in greetings(fake)] == [str(SYSTEM)]


@pytest.mark.slow
async def test_a_server_without_a_place_is_left_in_peace(fake: Loopback, tmp_path: Path) -> None:
    """Nothing is said where the bot may not write, and nothing goes wrong."""
    process = await started(fake.url, tmp_path)
    await logged(process, "connected: 2 servers")
    closed = {**server(), "channels": [channel(HIDDEN, 0, (JOINED, SEND))]}
    await fake.dispatch("GUILD_CREATE", closed)
    await logged(process, f"joined guild={JOINED}")
    log = await stopped(process)
    assert greetings(fake) == []
    assert "not greeted" not in log
    assert "Traceback" not in log
