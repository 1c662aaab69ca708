"""Limits: whatever the bot would send counts, and a refusal is said once a minute."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import pytest

from bot.discord.listening import HOW_TO_ASK, PAUSE
from bot.lanes import Turn
from bot.talk import HELLO
from tests.bot_process import answered, started, stopped
from tests.discord_world import QUESTION, World, acknowledged, said, settings_with, world_with
from tests.loopback import BOT, MEMBER, Loopback
from tests.test_discord_moderation import answers_in, decide


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A server whose members may ask three questions a minute."""
    settings = settings_with(message_content=True, limit_user=3)
    async with world_with(settings, tmp_path) as world:
        yield world


@pytest.mark.parametrize(
    ("text", "reply"),
    [("", HOW_TO_ASK), ("hello", HELLO), ("why " * 400, "shorten it"), (QUESTION, "Monterrey")],
)
async def test_every_message_that_would_be_answered_counts(
    world: World, text: str, reply: str
) -> None:
    """Hints, sentences, refusals and answers; of what is too much a member is told once, privately,
    and nobody else is kept from asking."""
    for _ in range(10):
        await world.mention(world.alice, text)
    shown = [said(message) for message in answers_in(world.channel, world)]
    assert len(shown) == 3
    assert all(reply in each for each in shown)
    (told,) = world.alice.user.dm_channel.history()
    assert "ask again in" in said(told)
    assert reply in said(await world.mention(world.bob, text))


async def test_direct_messages_count(world: World) -> None:
    """There, too, the refusal is said once."""
    for _ in range(10):
        await world.alice.send_dm("hello")
        await world.alice.send_dm(QUESTION)
    channel = world.alice.user.dm_channel
    assert world.bot.user is not None
    sent = [said(m) for m in channel.history() if m.author.id == world.bot.user.id]
    assert sum("ask again in" in text for text in sent) == 1
    assert len(sent) == 4


async def test_what_is_private_counts_too(world: World) -> None:
    """Where answers are direct messages, hints are, and both have one limit."""
    await decide(world, messages="mentions", answers="private")
    for _ in range(5):
        await world.mention(world.alice, "")
    assert answers_in(world.channel, world) == []
    assert len(world.alice.user.dm_channel.history()) == 4


async def test_buttons_count(world: World) -> None:
    """Too many presses are refused once, then acknowledged without a word; pages can still be
    turned, and a form that was opened be sent."""
    answer = await world.slash(world.alice, "ask", question=QUESTION)
    form = await world.press(world.alice, answer.response, "👎")
    reading = await world.press(world.alice, answer.response, "Context")
    assert "Monterrey" in said(reading)
    refused = await world.press(world.alice, reading.response, "Other passages")
    assert refused.ephemeral
    assert "ask again in" in said(refused)
    for _ in range(3):
        before = said(reading)
        await world.press(world.alice, reading.response, "← Previous")
        assert said(reading) != before
    assert form.modal is not None
    field = form.modal["components"][0]["component"]["custom_id"]
    assert "Thank you" in said(acknowledged(await world.alice.submit_modal(form, {field: "x"})))
    for label in ("👍", "Context"):
        await world.press(world.alice, answer.response, label)
        callbacks = [e.json["type"] for e in world.env.http_requests if "callback" in e.path]
        assert callbacks[-1] == 6
    assert not world.bot.desk.database.feedback(world.guild.id)[0].is_helpful
    assert "Monterrey" in said(await world.press(world.bob, answer.response, "Context"))


