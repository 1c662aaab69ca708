"""Which messages are questions, and what they ask."""

import re
from dataclasses import dataclass
from enum import Enum, auto

import discord

from bot.discord.database import Mode, Policy
from bot.talk import asks_for_help, said_back
from footnote import LONGEST_QUESTION
from footnote.questions import looks_like_a_question

_KINDS = (discord.MessageType.default, discord.MessageType.reply)
_EMOJI = r"<a?:\w+:\d+>"
_NAMES = re.compile(rf"{_EMOJI}|<[@#][!&]?\d+>|@everyone|@here", re.I)
_NO_WORDS = re.compile(rf"{_NAMES.pattern}|<?https?://\S+", re.I)
"""Emoji of servers, mentions and links."""


class Way(Enum):
    """How a message came to be a question."""

    ADDRESSED = auto()  # it mentions the bot, or is a direct message
    REPLY = auto()  # it replies to the bot
    THREAD = auto()  # it stands in a thread that the bot opened
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

    @property
    def is_overheard(self) -> bool:
        """Whether it was not said to the bot, which then answers only where that helps."""
        return self.way in (Way.THREAD, Way.OVERHEARD)


def heard_in(message: discord.Message, me: discord.ClientUser, policy: Policy) -> Heard | None:
    """What a message asks; None where it asks nothing of the bot.

    Talk such as "thanks!" is only heard where the bot is addressed: there silence would be rude.
    What is said to somebody else is not heard where it is not.
    """
    if message.author.bot or message.webhook_id or message.type not in _KINDS:
        return None
    if message.guild is not None and policy.mode is Mode.OFF:
        return None
    heard = _heard_in(message, me, policy)
    if heard is None or heard.way is Way.ADDRESSED or asks_what_to_do(heard):
        return heard
    is_left_alone = (
        said_back_to(heard) is not None
        or (heard.is_overheard and _is_for_others(message, me))
        or (heard.way is Way.OVERHEARD and not looks_like_a_question(heard.texts[0]))
    )
    return None if is_left_alone else heard


def said_back_to(heard: Heard) -> str | None:
    """A short sentence for talk; None for a question, which a forum post always is."""
    return None if heard.way is Way.POST else said_back(heard.texts[0])


def asks_what_to_do(heard: Heard) -> bool:
    """Whether a message that is said to the bot only asks what that can do."""
    return heard.way in (Way.ADDRESSED, Way.REPLY) and asks_for_help(heard.texts[0])


def _heard_in(message: discord.Message, me: discord.ClientUser, policy: Policy) -> Heard | None:
    text, channel = words_of(message, me), message.channel
    thread = channel if isinstance(channel, discord.Thread) else None
    # The message that opens a post has the id of the post.
    if policy.mode is Mode.FORUM and thread and message.id == thread.id:
        return Heard(Way.POST, _post_texts(thread.name, text))
    is_direct = message.guild is None
    if is_direct or _mentions(message, me) or is_unreadable(message, me):
        return Heard(Way.ADDRESSED, (text,))
    if text and _author_before(message) == me.id:
        return Heard(Way.REPLY, (text,))
    if text and thread is not None and thread.owner_id == me.id:
        return Heard(Way.THREAD, (text,))
    return Heard(Way.OVERHEARD, (text,)) if text and policy.mode is Mode.EVERY else None


def _mentions(message: discord.Message, me: discord.ClientUser) -> bool:
    return bool(re.search(_own_mention(message, me), message.content))


def words_of(message: discord.Message, me: discord.ClientUser) -> str:
    """What a message says, without emoji of servers and mentions; without links where it has no
    other words."""
    return without_mentions(text_of(message, me))


def text_of(message: discord.Message, me: discord.ClientUser) -> str:
    """A message as it was written, but for mentions of the bot or of the role that is its own."""
    return re.sub(_own_mention(message, me), " ", message.content).strip()


def without_mentions(text: str) -> str:
    """A text without emoji of servers and mentions, since none stands in a document; without links
    where it has no other words."""
    bare = _NO_WORDS.sub(" ", text)
    return (_NAMES.sub(" ", text) if re.search(r"\w", bare) else bare).strip()


def _own_mention(message: discord.Message, me: discord.ClientUser) -> str:
    signs = "|".join([f"@!?{me.id}", *(f"@&{role.id}" for role in _own_roles(message, me))])
    return rf"<(?:{signs})>"


def _own_roles(message: discord.Message, me: discord.ClientUser) -> list[discord.Role]:
    """The role that Discord made for the bot alone, where it is mentioned: it has the same name."""
    return [role for role in message.role_mentions if role.tags and role.tags.bot_id == me.id]


def is_unreadable(message: discord.Message, me: discord.ClientUser) -> bool:
    """Whether a message is meant for the bot, with words that Discord keeps from it."""
    is_empty = not (message.content or message.attachments or message.stickers)
    return is_empty and (me in message.mentions or bool(_own_roles(message, me)))


def _is_for_others(message: discord.Message, me: discord.ClientUser) -> bool:
    """Whether a message mentions somebody else, or replies to them."""
    people = {_author_before(message), *(user.id for user in message.mentions)}
    # Who replies to a message of their own is mentioned by it.
    return bool(people - {None, me.id, message.author.id})


def _author_before(message: discord.Message) -> int | None:
    """Who wrote what a message replies to, by id; None where that is not known."""
    replied = message.reference.resolved if message.reference else None
    return replied.author.id if isinstance(replied, discord.Message) else None


def _post_texts(title: str, body: str) -> tuple[str, ...]:
    """What a forum post asks: title and body, or, where both are not answered, the title."""
    whole = f"{title}\n{body}".strip()
    return (whole, title) if len(whole) <= LONGEST_QUESTION else (title, body[:LONGEST_QUESTION])
