"""From a decline to a person and back: who may, what is sent where, and that it happens once."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.admission import Admission
from bot.discord.handed import HandedOn
from tests.discord_world import (
    OFF_TOPIC,
    QUESTION,
    World,
    labels,
    said,
    settings_with,
    world_with,
)
from tests.test_teaching import entries, fields, form_for, send

ANSWER = "Canberra is, and the *Senate* sits there."


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A server without limits, whose bot reads messages."""
    settings = settings_with(message_content=True, limit_user=0, limit_channel=0)
    async with world_with(settings, tmp_path) as world:
        yield world


@pytest.fixture
async def desk(world: World) -> simcord.ChannelHandle:
    """The channel of the helpers, who are the moderators."""
    channel = world.guild.create_text_channel("helpers")
    await set_helpers(world, channel=channel)
    return channel


async def set_helpers(world: World, **options: Any) -> str:
    """What is said to a moderator's decision."""
    result = await world.slash(world.moderator, "footnote helpers", **options)
    assert result.ephemeral
    return said(result)


async def handed_on(
    world: World, desk: simcord.ChannelHandle, question: str = OFF_TOPIC
) -> tuple[discord.Message, discord.Message]:
    """A decline that was handed on, and the message to the helpers."""
    decline = await world.mention(world.alice, question)
    assert decline is not None
    result = await world.press(world.alice, decline, "Ask a person")
    assert result.ephemeral
    assert "People of this server have your question" in said(result)
    message = desk.last_message
    assert message is not None
    return decline, message


def kept(world: World, decline: discord.Message) -> HandedOn | None:
    """What is kept of a decline that was handed on."""
    return world.bot.desk.handed_on.of_message(world.guild.id, decline.id)


def mentioned(world: World) -> list[tuple[str, list[str]]]:
    """Whom messages were allowed to mention, with the kind."""
    return [
        (kind, [str(id_) for id_ in ids])
        for entry in world.env.http_requests
        if isinstance(entry.json, dict)
        for kind in ("users", "roles")
        if (ids := (entry.json.get("allowed_mentions") or {}).get(kind))
    ]


async def test_there_is_a_button_where_moderators_want_it(world: World) -> None:
    """Under public declines only, until they switch it off again."""
    assert "Ask a person" not in labels(await world.mention(world.alice, OFF_TOPIC))
    channel = world.guild.create_text_channel("helpers")
    assert "goes to \\#helpers" in await set_helpers(world, channel=channel)
    assert "Ask a person" in labels(await world.mention(world.alice, OFF_TOPIC))
    asked = await world.slash(world.alice, "ask", question=OFF_TOPIC)
    assert "Ask a person" in labels(asked.response)
    private = await world.slash(world.alice, "ask", question=OFF_TOPIC, private=True)
    assert "Ask a person" not in labels(private.response)
    assert "Ask a person" not in labels(await world.mention(world.alice, QUESTION))
    await world.alice.send_dm(OFF_TOPIC)
    assert "Ask a person" not in labels(world.alice.user.dm_channel.last_message)
    await world.restart()
    await world.env.settle()
    assert "Ask a person" in labels(await world.mention(world.alice, OFF_TOPIC))
    assert "no longer handed on" in await set_helpers(world)
    assert "Ask a person" not in labels(await world.mention(world.alice, OFF_TOPIC))
    refused = await world.press(world.alice, asked.response, "Ask a person")
    assert "Moderators have switched this off" in said(refused)


async def test_helpers_get_a_question_with_who_asked_and_where(
    world: World, desk: simcord.ChannelHandle
) -> None:
    """Escaped, and without mentioning anybody."""
    question = f"{OFF_TOPIC} @everyone <@{world.bob.id}> **now** discord.gg/abc"
    decline, message = await handed_on(world, desk, question)
    text = said(message)
    assert text.startswith("### What is the capital of Australia?")
    assert "\\*\\*now\\*\\*" in text
    assert f"asked by alice · [where](<{decline.jump_url}>)" in text
    assert list(labels(message)) == ["Answer and teach", "Answer only", "Dismiss"]
    assert mentioned(world) == []


