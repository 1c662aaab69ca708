"""What a question follows on from: remembered, or read again off the messages before it.

After a restart nothing is remembered, but what was asked still stands in the channel.
"""

from collections.abc import Sequence
from contextlib import suppress

import aiohttp
import discord

from bot.discord.desk import Desk, conversation_in, home_of, origin_of
from bot.discord.hearing import heard_in, said_back_to, words_of
from bot.discord.markdown import unescaped
from bot.discord.messages import ASKED
from bot.limits import Origin
from bot.merging import Result
from bot.service import Service
from footnote import Answer, QuestionError, Verdict

_HEADINGS = (ASKED, "### ")
"""What a question above an answer begins with; the second did in earlier versions."""

_FURTHEST = 3
"""Answers that are gone back through: thanks are answered between two questions."""

_NEAR = 10
"""Messages of a conversation among which the last answer is looked for."""


async def recalled(message: discord.Message, me: discord.ClientUser, desk: Desk) -> int | None:
    """What the answer before a message is remembered as: the one that it replies to, or the last
    one in its thread or direct messages; None where there is none."""
    talk = conversation_in(message.channel)
    key = (message.reference and message.reference.message_id) or talk
    if key is None or desk.service.remembers(key):
        return key
    # The question is answered in any case, by itself.
    with suppress(discord.DiscordException, aiohttp.ClientError, TimeoutError, QuestionError):
        texts = await _asked_before(message, me, desk)
        if texts:
            origin = origin_of(message.author, message.channel, message.guild)
            desk.service.remember(await first_answered(desk.service, texts, origin), key)
            return key
    return talk


async def first_answered(
    service: Service, texts: Sequence[str], origin: Origin, after: int | None = None
) -> Result[Answer]:
    """The answer to the first text that is answered, else that to the first, which may follow on
    from a question before."""
    first, *others = texts
    found = await service.answer(first, origin, after)
    for text in others:
        if found.value.verdict is Verdict.DECLINED:
            other = await service.answer(text, origin)
            found = other if other.value.verdict is Verdict.ANSWERED else found
    return found


async def _asked_before(
    message: discord.Message, me: discord.ClientUser, desk: Desk
) -> tuple[str, ...]:
    """The texts of the question that was answered before a message, talk left out."""
    for _ in range(_FURTHEST):
        answer = await _answer_before(message, me)
        if answer is None:
            break
        question = question_above(answer)
        asked = await answered_by(answer) if question is None else None
        if question is None and asked is not None and asked.author.id == me.id:
            question = question_above(asked)
        if question is not None:
            return (question,)
        if asked is None:
            break
        server = None if asked.guild is None else asked.guild.id
        heard = heard_in(asked, me, desk.policy(home_of(asked.channel), server))
        if heard is None or not heard.has_words:
            break
        if said_back_to(heard) is None:
            return heard.texts
        message = asked
    return ()


async def asked_in(message: discord.Message, me: discord.ClientUser) -> str:
    """The question of a message: what a person says in it, or what the bot answers with it."""
    if message.author.id != me.id:
        return words_of(message, me)
    question = question_above(message)
    if question is None and (asked := await answered_by(message)) is not None:
        if asked.author.id == me.id:
            question = question_above(asked)
        elif isinstance(asked.channel, discord.Thread) and asked.id == asked.channel.id:
            question = asked.channel.name  # the title of a post
        else:
            question = words_of(asked, me)
    return question or ""


async def _answer_before(
    message: discord.Message, me: discord.ClientUser
) -> discord.Message | None:
    """The bot's message that another replies to, or else that stands before it."""
    if message.reference is not None:
        replied = message.reference.resolved
        # What others wrote is no question that was answered.
        if isinstance(replied, discord.Message) and replied.author.id == me.id:
            return replied
        return None
    if conversation_in(message.channel) is not None:
        async for earlier in message.channel.history(limit=_NEAR, before=message):
            if earlier.author.id == me.id:
                return earlier
    return None


def question_above(answer: discord.Message) -> str | None:
    """The question that an answer of the bot shows above itself; None where it does not, or only
    the beginning of it."""
    first = next((part for part in answer.components if isinstance(part, discord.Container)), None)
    shown = first.children[0] if first and first.children else None
    if not isinstance(shown, discord.TextDisplay):
        return None
    line = shown.content.partition("\n")[0]
    start = next((one for one in _HEADINGS if line.startswith(one)), None)
    return None if start is None else unescaped(line.removeprefix(start))


async def answered_by(answer: discord.Message) -> discord.Message | None:
    """The message that one of the bot replies to, or that the thread around it was opened on."""
    channel = answer.channel
    if answer.reference is not None and answer.reference.message_id is not None:
        return await channel.fetch_message(answer.reference.message_id)
    if isinstance(channel, discord.Thread) and isinstance(channel.parent, discord.TextChannel):
        return await channel.parent.fetch_message(channel.id)
    return None
