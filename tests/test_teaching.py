"""Taught answers: who teaches, what is kept word for word, what is listed, changed and exported."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.discord import taught_store
from bot.discord.controls import button, control_of
from bot.discord.messages import notice
from bot.discord.taught import Taught
from tests.discord_world import (
    OFF_TOPIC,
    QUESTION,
    World,
    acknowledged,
    labels,
    said,
    settings_with,
    world_with,
)

ASKED = "How do I reset my password?"
WRITTEN = "Open *Settings*, choose Account and press **Reset**.\nA mail comes within five minutes."
COMMANDS: dict[str, dict[str, Any]] = {
    "list": {}, "edit": {"question": ASKED}, "remove": {"question": ASKED}, "export": {},
}  # fmt: skip


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A server without limits, whose bot reads messages."""
    settings = settings_with(message_content=True, limit_user=0, limit_channel=0)
    async with world_with(settings, tmp_path) as world:
        yield world


async def form_for(
    world: World, message: Any, actor: simcord.MemberActor | None = None
) -> simcord.InteractionResult:
    """What comes of "Teach this"."""
    places = [*world.guild.channels.values(), *world.channel.threads]
    place = next(each for each in places if each.id == message.channel.id)
    who = actor or world.moderator
    return acknowledged(await who.context_menu(place, "Teach this", message))


def fields(form: simcord.InteractionResult) -> dict[str, dict[str, Any]]:
    """The fields of a form, with their labels' descriptions."""
    assert form.modal is not None
    return {
        row["component"]["custom_id"]: {**row["component"], "about": row.get("description")}
        for row in form.modal["components"]
    }


async def send(
    world: World,
    form: simcord.InteractionResult,
    actor: simcord.MemberActor | None = None,
    **typed: str,
) -> str:
    """What is said to a form that was sent as it is, but for what was typed."""
    filled = {name: field.get("value") or "" for name, field in fields(form).items()}
    who = actor or world.moderator
    result = acknowledged(await who.submit_modal(form, {**filled, **typed}))
    assert result.ephemeral
    return said(result)


async def taught(world: World, question: str = ASKED, answer: str = WRITTEN) -> discord.Message:
    """A message that was taught as the answer to a question."""
    asked = await world.alice.send(world.channel, question)
    message = await world.bob.send(world.channel, answer, reply_to=asked)
    assert "Taught" in await send(world, await form_for(world, message))
    return message


def entries(world: World) -> list[Taught]:
    """What is kept for the server."""
    return world.bot.desk.taught.entries(world.guild.id)


async def test_a_reply_is_taught_with_what_it_replies_to(world: World) -> None:
    """Word for word, with who taught it and the way to the message."""
    message = await taught(world)
    (entry,) = entries(world)
    assert (entry.question, entry.answer) == (ASKED, WRITTEN)
    assert (entry.taught_by, entry.name) == (world.moderator.id, "mod")
    assert entry.link == message.jump_url


async def test_the_question_of_a_form_is_that_of_the_place(world: World) -> None:
    """Of a reply to the bot, what the bot was asked; in a thread its title; else none."""
    declined = await world.mention(world.alice, OFF_TOPIC)
    command = (await world.slash(world.alice, "ask", question=QUESTION)).response
    for replied, question in ((declined, OFF_TOPIC), (command.message, QUESTION)):
        reply = await world.bob.send(world.channel, "Canberra is.", reply_to=replied)
        assert fields(await form_for(world, reply))["question"]["value"] == question
    alone = await world.bob.send(world.channel, "Canberra is.")
    assert not fields(await form_for(world, alone))["question"].get("value")
    await world.slash(world.moderator, "footnote channel", messages="mentions", answers="thread")
    await world.mention(world.alice, OFF_TOPIC)
    (thread,) = world.channel.threads
    inside = await world.bob.send(thread, "Canberra is.")
    assert fields(await form_for(world, inside))["question"]["value"] == OFF_TOPIC
    answer = await world.bob.send(thread, "Canberra.", reply_to=thread.history()[-2])
    assert fields(await form_for(world, answer))["question"]["value"] == OFF_TOPIC


