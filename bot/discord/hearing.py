"""Which messages are questions, and what they ask."""

import re
from dataclasses import dataclass
from enum import Enum, auto

import discord

from bot.discord.database import Mode, Policy
from footnote import LONGEST_QUESTION
from footnote.questions import Kind, Question

_KINDS = (discord.MessageType.default, discord.MessageType.reply)


class Way(Enum):
    """How a message came to be a question."""

    ADDRESSED = auto()  # it mentions the bot, replies to it, or is a direct message
    OVERHEARD = auto()  # every message of its channel is one
    POST = auto()  # it opens a forum post


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that is a question, with what it asks; the first text that is answered counts."""

    way: Way
    texts: tuple[str, ...]

    @property
    def has_words(self) -> bool:
        """Whether it says anything that the bot can read."""
        return any(self.texts)


def heard_in(message: discord.Message, me: discord.ClientUser, policy: Policy) -> Heard | None:
    """The question in a message; None where it is none."""
    if message.author.bot or message.webhook_id or message.type not in _KINDS:
        return None
    text = words_of(message, me)
    if message.guild is None:
        return Heard(Way.ADDRESSED, (text,))
    if policy.mode is Mode.OFF:
        return None
    channel = message.channel
    thread = channel if isinstance(channel, discord.Thread) else None
    # The message that opens a post has the id of the post.
    if policy.mode is Mode.FORUM and thread and message.id == thread.id:
        return Heard(Way.POST, _post_texts(thread.name, text))
    if _is_addressed(message, me):
        return Heard(Way.ADDRESSED, (text,))
    is_own_thread = thread is not None and thread.owner_id == me.id
    if text and (is_own_thread or policy.mode is Mode.EVERY):
        return Heard(Way.OVERHEARD, (text,))
    return None


def _is_addressed(message: discord.Message, me: discord.ClientUser) -> bool:
    """Whether a message mentions the bot or replies to it, with words that can be read or not."""
    mentions = words_of(message, me) != message.content.strip()
    return mentions or _replies_to(message, me) or is_unreadable_reply(message, me)


def words_of(message: discord.Message, me: discord.ClientUser) -> str:
    """What a message says, without mentions of the bot."""
    return re.sub(rf"<@!?{me.id}>", " ", message.content).strip()


def is_unreadable_reply(message: discord.Message, me: discord.ClientUser) -> bool:
    """Whether a message replies to the bot with words that Discord keeps from it."""
    is_empty = not (message.content or message.attachments or message.stickers)
    return is_empty and me in message.mentions


def looks_like_a_question(text: str) -> bool:
    """Whether somebody who only talks would hardly write it."""
    return "?" in text or Question(text).kind is not Kind.OTHER


def _replies_to(message: discord.Message, me: discord.ClientUser) -> bool:
    """Whether a message that can be read replies to one of the bot's."""
    replied = message.reference.resolved if message.reference else None
    return (
        isinstance(replied, discord.Message)
        and replied.author.id == me.id
        and bool(message.content.strip())
    )


def _post_texts(title: str, body: str) -> tuple[str, ...]:
    """What a forum post asks: title and body, or, where both are not answered, the title."""
    whole = f"{title}\n{body}".strip()
    return (whole, title) if len(whole) <= LONGEST_QUESTION else (title, body[:LONGEST_QUESTION])
