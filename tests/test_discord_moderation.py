"""What moderators decide, see, and may do; and that nobody else does."""

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import aiohttp
import discord
import pytest
import simcord
from simcord.backend.serializers import guild_create_payload

from bot.discord.database import Mode, Policy, Reply
from bot.discord.departures import HOUR
from bot.discord.sending import Patience
from bot.discord.store import DatabaseError
from bot.prometheus import PrometheusMetrics
from tests.discord_world import OFF_TOPIC, QUESTION, World, labels, said, settings_with, world_with

FAILURES = (discord.RateLimited(60.0), aiohttp.ServerDisconnectedError(), TimeoutError())
CHAT = "good morning everybody, nice weather today"
SUBCOMMANDS: dict[str, dict[str, Any]] = {
    "channel": {"messages": "off"}, "status": {}, "gaps": {}, "feedback": {},
    "record": {"questions": True}, "reload": {},
}  # fmt: skip


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A server whose bot may read all messages."""
    async with world_with(settings_with(message_content=True), tmp_path) as world:
        yield world


async def decide(world: World, channel: simcord.ChannelHandle | None = None, **policy: str) -> str:
    """A moderator's decision for a channel; what the bot says."""
    result = await world.slash(
        world.moderator, "footnote channel", channel=channel or world.channel, **policy
    )
    assert result.ephemeral
    return said(result)


def answers_in(channel: simcord.ChannelHandle, world: World) -> list[discord.Message]:
    """The messages of the bot in a channel."""
    assert world.bot.user is not None
    kinds = (discord.MessageType.default, discord.MessageType.reply)
    me = world.bot.user.id
    return [m for m in channel.history() if m.author.id == me and m.type in kinds]


async def test_members_neither_see_nor_use_the_commands(world: World) -> None:
    """By default they are hidden; where a server shows them, the bot refuses them."""
    shown = {f"footnote {name}" for name in SUBCOMMANDS}
    assert shown <= set(world.moderator.available_commands(world.channel))
    assert not shown & set(world.alice.available_commands(world.channel))
    await show_to(world, "footnote", world.alice)
    for name, options in SUBCOMMANDS.items():
        result = await world.slash(world.alice, f"footnote {name}", **options)
        assert result.ephemeral
        assert "Only members with the permission Manage Server" in said(result)
    assert world.bot.desk.policy(world.channel.id, world.guild.id) == Policy()
    assert not world.bot.desk.records(world.guild.id)


async def show_to(world: World, name: str, member: simcord.MemberActor) -> None:
    """A server's settings let a member use a command that is not meant for them."""
    commands = await world.bot.tree.fetch_commands()
    command = next(each for each in commands if each.name == name)
    world.guild.set_command_permissions(command, {member: True})


async def test_off_is_silence_and_commands_in_private(world: World) -> None:
    """Where the bot is off, mentions are left alone and a command is answered privately."""
    assert "off" in await decide(world, messages="off")
    await world.mention(world.alice, QUESTION)
    assert answers_in(world.channel, world) == []
    result = await world.slash(world.alice, "ask", question=QUESTION)
    assert result.ephemeral


ASKED = (
    QUESTION,
    "when did mexico open its office in ramallah",
    "How did Mexico vote in 2012?",
    "does anyone know when the Palestinian embassy in Mexico City was opened?",
    "Where did Luis Echeverría meet Yasser Arafat?",
    "How much did Mexico pledge for the reconstruction of Gaza?",
    "who visited Palestine from Mexico in 2000",
    "hey, what agreements have Mexico and Palestine signed?",
    "did mexico vote for the partition plan in 1947?",
    "Does Palestine have an embassy in Mexico?",
)
CHATTED = (
    CHAT,
    "anyone up for a game tonight?",
    "lol",
    "has anyone been to Mexico City?",
    "I was in Mexico last summer, the food was great",
    "when is the meeting?",
    "who is in the voice channel?",
    "what do you all think about the election?",
    "my flight to Cancún got cancelled again",
    "can somebody help me with my homework?",
    "the foreign minister looked tired on TV yesterday",
    "why is it so hot today?",
    "I signed the petition, did you?",
    "how are you?",
    "where do you live?",
    "what time is it in Mexico?",
    "did you see the match yesterday?",
    "Palestine is in the news again",
    "thanks!",
    "brb dinner",
    "who wants pizza?",
    "is Mexico safe for tourists?",
    "I love the Mexican flag",
    "what is the best taco place in town?",
    "which university did you go to?",
    "our office moved to the second floor",
    "how did it go?",
    "the ambassador was so funny in that show",
    "can I bring a friend to the visit on Sunday?",
    "We voted yesterday and the queue was endless",
)