async def test_one_role_is_mentioned(world: World) -> None:
    """Where moderators chose it; they are told where it is not notified."""
    role = world.guild.create_role("Crew")
    assert world.bot.user is not None
    muted = discord.PermissionOverwrite(mention_everyone=False)
    channel = world.guild.create_text_channel("helpers", overwrites={world.bot.user: muted})
    everyone = world.guild.default_role
    assert "choose another one" in await set_helpers(world, channel=channel, role=everyone)
    assert "named there but not notified" in await set_helpers(world, channel=channel, role=role)
    _, message = await handed_on(world, channel, f"{OFF_TOPIC} <@&{role.id}>")
    assert said(message).count(f"<@&{role.id}>") == 1
    assert mentioned(world) == [("roles", [str(role.id)])]


async def test_only_the_asker_hands_on_and_once(world: World, desk: simcord.ChannelHandle) -> None:
    """Neither another member, nor a moderator, nor twice, nor after a restart."""
    decline = await world.mention(world.alice, OFF_TOPIC)
    for other in (world.bob, world.moderator):
        refused = await world.press(other, decline, "Ask a person")
        assert "Only the person who asked" in said(refused)
    assert desk.last_message is None
    assert "have your question" in said(await world.press(world.alice, decline, "Ask a person"))
    assert "handed on already" in said(await world.press(world.alice, decline, "Ask a person"))
    await world.restart()
    again = await world.press(world.alice, decline, "Ask a person")
    assert "handed on already" in said(again)
    assert len(desk.history()) == 1


async def test_handing_on_counts_for_limits(tmp_path: Path) -> None:
    """As everything that is sent."""
    async with world_with(settings_with(limit_user=2), tmp_path) as world:
        channel = world.guild.create_text_channel("helpers")
        await set_helpers(world, channel=channel)
        first = await world.mention(world.alice, OFF_TOPIC)
        await world.mention(world.alice, OFF_TOPIC)
        refused = await world.press(world.alice, first, "Ask a person")
        assert "Too many questions" in said(refused)
        assert channel.last_message is None


async def test_an_answer_is_passed_on_and_taught(world: World, desk: simcord.ChannelHandle) -> None:
    """In one form; who asked is told, alone, below their question, after a restart too."""
    decline, message = await handed_on(world, desk)
    await world.restart()
    await world.env.settle()
    form = await world.press(world.moderator, message, "Answer and teach")
    assert fields(form)["question"]["value"] == OFF_TOPIC
    told = await send(world, form, answer=f"{ANSWER} @everyone")
    assert told == "The member was told. The answer is taught."
    sent = world.channel.last_message
    assert sent is not None
    assert sent.reference is not None
    assert sent.reference.message_id == decline.reference.message_id  # type: ignore[union-attr]
    assert "> Canberra is, and the \\*Senate\\* sits there." in said(sent)
    assert f"for <@{world.alice.id}> · answered by mod" in said(sent)
    assert mentioned(world) == [("users", [str(world.alice.id)])]
    (entry,) = entries(world)
    assert (entry.question, entry.link) == (OFF_TOPIC, sent.jump_url)
    assert "> Canberra is, and the Senate" in said(
        await world.slash(world.bob, "ask", question=OFF_TOPIC)
    )
    closed = await desk_message(world, desk, message)
    assert f"answered by mod · [answer](<{sent.jump_url}>)" in said(closed)
    assert labels(closed) == {}


async def desk_message(
    world: World, desk: simcord.ChannelHandle, message: discord.Message
) -> discord.Message:
    """A message to the helpers as it is by now."""
    await world.env.settle()
    return next(each for each in desk.history() if each.id == message.id)


async def test_an_answer_may_be_passed_on_alone(world: World, desk: simcord.ChannelHandle) -> None:
    """To a command that was declined privately, and within the thread of an answer."""
    asked = await world.slash(world.alice, "ask", question=OFF_TOPIC)
    assert asked.ephemeral
    await world.press(world.alice, asked.response, "Ask a person")
    channel = f"https://discord.com/channels/{world.guild.id}/{world.channel.id}"
    assert f"[where](<{channel}>)" in said(desk.last_message)
    assert "There is no message to reply to" in await answer(world, desk.last_message)
    assert world.channel.last_message is not None
    assert world.channel.last_message.reference is None
    assert f"for <@{world.alice.id}>" in said(world.channel.last_message)
    await world.slash(world.moderator, "footnote channel", messages="mentions", answers="thread")
    await world.mention(world.alice, OFF_TOPIC)
    (thread,) = world.channel.threads
    await world.press(world.alice, thread.last_message, "Ask a person")
    assert await answer(world, desk.last_message) == "The member was told."
    assert "Canberra" in said(thread.last_message)
    assert entries(world) == []