async def test_what_is_too_long_is_shortened_with_a_word_about_it(world: World) -> None:
    """In the form, where a moderator sees it."""
    asked = await world.alice.send(world.channel, "why " * 100)
    message = await world.bob.send(world.channel, "w" * 1_999, reply_to=asked)
    shown = fields(await form_for(world, message))
    assert shown["answer"]["value"] == "w" * 1_500
    assert "Shortened to 1,500" in shown["answer"]["about"]
    assert len(shown["question"]["value"]) == 300
    assert "Shortened to 300" in shown["question"]["about"]
    other = await world.bob.send(world.channel, "w" * 1_500)
    assert fields(await form_for(world, other))["answer"]["about"] is None


@pytest.mark.parametrize("text", ["", "   "])
async def test_what_has_no_words_is_refused(world: World, text: str) -> None:
    """Before the form, or once it is sent."""
    message = await world.bob.send(world.channel, text, attachments=[("a.png", b"x")])
    assert "no text to teach" in said(await form_for(world, message))
    emoji = await world.bob.send(world.channel, "😀😀")
    assert "no words" in await send(world, await form_for(world, emoji), question=ASKED)
    assert "no words" in await send(world, await form_for(world, emoji), question="😀", answer="a")
    assert entries(world) == []


async def test_only_moderators_teach(world: World) -> None:
    """Whatever a server's settings show, and whoever sends a form that somebody else opened."""
    message = await world.bob.send(world.channel, WRITTEN)
    assert "Teach this" not in world.alice.available_commands(world.channel)
    await show_to(world, "Teach this", "footnote")
    refused = await form_for(world, message, world.alice)
    assert refused.ephemeral
    assert refused.modal is None
    assert "Only members with the permission Manage Server" in said(refused)
    form = await form_for(world, message)
    world.env.backend.get_member(world.guild.id, world.moderator.id).role_ids.clear()
    assert "Only members with the permission" in await send(world, form, question=ASKED)
    assert entries(world) == []
    world.env.backend.get_member(world.guild.id, world.moderator.id).role_ids.append(
        world.guild.roles["Moderators"].id
    )
    await taught(world)
    for name in ("edit", "remove"):
        command = f"footnote taught {name}"
        assert await world.alice.autocomplete(world.channel, command, "question", "") == []
    for name, options in COMMANDS.items():
        result = await world.slash(world.alice, f"footnote taught {name}", **options)
        assert "Only members with the permission Manage Server" in said(result)
    assert len(entries(world)) == 1


async def show_to(world: World, *names: str) -> None:
    """A server's settings let a member use commands that are not meant for them."""
    for command in await world.bot.tree.fetch_commands():
        if command.name in names:
            world.guild.set_command_permissions(command, {world.alice: True})


async def test_a_moderator_answers_what_the_bot_declined(world: World) -> None:
    """The form has the question, and the entry leads to the decline."""
    decline = await world.mention(world.alice, ASKED)
    assert decline is not None
    form = await form_for(world, decline)
    assert fields(form)["question"]["value"] == ASKED
    assert not fields(form)["answer"].get("value")
    assert "Taught" in await send(world, form, answer=WRITTEN)
    (entry,) = entries(world)
    assert (entry.question, entry.answer, entry.link) == (ASKED, WRITTEN, decline.jump_url)
    assert "five minutes" in said(await world.mention(world.alice, ASKED))


async def test_what_no_person_wrote_is_not_taught(world: World) -> None:
    """Neither a message of another bot nor of a webhook."""
    other = world.guild.add_member(world.env.create_user("robot", bot=True))
    robot = await other.send(world.channel, "I am a robot.")
    hook = await world.guild.create_webhook(world.channel).send("I am a hook.")
    for message in (robot, hook):
        refused = await form_for(world, message)
        assert refused.modal is None
        assert "Only what a person wrote" in said(refused)


