"""What the bot may do in a channel, and what it must be granted before a rule works there."""

import discord

from bot.discord.database import Mode, Policy, Reply
from bot.texts import gettext, gettext_noop

_NAMES = {
    "view_channel": gettext_noop("View Channel"),
    "send_messages": gettext_noop("Send Messages"),
    "send_messages_in_threads": gettext_noop("Send Messages in Threads"),
    "create_public_threads": gettext_noop("Create Public Threads"),
    "read_message_history": gettext_noop("Read Message History"),
}
"""As Discord calls them."""


def missing(place: discord.abc.GuildChannel, policy: Policy) -> list[str]:
    """The permissions that the bot lacks in a channel under a policy, by their names.

    None is needed where the bot is off: commands are answered without any.
    """
    if policy.mode is Mode.OFF:
        return []
    granted = place.permissions_for(place.guild.me)
    return [gettext(_NAMES[flag]) for flag in _needed(place, policy) if not getattr(granted, flag)]


def _needed(place: discord.abc.GuildChannel, policy: Policy) -> list[str]:
    if isinstance(place, discord.ForumChannel):
        return ["view_channel", "send_messages_in_threads", "read_message_history"]
    needed = ["view_channel", "send_messages", "read_message_history"]
    if policy.reply is Reply.THREAD:
        needed += ["create_public_threads", "send_messages_in_threads"]
    return needed