@pytest.mark.slow
async def test_every_message(tmp_path: Path) -> None:
    """Nine of ten questions are answered, one of thirty other lines is, and nothing is declined;
    who mentions the bot is told that the documents do not answer."""
    settings = settings_with(message_content=True, limit_user=0, limit_channel=0)
    async with world_with(settings, tmp_path) as world:
        await decide(world, messages="every")
        for lines, most, least in ((ASKED, 10, 9), (CHATTED, 1, 0)):
            before = len(answers_in(world.channel, world))
            for line in lines:
                await world.alice.send(world.channel, line)
            assert least <= len(answers_in(world.channel, world)) - before <= most
        texts = [said(message) for message in answers_in(world.channel, world)]
        assert not [text for text in texts if "not answer" in text or "No sure answer" in text]
        assert "do not answer" in said(await world.mention(world.alice, OFF_TOPIC))


async def test_a_thread_of_the_bot_is_a_conversation_without_small_talk(world: World) -> None:
    """What looks like a question is answered or declined there, and all else left alone."""
    await decide(world, messages="mentions", answers="thread")
    await world.mention(world.alice, QUESTION)
    (thread,) = world.channel.threads
    count = len(answers_in(thread, world))
    for text in ("thanks!", CHAT):
        await world.alice.send(thread, text)
    assert len(answers_in(thread, world)) == count
    await world.alice.send(thread, OFF_TOPIC)
    assert "do not answer" in said(thread.last_message)


@pytest.mark.parametrize("policy", [{"messages": "every"}, {"answers": "thread"}])
async def test_what_is_said_to_others_is_left_alone(world: World, policy: dict[str, str]) -> None:
    """Where no mention is needed, a message that mentions another person or replies to them."""
    await decide(world, **{"messages": "mentions", **policy})
    await world.mention(world.alice, QUESTION)
    place = world.channel.threads[0] if world.channel.threads else world.channel
    wrote = await world.bob.send(place, CHAT)
    before = len(answers_in(place, world))
    await world.alice.send(place, f"{world.bob.mention} {QUESTION}")
    await world.alice.send(place, QUESTION, reply_to=wrote)
    assert len(answers_in(place, world)) == before
    await world.bob.send(place, QUESTION, reply_to=wrote)
    assert len(answers_in(place, world)) == before + 1
    await world.mention(world.alice, f"{world.bob.mention} {QUESTION}", place, reply_to=wrote)
    assert len(answers_in(place, world)) == before + 2


async def test_talk_counts_for_no_limit(tmp_path: Path) -> None:
    """Where every message is a question, those who only talk keep their questions."""
    settings = settings_with(message_content=True, limit_user=2)
    async with world_with(settings, tmp_path) as world:
        await decide(world, messages="every")
        for text in [CHAT] * 4 + [f"{CHAT} " * 40]:
            await world.alice.send(world.channel, text)
        assert answers_in(world.channel, world) == []
        for _ in range(2):
            await world.alice.send(world.channel, QUESTION)
        assert len(answers_in(world.channel, world)) == 2
        await world.alice.send(world.channel, QUESTION)
        assert len(answers_in(world.channel, world)) == 2
        assert world.alice.user.dm_channel.history() == []
        await world.mention(world.alice, QUESTION)
        assert "ask again in" in said(world.alice.user.dm_channel.last_message)


async def test_a_thread_goes_by_the_rules_of_its_channel(world: World) -> None:
    """A member's own thread as well."""
    await decide(world, messages="every")
    thread = world.env.backend.create_thread(world.channel.id, "Plans", world.alice.id)
    await world.env.settle()
    place = next(each for each in world.channel.threads if each.id == thread.id)
    await world.alice.send(place, QUESTION)
    assert "Monterrey" in said(place.last_message)


