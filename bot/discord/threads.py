"""Threads that answers go into, each below the message that asks."""

import aiohttp
import discord

from bot.discord import failures
from bot.discord.database import Policy, Reply
from bot.discord.sending import post
from bot.metrics import Metrics

_LONGEST_NAME = 100


def channel_of_threads(policy: Policy, channel: object) -> discord.TextChannel | None:
    """The channel that was asked in, if its rule is that each answer gets a thread."""
    if policy.reply is Reply.THREAD and isinstance(channel, discord.TextChannel):
        return channel
    return None


async def sent_in_thread(
    message: discord.Message | discord.PartialMessage,
    question: str,
    view: discord.ui.LayoutView,
    metrics: Metrics,
) -> discord.Message | None:
    """An answer, sent in a new thread on a message; None where that is not possible now."""
    try:
        thread = await message.create_thread(name=" ".join(question.split())[:_LONGEST_NAME])
        return await post(thread, view)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        failures.log(error, f"thread guild={getattr(message.guild, 'id', None)}", metrics)
        return None
