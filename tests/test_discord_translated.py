"""Nothing that members read is said past the catalogues: in a language of brackets, all is in them.

What stands outside is of people and documents: names, questions, quotes, numbers.
"""

import re
from collections.abc import AsyncIterator
from gettext import NullTranslations
from pathlib import Path
from typing import Any

import pytest
import simcord

from bot import texts
from knowledge.loading import MATERIAL
from tests.discord_world import OFF_TOPIC, QUESTION, World, labels, said, settings_with, world_with
from tests.test_teaching import send


class Brackets(NullTranslations):
    """A language in which each text is the English one in brackets."""

    def gettext(self, message: str) -> str:
        """A text."""
        return f"⟦{message}⟧"

    def pgettext(self, context: str, message: str) -> str:
        """A text of some place; numbers stay as they are."""
        is_number = context == "how numbers are written"
        return message if is_number else self.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """A text with a number."""
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """A server in which everybody speaks it."""
    monkeypatch.setattr(texts, "_catalogue", lambda _: Brackets())
    async with world_with(settings_with(), tmp_path) as world:
        yield world


def outside(text: str) -> list[str]:
    """The words that stand outside of all brackets."""
    while (inner := re.sub(r"⟦[^⟦⟧]*⟧", " ", text)) != text:
        text = inner
    assert not re.search("[⟦⟧]", text), text
    return sorted(words_of(text))


def words_of(*texts: str) -> set[str]:
    """The words of some texts."""
    return set(re.findall(r"[^\W\d_]{2,}", " ".join(texts)))


def check(message: Any, *allowed: str) -> None:
    """All that a message says, and its buttons, is translated; some words are nobody's language."""
    words = outside(said(message))
    assert not set(words) - set(allowed), said(message)
    response = message.response if isinstance(message, simcord.InteractionResult) else message
    for label in labels(response):
        assert not outside(label), label


NAMES = ("Mexico", "Palestine", "relations", "mexico", "palestine", "md", "Footnote", "general")
"""Of the documents, of the bot and of the channel."""


@pytest.mark.parametrize(
    "command",
    [
        "help", "documents", "forget-me", "footnote status", "footnote gaps", "footnote feedback",
        "footnote statistics", "footnote rules", "footnote reload", "footnote knowledge list",
        "footnote knowledge undo", "footnote taught list", "footnote taught export",
        "footnote helpers", "footnote knowledge add",
    ],
)  # fmt: skip
async def test_what_commands_say(world: World, command: str) -> None:
    """As they are on the first day."""
    library = world.bot.desk.service.ready
    assert library is not None
    examples = words_of(*library.examples(3, 100))
    check(await world.slash(world.moderator, command), "ms", "min", *NAMES, *examples)


async def test_the_setup(world: World) -> None:
    """All three steps, and what was set."""
    began = await world.slash(world.moderator, "footnote setup")
    for label in ("Save and go on", "Go on", "Record questions", "Finish"):
        check(began, *NAMES)
        await world.press(world.moderator, began.response, f"⟦{label}⟧")
    check(began, *NAMES)
    decided = await world.slash(
        world.moderator, "footnote channel", messages="mentions", answers="thread"
    )
    check(decided, *NAMES)
    check(await world.slash(world.moderator, "footnote rules"), *NAMES)


async def test_an_answer_and_a_decline(world: World) -> None:
    """Beside what is quoted; what is pressed below them, too."""
    quoted = words_of(MATERIAL.read_text("utf-8"), QUESTION, OFF_TOPIC)
    answered = await world.slash(world.alice, "ask", question=QUESTION)
    check(answered, *quoted, *NAMES)
    read = await world.press(world.alice, answered.response, "⟦Context⟧")
    check(read, *quoted, *NAMES)
    check(await world.press(world.alice, answered.response, "👍"))
    check(await world.slash(world.alice, "ask", question=OFF_TOPIC), *quoted, *NAMES)
    check(await world.slash(world.alice, "search", query="twinned cities"), *quoted, *NAMES)
    check(await world.slash(world.alice, "search", query="xyzzy"), *quoted, *NAMES)
    check(await world.slash(world.alice, "source", document="nothing like it"), *NAMES)
    check(await world.mention(world.alice, "thanks!"))
    check(await world.mention(world.alice, ""))


async def test_a_question_is_handed_on(world: World) -> None:
    """What is said to who asked, to the helpers and to who answers."""
    desk = world.guild.create_text_channel("general")
    check(await world.slash(world.moderator, "footnote helpers", channel=desk), *NAMES)
    declined = await world.mention(world.alice, OFF_TOPIC)
    check(await world.press(world.alice, declined, "⟦Ask a person⟧"))
    asked = words_of(OFF_TOPIC)
    links = ("https", "discord", "com", "channels")
    people = ("alice", "mod", "Canberra")
    check(desk.last_message, *asked, *links, *people)
    form = await world.press(world.moderator, desk.last_message, "⟦Answer and teach⟧")
    check_form(form)
    told = await send(world, form, answer="Canberra.")
    assert outside(told) == []
    await world.env.settle()
    check(world.channel.last_message, *asked, *links, *people)
    check(desk.last_message, *asked, *links, *people)


def check_form(form: simcord.InteractionResult) -> None:
    """All that a form says is translated."""
    assert form.modal is not None
    assert outside(form.modal["title"]) == []
    for row in form.modal["components"]:
        assert outside(row["label"]) == []
