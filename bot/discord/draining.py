"""Leaving Discord without losing what it has sent already.

discord.py closes a connection as the library below it does: what arrives until Discord has noticed
is thrown away, though Discord counts it as delivered. Here the close is announced, and what is
still on its way is taken. That needs parts of both libraries that are not public; the tests in
tests/test_rolling_restart.py fail where they have changed.
"""

import asyncio
import logging
from contextlib import suppress

import discord

_CLOSE = 1000
"""The code of a connection that ends for good; after any other, Discord keeps the session."""

_PATIENCE = 1.0
"""Seconds that Discord has to notice."""

_log = logging.getLogger(__name__)


async def drain(client: discord.AutoShardedClient) -> None:
    """Leave Discord's gateway; what was received is still being answered over HTTP."""
    leaving = [asyncio.ensure_future(_left(info)) for info in client.shards.values()]
    if leaving:
        _, late = await asyncio.wait(leaving, timeout=_PATIENCE)
        for task in late:
            task.cancel()


async def _left(info: discord.ShardInfo) -> None:
    shard = info._parent
    # It would take the end for one that it has to reconnect after.
    shard._cancel_task()
    if shard._task is not None:
        await asyncio.wait({shard._task})
    socket = shard.ws
    socket._close_code = _CLOSE
    try:
        await socket.socket._writer.close(_CLOSE)
        with suppress(discord.ConnectionClosed):
            while True:
                await socket.poll_event()
    except Exception as error:
        # It was not connected, or is no more: nothing is on its way.
        _log.debug("a shard was left: %s", type(error).__name__)
