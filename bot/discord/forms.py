"""Forms in which a question, its answer, or both are written."""

from collections.abc import Mapping
from typing import Any

import discord

from bot.discord.controls import BrokenControlError, Control
from bot.discord.sending import responded
from bot.discord.taught import LONGEST_TAUGHT_ANSWER, LONGEST_TAUGHT_QUESTION
from bot.texts import gettext, ngettext

_QUESTION, _ANSWER = "question", "answer"


async def show_form(
    interaction: discord.Interaction,
    title: str,
    control: Control,
    *,
    question: str | None,
    answer: str = "",
) -> None:
    """Open a form that is sent as `control`; without a field for the question where it is None.

    What is too long to be typed is shortened, with a word about it.
    """
    form = discord.ui.Modal(title=title, custom_id=control.custom_id, timeout=None)
    if question is None:
        form.add_item(_field(gettext("The answer, as it is sent to who asked"), _ANSWER, answer))
    else:
        asked = " ".join(question.split())
        label = gettext("The question, as members may ask it")
        form.add_item(_field(label, _QUESTION, asked, is_long=False))
        quoted = gettext("The answer, which is quoted word for word")
        form.add_item(_field(quoted, _ANSWER, answer))
    # What is sent is read off the form, as with buttons.
    form.stop()
    send = interaction.response.send_modal
    await responded(interaction, lambda: send(form), discord.InteractionResponseType.modal)


def _field(
    label: str, name: str, text: str, *, is_long: bool = True
) -> "discord.ui.Label[discord.ui.Modal]":
    limit = LONGEST_TAUGHT_ANSWER if is_long else LONGEST_TAUGHT_QUESTION
    about = ngettext(
        "Shortened to {count} character; look at its end.",
        "Shortened to {count} characters; look at its end.",
        limit,
    )
    return discord.ui.Label(
        text=label,
        description=about if len(text) > limit else None,
        component=discord.ui.TextInput(
            custom_id=name,
            style=discord.TextStyle.paragraph if is_long else discord.TextStyle.short,
            default=text[:limit] or None,
            max_length=limit,
        ),
    )


def question_in(data: Mapping[str, Any]) -> str:
    """The question that was typed; BrokenControlError where the form has no field for one."""
    return _value(data, _QUESTION)


def answer_in(data: Mapping[str, Any]) -> str:
    """The answer that was typed, likewise."""
    return _value(data, _ANSWER)


def _value(data: Mapping[str, Any], name: str) -> str:
    rows = data.get("components")
    for row in rows if isinstance(rows, list) else []:
        match row:
            case {"component": {"custom_id": custom_id, "value": str(value)}} if custom_id == name:
                return value
    raise BrokenControlError