async def test_answers_in_a_thread_are_a_conversation(world: World) -> None:
    """The thread is named like the question, and in it no mention is needed."""
    await decide(world, messages="mentions", answers="thread")
    await world.mention(world.alice, QUESTION)
    (thread,) = world.channel.threads
    assert "twinned with Bethlehem" in (thread.name or "")
    assert "**Monterrey**" in said(thread.last_message)
    await world.alice.send(thread, "And with Ramallah?")
    assert "**Toluca**" in said(thread.last_message)
    assert answers_in(world.channel, world) == []


async def test_a_command_follows_the_rule_for_threads(world: World) -> None:
    """The question stands in the channel, and its answer in a thread, where it goes on; what is
    private stays so."""
    await decide(world, messages="mentions", answers="thread")
    result = await world.slash(world.alice, "ask", question=QUESTION)
    assert said(result) == f"-# {QUESTION}"
    (thread,) = world.channel.threads
    assert "twinned with Bethlehem" in (thread.name or "")
    (answer,) = answers_in(thread, world)
    assert said(answer).startswith("> The few bilateral agreements")
    assert "👍" in labels(answer)
    await world.alice.send(thread, "And with Ramallah?")
    assert "**Toluca**" in said(thread.last_message)
    await world.mention(world.bob, "And with Bethlehem?", reply_to=result.response)
    other = next(each for each in world.channel.threads if each.id != thread.id)
    assert "**Monterrey**" in said(other.last_message)
    private = await world.slash(world.alice, "ask", question=QUESTION, private=True)
    assert "Monterrey" in said(private)
    within = await world.slash(world.alice, "ask", at=thread, question="and with Bethlehem?")
    assert "Monterrey" in said(within)


async def test_a_post_whose_title_was_answered_goes_on_after_a_restart(world: World) -> None:
    """From the title alone, as it was answered."""
    forum = world.guild.create_forum_channel("help")
    await decide(world, forum, messages="forum")
    body = (
        "Who painted the ceiling of the Sistine chapel, and how many kangaroos live in Sydney,"
        " Melbourne, Brisbane, Perth, Adelaide and Hobart?"
    )
    post = await world.post(world.alice, forum, QUESTION, body)
    (answer,) = answers_in(post, world)
    assert "**Monterrey**" in said(answer)
    await world.restart()
    followed = await world.mention(world.alice, "And with Ramallah?", at=post, reply_to=answer)
    assert "-# Which Mexican city is twinned with Ramallah?" in said(followed)
    assert "kangaroos" not in said(followed)


@pytest.mark.parametrize("failure", FAILURES)
async def test_what_cannot_be_read_again_costs_no_answer(
    world: World, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    """A question that stands alone is answered where Discord does not show what was before."""
    await decide(world, messages="mentions", answers="thread")
    await world.mention(world.alice, OFF_TOPIC)
    (thread,) = world.channel.threads
    await world.restart()

    async def fail(*_: Any) -> None:
        raise failure

    monkeypatch.setattr("bot.discord.recalling._answer_before", fail)
    await world.alice.send(thread, QUESTION)
    assert "**Monterrey**" in said(thread.last_message)


@pytest.mark.parametrize("way", ["mention", "command"])
async def test_a_thread_goes_on_after_a_restart(world: World, way: str) -> None:
    """From the last question in it, or from the one that it was opened on."""
    await decide(world, messages="mentions", answers="thread")
    if way == "mention":
        await world.mention(world.alice, QUESTION)
    else:
        await world.slash(world.alice, "ask", question=QUESTION)
    (thread,) = world.channel.threads
    for name in ("Ramallah", "Bethlehem"):
        await world.restart()
        await world.alice.send(thread, f"And with {name}?")
        assert f"-# Which Mexican city is twinned with {name}?" in said(thread.last_message)


@pytest.mark.parametrize("after", [0.0, 1000.0])
async def test_a_command_without_a_thread_is_answered_in_the_channel(
    world: World, monkeypatch: pytest.MonkeyPatch, after: float
) -> None:
    """Together with its question, whether the response was announced or not."""
    monkeypatch.setattr("bot.discord.replies.AT_ONCE", after)
    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=403, code=50013)
    await decide(world, messages="mentions", answers="thread")
    result = await world.slash(world.alice, "ask", question=QUESTION)
    shown = world.channel.last_message
    assert shown is not None
    assert shown.id == result.response.id
    assert said(shown).startswith(f"-# {QUESTION}\n> The few")


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("what", ["Thread.send", "Message.create_thread"])
@pytest.mark.parametrize("way", ["mention", "command"])
async def test_where_a_thread_fails_the_answer_stands_in_the_channel(
    world: World, monkeypatch: pytest.MonkeyPatch, failure: Exception, what: str, way: str
) -> None:
    """Whether it cannot be made or not be written to."""
    monkeypatch.setattr("bot.discord.sending.MESSAGE", Patience(0, 60, 1))

    async def fail(*_: Any, **__: Any) -> None:
        raise failure

    monkeypatch.setattr(f"discord.{what}", fail)
    if what == "Message.create_thread":
        monkeypatch.setattr("discord.PartialMessage.create_thread", fail)
    await decide(world, messages="mentions", answers="thread")
    if way == "command":
        shown = said(await world.slash(world.alice, "ask", question=QUESTION))
    else:
        await world.mention(world.alice, QUESTION)
        shown = said(answers_in(world.channel, world)[-1])
    assert "**Monterrey**" in shown
    assert shown.startswith(f"-# {QUESTION}\n") == (way == "command")


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (400, 160004), (500, 0)])
async def test_where_no_thread_can_be_made_the_answer_is_a_reply(
    world: World, status: int, code: int
) -> None:
    """A missing permission, or a thread that is there already, costs the thread, not the answer."""
    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=status, code=code)
    await decide(world, messages="mentions", answers="thread")
    await world.mention(world.alice, QUESTION)
    assert "Monterrey" in said(world.channel.last_message)


