"""Why the bot cannot start or go on, as one sentence.

The exit code follows from its kind: 2 for what the operator has to mend, 75 for what may be
otherwise later, 3 for a mistake of ours.
"""

from http import HTTPStatus
from math import ceil

import aiohttp
import discord

from footnote import FootnoteError, UnavailableError

PORTAL = "https://discord.com/developers/applications"


class BotError(FootnoteError):
    """Why the bot cannot start, or go on."""


class RefusedError(Exception):
    """A request that Discord does not understand."""


def reason_for(error: Exception) -> Exception:
    """What ended the connection, for whoever runs the bot; the error itself where that is unknown.

    FootnoteError where something can be done about it.
    """
    # 4004 is Discord's code for a connection whose token is none, or none any more.
    match error:
        case (
            discord.LoginFailure()
            | discord.ConnectionClosed(code=4004)
            | discord.HTTPException(status=HTTPStatus.UNAUTHORIZED)
        ):
            return BotError(
                f"Discord rejected the token; reset it at {PORTAL} and set DISCORD_TOKEN to the"
                " new one"
            )
        case discord.PrivilegedIntentsRequired():
            return BotError(
                f"Discord does not let the bot read messages; turn on Message Content Intent at"
                f" {PORTAL}, or leave FOOTNOTE_MESSAGE_CONTENT unset"
            )
        case discord.RateLimited(retry_after=seconds):
            return UnavailableError(
                f"Discord takes no requests of the bot for {ceil(seconds)} seconds; start the bot"
                " again then"
            )
        case discord.HTTPException(status=HTTPStatus.BAD_REQUEST, code=code):
            return RefusedError(f"Discord refused a request with status 400 and code {code}")
        case discord.HTTPException(status=status):
            return UnavailableError(
                f"Discord responded with status {status}; start the bot again later"
            )
        case aiohttp.ClientError() | discord.GatewayNotFound() | OSError():
            return UnavailableError(
                f"Discord cannot be reached ({type(error).__name__}); check the network and start"
                " the bot again"
            )
    return error