async def answer(
    world: World, message: Any, who: simcord.MemberActor | None = None, text: str = ANSWER
) -> str:
    """What is said to an answer that is passed on alone."""
    helper = who or world.moderator
    form = await world.press(helper, message, "Answer only")
    assert list(fields(form)) == ["answer"]
    return await send(world, form, helper, answer=text)


async def test_two_do_not_both_answer(world: World, desk: simcord.ChannelHandle) -> None:
    """The slower one reads whose answer it was, and gets their own words back."""
    decline, message = await handed_on(world, desk)
    forms = [await world.press(world.moderator, message, "Answer and teach") for _ in range(2)]
    before = len(world.channel.history())
    first, second = [
        await send(world, form, answer=f"{ANSWER} {n}") for n, form in enumerate(forms)
    ]
    assert first == "The member was told. The answer is taught."
    assert second.startswith("You have closed this question already. You wrote:")
    assert "> Canberra is, and the \\*Senate\\* sits there. 1" in second
    assert len(world.channel.history()) == before + 1
    assert len(entries(world)) == 1
    late = await world.moderator.send(desk, "Sydney", reply_to=message)
    assert late is not None
    assert said(desk.last_message).endswith("already. This was not passed on.")
    assert len(world.channel.history()) == before + 1
    assert getattr(kept(world, decline), "closed_name", None) == "mod"


async def test_a_dismissed_question_is_closed(world: World, desk: simcord.ChannelHandle) -> None:
    """Nobody is told, and it cannot be handed on again."""
    decline, message = await handed_on(world, desk)
    form = await world.press(world.moderator, message, "Answer only")
    before = len(world.channel.history())
    assert "Dismissed" in said(await world.press(world.moderator, message, "Dismiss"))
    closed = await desk_message(world, desk, message)
    assert "dismissed by mod" in said(closed)
    assert "closed this question already" in await send(world, form, answer=ANSWER)
    assert len(world.channel.history()) == before
    assert "handed on already" in said(await world.press(world.alice, decline, "Ask a person"))


async def test_a_reply_is_passed_on_and_can_be_taught(
    world: World, desk: simcord.ChannelHandle
) -> None:
    """With the question that it replies to; the bot does not take it for a question."""
    _, message = await handed_on(world, desk)
    await world.restart()
    await world.env.settle()
    reply = await world.moderator.send(desk, f"{ANSWER}\nSince 1927, see <#5>.", reply_to=message)
    told = world.channel.last_message
    assert r"> Since 1927, see \<#5\>." in said(told)
    assert f"for <@{world.alice.id}> · answered by mod" in said(told)
    closed = await desk_message(world, desk, message)
    assert "Apps and “Teach this”" in said(closed)
    assert len(desk.history()) == 2
    form = await form_for(world, reply)
    assert fields(form)["question"]["value"] == OFF_TOPIC
    assert "Taught" in await send(world, form)
    assert entries(world)[0].answer == f"{ANSWER}\nSince 1927, see <#5>."


@pytest.mark.parametrize("text", ["w" * 1_600, "*_~`|>" * 300, "\n".join("*" * 900)])
async def test_a_long_reply_is_cut_with_a_word_about_it(
    world: World, desk: simcord.ChannelHandle, text: str
) -> None:
    """Whatever it is made of, it fits."""
    _, message = await handed_on(world, desk, f"{OFF_TOPIC} {'*' * 900}")
    await world.moderator.send(desk, text, reply_to=message)
    assert "answered by mod" in said(world.channel.last_message)
    assert "Only the first 1,500 characters" in said(await desk_message(world, desk, message))