async def test_a_flood_of_presses_is_refused_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where too much of one member waits, as with commands and messages."""
    answer = await world.slash(world.alice, "ask", question=QUESTION)
    reading = await world.press(world.alice, answer.response, "Context")
    monkeypatch.setattr("bot.lanes.MOST_IN_LANE", 0)
    refused = await world.press(world.alice, reading.response, "← Previous")
    assert "still waiting" in said(refused)
    await world.press(world.alice, reading.response, "← Previous")
    callbacks = [e.json["type"] for e in world.env.http_requests if "callback" in e.path]
    assert callbacks[-1] == 6


async def test_commands_count(world: World) -> None:
    """Each; a refusal is for the member's eyes only, and said each time, since a command without a
    response looks broken. What is suggested while somebody types counts for nothing."""
    for _ in range(10):
        assert await world.alice.autocomplete(world.channel, "ask", "question", "twin")
    commands = (
        ("source", {"document": "mexico"}), ("documents", {}), ("help", {}),
        ("search", {"query": "x"}), ("ask", {"question": "hello"}), ("help", {}), ("documents", {}),
    )  # fmt: skip
    refused = []
    for name, options in commands:
        result = await world.slash(world.alice, name, **options)
        assert result.ephemeral
        refused.append("ask again in" in said(result))
    assert refused == [False] * 3 + [True] * 4
    assert "### 1 document" in said(await world.slash(world.bob, "documents"))


async def test_an_answer_to_a_message_without_words_counts(world: World) -> None:
    """Who asks for it again and again is refused as others are."""
    for text in ("🎉", "🎉", "🎉", "🎉"):
        message = await world.bob.send(world.channel, text)
        refused = acknowledged(
            await world.alice.context_menu(world.channel, "Answer this", message)
        )
    assert "ask again in" in said(refused)


async def test_moderators_can_always_decide(world: World) -> None:
    """A channel whose limit is reached can be switched off."""
    for _ in range(5):
        await world.mention(world.moderator, "")
    assert "off" in await decide(world, messages="off")


@pytest.mark.slow
@pytest.mark.parametrize("text", [QUESTION, "why " * 400])
async def test_replies_to_one_member_leave_room_for_others(
    fake: Loopback, tmp_path: Path, text: str
) -> None:
    """Of the five messages in five seconds that Discord takes for a channel, errors included."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    many = [await fake.say(f"<@{BOT}> {text}") for _ in range(10)]
    one = await fake.say(f"<@{BOT}> {text}", author=MEMBER + 1)
    await fake.until(lambda: fake.replies(*many)[1:])
    first, second = fake.replies(*many)
    assert second.at - first.at > 1
    (other,) = fake.replies(one)
    assert other.at < second.at
    begun = monotonic()
    await stopped(process)
    # All that waited is answered at the end, without the ten seconds of pauses.
    assert len(fake.replies(*many)) == 10
    assert fake.said()[-1].at - begun < 9


async def test_who_got_no_reply_is_not_made_to_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is overheard and left alone delays nothing, nor does what is refused silently."""
    lanes, pauses = world.bot.desk.service.lanes, []
    enter = lanes.of

    @asynccontextmanager
    async def of(user: int) -> AsyncIterator[Turn]:
        async with enter(user) as turn:
            yield turn
        pauses.append(turn.pause)

    monkeypatch.setattr(lanes, "of", of)
    await decide(world, messages="every")
    await world.alice.send(world.channel, "where do you live?")
    await world.alice.send(world.channel, QUESTION)
    await world.mention(world.alice, "why " * 400)
    await world.mention(world.alice, "")
    assert pauses == [0, PAUSE, PAUSE, PAUSE]


@pytest.mark.slow
async def test_a_flood_delays_nobody_else(fake: Loopback, tmp_path: Path) -> None:
    """With all limits off, who asks after a hundred mentions of another is answered next."""
    may_answer = tmp_path / "may-answer"
    names = ("FOOTNOTE_LIMIT_USER", "FOOTNOTE_LIMIT_CHANNEL", "FOOTNOTE_LIMIT_SERVER")
    environment = {"BUSY_UNTIL": str(may_answer), "AT_ONCE": "0.1", "PATIENCE": "0.1"}
    process = await started(fake.url, tmp_path, **environment, **dict.fromkeys(names, "0"))
    await fake.connected()
    for _ in range(100):
        await fake.say(f"<@{BOT}> {QUESTION}")
    token = await fake.ask(QUESTION)
    await fake.until(lambda: fake.sent(token))
    may_answer.touch()
    assert "**Monterrey**" in await answered(fake, token)
    asked = fake.requests.index(fake.sent(token)[-1])
    assert sum(request in fake.said() for request in fake.requests[:asked]) <= 2
    await stopped(process)