async def test_private_answers_come_as_direct_messages(world: World) -> None:
    """With the question above them; a command is answered where only its member sees it."""
    await decide(world, messages="mentions", answers="private")
    await world.mention(world.alice, QUESTION)
    assert answers_in(world.channel, world) == []
    private = said(world.alice.user.dm_channel.last_message)
    message = world.alice.user.dm_channel.last_message
    assert f"-# {QUESTION}" in private
    assert "**Monterrey**" in private
    # Nobody would read what is thought of it, and it can be followed up.
    assert list(labels(message)) == ["Context"]
    await world.alice.send_dm("And with Ramallah?")
    assert "**Toluca**" in said(world.alice.user.dm_channel.last_message)
    assert (await world.slash(world.alice, "ask", question=QUESTION)).ephemeral


async def test_a_member_who_takes_no_direct_messages_is_told(world: World) -> None:
    """What to do instead stands in the channel, the answer does not, and none counts as shown."""
    metrics = PrometheusMetrics("127.0.0.1", 0)
    world.bot.desk.service.metrics = metrics
    await decide(world, messages="mentions", answers="private")
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    await world.mention(world.alice, QUESTION)
    assert "I cannot message you" in said(world.channel.last_message)
    counted = 'footnote_questions_total{front_end="message",verdict="answered"}'
    assert f"{counted} 0.0\n" in metrics.page().decode()
    await world.mention(world.alice, QUESTION)
    assert f"{counted} 1.0\n" in metrics.page().decode()


async def test_a_forum_post_is_answered_once(world: World) -> None:
    """By title and body; what is said below it is left alone; a person follows up on a decline."""
    forum = world.guild.create_forum_channel("help")
    assert "forum posts" in await decide(world, forum, messages="forum")
    post = await world.post(world.alice, forum, "Twin cities", QUESTION)
    (answer,) = answers_in(post, world)
    assert "Monterrey" in said(answer)
    assert "A person will follow up." not in said(answer)
    await world.bob.send(post, "Which agreements were signed?")
    assert len(answers_in(post, world)) == 1
    declined = await world.post(world.bob, forum, "Australia", OFF_TOPIC)
    (answer,) = answers_in(declined, world)
    assert "do not answer" in said(answer)
    assert "A person will follow up." in said(answer)


async def test_a_title_that_asks_is_enough(world: World) -> None:
    """A body that says nothing does not keep the title from being answered."""
    forum = world.guild.create_forum_channel("help")
    await decide(world, forum, messages="forum")
    body = "I have looked everywhere, asked my cousin and my dentist, and nobody could say. " * 5
    post = await world.post(world.alice, forum, QUESTION, body)
    (answer,) = answers_in(post, world)
    assert "Monterrey" in said(answer)


