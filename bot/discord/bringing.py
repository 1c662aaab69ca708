"""`/footnote knowledge add`, `list`, `remove` and `undo`: documents that moderators bring."""

import asyncio
from collections.abc import Awaitable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.daemon import in_daemon
from bot.discord.attachments import content_of, name_of
from bot.discord.linked import NO_CONTENT, UnreadableLinkError, linked
from bot.discord.markdown import shortened
from bot.discord.messages import notice
from bot.discord.moderators import require_moderator
from bot.discord.replies import announce, reply
from bot.discord.shelves import documents_of, passages_in
from bot.discord.upload_pages import uploads_page
from bot.discord.uploads import Kind, Upload, UploadError
from bot.discord.words import passages
from bot.presentation import harmless
from bot.texts import gettext
from footnote import Document, ReadError

if TYPE_CHECKING:
    from bot.discord.client import FootnoteBot

Interaction: TypeAlias = "discord.Interaction[FootnoteBot]"

T = TypeVar("T")

_MOST_CHOICES = 25
_SHOWN_NAME = 100


@app_commands.command(
    name="add", description="Add files, a message or a thread to what I know here"
)
@app_commands.describe(
    file="A document: text, Markdown, PDF, Word, a web page, a table and others",
    file2="Another document",
    file3="Another document",
    link="The link of a message or a thread of this server",
)
async def add(
    interaction: Interaction,
    file: discord.Attachment | None = None,
    file2: discord.Attachment | None = None,
    file3: discord.Attachment | None = None,
    link: app_commands.Range[str, 1, 200] | None = None,
) -> None:
    """Take documents, all that are given or none."""
    server = require_moderator(interaction)
    files = [one for one in (file, file2, file3) if one is not None]
    if not files and link is None:
        raise UploadError(gettext("Attach a file, or give the link of a message or a thread"))
    desk = interaction.client.desk
    if not desk.uploads.limits.documents:
        raise UploadError(gettext("The person who runs me lets no documents be added"))
    await announce(interaction, is_private=True)
    brought = [await _before_the_end(interaction, _file(interaction, one)) for one in files]
    if link is not None:
        brought.append(await _before_the_end(interaction, _linked(interaction, link)))
    uploads = [upload for upload, _ in brought]
    who = harmless(interaction.user.display_name).strip()
    adding = asyncio.to_thread(desk.uploads.add, server, uploads, interaction.user.id, who)
    kept = await desk.service.before_the_end(adding)
    read = zip(kept, (documents for _, documents in brought), strict=True)
    # Messages may have got another name only now.
    desk.shelves.hold(server, {one.id: docs for one, docs in read if one.kind is Kind.FILE})
    await desk.service.own_changed(server)
    text = gettext(
        "Added {documents}. I answer from it in this server from now on; /footnote knowledge undo"
        " takes it back.",
        documents=", ".join(f"{_bold(k.name)} ({passages(k.passages)})" for k in kept),
    )
    await reply(interaction, notice(text), is_private=True)


async def _file(
    interaction: Interaction, attachment: discord.Attachment
) -> tuple[Upload, list[Document]]:
    """A file with what was read in it."""
    content = await content_of(attachment, interaction.client.desk.uploads.limits.file)
    return await in_daemon(partial(_read, name_of(attachment.filename), Kind.FILE, content, ""))


async def _linked(interaction: Interaction, link: str) -> tuple[Upload, list[Document]]:
    """What a link leads to, as far as the moderator may read it."""
    member = interaction.user
    if (
        not isinstance(member, discord.Member)
        or interaction.client.get_guild(member.guild.id) is None
    ):
        raise UnreadableLinkError
    found = await linked(member, link)
    try:
        return await in_daemon(partial(_read, found.name, found.kind, found.content, found.address))
    except UploadError as error:
        if interaction.client.intents.message_content:
            raise
        raise UploadError(gettext(NO_CONTENT)) from error


def _read(name: str, kind: Kind, content: bytes, link: str) -> tuple[Upload, list[Document]]:
    """A document as it is kept, and as it was read; UploadError where it cannot be."""
    try:
        documents = documents_of(name, kind, content, link)
        return Upload(name, kind, content, passages_in(documents), link), documents
    except ReadError as error:
        raise UploadError(f"{name} {error.reason}") from error


@app_commands.command(name="list", description="List the documents that were added in this server")
async def list_(interaction: Interaction) -> None:
    """Show the first page."""
    require_moderator(interaction)
    await announce(interaction, is_private=True)
    page = await uploads_page(interaction, interaction.client.desk, 0)
    await reply(interaction, page, is_private=True)


@app_commands.command(name="remove", description="Remove a document that was added in this server")
@app_commands.describe(name="A document of the list")
async def remove(interaction: Interaction, name: app_commands.Range[str, 1, 100]) -> None:
    """Answer from a document no more."""
    server = require_moderator(interaction)
    await announce(interaction, is_private=True)
    desk = interaction.client.desk
    await desk.service.before_the_end(asyncio.to_thread(desk.uploads.remove, server, name))
    await desk.service.own_changed(server)
    text = gettext(
        "Removed {name}; for a week, /footnote knowledge undo brings it back.", name=_bold(name)
    )
    await reply(interaction, notice(text), is_private=True)


@remove.autocomplete("name")
async def suggest_uploads(interaction: Interaction, current: str) -> list[Choice[str]]:
    """The documents of this server."""
    server = require_moderator(interaction)
    present = await asyncio.to_thread(interaction.client.desk.uploads.present, server)
    typed = current.casefold()
    found = [kept.name for kept in present if typed in kept.name.casefold()]
    return [Choice(name=name, value=name) for name in found[:_MOST_CHOICES]]


@app_commands.command(name="undo", description="Take back the last add or remove in this server")
async def undo(interaction: Interaction) -> None:
    """Take back the last change, which somebody else may have made."""
    server = require_moderator(interaction)
    await announce(interaction, is_private=True)
    desk = interaction.client.desk
    undone = await desk.service.before_the_end(asyncio.to_thread(desk.uploads.undo, server))
    await desk.service.own_changed(server)
    said = []
    if undone.gone:
        said.append(gettext("No longer here: {documents}.", documents=_names(undone.gone)))
    if undone.back:
        said.append(gettext("Back: {documents}.", documents=_names(undone.back)))
    await reply(interaction, notice(" ".join(said)), is_private=True)


def _before_the_end(interaction: Interaction, work: Awaitable[T]) -> Awaitable[T]:
    return interaction.client.desk.service.before_the_end(work)


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(_bold, names))


def _bold(name: str) -> str:
    return f"**{shortened(name, _SHOWN_NAME)}**"


BRINGING: tuple[app_commands.Command[Any, ..., None], ...] = (add, list_, remove, undo)
"""The commands of the group."""
