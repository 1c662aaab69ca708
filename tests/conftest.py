"""What several test modules share."""

import signal
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from patience import be_patient

from knowledge.loading import MATERIAL
from knowledge.workers import in_processes
from retrieval.index.folders import index_folder
from retrieval.index.refreshing import refreshed

if TYPE_CHECKING:
    from bot.discord.database import Database
    from tests.discord_world import World
    from tests.loopback import Loopback
    from tests.postgres_server import PostgresServer

pytest_plugins = ["command", "disks", "opensearch"]  # `run`, `disk`, `cluster` and `nodes`

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

# How long an example takes says how busy the machine is.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# What is started in the background ignores Ctrl-C, as do the commands that tests start from there.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Indexes of tests lie in a folder of their own, and each is used by several tests."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTE_CACHE", str(folder))
        patch.setattr("platformdirs.user_cache_path", lambda *_, **__: folder)
        # So that no test depends on being the first to ask.
        refreshed(MATERIAL, index_folder(folder, MATERIAL))
        yield folder


@pytest.fixture(autouse=True, scope="session")
def no_reader() -> Iterator[None]:
    """Words decide in tests that do not ask for a reader, whether one is installed or not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTE_READER", "words")
        patch.setattr("retrieval.meaning.loading.PACKAGE", "no_such_package")
        yield


@pytest.fixture(autouse=True, scope="session")
def patience() -> Iterator[None]:
    """Files are read as long as it takes, by the processes too that an index is made with."""
    be_patient()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("knowledge.workers.in_processes", partial(in_processes, start=be_patient))
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    """How often the test of kills kills; `.ci/run` says 200."""
    parser.addoption("--kills", type=int, default=10)


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    """How often the test of kills kills."""
    count = request.config.getoption("--kills")
    assert isinstance(count, int)
    return count


@pytest.fixture
async def world(tmp_path: Path) -> "AsyncIterator[World]":
    """A Discord server with the bot over the packaged article."""
    # Imported here, since most tests need no Discord.
    from tests.discord_world import settings_with, world_with

    async with world_with(settings_with(), tmp_path) as world:
        yield world


@pytest.fixture(scope="session")
def postgres() -> "Iterator[PostgresServer]":
    """A PostgreSQL server; skips where there is none."""
    from tests.postgres_server import postgres_server

    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def address(request: pytest.FixtureRequest) -> str | None:
    """Where the database is, for each kind: None is a file."""
    if request.param == "sqlite":
        return None
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def open_database(address: str | None, tmp_path: Path) -> "Iterator[Callable[[], Database]]":
    """Opens the database as one process after the other does."""
    from bot.discord.database import opened

    databases = []

    def opening() -> "Database":
        databases.append(opened(address, tmp_path))
        return databases[-1]

    yield opening
    for database in databases:
        database.close()


@pytest.fixture
async def fake() -> "AsyncIterator[Loopback]":
    """A Discord on this machine; bots that a test that failed has started are ended."""
    from tests.bot_process import end_all
    from tests.loopback import loopback

    async with loopback() as fake:
        yield fake
        await end_all()


@pytest.fixture
def given_article() -> Path:
    """The Wikipedia extract that the packaged article retells; skips where it is not there."""
    path = SHARED / "material" / "mexico-palestine-relations.txt"
    if not path.is_file():
        pytest.skip("the given article does not lie beside the project")
    return path
