"""The bot as a process: what has to be there before it starts, and how it ends."""

import asyncio
import logging
import signal
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import discord

from bot import logs
from bot.daemon import Daemons, at_most, in_daemon
from bot.discord import failures
from bot.discord.client import FootnoteBot
from bot.discord.database import opened, reach
from bot.discord.desk import Desk
from bot.discord.endings import PORTAL, BotError, reason_for
from bot.discord.leases import Shards
from bot.discord.syncing import payload, problems
from bot.discord.translating import CommandTranslator
from bot.discord.uploads import UploadLimits
from bot.libraries import named_in
from bot.library import complete_vectors, library_of, read_library
from bot.limits import Limits
from bot.memory import share_memory
from bot.metrics import metrics_of
from bot.service import Service
from bot.settings import Settings
from footnote import FootnoteError
from footnote.index import data_folder

_log = logging.getLogger(__name__)

_PATIENCE = 0.5
"""Seconds that the connection and the database may each take to end."""

_THREADS = 32
"""Those that ask the database, and the system for addresses, which may take minutes."""


def run(settings: Settings, *, is_verbose: bool = False) -> int:
    """Run the bot until it is told to stop; 0. FootnoteError where it cannot start."""
    logs.begin(settings, is_verbose=is_verbose)
    share_memory()
    # There is no voice here whose libraries could be missing.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    token = _token(settings)
    return asyncio.run(_shown(_built(settings), token))


def check(settings: Settings) -> str:
    """What would run, in a few lines; FootnoteError where something would keep it from running."""
    _token(settings)
    # What is kept already is not opened: a bot may be running over it.
    with TemporaryDirectory() as folder:
        bot = _built(replace(settings, data=Path(folder), database=None))
        bot.desk.database.close()
    if settings.database:
        reach(settings.database)
    commands = asyncio.run(payload(bot.tree, CommandTranslator()))
    found = problems(commands)
    if found:
        raise BotError("; ".join(found))
    library = read_library(settings)
    named = {name: one.read() for name, one in named_in(settings).items()}
    paths = settings.named_collections
    content = "is" if settings.message_content else "is not"
    return "\n".join(
        [
            f"Settings: a token is set; message content {content} requested.",
            f"Documents: {settings.knowledge}.",
            f"Index {library.fingerprint}: {library.summary}.",
            *(f"Collection {n}: {paths[n]}, {one.summary}." for n, one in named.items()),
            f"Commands: {len(commands)}, all valid for Discord.",
        ]
    )


def _token(settings: Settings) -> str:
    token = (settings.discord_token or "").strip()
    if not token:
        raise BotError(
            f"no token: create a bot at {PORTAL} and set DISCORD_TOKEN to its token, in the"
            " environment or in .env"
        )
    if not (token.isascii() and token.isprintable() and " " not in token):
        raise BotError("DISCORD_TOKEN is not a token; copy it again, without spaces or quotes")
    return token


def _built(settings: Settings) -> FootnoteBot:
    limits = Limits(settings.limit_user, settings.limit_channel, settings.limit_server)
    service = Service(
        partial(read_library, settings),
        limits,
        partial(complete_vectors, settings),
        metrics_of(settings),
        named_in(settings),
        partial(library_of, reader=settings.reader),
    )
    database = opened(settings.database, data_folder(settings.data))
    most = UploadLimits(settings.upload_mb, settings.upload_documents, settings.upload_server_mb)
    desk = Desk(
        service,
        database,
        days_after_leaving=settings.days_after_leaving,
        days_of_records=settings.days_of_records,
        admission=settings.admission,
        upload_limits=most,
    )
    shards = Shards(settings.shards, settings.own_shards)
    return FootnoteBot(desk, shards, message_content=settings.message_content)


async def _shown(bot: FootnoteBot, token: str) -> int:
    """Serve, and show whoever monitors the bot how it does."""
    asyncio.get_running_loop().set_default_executor(Daemons(_THREADS))
    service = bot.desk.service
    async with service.metrics.shown(service, bot.why_not_ready):
        return await _serve(bot, token)


async def _serve(bot: FootnoteBot, token: str) -> int:
    """Be connected until a signal comes, something fails that is needed, or Discord refuses."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # discord.py would be killed by the first, and leave its connections open.
        with suppress(NotImplementedError):  # as on Windows, where Ctrl-C raises
            loop.add_signal_handler(number, stopped.set)
    stopping = asyncio.create_task(stopped.wait())
    try:
        async with bot:
            try:
                await _connected(bot, token, stopping)
                _log.info("stopping: running answers have a few seconds to finish")
            finally:
                await bot.leave()
                await bot.desk.service.stop()
    finally:
        stopping.cancel()
        await at_most(_PATIENCE, in_daemon(bot.desk.database.close))
    _log.info("stopped")
    return 0


async def _connected(bot: FootnoteBot, token: str, stopping: "asyncio.Task[Literal[True]]") -> None:
    """Be connected until `stopping` is done; raise what ends it before."""
    loading = bot.desk.service.load()
    connection = asyncio.create_task(bot.start(token))
    keeping = asyncio.create_task(bot.lease.keep())
    waited = {connection, stopping, loading, keeping}
    try:
        while not (connection.done() or stopping.done()):
            done, _ = await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            for needed in done & {loading, keeping}:
                waited.discard(needed)
                await needed
        if connection.done():
            await _raised(connection, bot.desk.service)
    finally:
        keeping.cancel()
        # Without this it would go on to connect; closing might wait for what never comes.
        connection.cancel()
        await asyncio.wait({connection}, timeout=_PATIENCE)


async def _raised(task: "asyncio.Task[object]", service: Service) -> None:
    """Raise what ended a task, as one sentence where that can be said."""
    try:
        await task
    except Exception as error:
        reason = reason_for(error)
        if not isinstance(reason, FootnoteError):
            failures.log(error, "connection", service.metrics)
        if reason is error:
            raise
        raise reason from error