async def test_entries_are_listed_in_pages(world: World) -> None:
    """With who taught them and when; what people wrote has no effect."""
    empty = await world.slash(world.moderator, "footnote taught list")
    assert "Nothing has been taught yet" in said(empty)
    for number in range(7):
        await taught(world, f"Question {number} @everyone <@1>?", f"# not\n**Answer** {number}")
    listed = await world.slash(world.moderator, "footnote taught list")
    assert listed.ephemeral
    assert "### 7 taught answers" in said(listed)
    assert "taught by mod on 20" in said(listed)
    assert "Question 4" in said(listed)
    assert "Question 5" not in said(listed)
    await world.restart()
    await world.press(world.moderator, listed.response, "Next →")
    assert "Question 6" in said(listed)
    assert "Page 2 of 2" in said(listed)
    assert labels(listed.response)["Next →"]["disabled"]


async def test_an_entry_is_changed_by_the_same_form(world: World) -> None:
    """Found by what is typed; its answer is quoted as it is now."""
    await taught(world)
    choices = await world.moderator.autocomplete(
        world.channel, "footnote taught edit", "question", "reset"
    )
    assert [choice["name"] for choice in choices] == [ASKED]
    for named in (choices[0]["value"], ASKED.upper()):
        form = await world.slash(world.moderator, "footnote taught edit", question=named)
        assert fields(form)["question"]["value"] == ASKED
        changed = await send(world, form, answer=f"Ask {named}.")
        assert "Changed" in changed
        (entry,) = entries(world)
        assert entry.answer == f"Ask {named}."
        assert entry.edited_at
    listed = await world.slash(world.moderator, "footnote taught list")
    assert "changed on 20" in said(listed)
    form = await world.slash(world.moderator, "footnote taught edit", question=ASKED)
    await world.slash(world.moderator, "footnote taught remove", question=ASKED)
    assert "choose one from the list" in await send(world, form, answer="Too late.")
    assert entries(world) == []


async def test_an_entry_is_removed(world: World) -> None:
    """And shown once more; another removal of it is refused."""
    await taught(world)
    removed = await world.slash(world.moderator, "footnote taught remove", question=ASKED)
    assert removed.ephemeral
    assert "Removed" in said(removed)
    assert "five minutes" in said(removed)
    again = await world.slash(world.moderator, "footnote taught remove", question=ASKED)
    assert "choose one from the list" in said(again)


async def test_all_entries_are_exported(world: World) -> None:
    """As a Markdown file."""
    nothing = await world.slash(world.moderator, "footnote taught export")
    assert "Nothing has been taught yet" in said(nothing)
    message = await taught(world)
    result = await world.slash(world.moderator, "footnote taught export")
    assert result.ephemeral
    (file,) = result.response.attachments
    assert file.filename == "taught.md"
    content = (await file.read()).decode()
    assert content.startswith(f"## {ASKED}\n\n{WRITTEN}\n\ntaught by mod on 20")
    assert f"<{message.jump_url}>" in content


async def test_no_other_server_sees_an_entry(world: World) -> None:
    """Its moderators neither find, list, export nor change it, not with forged ids either."""
    await taught(world)
    (entry,) = entries(world)
    other = world.env.create_guild("Another server")
    channel = other.create_text_channel("general")
    role = other.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    moderator = other.add_member(world.env.create_user("other"), roles=[role])
    await world.env.settle()
    for name in ("edit", "remove"):
        command = f"footnote taught {name}"
        assert await moderator.autocomplete(channel, command, "question", "") == []
        result = await world.slash(moderator, command, at=channel, question=str(entry.id))
        assert "choose one from the list" in said(result)
    for name in ("list", "export"):
        result = await world.slash(moderator, f"footnote taught {name}", at=channel)
        assert "Nothing has been taught yet" in said(result)
    assert entries(world) == [entry]


async def test_a_full_server_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do."""
    monkeypatch.setattr(taught_store, "MOST_TAUGHT", 1)
    message = await taught(world)
    assert "remove one with /footnote taught remove" in await send(
        world, await form_for(world, message), question="Another?"
    )
    assert len(entries(world)) == 1


OTHER_WORDS = "password reset?"


async def asked(
    world: World, question: str = OTHER_WORDS, at: simcord.ChannelHandle | None = None
) -> simcord.InteractionResult:
    """A member's question."""
    return await world.slash(world.alice, "ask", at=at, question=question)


