"""The bot in the languages of its members, over real connections to a Discord on this machine."""

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.discord.syncing import payload_hash, problems
from bot.discord.translating import CommandTranslator
from bot.texts import NAME, gettext, languages, pgettext, speaking
from docs.catalogues import Text, commands_with, marked_texts
from tests.bot_process import QUESTION, answered, started, stopped
from tests.discord_laws import broken_by
from tests.discord_world import OFF_TOPIC, said, settings_with, world_with
from tests.loopback import BOT, Loopback
from tests.test_teaching import send

LOCALES = {"de": "de", "es": "es-ES", "fr": "fr", "pt": "pt-BR"}
MARKED = marked_texts()
COMMANDS = commands_with(CommandTranslator())


def parts_of(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Commands with their options, and these with theirs."""
    return [each for part in parts for each in (part, *parts_of(part.get("options") or []))]


def test_translated_commands_are_what_discord_takes() -> None:
    """In no language two have one name, and all are of the form and length that it takes."""
    assert problems(COMMANDS) == []
    assert broken_by("PUT", "/applications/1/commands", COMMANDS) == []


@pytest.mark.parametrize("locale", LOCALES.values())
def test_commands_have_descriptions_in_every_language(locale: str) -> None:
    """All of them; a name may be the same word in two languages."""
    for part in parts_of(COMMANDS):
        if part.get("description"):
            assert locale in part["description_localizations"], part["name"]
    (ask,) = (command for command in COMMANDS if command["name"] == "ask")
    assert locale in ask["name_localizations"]


def test_spanish_is_spanish_everywhere() -> None:
    """In Spain and in Latin America; English needs no translation."""
    for part in parts_of(COMMANDS):
        names = part.get("name_localizations", {})
        assert names.get("es-ES") == names.get("es-419")
        assert not {"en-US", "en-GB"} & set(names)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name_localizations": {"de": "Frage"}}, "lowercase letters"),
        ({"name_localizations": {"de": "x" * 33}}, "1 to 32"),
        ({"description_localizations": {"de": "x" * 101}}, "1 to 100"),
        ({"name_localizations": {"de": "search"}}, "2 have this name in the language de"),
        ({"options": [{"name": "a", "description": "A", "type": 3, "choices": [
            {"name": "a", "name_localizations": {"de": "b"}, "value": 1}, {"name": "b", "value": 2},
        ]}]}, "have this name in the language de"),
        ({"options": [{"name": "a", "description": "A", "type": 3, "choices": [
            {"name": "a", "name_localizations": {"de": "b" * 101}, "value": 1},
        ]}]}, "1 to 100"),
        ({"options": [
            {"name": f"n{i}", "description_localizations": {"fr": "x" * 100}, "description": "x",
             "type": 3, "choices": [{"name": f"{j}", "value": "x" * 14} for j in range(15)]}
            for i in range(25)
        ]}, "8,000 are allowed"),
    ],
)  # fmt: skip
def test_what_discord_would_refuse_of_translations(changes: dict[str, Any], refusal: str) -> None:
    """Every limit holds in every language."""
    ask = {"name": "ask", "description": "Ask", "type": 1, **changes}
    search = {"name": "search", "description": "Search", "type": 1}
    assert any(refusal in problem for problem in problems([ask, search]))


def test_a_changed_translation_is_sent() -> None:
    """The hash of what was sent has the translations in it."""
    before = {"name": "ask", "description": "Ask", "name_localizations": {"de": "frage"}}
    after = {**before, "name_localizations": {"de": "fragen"}}
    assert payload_hash([before]) != payload_hash([after])


async def test_commands_are_sent_with_their_translations(fake: Loopback, tmp_path: Path) -> None:
    """In one request at the start."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    (sent,) = (request for request in fake.requests if request.method == "PUT")
    assert broken_by(sent.method, sent.path, sent.body) == []
    names = {command["name"]: command["name_localizations"] for command in sent.body}
    for language, locale in LOCALES.items():
        with speaking(language):
            assert names["ask"][locale] == pgettext(NAME, "ask")
            assert names["Answer this"][locale] == gettext("Answer this")
    await stopped(process)


MISSING = (
    "there is no document {name}; did you mean {other}?",
    "there is no document {name}; one that exists is {other}",
)
DECLINES = ("The documents do not answer this.", "No sure answer. The closest sections:")
SURE = ("Very likely right", "Likely right", "Probably right", "Unsure, check the source")


@pytest.mark.slow
async def test_two_members_read_two_languages_at_once(fake: Loopback, tmp_path: Path) -> None:
    """Each their own, though both wait for the same; what is public is the server's."""
    may_read = tmp_path / "may-read"
    fake.guild_locale = "fr"
    process = await started(fake.url, tmp_path, READ_AFTER=str(may_read))
    await fake.connected()
    tokens = {}
    for locale in ("de", "es-419", "en-GB", "ko"):
        fake.locale = locale
        tokens[locale, MISSING] = await fake.command("source", document=(3, "xyzzy.md:3"))
        tokens[locale, DECLINES] = await fake.ask("What is the capital of Australia?")
        tokens["fr", SURE] = await fake.ask(QUESTION)
    may_read.touch()
    for (locale, texts), token in tokens.items():
        shown = await answered(fake, token)
        with speaking(locale):
            beginnings = [gettext(text).partition("{")[0].lower() for text in texts]
        assert any(beginning in shown.lower() for beginning in beginnings), (locale, shown)
    await stopped(process)


@pytest.mark.slow
async def test_a_message_is_answered_in_the_language_of_its_server(
    fake: Loopback, tmp_path: Path
) -> None:
    """There is no other to go by; direct messages are answered in English."""
    fake.guild_locale = "pt-BR"
    process = await started(fake.url, tmp_path)
    await fake.connected()
    thanks = await fake.say(f"<@{BOT}> thanks!")
    (reply,) = await fake.until(lambda: fake.replies(thanks))
    with speaking("pt"):
        assert gettext("You are welcome.") in str(reply.body)
    await stopped(process)


async def test_what_a_press_sends_to_all_is_in_the_language_of_the_server(tmp_path: Path) -> None:
    """Though who presses reads another one."""
    async with world_with(settings_with(), tmp_path) as world:
        guild = world.bot.get_guild(world.guild.id)
        assert guild is not None
        guild.preferred_locale = discord.Locale.french
        desk = world.guild.create_text_channel("helpers")
        await world.slash(world.moderator, "footnote helpers", channel=desk)
        decline = await world.mention(world.alice, OFF_TOPIC)
        pressed = await world.press(world.alice, decline, "Demander à quelqu’un")
        assert "People of this server have your question" in said(pressed)
        form = await world.press(world.moderator, desk.last_message, "Answer only")
        assert await send(world, form, answer="Canberra.") == "The member was told."
        await world.env.settle()
        assert f"pour <@{world.alice.id}> · réponse de mod" in said(world.channel.last_message)
        assert "-# réponse de mod · [réponse]" in said(desk.last_message)


IN_FORMS = (
    "What was wrong?", "What did you expect?", "Moderators can read this", "Teach this",
    "Taught answer", "Answer", "Answer and teach", "The answer, as it is sent to who asked",
    "The question, as members may ask it", "The answer, which is quoted word for word",
)  # fmt: skip
"""Titles and labels, which Discord takes up to 45 characters of."""


@pytest.mark.parametrize("language", languages())
def test_texts_fit_where_discord_limits_them(language: str) -> None:
    """In forms, and so that three buttons stand in one row on a phone."""
    with speaking(language):
        for text in IN_FORMS:
            assert len(gettext(text)) <= 45, text
        assert len(gettext("Context")) <= 12
        for text in (each for each in MARKED if each.context == "in a picture"):
            assert len(pgettext("in a picture", text.message)) <= 11, text
    assert {Text(text) for text in (*IN_FORMS, "Context")} <= set(MARKED)
