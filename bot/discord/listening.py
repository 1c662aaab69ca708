"""Messages that are questions, answered: in the channel, in a thread, or privately."""

import logging
from time import monotonic

import discord

from bot import presentation
from bot.discord import failures
from bot.discord.database import Policy, Reply
from bot.discord.desk import Desk, conversation_in, home_of, origin_of
from bot.discord.guide import guide
from bot.discord.hearing import (
    Heard,
    Way,
    asks_what_to_do,
    heard_in,
    is_unreadable,
    said_back_to,
)
from bot.discord.messages import Shown, notice
from bot.discord.recalling import first_answered, recalled
from bot.discord.sending import post
from bot.discord.threads import channel_of_threads, sent_in_thread
from bot.errors import MemberError
from bot.lanes import CrowdedError
from bot.merging import Result
from bot.service import BusyError, LimitError
from bot.texts import gettext, gettext_noop
from footnote import Answer, QuestionError, Verdict
from footnote.questions import looks_like_a_question

FOLLOW_UP = gettext_noop("A person will follow up.")
HOW_TO_ASK = gettext_noop(
    "Mention me with a question, such as “@me how long does it take?”, or use /ask."
)
UNREADABLE = gettext_noop(
    "Discord does not show me replies to the answer of a command, nor messages that mention only my"
    " role; mention me in your message, or use /ask."
)
SURE = 0.8
"""The least confidence for answering what nobody asked the bot; of 30 lines of chat over the
packaged article that were no questions for it, one is answered, of 10 that were, nine."""

PAUSE = 1.25
"""Seconds between replies to messages that one member sent at once: of the five that Discord takes
for a channel in five seconds, one is left for others."""

_MAY_NOT_REPLY = 160002
"""Discord's code for a reply without the permission to read the channel's history."""

_log = logging.getLogger(__name__)


