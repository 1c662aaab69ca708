"""The commands of moderators: what is answered where, what was asked in vain, what is known."""

import asyncio
import csv
import io
from collections.abc import Awaitable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import discord
from discord import app_commands

from bot.discord.database import Feedback, Mode, Policy, Reply
from bot.discord.gaps import Gap, grouped
from bot.discord.knowledge import Knowledge
from bot.discord.markdown import escaped
from bot.discord.messages import notice
from bot.discord.replies import announce, asked_from, reply
from bot.discord.sending import EDIT, again
from bot.discord.status import status_of
from bot.errors import MemberError
from bot.presentation import counted

if TYPE_CHECKING:
    from bot.discord.client import FootnoteBot

Interaction: TypeAlias = "discord.Interaction[FootnoteBot]"

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


_LARGEST_FILE = 2_000_000
"""Characters, each of which is at most four bytes of the ten million that Discord takes."""


class PolicyError(MemberError):
    """A policy that cannot work."""


class Moderation(app_commands.Group):
    """`/footnote`: for those who may manage the server, by default and by our own check."""

    def __init__(self) -> None:
        super().__init__(
            name="footnote",
            description="Set what Footnote answers here, and see what it could not",
            default_permissions=discord.Permissions(manage_guild=True),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=False, private_channel=False
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self.add_command(Knowledge())

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Whoever a server's settings let through: only those who may manage it."""
        # Permissions of commands can be changed for each server, and may be changed too far.
        if not interaction.permissions.manage_guild:
            raise app_commands.MissingPermissions(["manage_guild"])
        return True

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
        self,
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
        await _announced(interaction)
        desk = interaction.client.desk
        deciding = desk.decide(interaction.guild_id, place.id, policy)
        await desk.service.before_the_end(deciding)
        how = f"**{_MODES[policy.mode]}**"
        if policy.mode is not Mode.OFF:
            how += f", answered **{_REPLIES[policy.reply]}**"
        name = escaped(f"#{getattr(place, 'name', 'this channel')}")
        await reply(interaction, notice(f"{name}: {how}."), is_private=True)

    @app_commands.command(
        name="status",
        description="Show the index, answer times and uptime",
    )
    async def status(self, interaction: Interaction) -> None:
        """Say what is running."""
        text = status_of(interaction.client.desk, asked_from(interaction))
        await reply(interaction, notice(text), is_private=True)

    @app_commands.command(
        name="gaps", description="Export the declined questions, similar ones grouped"
    )
    async def gaps(self, interaction: Interaction) -> None:
        """Report the questions that were declined."""
        desk = interaction.client.desk
        server = _server(interaction)
        await _announced(interaction)
        reading = asyncio.to_thread(desk.database.declined, server)
        declined = await desk.service.before_the_end(reading)
        grouping = asyncio.to_thread(grouped, declined)
        found = await desk.service.before_the_end(grouping)
        if not found:
            hint = "" if desk.records(server) else " Turn recording on with /footnote record."
            await reply(
                interaction, notice(f"No declined questions are recorded.{hint}"), is_private=True
            )
            return
        declines = counted(len(declined), "declined question")
        lines = [f"**{declines} in {counted(len(found), 'group')}.**"]
        await _send_file(interaction, lines, "gaps.csv", _gap_rows(found))

    @app_commands.command(name="feedback", description="Export members' ratings and comments")
    async def feedback(self, interaction: Interaction) -> None:
        """Report what members pressed and wrote."""
        desk = interaction.client.desk
        await _announced(interaction)
        reading = asyncio.to_thread(desk.database.feedback, _server(interaction))
        found = await desk.service.before_the_end(reading)
        if not found:
            await reply(interaction, notice("No answer has been rated yet."), is_private=True)
            return
        helpful = sum(each.is_helpful for each in found)
        lines = [f"**Helpful: {helpful:,} · not helpful: {len(found) - helpful:,}**"]
        await _send_file(
            interaction, lines, "feedback.csv", _feedback_rows(found, _server(interaction))
        )

    @app_commands.command(
        name="record", description="Turn the recording of questions in this server on or off"
    )
    @app_commands.describe(
        questions="Record public questions, and who asked them, for /footnote gaps"
    )
    async def record(self, interaction: Interaction, questions: bool) -> None:
        """Switch recording on or off."""
        await _announced(interaction)
        desk = interaction.client.desk
        switching = desk.set_recorded(_server(interaction), is_recorded=questions)
        await desk.service.before_the_end(switching)
        text = (
            "From now on, public questions are recorded, with who asked them; /help tells members"
            " so. Private questions are never recorded."
            if questions
            else "Questions are no longer recorded. Existing records stay; /footnote forget deletes"
            " a member's."
        )
        await reply(interaction, notice(text), is_private=True)

    @app_commands.command(
        name="forget", description="Delete a member's recorded questions and ratings"
    )
    @app_commands.describe(member="The member whose records to delete")
    async def forget(self, interaction: Interaction, member: discord.User) -> None:
        """Delete a member's records."""
        desk = interaction.client.desk
        await _announced(interaction)
        forgetting = asyncio.to_thread(desk.database.forget_user, _server(interaction), member.id)
        count = await desk.service.before_the_end(forgetting)
        await reply(interaction, notice(f"{counted(count, 'record')} deleted."), is_private=True)

    @app_commands.command(
        name="reload", description="Reload the documents; I keep answering meanwhile"
    )
    async def reload(self, interaction: Interaction) -> None:
        """Exchange the index."""
        service = interaction.client.desk.service
        origin = asked_from(interaction)
        earlier = service.libraries.opened(origin)
        await _announced(interaction)
        library = await service.reload(origin)
        is_same = earlier is not None and earlier.fingerprint == library.fingerprint
        text = f"Index `{library.fingerprint}`: {library.summary}."
        text += " Nothing has changed." if is_same else ""
        await reply(interaction, notice(text), is_private=True)


def _refuse_what_cannot_work(policy: Policy, place: object, client: "FootnoteBot") -> None:
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


async def _announced(interaction: Interaction) -> None:
    """Acknowledge first: the database may be locked for longer than Discord waits."""
    await announce(interaction, is_private=True)


def _server(interaction: Interaction) -> int:
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    return interaction.guild_id


def _gap_rows(gaps: Iterable[Gap]) -> Iterable[Sequence[object]]:
    yield "group", "asked", "first", "last", "question"
    for number, gap in enumerate(gaps, start=1):
        for question in gap.questions:
            yield number, gap.count, gap.first, gap.last, question


def _feedback_rows(found: Iterable[Feedback], server: int) -> Iterable[Sequence[object]]:
    yield "at", "rating", "comment", "question", "answer"
    for each in found:
        rating = "helpful" if each.is_helpful else "not helpful"
        answer = f"https://discord.com/channels/{server}/{each.channel}/{each.message}"
        yield each.given_at, rating, each.comment, each.question or "", answer


async def _send_file(
    interaction: Interaction, lines: list[str], name: str, rows: Iterable[Sequence[object]]
) -> None:
    content = await asyncio.to_thread(_csv, rows)

    def sent() -> Awaitable[object]:
        file = discord.File(io.BytesIO(content), name)
        return interaction.edit_original_response(content="\n".join(lines), attachments=[file])

    await again(sent, EDIT)


def _csv(rows: Iterable[Sequence[object]]) -> bytes:
    """The rows as a file for spreadsheets, as many as Discord takes."""
    content = io.StringIO()
    write = csv.writer(content).writerow
    for row in rows:
        if content.tell() > _LARGEST_FILE:
            break
        write([_as_text(value) for value in row])
    # The mark tells spreadsheets that the file is UTF-8.
    return content.getvalue().encode("utf-8-sig")


def _as_text(value: object) -> object:
    """A text that a spreadsheet would run as a formula, marked as a text."""
    is_formula = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if is_formula else value
