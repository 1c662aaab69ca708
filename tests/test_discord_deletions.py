"""What a bot deletes when it starts: nothing of another bot, nor of a server during an outage."""

from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from bot.discord.database import Asked, Database, Mode, Policy, Rating
from tests.bot_process import eventually, started, stopped
from tests.discord_world import new_bot, settings_with
from tests.loopback import APPLICATION, CHANNEL, SERVER, Loopback, loopback

pytestmark = pytest.mark.slow

OTHER = 102
LEFT = 999
"""A server that no bot is in: what is kept for it is deleted once a bot has looked where it is."""


async def test_a_second_bot_deletes_nothing_of_the_first(
    fake: Loopback, open_database: Callable[[], Database], address: str | None, tmp_path: Path
) -> None:
    """It is in none of the first one's servers, and starts first with what an older version kept
    for these."""
    database = open_database()
    database.set_policy(SERVER, CHANNEL, Policy(Mode.OFF))
    database.set_recorded(SERVER, is_recorded=True)
    database.record(Asked(1, SERVER, CHANNEL, 7, "Question?", False, 0.1))
    database.rate(Rating(1, SERVER, CHANNEL, 7, True))
    async with loopback() as other:
        other.application_id, other.servers = OTHER, (SERVER + 1,)
        for discord, application, remaining in (
            (other, OTHER, ()),
            (fake, APPLICATION, (SERVER,)),
            (other, OTHER, ()),
            (fake, APPLICATION, (SERVER,)),
        ):
            database.application = application
            await review(discord, tmp_path, address, database, remaining)
    assert database.policies() == {CHANNEL: Policy(Mode.OFF)}
    assert database.recorded_servers() == {SERVER}
    assert len(database.declined(SERVER)) == len(database.feedback(SERVER)) == 1
    database.application = OTHER
    assert database.policies() == {}


async def test_a_server_that_is_unavailable_at_the_start_was_not_left(
    fake: Loopback, open_database: Callable[[], Database], address: str | None, tmp_path: Path
) -> None:
    """Discord names it, and says no more of it until the outage is over."""
    database = open_database()
    database.application = APPLICATION
    database.set_recorded(SERVER, is_recorded=True)
    fake.outages = (SERVER,)
    await review(fake, tmp_path, address, database, (SERVER,))
    assert SERVER in database.recorded_servers()


async def test_nothing_is_deleted_before_all_servers_are_known(tmp_path: Path) -> None:
    """One may be left while Discord still tells which others there are."""
    bot = new_bot(settings_with(days_after_leaving=0), tmp_path)
    database = bot.desk.database
    database.application = APPLICATION
    database.set_recorded(SERVER, is_recorded=True)
    await bot.review()
    assert database.recorded_servers() == {SERVER}
    database.close()


async def review(
    discord: Loopback,
    folder: Path,
    address: str | None,
    database: Database,
    remaining: Collection[int],
) -> None:
    """Start the bot of `database`, and stop it once it has looked which servers it is in."""
    settings = {"FOOTNOTE_DAYS_AFTER_LEAVING": "0"}
    if address is not None:
        settings["FOOTNOTE_DATABASE"] = address
    database.set_recorded(LEFT, is_recorded=True)
    process = await started(discord.url, folder, **settings)
    await eventually(
        lambda: LEFT not in database.recorded_servers(), "the bot looks which servers it is in"
    )
    await stopped(process)
    assert database.recorded_servers() == set(remaining)