@pytest.mark.parametrize("text", ["w" * 1_500, "*" * 1_500, "\n".join("*" * 750)])
async def test_the_longest_answer_fits(
    world: World, desk: simcord.ChannelHandle, text: str
) -> None:
    """Below the longest question, in the channel of the helpers as well."""
    _, message = await handed_on(world, desk, f"{OFF_TOPIC} {'*' * 900}")
    assert await answer(world, message, text=text) == "The member was told."
    assert "answered by mod" in said(world.channel.last_message)
    assert "answered by mod" in said(await desk_message(world, desk, message))


async def test_what_has_no_words_is_not_passed_on(
    world: World, desk: simcord.ChannelHandle
) -> None:
    """The question stays open."""
    decline, message = await handed_on(world, desk)
    await world.moderator.send(desk, "", reply_to=message, attachments=[("a.png", b"x")])
    assert "words only" in said(desk.last_message)
    form = await world.press(world.moderator, message, "Answer and teach")
    assert "no words" in await send(world, form, answer="😀")
    form = await world.press(world.moderator, message, "Answer only")
    assert "empty" in await send(world, form, answer="   ")
    assert getattr(kept(world, decline), "closing", None) == 0
    assert entries(world) == []


async def test_only_helpers_answer(world: World) -> None:
    """Moderators and the role; only moderators teach; others, bots and webhooks are left alone."""
    role = world.guild.create_role("Crew")
    helper = world.guild.add_member(world.env.create_user("helper"), roles=[role])
    robot = world.guild.add_member(world.env.create_user("robot", bot=True), roles=[role])
    desk = world.guild.create_text_channel("helpers")
    await set_helpers(world, channel=desk, role=role)
    decline, message = await handed_on(world, desk)
    for label in ("Answer and teach", "Answer only", "Dismiss"):
        refused = await world.press(world.bob, message, label)
        assert refused.ephemeral
        assert refused.modal is None
        assert "Only moderators and the role" in said(refused)
    before = (len(desk.history()), len(world.channel.history()))
    await world.bob.send(desk, ANSWER, reply_to=message)
    await robot.send(desk, ANSWER, reply_to=message)
    await world.guild.create_webhook(desk).send(ANSWER)
    assert (len(desk.history()), len(world.channel.history())) == (before[0] + 3, before[1])
    assert getattr(kept(world, decline), "closing", None) == 0
    refused = await world.press(helper, message, "Answer and teach")
    assert "Only members with the permission Manage Server" in said(refused)
    form = await world.press(helper, message, "Answer only")
    world.env.backend.get_member(world.guild.id, helper.id).role_ids.clear()
    assert "Only moderators and the role" in await send(world, form, helper, answer=ANSWER)
    world.env.backend.get_member(world.guild.id, helper.id).role_ids.append(role.id)
    assert await answer(world, message, helper) == "The member was told."
    assert "answered by helper" in said(world.channel.last_message)


async def test_another_server_cannot_close_a_question(
    world: World, desk: simcord.ChannelHandle
) -> None:
    """Not even with a forged button of its own bot message."""
    decline, message = await handed_on(world, desk)
    other = world.env.create_guild("Another server")
    channel = other.create_text_channel("general")
    role = other.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    moderator = other.add_member(world.env.create_user("other"), roles=[role])
    await world.env.settle()
    place = world.bot.get_channel(channel.id)
    assert isinstance(place, discord.TextChannel)
    forged = await place.send(view=discord.ui.LayoutView.from_message(message))
    dismissed = await world.press(moderator, forged, "Dismiss")
    assert "nothing to answer" in said(dismissed)
    form = await world.press(moderator, forged, "Answer only")
    assert "nothing to answer" in await send(world, form, moderator, answer=ANSWER)
    assert getattr(kept(world, decline), "closing", None) == 0


async def test_who_asked_may_be_gone(world: World, desk: simcord.ChannelHandle) -> None:
    """The answer stands below the question, and the helper is told."""
    _, message = await handed_on(world, desk)
    world.guild.remove_member(world.alice)
    assert "has left the server" in await answer(world, message)
    assert "Canberra" in said(world.channel.last_message)
    assert mentioned(world) == []


async def test_their_message_may_be_gone(world: World, desk: simcord.ChannelHandle) -> None:
    """Then the answer replies to nothing, and the helper is told."""
    decline, message = await handed_on(world, desk)
    assert decline.reference is not None
    asked = next(m for m in world.channel.history() if m.id == decline.reference.message_id)
    await world.alice.delete(asked)
    assert "There is no message to reply to" in await answer(world, message)
    assert world.channel.last_message is not None
    assert world.channel.last_message.reference is None


