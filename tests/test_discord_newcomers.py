"""What members try who do not know the bot yet: asking it for help, answering twice, mischief."""

from pathlib import Path

import pytest

from bot.discord.answered import Answered, AnsweredError
from bot.discord.messages import asked
from tests.bot_process import started, stopped
from tests.discord_laws import texts_in
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
from tests.loopback import LOST, Loopback

NEAR = "Who is the ambassador of Mexico in Israel?"


@pytest.mark.parametrize(
    "text",
    ["help", "Help!", "What can you do?", "please help me", "hilfe", "ayuda", "aide", "ajuda"],
)
async def test_who_asks_for_help_gets_it(world: World, text: str) -> None:
    """By mention, by reply, in direct messages and by /ask, and not a decline."""
    answer = await world.mention(world.alice, QUESTION)
    told = [said(await world.mention(world.alice, text))]
    await world.alice.send(world.channel, text, reply_to=answer)
    told.append(said(world.channel.last_message))
    await world.alice.send_dm(text)
    told.append(said(world.alice.user.dm_channel.last_message))
    command = await world.slash(world.alice, "ask", question=text)
    assert command.ephemeral
    for one in (*told, said(command)):
        assert one == said(await world.slash(world.alice, "help"))


async def test_help_is_no_answer_where_it_was_not_asked_of_the_bot(tmp_path: Path) -> None:
    """In a channel where every message may be a question, people say it to each other; with more
    words it is a question about the documents."""
    async with world_with(settings_with(message_content=True), tmp_path) as world:
        await world.slash(world.moderator, "footnote channel", messages="every")
        sent = await world.alice.send(world.channel, "help")
        assert world.channel.last_message is not None
        assert world.channel.last_message.id == sent.id
        answer = await world.mention(world.alice, "help with visas for pirates")
        assert "### Ask the documents" not in said(answer)


async def test_help_without_known_questions_has_no_examples(tmp_path: Path) -> None:
    """They come from the question set that belongs to the documents."""
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.md").write_text("# Rent\n\nThe rent is due on the third day of each month.\n")
    async with world_with(settings_with(knowledge=folder), tmp_path) as world:
        text = said(await world.slash(world.alice, "help"))
        assert "For example" not in text
        assert "Answer this" in text


async def test_a_message_is_answered_once(world: World) -> None:
    """Whoever comes later is led to the answer, be it of a command or a reply."""
    message = await world.bob.send(world.channel, QUESTION)
    first = acknowledged(await world.alice.context_menu(world.channel, "Answer this", message))
    assert not first.ephemeral
    assert world.bot.user is not None
    mentioning = await world.bob.send(world.channel, f"<@{world.bot.user.id}> {QUESTION}")
    replied = world.channel.last_message
    for question, answer in ((message, first.response), (mentioning, replied)):
        again = acknowledged(await world.bob.context_menu(world.channel, "Answer this", question))
        assert again.ephemeral
        place = f"{world.guild.id}/{world.channel.id}/{answer.id}"
        assert f"<https://discord.com/channels/{place}>" in said(again)


async def test_a_message_answered_in_a_thread_leads_there(world: World) -> None:
    """The answer is not in the channel of the message."""
    await world.slash(world.moderator, "footnote channel", messages="mentions", answers="thread")
    message = await world.bob.send(world.channel, QUESTION)
    await world.alice.context_menu(world.channel, "Answer this", message)
    (thread,) = world.channel.threads
    again = acknowledged(await world.bob.context_menu(world.channel, "Answer this", message))
    assert thread.last_message is not None
    assert f"/{thread.id}/{thread.last_message.id}>" in said(again)


@pytest.mark.parametrize("text", [NEAR, "thanks!", "help"])
async def test_what_was_not_answered_can_be_tried_again(world: World, text: str) -> None:
    """Each gets the decline, or the sentence, privately."""
    message = await world.bob.send(world.channel, text)
    for actor in (world.alice, world.bob):
        result = acknowledged(await actor.context_menu(world.channel, "Answer this", message))
        assert result.ephemeral
        assert "answered already" not in said(result)


