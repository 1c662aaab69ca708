"""Messages that are questions: which they are, what they ask, and where they are answered."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from time import monotonic

import discord

from bot.discord import failures
from bot.discord.database import Mode, Policy, Reply
from bot.discord.desk import Desk, conversation_in, home_of, origin_of
from bot.discord.limits import WINDOW, Origin
from bot.discord.messages import Shown, notice
from bot.discord.service import BusyError, LimitError
from knowledge.errors import FootnoteError
from retrieval.answering import LONGEST_QUESTION
from retrieval.answers import Answer, Verdict
from retrieval.questions import Kind, Question

FOLLOW_UP = "A person will follow up."
HOW_TO_ASK = "Mention me with a question, such as “@me how long does it take?”, or use /ask."
UNREADABLE = (
    "Discord does not show me replies to the answer of a command: mention me in the reply, or use"
    " /ask."
)
_THREAD_NAME = 100
_MAY_NOT_REPLY = 160002
"""Discord's code for a reply without the permission to read the channel's history."""

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


class Listener:
    """Answers the messages that are questions."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._refused: dict[int, float] = {}

    async def hear(self, message: discord.Message, me: discord.ClientUser) -> None:
        """Answer a message if it is a question; others are left alone."""
        policy = self._desk.policy(home_of(message.channel))
        heard = heard_in(message, me, policy)
        if heard is None:
            return
        if not any(heard.texts):
            await _send(message, notice(_hint(message)))
            return
        origin = origin_of(message.author, message.channel, message.guild)
        try:
            found = await self._ask(heard, message, origin)
        except (LimitError, BusyError) as error:
            # Whoever only talks where every message is a question has asked for nothing.
            if heard.way is not Way.OVERHEARD:
                await self._refuse(message, error)
        except FootnoteError as error:
            await _send(message, notice(failures.sentence_for(error)))
        else:
            if heard.way is not Way.OVERHEARD or _is_worth_it(found):
                await self._reply(message, found, policy, heard, origin)

    async def _ask(self, heard: Heard, message: discord.Message, origin: Origin) -> Answer:
        service = self._desk.service
        replied = message.reference.message_id if message.reference else None
        after = replied if replied and service.remembers(replied) else None
        first, *others = heard.texts
        found = await service.ask(first, origin, after or conversation_in(message.channel))
        for text in others:
            if found.verdict is Verdict.DECLINED:
                other = await service.again(text)
                found = other if other.verdict is Verdict.ANSWERED else found
        return found

    async def _reply(
        self,
        message: discord.Message,
        found: Answer,
        policy: Policy,
        heard: Heard,
        origin: Origin,
    ) -> None:
        is_public = policy.reply is not Reply.PRIVATE or message.guild is None
        understood = found.question if found.question not in heard.texts else None
        note = FOLLOW_UP if heard.way is Way.POST else None
        # A private answer stands beside no question; others reply to the message that asks.
        question = understood if is_public else found.question
        asker = message.author.id if message.guild else None
        shown = Shown(asker, question, note)
        view = (await self._desk.pages()).answer(found, shown)
        if not is_public:
            await _send_privately(message, view)
            return
        channel: discord.abc.Messageable = message.channel
        if policy.reply is Reply.THREAD and isinstance(message.channel, discord.TextChannel):
            thread = await _thread_for(message)
            channel = thread or channel
        sent = await _send(message, view, channel)
        thread_id = conversation_in(sent.channel)
        self._desk.service.remember(found, sent.id, *([thread_id] if thread_id else []))
        await self._desk.record(found, sent.id, origin)

    async def _refuse(self, message: discord.Message, error: FootnoteError) -> None:
        """Say it privately, and not more than once a minute."""
        now = monotonic()
        self._refused = {user: at for user, at in self._refused.items() if at > now - WINDOW}
        if message.author.id in self._refused:
            return
        self._refused[message.author.id] = now
        try:
            await message.author.send(view=notice(failures.sentence_for(error)))
        except discord.Forbidden:
            failures.log(error, f"unsaid guild={getattr(message.guild, 'id', None)}")


def heard_in(message: discord.Message, me: discord.ClientUser, policy: Policy) -> Heard | None:
    """The question in a message; None where it is none.

    A `Heard` without a text is addressed to the bot and says nothing that it can read.
    """
    if message.author.bot or message.webhook_id or message.type not in _KINDS:
        return None
    text = re.sub(rf"<@!?{me.id}>", " ", message.content).strip()
    if message.guild is None:
        return Heard(Way.ADDRESSED, (text,)) if text else None
    if policy.mode is Mode.OFF:
        return None
    channel = message.channel
    thread = channel if isinstance(channel, discord.Thread) else None
    # The message that opens a post has the id of the post.
    if policy.mode is Mode.FORUM and thread and message.id == thread.id:
        return Heard(Way.POST, _post_texts(thread.name, text))
    is_own_thread = thread is not None and thread.owner_id == me.id
    if text != message.content.strip() or _replies_to(message, me):
        return Heard(Way.ADDRESSED, (text,))
    if me in message.mentions and not message.content:
        return Heard(Way.ADDRESSED, ("",))
    is_overheard = policy.mode is Mode.EVERY and thread is None
    if text and (is_own_thread or is_overheard):
        return Heard(Way.OVERHEARD, (text,))
    return None


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


def _hint(message: discord.Message) -> str:
    return HOW_TO_ASK if message.content else UNREADABLE


def _is_worth_it(found: Answer) -> bool:
    """Whether an answer to a message that was not addressed to the bot is worth reading.

    Where people talk, only a question is told that it is not answered.
    """
    if found.verdict is Verdict.ANSWERED:
        return True
    return "?" in found.question or Question(found.question).kind is not Kind.OTHER


async def _thread_for(message: discord.Message) -> discord.Thread | None:
    """A new thread on a message; None where the bot may not make one."""
    name = " ".join(message.clean_content.split())[:_THREAD_NAME] or "Answer"
    try:
        return await message.create_thread(name=name)
    except discord.Forbidden:
        return None


async def _send_privately(message: discord.Message, view: discord.ui.LayoutView) -> None:
    try:
        await message.author.send(view=view)
    except discord.Forbidden:
        text = "I cannot write to you; allow direct messages, or use /ask with private: True."
        await _send(message, notice(text))


async def _send(
    message: discord.Message,
    view: discord.ui.LayoutView,
    channel: discord.abc.Messageable | None = None,
) -> discord.Message:
    """Reply to a message, even where it has been deleted meanwhile; in a new thread, just send."""
    if channel is not None and channel is not message.channel:
        return await channel.send(view=view)
    reference = message.to_reference(fail_if_not_exists=False)
    try:
        return await message.channel.send(view=view, reference=reference, mention_author=False)
    except discord.HTTPException as error:
        if error.code != _MAY_NOT_REPLY:
            raise
        return await message.channel.send(view=view)
