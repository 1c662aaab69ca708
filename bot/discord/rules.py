"""The rules of moderators: which messages are questions in which channel, and where answers go."""

import discord
from discord import app_commands

from bot.discord.database import Mode, Policy, Reply
from bot.discord.markdown import escaped
from bot.discord.messages import notice
from bot.discord.moderated import Interaction, announced
from bot.discord.replies import reply
from bot.errors import MemberError

_MODES = {
    Mode.OFF: "off: ignore messages, answer commands privately",
    Mode.MENTIONS: "when mentioned",
    Mode.EVERY: "every message",
    Mode.FORUM: "forum posts: each new post once",
}
_REPLIES = {
    Reply.INLINE: "in the channel",
    Reply.THREAD: "in a thread",
    Reply.PRIVATE: "privately",
}


class PolicyError(MemberError):
    """A policy that cannot work."""


@app_commands.command(
    name="channel", description="Set which messages of a channel I answer, and where"
)
@app_commands.describe(
    messages="Which messages to treat as questions",
    answers="Where to answer messages",
    channel="Default: this channel",
)
@app_commands.choices(
    messages=[app_commands.Choice(name=text, value=mode) for mode, text in _MODES.items()],
    answers=[app_commands.Choice(name=text, value=kind) for kind, text in _REPLIES.items()],
)
async def channel(
    interaction: Interaction,
    messages: str,
    answers: str = Reply.INLINE,
    channel: discord.TextChannel | discord.ForumChannel | None = None,
) -> None:
    """Decide for a channel."""
    place = channel or interaction.channel
    if isinstance(place, discord.Thread):
        place = place.parent
    if place is None or interaction.guild_id is None:
        raise PolicyError("this is not a channel of a server; choose one")
    policy = Policy(Mode(messages), Reply(answers))
    _refuse_what_cannot_work(policy, place, interaction.client)
    await announced(interaction)
    desk = interaction.client.desk
    deciding = desk.decide(interaction.guild_id, place.id, policy)
    await desk.service.before_the_end(deciding)
    how = f"**{_MODES[policy.mode]}**"
    if policy.mode is not Mode.OFF:
        how += f", answered **{_REPLIES[policy.reply]}**"
    name = escaped(f"#{getattr(place, 'name', 'this channel')}")
    await reply(interaction, notice(f"{name}: {how}."), is_private=True)


def _refuse_what_cannot_work(policy: Policy, place: object, client: discord.Client) -> None:
    is_forum = isinstance(place, discord.ForumChannel)
    if policy.mode is Mode.FORUM and not is_forum:
        raise PolicyError("this is not a forum; choose a forum channel or other messages")
    if policy.mode is Mode.EVERY and is_forum:
        raise PolicyError("a forum has posts, not messages; choose forum posts")
    if policy.mode in (Mode.EVERY, Mode.FORUM) and not client.intents.message_content:
        raise PolicyError(
            "I cannot read messages that do not mention me; the person who runs me must set"
            " FOOTNOTE_MESSAGE_CONTENT=true and turn on Message Content Intent in Discord's"
            " developer portal"
        )
