"""`/footnote knowledge`: what a server, or one of its channels, is answered from."""

from typing import TYPE_CHECKING, TypeAlias

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.discord.bringing import BRINGING
from bot.discord.desk import Desk
from bot.discord.markdown import escaped
from bot.discord.messages import notice
from bot.discord.moderators import require_moderator
from bot.discord.replies import announce, reply
from bot.errors import MemberError
from bot.texts import gettext

if TYPE_CHECKING:
    from bot.discord.client import FootnoteBot

Interaction: TypeAlias = "discord.Interaction[FootnoteBot]"

DEFAULT = "default"
"""What is typed instead of a name, to go back."""

_MOST_CHOICES = 25


class UnknownCollectionError(MemberError):
    """A name of no collection that the server may use."""

    def __init__(self) -> None:
        super().__init__(
            gettext("No collection has that name; choose one from the list, or default.")
        )


async def choose_collection(desk: Desk, server: int, channel: int, name: str) -> None:
    """Answer a channel, or with 0 a server, from a collection that it may use."""
    is_default = name == DEFAULT
    if not is_default and not desk.service.libraries.may_use(server, name):
        raise UnknownCollectionError
    choosing = desk.choose(server, channel, None if is_default else name)
    await desk.service.before_the_end(choosing)


def _name_of(name: str, *, is_server: bool) -> str:
    if name != DEFAULT:
        return gettext("the collection **{name}**", name=escaped(name))
    return gettext("the default collection") if is_server else gettext("what the server uses")


class Knowledge(app_commands.Group):
    """A group within `/footnote`."""

    def __init__(self) -> None:
        super().__init__(name="knowledge", description="Set what I know in this server")
        for command in BRINGING:
            self.add_command(command)

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Moderators only: of the groups around a command, discord.py asks the nearest alone."""
        require_moderator(interaction)
        return True

    @app_commands.command(name="use", description="Choose the collection that I answer from")
    @app_commands.describe(
        name="A collection; default goes back to what I know elsewhere",
        channel="Default: the whole server",
    )
    async def use(
        self,
        interaction: Interaction,
        name: app_commands.Range[str, 1, 100],
        channel: discord.TextChannel | discord.ForumChannel | None = None,
    ) -> None:
        """Choose for the server, or for a channel."""
        if interaction.guild_id is None:
            raise app_commands.NoPrivateMessage
        await announce(interaction, is_private=True)
        # As all names of collections are written; phones begin words with a capital.
        name = name.strip().lower()
        place = 0 if channel is None else channel.id
        await choose_collection(interaction.client.desk, interaction.guild_id, place, name)
        what = _name_of(name, is_server=channel is None)
        if channel is None:
            text = gettext("This server: answered from {what}.", what=what)
        else:
            where = escaped(f"#{channel.name}")
            text = gettext("{channel}: answered from {what}.", channel=where, what=what)
        await reply(interaction, notice(text), is_private=True)

    @use.autocomplete("name")
    async def suggest_names(self, interaction: Interaction, current: str) -> list[Choice[str]]:
        """The collections that this server may use."""
        # discord.py asks for no permission before suggestions.
        server = interaction.guild_id
        if server is None or not interaction.permissions.manage_guild:
            return []
        names = interaction.client.desk.service.libraries.names_for(server)
        found = [name for name in (DEFAULT, *names) if name.startswith(current.lower())]
        return [Choice(name=name, value=name) for name in found[:_MOST_CHOICES]]