async def test_where_answers_are_private_a_message_is_answered_to_each(world: World) -> None:
    """No link to what only another can see."""
    await world.slash(world.moderator, "footnote channel", messages="mentions", answers="private")
    message = await world.bob.send(world.channel, QUESTION)
    for actor in (world.alice, world.bob):
        result = acknowledged(await actor.context_menu(world.channel, "Answer this", message))
        assert result.ephemeral
        assert "**Monterrey**" in said(result)


def test_one_message_is_not_answered_twice_at_once() -> None:
    """A second press meanwhile is told so; after a failure it may be tried again."""
    answered = Answered()
    with answered.answering(1):
        with pytest.raises(AnsweredError, match="is being answered"), answered.answering(1):
            pass
        with answered.answering(2):
            pass
    with answered.answering(1):
        answered.note(1, "https://discord.com/channels/1/2/3")
    with pytest.raises(AnsweredError, match="channels/1/2/3"), answered.answering(1):
        pass


def test_the_latest_messages_are_remembered() -> None:
    """However many are answered, memory is bounded."""
    answered = Answered()
    for number in range(10_001):
        answered.note(number, "https://discord.com/channels/1/2/3")
    with pytest.raises(AnsweredError), answered.answering(1):
        pass
    with answered.answering(0):
        pass


async def test_a_hostile_question_has_no_effect_above_its_answer(world: World) -> None:
    """No link, no mention, no style, no more than 200 characters."""
    lure = "**Nitro** at https://evil.example.com/claim or [here](https://evil.test) <@1> @everyone"
    result = await world.slash(world.alice, "ask", question=f"{lure}, {QUESTION}")
    assert "Monterrey" in said(result)
    heading, *_ = said(result).splitlines()
    assert heading == (
        "-# \\*\\*Nitro\\*\\* at https:\N{ZERO WIDTH SPACE}//evil.example.com/claim or"
        f" \\[here\\](https:\N{ZERO WIDTH SPACE}//evil.test) , {QUESTION}"
    )
    assert len(asked(f"{lure} and " * 20)) <= 200 + len("-# ")


async def test_a_decline_of_a_command_is_private(world: World) -> None:
    """Nobody else sees what was asked in vain, also where answers go into threads; it is recorded,
    since it was asked in public."""
    await world.slash(world.moderator, "footnote record", questions=True)
    for answers in ("inline", "thread"):
        await world.slash(world.moderator, "footnote channel", messages="mentions", answers=answers)
        result = await world.slash(world.alice, "ask", question=NEAR)
        assert result.ephemeral
        assert "No sure answer" in said(result)
    assert world.channel.threads == []
    await world.slash(world.alice, "ask", question=OFF_TOPIC, private=True)
    assert len(world.bot.desk.database.declined(world.guild.id)) == 2


async def test_mentions_of_others_are_not_searched_for(world: World) -> None:
    """They stand in no document; alone they are no words."""
    assert world.bot.user is not None
    text = f"{world.bob.mention} {QUESTION} <#1> <@&2>"
    answer = await world.mention(world.alice, text)
    # The question is not shown as another one, and is no other one.
    assert said(answer).startswith("> The few bilateral agreements")
    command = await world.slash(world.alice, "ask", question=text)
    assert said(command).startswith(f"-# {QUESTION}\n")
    assert "👍" in labels(command.response)


@pytest.mark.slow
@pytest.mark.parametrize("loss", [None, LOST])
async def test_a_decline_that_was_announced_is_private(
    fake: Loopback, tmp_path: Path, loss: int | None
) -> None:
    """What was announced to all is taken back first, since Discord keeps whether it is private."""
    may_read = tmp_path / "may-read"
    fake.fails["/messages/@original"] = [] if loss is None else [loss]
    process = await started(fake.url, tmp_path, READ_AFTER=str(may_read), AT_ONCE="0.1")
    await fake.connected()
    token = await fake.ask(OFF_TOPIC)
    await fake.until(lambda: fake.messages)
    may_read.touch()
    await fake.answered[token].wait()
    log = await stopped(process)
    announced, *taken_back, told = fake.sent(token)
    assert announced.body["type"] == 5
    assert not announced.body.get("data", {}).get("flags")
    assert {one.method for one in taken_back} == {"DELETE"}
    assert told.body["flags"] & 1 << 6
    (message,) = fake.messages.values()
    assert "do not answer" in texts_in(message["components"])
    assert "Traceback" not in log