async def test_their_channel_may_be_gone(world: World, desk: simcord.ChannelHandle) -> None:
    """Then nobody is told, which the helper reads; the answer can be taught all the same."""
    _, message = await handed_on(world, desk)
    world.env.backend.delete_channel(world.channel.id)
    await world.env.settle()
    form = await world.press(world.moderator, message, "Answer and teach")
    told = await send(world, form, answer=ANSWER)
    assert "nobody was told" in told
    assert "The answer is taught." in told
    assert entries(world)[0].link.endswith(f"/{desk.id}/{message.id}")


async def test_what_was_forgotten_cannot_be_answered(
    world: World, desk: simcord.ChannelHandle
) -> None:
    """A member's questions go with their records, and a helper's name too."""
    decline, message = await handed_on(world, desk)
    other, second = await handed_on(world, desk, f"{OFF_TOPIC} Really?")
    await world.bob.send(world.channel, "x")
    assert await answer(world, second) == "The member was told."
    form = await world.press(world.moderator, message, "Answer and teach")
    assert "is taught" in await send(world, form, answer=ANSWER)
    await world.slash(world.moderator, "footnote forget", member=world.moderator.user)
    assert getattr(kept(world, other), "closed_name", None) == ""
    assert entries(world)[0].name == ""
    answered = await world.slash(world.bob, "ask", question=OFF_TOPIC)
    assert "taught by a moderator on" in said(answered)
    third, last = await handed_on(world, desk, f"{OFF_TOPIC} But really?")
    forgotten = await world.slash(world.moderator, "footnote forget", member=world.alice.user)
    assert said(forgotten) == "3 records deleted."
    assert kept(world, decline) is kept(world, third) is None
    assert "nothing to answer" in await answer(world, last)


async def test_permissions_are_checked_at_the_setting_and_at_the_press(world: World) -> None:
    """Each says what is missing, and a question that could not be sent can be sent later."""
    assert world.bot.user is not None
    silent = discord.PermissionOverwrite(send_messages=False)
    closed = world.guild.create_text_channel("closed", overwrites={world.bot.user: silent})
    assert "in that channel: Send Messages" in await set_helpers(world, channel=closed)
    channel = world.guild.create_text_channel("helpers")
    assert "goes to" in await set_helpers(world, channel=channel)
    decline = await world.mention(world.alice, OFF_TOPIC)
    assert decline is not None
    backend = world.env.backend
    backend.get_channel(channel.id).overwrites += backend.get_channel(closed.id).overwrites
    refused = await world.press(world.alice, decline, "Ask a person")
    assert "cannot write to the helpers' channel" in said(refused)
    assert kept(world, decline) is None
    backend.get_channel(channel.id).overwrites.clear()
    again = await world.press(world.alice, decline, "Ask a person")
    assert "have your question" in said(again)


@pytest.mark.parametrize("question", [OFF_TOPIC, f"{OFF_TOPIC} {'I really need to know it. ' * 9}"])
async def test_a_decline_that_only_who_asked_sees_is_handed_on(
    world: World, desk: simcord.ChannelHandle, question: str
) -> None:
    """The whole question, however long; who asked is told in the channel."""
    asked = await world.slash(world.alice, "ask", question=question)
    assert asked.ephemeral
    handed = await world.press(world.alice, asked.response, "Ask a person")
    assert "People of this server have your question" in said(handed)
    assert question.strip() in said(desk.last_message)
    assert "There is no message to reply to" in await answer(world, desk.last_message)
    told = world.channel.last_message
    assert "Canberra" in said(told)
    assert f"for <@{world.alice.id}>" in said(told)


async def test_where_nobody_is_answered_no_reply_is_passed_on(
    world: World, desk: simcord.ChannelHandle
) -> None:
    """In a server that the operator chose no longer."""
    decline, message = await handed_on(world, desk)
    world.bot.desk.admission = Admission(servers=frozenset({99}))
    await world.moderator.send(desk, ANSWER, reply_to=message)
    assert getattr(kept(world, decline), "closing", None) == 0
    assert world.channel.last_message.id == decline.id  # type: ignore[union-attr]