@pytest.mark.parametrize("body", ["Please name it. Thanks!", "thanks"])
async def test_a_post_is_a_question_whatever_stands_below_its_title(
    world: World, body: str
) -> None:
    """Thanks in the body do not make talk of it."""
    forum = world.guild.create_forum_channel("help")
    await decide(world, forum, messages="forum")
    post = await world.post(world.alice, forum, "Mexican twin city of Bethlehem", body)
    (answer,) = answers_in(post, world)
    assert "Monterrey" in said(answer)
    greeting = await world.post(world.alice, forum, "hello", body)
    (answer,) = answers_in(greeting, world)
    assert "do not answer" in said(answer)


async def test_modes_that_cannot_work_are_refused(world: World) -> None:
    """A forum has posts, and a channel has messages."""
    forum = world.guild.create_forum_channel("help")
    assert "not a forum" in await decide(world, messages="forum")
    assert "choose forum posts" in await decide(world, forum, messages="every")
    assert world.bot.desk.policy(world.channel.id, world.guild.id) == Policy()
    assert world.bot.desk.policy(forum.id, world.guild.id) == Policy()


async def test_modes_that_need_the_privilege_say_so(tmp_path: Path) -> None:
    """Without the content of messages, what it takes is said instead."""
    async with world_with(settings_with(), tmp_path) as world:
        forum = world.guild.create_forum_channel("help")
        for channel, messages in ((world.channel, "every"), (forum, "forum")):
            text = await decide(world, channel, messages=messages)
            assert "FOOTNOTE\\_MESSAGE\\_CONTENT=true" in text
            assert world.bot.desk.policy(channel.id, world.guild.id) == Policy()


async def test_decisions_outlast_a_restart(world: World) -> None:
    """They are kept in the database."""
    await decide(world, messages="every", answers="thread")
    await world.slash(world.moderator, "footnote record", questions=True)
    await world.restart()
    await world.env.settle()
    policy = world.bot.desk.policy(world.channel.id, world.guild.id)
    assert policy == Policy(Mode.EVERY, Reply.THREAD)
    assert world.bot.desk.records(world.guild.id)


async def test_nothing_is_recorded_until_it_is_switched_on(world: World) -> None:
    """And private questions never are."""
    await world.slash(world.alice, "ask", question=OFF_TOPIC)
    assert "No declined questions are recorded" in said(
        await world.slash(world.moderator, "footnote gaps")
    )
    help_before = said(await world.slash(world.alice, "help"))
    await world.slash(world.moderator, "footnote record", questions=True)
    assert "recorded" not in help_before
    assert "recorded" in said(await world.slash(world.alice, "help"))
    await world.slash(world.alice, "ask", question=OFF_TOPIC, private=True)
    assert world.bot.desk.database.declined(world.guild.id) == []
    await world.slash(world.alice, "ask", question=OFF_TOPIC)
    assert len(world.bot.desk.database.declined(world.guild.id)) == 1
    await world.slash(world.moderator, "footnote record", questions=False)
    await world.slash(world.alice, "ask", question=OFF_TOPIC)
    assert len(world.bot.desk.database.declined(world.guild.id)) == 1


async def test_gaps_are_grouped_in_a_file(world: World) -> None:
    """Questions about the same are one group, the most asked first; no cell is a formula."""
    await world.slash(world.moderator, "footnote record", questions=True)
    asked = [
        "Who paints the town hall?",
        OFF_TOPIC,
        "What's the capital city of Australia?",
        "=Australia has which capital?",
    ]
    for question in asked:
        await world.slash(world.alice, "ask", question=question)
    result = await world.slash(world.moderator, "footnote gaps")
    assert result.ephemeral
    assert "**4 declined questions in 2 groups.**" in result.response.content
    rows = csv_of(result, world)
    assert rows[0] == ["group", "asked", "first", "last", "question"]
    assert [(row[0], row[1]) for row in rows[1:]] == [("1", "3")] * 3 + [("2", "1")]
    assert [row[4] for row in rows[1:]] == [*asked[1:3], f"'{asked[3]}", asked[0]]


def csv_of(result: simcord.InteractionResult, world: World) -> list[list[str]]:
    """The rows of the file in a response."""
    (attachment,) = result.response.attachments
    content = world.env.backend.cdn.get(attachment.url)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


