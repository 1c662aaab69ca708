"""The bot as a process: what has to be there before it starts, and how it ends."""

import asyncio
import logging
import signal
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import discord

from bot import logs
from bot.discord import failures
from bot.discord.client import FootnoteBot
from bot.discord.database import FILE, Database
from bot.discord.desk import Desk
from bot.discord.syncing import payload, problems
from bot.library import complete_vectors, read_library
from bot.limits import Limits
from bot.metrics import metrics_of
from bot.service import Service
from bot.settings import Settings
from footnote import FootnoteError
from footnote.index import data_folder

PORTAL = "https://discord.com/developers/applications"

_log = logging.getLogger(__name__)

_PATIENCE = 5.0
"""Seconds that a connection may take to end."""


class BotError(FootnoteError):
    """Why the bot cannot start."""


class UnreachableError(BotError):
    """Discord cannot be reached, or is down: the same start may work later."""


def run(settings: Settings, *, is_verbose: bool = False) -> int:
    """Run the bot until it is told to stop; 0. BotError where it cannot start."""
    logs.begin(settings, is_verbose=is_verbose)
    # There is no voice here whose libraries could be missing.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    token = _token(settings)
    return asyncio.run(_shown(_built(settings), token))


def check(settings: Settings) -> str:
    """What would run, in a few lines; FootnoteError where something would keep it from running."""
    _token(settings)
    # What is kept already is not opened: a bot may be running over it.
    with TemporaryDirectory() as folder:
        bot = _built(replace(settings, data=Path(folder)))
        bot.desk.database.close()
    commands = payload(bot.tree)
    found = problems(commands)
    if found:
        raise BotError("; ".join(found))
    library = read_library(settings)
    content = "is" if settings.message_content else "is not"
    return "\n".join(
        [
            f"Settings: a token is set; message content {content} requested.",
            f"Index {library.fingerprint}: {library.summary}.",
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
    )
    database = Database(data_folder(settings.data) / FILE)
    desk = Desk(service, database)
    return FootnoteBot(desk, message_content=settings.message_content)


async def _shown(bot: FootnoteBot, token: str) -> int:
    """Serve, and show whoever monitors the bot how it does."""
    service = bot.desk.service
    async with service.metrics.shown(service, bot.why_not_ready):
        return await _serve(bot, token)


async def _serve(bot: FootnoteBot, token: str) -> int:
    """Be connected until a signal comes, the documents cannot be read, or Discord refuses."""
    service = bot.desk.service
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # discord.py would be killed by the first, and leave its connections open.
        with suppress(NotImplementedError):  # as on Windows, where Ctrl-C raises
            loop.add_signal_handler(number, stopped.set)
    loading = service.load()
    stopping = asyncio.create_task(stopped.wait())
    async with bot:
        connection = asyncio.create_task(bot.start(token))
        waited = {connection, stopping, loading}
        while not (connection.done() or stopping.done()):
            done, _ = await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if loading in done:
                waited.discard(loading)
                if loading.exception() is not None:
                    # Closing while it still connects might wait for what never comes.
                    connection.cancel()
                    await asyncio.wait({connection}, timeout=_PATIENCE)
                await loading
        if connection.done():
            stopping.cancel()
            await _raised(connection, service)
        _log.info("stopping: running answers have a few seconds to finish")
        await service.stop()
    with suppress(asyncio.CancelledError):
        await connection
    bot.desk.database.close()
    _log.info("stopped")
    return 0


async def _raised(task: "asyncio.Task[object]", service: Service) -> None:
    """Raise what ended a task, as one sentence where that can be said."""
    try:
        await task
    except discord.LoginFailure as error:
        raise BotError(
            f"Discord rejected the token; reset it at {PORTAL} and set DISCORD_TOKEN to the new one"
        ) from error
    except discord.PrivilegedIntentsRequired as error:
        raise BotError(
            f"Discord does not let the bot read messages; turn on Message Content Intent at"
            f" {PORTAL}, or leave FOOTNOTE_MESSAGE_CONTENT unset"
        ) from error
    except (aiohttp.ClientError, discord.GatewayNotFound, OSError) as error:
        raise UnreachableError(
            f"Discord cannot be reached ({type(error).__name__}); check the network and start the"
            " bot again"
        ) from error
    except discord.HTTPException as error:
        raise UnreachableError(
            f"Discord responded with status {error.status}; start the bot again later"
        ) from error
    except Exception as error:
        failures.log(error, "connection", service.metrics)
        raise
