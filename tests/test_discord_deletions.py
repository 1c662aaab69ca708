"""What a bot deletes when it starts: nothing of another bot, nor of a server during an outage."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from bot.discord.database import Asked, Database, Mode, Policy, Rating
from tests.bot_process import logged, started, stopped
from tests.discord_world import new_bot, settings_with
from tests.loopback import APPLICATION, CHANNEL, SERVER, Loopback, loopback

OTHER = 102


async def test_a_second_bot_deletes_nothing_of_the_first(
    fake: Loopback, open_database: Callable[[], Database], address: str | None, tmp_path: Path
) -> None:
    """It is in none of the first one's servers, and keeps nothing of a server that it has left."""
    database = open_database()
    database.set_policy(SERVER, CHANNEL, Policy(Mode.OFF))
    database.set_recorded(SERVER, is_recorded=True)
    database.record(Asked(1, SERVER, CHANNEL, 7, "Question?", False, 0.1))
    database.rate(Rating(1, SERVER, CHANNEL, 7, True))
    settings = {"FOOTNOTE_KEEP_LEFT": "0"}
    if address is not None:
        settings["FOOTNOTE_DATABASE"] = address
    await run(fake, tmp_path, settings)
    others = open_database()
    others.claim(OTHER)
    others.set_recorded(999, is_recorded=True)
    async with loopback() as other:
        other.application_id, other.servers = OTHER, (SERVER + 1,)
        process = await started(other.url, tmp_path, **settings)
        # By then it has looked which servers it is in.
        while others.recorded_servers():
            await asyncio.sleep(0.01)
        await stopped(process)
    await run(fake, tmp_path, settings)
    database.claim(APPLICATION)
    assert database.policies() == {CHANNEL: Policy(Mode.OFF)}
    assert database.recorded_servers() == {SERVER}
    assert len(database.declined(SERVER)) == len(database.feedback(SERVER)) == 1
    assert others.policies() == {}


async def test_a_server_that_is_unavailable_at_the_start_was_not_left(
    fake: Loopback, open_database: Callable[[], Database], address: str | None, tmp_path: Path
) -> None:
    """Discord names it, and says no more of it until the outage is over."""
    database = open_database()
    database.claim(APPLICATION)
    for server in (SERVER, 999):
        database.set_recorded(server, is_recorded=True)
    fake.outages = (SERVER,)
    settings = {} if address is None else {"FOOTNOTE_DATABASE": address}
    process = await started(fake.url, tmp_path, FOOTNOTE_KEEP_LEFT="0", **settings)
    while database.recorded_servers() != {SERVER}:
        await asyncio.sleep(0.01)
    await stopped(process)
    assert database.recorded_servers() == {SERVER}


async def test_nothing_is_deleted_before_all_servers_are_known(tmp_path: Path) -> None:
    """One may be left while Discord still tells which others there are."""
    bot = new_bot(settings_with(keep_left=0), tmp_path)
    database = bot.desk.database
    database.claim(APPLICATION)
    database.set_recorded(SERVER, is_recorded=True)
    await bot.on_guild_remove(SimpleNamespace(id=999))  # type: ignore[arg-type]
    assert database.recorded_servers() == {SERVER}
    database.close()


async def run(fake: Loopback, folder: Path, settings: dict[str, str]) -> None:
    """Start a bot, and stop it once it is connected."""
    process = await started(fake.url, folder, **settings)
    await logged(process, "connected")
    await stopped(process)