async def test_what_is_taught_answers(world: World) -> None:
    """Word for word and with who taught it when, asked in other words, after a restart, after a
    change; and no more once it is removed."""
    assert "not answer" in said(await asked(world))
    message = await taught(world)
    answer = await asked(world)
    (entry,) = entries(world)
    text = said(answer)
    assert "A mail comes within five minutes." in text
    assert f"[{ASKED}](<{message.jump_url}>) · taught by mod on {entry.taught_at[:10]}" in text
    assert "line 1" not in text
    opened = await world.press(world.bob, answer.response, "Context")
    assert f"[taught by mod on {entry.taught_at[:10]}](<{message.jump_url}>)" in said(opened)
    assert "taught by mod" in said(await world.slash(world.alice, "documents"))
    await world.restart()
    await world.env.settle()
    assert said(await asked(world)) == text
    form = await world.slash(world.moderator, "footnote taught edit", question=ASKED)
    await send(world, form, answer="Write to the library.")
    changed = said(await asked(world))
    assert "Write to the library." in changed
    assert "five minutes" not in changed
    stale = await world.press(world.bob, answer.response, "Context")
    assert "have changed" in said(stale)
    await world.slash(world.moderator, "footnote taught remove", question=ASKED)
    assert "not answer" in said(await asked(world))


async def test_a_taught_answer_is_shown_as_a_whole(world: World) -> None:
    """With its headings, its code and what stands behind that, line by line."""
    written = (
        "# Reset it\nOpen *Settings*.\n\nThen run\n```sh\nreset --user me_too\n```\nand wait."
        "\n## Afterwards\n- Log in.\n2. See https://example.org/a_b.\n~~~\nopen"
    )
    await taught(world, answer=written)
    text = said(await asked(world, ASKED))
    assert (
        "> **Reset it**\n> Open Settings.\n> \n> Then run\n```\nreset --user me_too\n```\n> and"
        " wait.\n> **Afterwards**\n> • Log in.\n> 2\\. See <https://example.org/a_b>.\n```\nopen\n```\n"
    ) in text


async def test_what_is_taught_answers_in_its_server_alone(world: World) -> None:
    """Not in another one, nor in direct messages, nor where its buttons are forged."""
    await taught(world)
    answer = await asked(world)
    pressed = labels(answer.response)["Context"]["custom_id"]
    other = world.env.create_guild("Another server")
    channel = other.create_text_channel("general")
    stranger = other.add_member(world.env.create_user("stranger"))
    await world.env.settle()
    elsewhere = await world.slash(stranger, "ask", at=channel, question=ASKED)
    assert "not answer" in said(elsewhere)
    await stranger.send_dm(ASKED)
    assert "not answer" in said(stranger.user.dm_channel.last_message)
    documents = await world.slash(stranger, "documents", at=channel)
    assert "taught by" not in said(documents)
    choices = await stranger.autocomplete(channel, "ask", "question", "reset")
    assert ASKED not in str(choices)
    control = control_of(pressed)
    assert control is not None
    place = world.bot.get_channel(channel.id)
    assert isinstance(place, discord.TextChannel)
    forged = await place.send(view=notice("Look", [button("Look", control)]))
    assert "have changed" in said(await world.press(stranger, forged, "Look"))


@pytest.mark.parametrize(
    "text",
    [
        "@everyone <@&5> <@5> **bold** [x](https://evil.example) discord.gg/abc resets it",
        "# big\n> quote it to reset\n||spoiler||",
        "reset " + "word " * 290,
    ],
)
async def test_what_people_write_has_no_effect(world: World, text: str) -> None:
    """In an answer, the list, and what is removed; the laws of every message are checked."""
    await taught(world, "How do I reset <@5> @everyone **it**?", text)
    question = "How do I reset **it**?"
    assert "taught by mod" in said(await asked(world, "How do I reset it?"))
    for name in ("list", "export", "edit", "remove"):
        options = {"question": question} if name in ("edit", "remove") else {}
        await world.slash(world.moderator, f"footnote taught {name}", **options)
    assert entries(world) == []
