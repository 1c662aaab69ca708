"""Messages and threads that a moderator links to, read as documents."""

import re
from dataclasses import dataclass

import discord

from bot.discord.attachments import LONGEST_NAME
from bot.discord.uploads import Kind, UploadError
from bot.discord.written import Written, packed
from bot.presentation import harmless
from bot.texts import gettext, gettext_noop, ngettext

MOST_MESSAGES = 500
"""Messages of a thread."""

NO_CONTENT = gettext_noop(
    "I cannot read messages that do not mention me; the person who runs me must set"
    " FOOTNOTE_MESSAGE_CONTENT=true and turn on Message Content Intent in Discord's developer"
    " portal"
)

_GREATEST_ID = 2**63 - 1

_LINK = re.compile(
    r"https://(?:ptb\.|canary\.)?discord(?:app)?\.com/channels/(\d{1,19})/(\d{1,19})(?:/(\d{1,19}))?/?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link leads to: messages, as bot/discord/written.py packs them, and their address."""

    name: str
    kind: Kind
    content: bytes
    address: str


class UnreadableLinkError(UploadError):
    """A link whose messages the moderator, or the bot, may not read, or that are not there.

    It does not say which, since that would be telling.
    """

    def __init__(self) -> None:
        super().__init__(
            gettext(
                "This link leads to nothing in this server that both you and I may read; I need"
                " View Channel and Read Message History"
            )
        )


async def linked(member: discord.Member, link: str) -> Linked:
    """What is behind a link, as far as a member of the server may read it; UploadError."""
    match = _LINK.fullmatch(link.strip())
    if match is None:
        raise UploadError(
            gettext(
                "This is no link to a message or a thread; choose Copy Message Link or Copy Link in"
                " its menu"
            )
        )
    server, place, message = match.groups()
    # Discord calls a request with a greater number a bad one, not one for nothing.
    if int(server) != member.guild.id or max(int(place), int(message or 0)) > _GREATEST_ID:
        raise UnreadableLinkError
    try:
        channel = await _channel(member, int(place))
        if message is not None:
            return await _message(channel, int(message))
        if isinstance(channel, discord.Thread):
            return await _thread(channel)
    except (discord.NotFound, discord.Forbidden) as error:
        raise UnreadableLinkError from error
    raise UploadError(gettext("This link leads to a channel; give one to a message or to a thread"))


async def _channel(member: discord.Member, id_: int) -> discord.TextChannel | discord.Thread:
    """A channel or thread of the member's server that the member may read."""
    guild = member.guild
    channel = guild.get_channel_or_thread(id_)
    if channel is None:
        try:
            channel = await guild.fetch_channel(id_)
        except discord.InvalidData as error:
            # It is another server's.
            raise UnreadableLinkError from error
    if not isinstance(channel, discord.TextChannel | discord.Thread):
        raise UnreadableLinkError
    if isinstance(channel, discord.Thread) and channel.parent is None:
        raise UnreadableLinkError
    may = channel.permissions_for(member)
    if not (may.view_channel and may.read_message_history):
        raise UnreadableLinkError
    if isinstance(channel, discord.Thread) and channel.is_private() and not may.manage_threads:
        await channel.fetch_member(member.id)
    return channel


async def _message(channel: discord.TextChannel | discord.Thread, id_: int) -> Linked:
    message = await channel.fetch_message(id_)
    if not _is_of_a_person(message):
        raise UploadError(gettext("This message was not written by a person; give another one"))
    name = _named(f"#{channel.name}", f"{message.created_at:%Y-%m-%d}")
    address = f"{_address(channel.guild.id, channel.id)}/{message.id}"
    return Linked(name, Kind.MESSAGE, packed([_written(message)]), address)


async def _thread(thread: discord.Thread) -> Linked:
    messages = [each async for each in thread.history(limit=MOST_MESSAGES + 1)][::-1]
    if len(messages) > MOST_MESSAGES:
        raise UploadError(
            ngettext(
                "This thread has more than {count} message; give links to single ones",
                "This thread has more than {count} messages; give links to single ones",
                MOST_MESSAGES,
            )
        )
    starter = await _starter(thread)
    written = [_written(m, thread) for m in messages if _is_of_a_person(m)]
    if starter is not None and _is_of_a_person(starter):
        written.insert(0, _written(starter))
    parent = thread.parent.name if thread.parent else ""
    name = _named(f"#{parent}", thread.name)
    return Linked(name, Kind.THREAD, packed(written), _address(thread.guild.id, thread.id))


async def _starter(thread: discord.Thread) -> discord.Message | None:
    """The message that a thread was opened on, where it stands in the channel above."""
    if not isinstance(thread.parent, discord.TextChannel):
        return None
    try:
        return await thread.parent.fetch_message(thread.id)
    except (discord.NotFound, discord.Forbidden):
        return None


def _is_of_a_person(message: discord.Message) -> bool:
    return not (message.author.bot or message.webhook_id or message.is_system())


def _written(message: discord.Message, thread: discord.Thread | None = None) -> Written:
    return Written(
        author=message.author.id,
        name=_clean(message.author.display_name),
        at=f"{message.created_at:%Y-%m-%d %H:%M}",
        # Names instead of the numbers of those who are mentioned.
        text=message.clean_content,
        anchor="" if thread is None else str(message.id),
    )


def _address(server: int, channel: int) -> str:
    return f"https://discord.com/channels/{server}/{channel}"


def _named(place: str, rest: str) -> str:
    return _clean(f"{place}, {rest}")[:LONGEST_NAME].rstrip()


def _clean(text: str) -> str:
    return harmless(text).strip()