async def test_feedback_is_counted_and_listed(world: World) -> None:
    """With the question where it was recorded."""
    assert "No answer has been rated" in said(
        await world.slash(world.moderator, "footnote feedback")
    )
    await world.slash(world.moderator, "footnote record", questions=True)
    answer = await world.slash(world.alice, "ask", question=QUESTION)
    await world.press(world.alice, answer.response, "👍")
    result = await world.slash(world.moderator, "footnote feedback")
    assert "Helpful: 1 · not helpful: 0" in result.response.content
    assert csv_of(result, world)[1][1:4] == ["helpful", "", QUESTION]


async def test_forget_deletes_what_a_member_left(world: World) -> None:
    """And nothing of others."""
    await world.slash(world.moderator, "footnote record", questions=True)
    for actor in (world.alice, world.bob):
        answer = await world.slash(actor, "ask", question=QUESTION)
        await world.slash(actor, "ask", question=OFF_TOPIC)
        await world.press(actor, answer.response, "👍")
    result = await world.slash(world.moderator, "footnote forget", member=world.alice.user)
    assert said(result) == "3 records deleted."
    database = world.bot.desk.database
    assert len(database.declined(world.guild.id)) == 1
    assert len(database.feedback(world.guild.id)) == 1


async def test_what_answer_this_records_belongs_to_who_wrote_it(world: World) -> None:
    """Not to who pressed, so that it is deleted with all else that its author left."""
    await world.slash(world.moderator, "footnote record", questions=True)
    wrote = await world.bob.send(world.channel, OFF_TOPIC)
    assert (await world.alice.context_menu(world.channel, "Answer this", wrote)).acknowledged
    assert len(world.bot.desk.database.declined(world.guild.id)) == 1
    for member, deleted in ((world.alice, "0 records"), (world.bob, "1 record")):
        result = await world.slash(world.moderator, "footnote forget", member=member.user)
        assert said(result) == f"{deleted} deleted."
    assert world.bot.desk.database.declined(world.guild.id) == []


async def leave(world: World) -> None:
    """The bot leaves the server."""
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    await guild.leave()
    await world.env.settle()


async def fill(world: World) -> None:
    """A question that was recorded, and a rule."""
    await world.slash(world.moderator, "footnote record", questions=True)
    await world.slash(world.alice, "ask", question=OFF_TOPIC)
    await decide(world, messages="off")
    assert len(world.bot.desk.database.declined(world.guild.id)) == 1


async def test_in_a_server_that_was_left_no_rule_holds_until_the_bot_is_back(world: World) -> None:
    """Its records stay; nothing more is recorded, since no moderator could see it."""
    await fill(world)
    backend = world.env.backend
    server = guild_create_payload(backend, backend.get_guild(world.guild.id))
    await leave(world)
    desk = world.bot.desk
    assert desk.policy(world.channel.id, world.guild.id) == Policy()
    assert not desk.records(world.guild.id)
    assert len(desk.database.declined(world.guild.id)) == 1
    await world.restart()
    await world.env.settle()
    desk = world.bot.desk
    assert not desk.records(world.guild.id)
    # Discord tells whether a server is available where it was known before.
    backend.emit("GUILD_CREATE", {k: v for k, v in server.items() if k != "unavailable"})
    await world.env.settle()
    assert desk.policy(world.channel.id, world.guild.id) == Policy(Mode.OFF)
    assert desk.records(world.guild.id)
    assert len(desk.database.declined(world.guild.id)) == 1


async def test_records_can_go_as_soon_as_a_server_is_left(tmp_path: Path) -> None:
    """That is a setting."""
    async with world_with(
        settings_with(message_content=True, days_after_leaving=0), tmp_path
    ) as world:
        await fill(world)
        await leave(world)
        database = world.bot.desk.database
        assert database.declined(world.guild.id) == []
        assert database.store.read("select * from policies") == []


async def test_a_server_that_was_left_while_away_is_noted(world: World) -> None:
    """At the next start, the bot looks which servers it is in; and every hour from then on."""
    database = world.bot.desk.database
    database.set_policy(999, 9990, Policy(Mode.OFF))
    database.set_policy(world.guild.id, world.channel.id, Policy(Mode.OFF))
    await world.restart()
    await world.env.settle()
    database = world.bot.desk.database
    assert set(database.policies()) == {world.channel.id}
    assert database.store.read("select server from left_servers") == [(999,)]
    database.store.write(
        lambda t: t.execute("update left_servers set days = 29, counted_on = counted_on - 1")
    )
    await world.env.advance_time(HOUR + 1)
    assert database.store.read("select channel from policies") == [(world.channel.id,)]


