"""What a reply follows on from: remembered, or read again off the messages that it replies to.

After a restart nothing is remembered, but what was asked still stands in the channel.
"""

from contextlib import suppress

import discord

from bot.discord.desk import Desk, home_of
from bot.discord.hearing import heard_in
from bot.discord.markdown import unescaped
from bot.talk import said_back
from footnote import QuestionError

_HEADING = "### "
_FURTHEST = 3
"""Messages that are gone back through: thanks are said between an answer and the next question."""


async def recalled(message: discord.Message, me: discord.ClientUser, desk: Desk) -> int | None:
    """What the answer that a message replies to is remembered as; None where that is not known."""
    for _ in range(_FURTHEST):
        if message.reference is None or message.reference.message_id is None:
            return None
        key = message.reference.message_id
        if desk.service.remembers(key):
            return key
        replied = message.reference.resolved
        # What others wrote is no question that was answered.
        if not isinstance(replied, discord.Message) or replied.author.id != me.id:
            return None
        question = _question_above(replied)
        if question is None:
            asked = await _answered_by(replied)
            heard = heard_in(asked, me, desk.policy(home_of(asked.channel))) if asked else None
            if asked is None or heard is None or not heard.has_words:
                return None
            question = heard.texts[0]
            if said_back(question) is not None:
                message = asked
                continue
        with suppress(QuestionError):
            desk.service.remember(await desk.service.answer(question), key)
            return key
    return None


def _question_above(answer: discord.Message) -> str | None:
    """The question that an answer of the bot shows above itself; None where it does not."""
    first = next((part for part in answer.components if isinstance(part, discord.Container)), None)
    shown = first.children[0] if first and first.children else None
    if not isinstance(shown, discord.TextDisplay) or not shown.content.startswith(_HEADING):
        return None
    return unescaped(shown.content.removeprefix(_HEADING).partition("\n")[0])


async def _answered_by(answer: discord.Message) -> discord.Message | None:
    """The message that one of the bot replies to; None where it cannot be read any more."""
    if answer.reference is None or answer.reference.message_id is None:
        return None
    try:
        return await answer.channel.fetch_message(answer.reference.message_id)
    except discord.HTTPException:
        return None
