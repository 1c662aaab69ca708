"""Threads that answers go into, each below the message that asks."""

import discord

from bot.discord import failures
from bot.discord.database import Policy, Reply
from bot.metrics import Metrics

_LONGEST_NAME = 100


def channel_of_threads(policy: Policy, channel: object) -> discord.TextChannel | None:
    """The channel that was asked in, if its rule is that each answer gets a thread."""
    if policy.reply is Reply.THREAD and isinstance(channel, discord.TextChannel):
        return channel
    return None


async def thread_on(
    message: discord.Message | discord.PartialMessage, question: str, metrics: Metrics
) -> discord.Thread | None:
    """A new thread on a message; None where there can be none, or is one already."""
    try:
        return await message.create_thread(name=" ".join(question.split())[:_LONGEST_NAME])
    except discord.HTTPException as error:
        failures.log(error, f"thread guild={getattr(message.guild, 'id', None)}", metrics)
        return None
