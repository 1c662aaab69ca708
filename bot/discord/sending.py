"""What is sent to Discord: again where it or the answer to it was lost, and never twice.

A connection that breaks does not tell whether something was sent. So only that is sent again which
Discord takes once: a message by its nonce, the first response to an interaction, an edit.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar

import aiohttp
import discord

T = TypeVar("T")

_LOST = (aiohttp.ClientError, OSError, discord.DiscordServerError)
"""What may go better the next time; a TimeoutError is an OSError."""

_ACKNOWLEDGED = 40060
"""Discord's code for a second first response."""

_LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class Patience:
    """For how many seconds something is tried, and how long once; `pause`: seconds before the first
    retry; doubled after each."""

    seconds: float
    once: float
    pause: float


RESPONSE = Patience(seconds=3, once=2, pause=0.25)
"""Discord takes a first response for three seconds."""

EDIT = Patience(seconds=14 * 60, once=60, pause=1)
"""An interaction's token is good for 15 minutes."""

MESSAGE = Patience(seconds=120, once=60, pause=1)
"""Discord knows a nonce for a few minutes."""


async def again(send: Callable[[], Awaitable[T]], patience: Patience) -> T:
    """The result of `send`, called again while it fails; the last error once patience ends."""
    end = monotonic() + patience.seconds
    pause = patience.pause
    while True:
        try:
            async with asyncio.timeout(patience.once):
                return await send()
        except _LOST:
            if monotonic() + pause > end:
                raise
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


async def post(
    place: discord.abc.Messageable,
    view: discord.ui.LayoutView,
    nonce: int | None = None,
    **options: Any,
) -> discord.Message:
    """Send a message; what has the nonce of one that was sent minutes ago is that one."""
    nonce = secrets.randbits(64) if nonce is None else nonce
    return await again(lambda: place.send(view=view, nonce=nonce, **options), MESSAGE)


async def responded(
    interaction: discord.Interaction,
    send: Callable[[], Awaitable[T]],
    kind: discord.InteractionResponseType,
) -> T | None:
    """What a first response gives; `kind` is its type. None where it came through, but the answer
    to it did not."""

    async def send_once() -> T | None:
        try:
            return await send()
        except discord.HTTPException as error:
            # discord.py tries again by itself, so that this may come at the first time. It is
            # never another process that has responded: of those only one holds the lease.
            if error.code != _ACKNOWLEDGED:
                raise
        # discord.py does not know it, and would respond again. test_an_announced_response fails
        # where this private name has changed.
        interaction.response._response_type = kind
        return None

    return await again(send_once, RESPONSE)