class Listener:
    """Answers the messages that are questions."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def hear(self, message: discord.Message, me: discord.ClientUser) -> None:
        """Answer a message if it is a question for the bot; others are left alone."""
        server = None if message.guild is None else message.guild.id
        if not self._desk.admission.admits(server, message.author.id):
            return
        policy = self._desk.policy(home_of(message.channel), server)
        heard = heard_in(message, me, policy)
        if heard is None:
            return
        service = self._desk.service
        origin = origin_of(message.author, message.channel, message.guild)
        try:
            # What is overheard is no question, and counts for no limit, until it is answered.
            if not heard.is_overheard:
                service.count(origin)
            # Whatever is sent waits for what the same member asked before, errors too.
            async with service.lanes.of(origin.user) as turn:
                is_sent = await self._respond(message, me, heard, policy)
                turn.pause = PAUSE if is_sent else 0
        except Exception as error:
            await self._say(message, heard, policy, error)

    async def _respond(
        self, message: discord.Message, me: discord.ClientUser, heard: Heard, policy: Policy
    ) -> bool:
        """Reply, if only with what went wrong; whether something was sent."""
        begun = monotonic()
        try:
            if not heard.has_words:
                hint = gettext(UNREADABLE if is_unreadable(message, me) else HOW_TO_ASK)
                is_sent = await self._hint(message, policy, hint)
            elif asks_what_to_do(heard):
                origin = origin_of(message.author, message.channel, message.guild)
                is_sent = await self._hint(message, policy, guide(self._desk, origin))
            elif (sentence := said_back_to(heard)) is not None:
                is_sent = await self._hint(message, policy, sentence)
            else:
                is_sent = await self._answer(message, me, heard, policy)
        except Exception as error:
            return await self._say(message, heard, policy, error)
        _log.info("%s took=%.0fms", _where(message), 1000 * (monotonic() - begun))
        return is_sent

    async def _answer(
        self, message: discord.Message, me: discord.ClientUser, heard: Heard, policy: Policy
    ) -> bool:
        """Answer a question, where that is wanted; whether something was sent."""
        service = self._desk.service
        shown = service.metrics.asked("message")
        origin = origin_of(message.author, message.channel, message.guild)
        before = await recalled(message, me, self._desk)
        found = await first_answered(service, heard.texts, origin, before)
        answer = found.value
        if not _is_wanted(answer, heard):
            return False
        if heard.is_overheard:
            service.count(origin)
        sent = await self._sent(message, found, policy, heard)
        if sent is None:
            return True
        shown(answer.verdict)
        talk = conversation_in(sent.channel)
        service.remember(found, sent.id, *([talk] if talk else []))
        if not _is_private(message, policy):
            self._desk.answered.note(message.id, sent.jump_url)
            await self._desk.record(answer, sent.id, origin)
        return True

    async def _sent(
        self, message: discord.Message, found: Result[Answer], policy: Policy, heard: Heard
    ) -> discord.Message | None:
        """The message with the answer; None where the member takes none."""
        is_private = _is_private(message, policy)
        understood = found.value.question
        is_declined = found.value.verdict is Verdict.DECLINED
        is_reworded = all(presentation.is_reworded(text, understood) for text in heard.texts)
        shown = Shown(
            raters=() if is_private or message.guild is None else (message.author.id,),
            # A private answer stands beside no question; others reply to the message that asks.
            question=understood if is_private or is_reworded else None,
            note=gettext(FOLLOW_UP) if is_declined and heard.way is Way.POST else None,
            has_helpers=not is_private and self._has_helpers(message),
        )
        view = self._desk.pages_of(found.library).answer(found.value, shown)
        if is_private:
            return await _sent_privately(message, view)
        sent = None
        if channel_of_threads(policy, message.channel):
            metrics = self._desk.service.metrics
            sent = await sent_in_thread(message, heard.texts[0], view, metrics)
        return sent or await _send(message, view)

    def _has_helpers(self, message: discord.Message) -> bool:
        server = message.guild.id if message.guild else None
        return self._desk.helpers(server) is not None

    async def _hint(self, message: discord.Message, policy: Policy, text: str) -> bool:
        if _is_private(message, policy):
            await post(message.author, notice(text))
        else:
            await _send(message, notice(text))
        return True

    async def _say(
        self, message: discord.Message, heard: Heard, policy: Policy, error: Exception
    ) -> bool:
        """Log what went wrong, and say it, privately and not more than once a minute; whether it
        was said. It never raises."""
        failures.log(error, _where(message), self._desk.service.metrics)
        if heard.is_overheard:
            return False
        view = notice(failures.sentence_for(error))
        is_about_the_question = isinstance(error, QuestionError | MemberError) and not isinstance(
            error, LimitError | BusyError | CrowdedError
        )
        try:
            if is_about_the_question and not _is_private(message, policy):
                await _send(message, view)
            elif self._desk.service.told.is_news(message.author.id):
                await post(message.author, view)
            else:
                return False
        except Exception as failed:
            _log.warning("an error could not be said: %s", type(failed).__name__)
            return False
        return True


def _where(message: discord.Message) -> str:
    return f"message guild={getattr(message.guild, 'id', None)} channel={message.channel.id}"


def _is_wanted(answer: Answer, heard: Heard) -> bool:
    """Whether an answer is to be said: where it may be that nobody asked, only where it helps."""
    is_answered = answer.verdict is Verdict.ANSWERED
    match heard.way:
        case Way.OVERHEARD:
            return is_answered and answer.confidence >= SURE
        case Way.REPLY | Way.THREAD:
            return is_answered or looks_like_a_question(heard.texts[0])
        case _:
            return True


def _is_private(message: discord.Message, policy: Policy) -> bool:
    return policy.reply is Reply.PRIVATE and message.guild is not None


async def _sent_privately(
    message: discord.Message, view: discord.ui.LayoutView
) -> discord.Message | None:
    try:
        return await post(message.author, view)
    except discord.HTTPException:
        text = gettext(
            "I cannot message you; allow direct messages, or use /ask with private: True."
        )
        await _send(message, notice(text))
        return None


async def _send(message: discord.Message, view: discord.ui.LayoutView) -> discord.Message:
    """Reply to a message, even where it has been deleted meanwhile."""
    reference = message.to_reference(fail_if_not_exists=False)
    try:
        return await post(message.channel, view, reference=reference, mention_author=False)
    except discord.HTTPException as error:
        if error.code != _MAY_NOT_REPLY:
            raise
        return await post(message.channel, view)