@pytest.mark.parametrize("error", [DatabaseError("the disk is full"), KeyError("mistake")])
async def test_a_check_that_fails_is_made_again(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    """In an hour; the log has the place in the code only of what is a mistake in it."""
    await fill(world)
    with monkeypatch.context() as broken:
        broken.setattr("bot.discord.departures.Departures.review", Mock(side_effect=error))
        await leave(world)
        await world.env.advance_time(HOUR + 1)
        assert caplog.text.count("failed and runs again in an hour") == 2
    assert ("Traceback" in caplog.text) == isinstance(error, KeyError)
    read = world.bot.desk.database.store.read
    assert read("select server from left_servers") == []
    await world.env.advance_time(HOUR)
    assert read("select server from left_servers") == [(world.guild.id,)]


async def test_a_server_during_an_outage_was_not_left(world: World) -> None:
    """Discord says that it is unavailable, and the rules stay as they are."""
    await fill(world)
    world.env.backend.emit("GUILD_DELETE", {"id": str(world.guild.id), "unavailable": True})
    await world.env.settle()
    assert world.bot.desk.records(world.guild.id)
    assert world.bot.desk.database.store.read("select * from left_servers") == []


async def test_status_says_what_runs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Index, documents, speed and time."""
    now = world.bot.desk.service.started
    monkeypatch.setattr("bot.discord.status.monotonic", lambda: now)
    assert "p50" not in said(await world.slash(world.moderator, "footnote status"))
    await world.slash(world.alice, "ask", question=QUESTION)
    text = said(await world.slash(world.moderator, "footnote status"))
    library = await world.bot.desk.service.library()
    assert f"`{library.fingerprint}`" in text
    assert "1 document with 24 passages" in text
    assert "p50" in text
    assert "Up 0 min" in text
    for minutes, shown in ((90, "Up 1 h 30 min"), (3 * 24 * 60, "Up 3 days")):
        now = world.bot.desk.service.started + 60 * minutes + 1
        assert shown in said(await world.slash(world.moderator, "footnote status"))


async def test_reload_exchanges_the_index(tmp_path: Path) -> None:
    """What was added is answered, and an index that cannot be read leaves the one before."""
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.md").write_text("# Rent\n\nThe rent is due on the third day of each month.\n")
    async with world_with(settings_with(knowledge=folder), tmp_path) as world:
        question = "Which colour has the door of the garage?"
        before = await world.slash(world.alice, "ask", question=question)
        assert "do not answer" in said(before)
        (folder / "b.md").write_text("# Garage\n\nThe door of the garage has the colour green.\n")
        reloaded = await world.slash(world.moderator, "footnote reload")
        assert "2 documents" in said(reloaded)
        after = await world.slash(world.alice, "ask", question=question)
        assert "green" in said(after)
        busy = await world.slash(world.moderator, "footnote reload")
        assert "reloaded just now" in said(busy)
        await world.env.advance_time(21)
        again = await world.slash(world.moderator, "footnote reload")
        assert "Nothing has changed." in said(again)
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
        await world.env.advance_time(21)
        failed = await world.slash(world.moderator, "footnote reload")
        assert "tell the person who runs me" in said(failed)
        assert str(folder) not in said(failed)
        kept = await world.slash(world.alice, "ask", question=question)
        assert "green" in said(kept)


async def test_a_command_in_a_thread_decides_for_its_channel(world: World) -> None:
    """Where no channel is named, it is the one that the command is given in."""
    thread = world.env.backend.create_thread(world.channel.id, "Plans", world.alice.id)
    await world.env.settle()
    place = next(each for each in world.channel.threads if each.id == thread.id)
    await world.slash(world.moderator, "footnote channel", at=place, messages="off")
    assert world.bot.desk.policy(world.channel.id, world.guild.id) == Policy(Mode.OFF)


async def test_a_file_has_as_many_rows_as_discord_takes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first ones, which were asked most often."""
    monkeypatch.setattr("bot.discord.sheets._LARGEST", 150)
    await world.slash(world.moderator, "footnote record", questions=True)
    for number in range(5):
        question = f"Which colour has the bicycle that was bought as number {number}?"
        await world.slash(world.alice, "ask", question=question)
    result = await world.slash(world.moderator, "footnote gaps")
    assert "**5 declined questions" in result.response.content
    assert 1 < len(csv_of(result, world)) < 5
