"""A day of two servers and a stranger: each is answered from what is theirs, whoever tries."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.discord.controls import Control, button, control_of
from bot.discord.database import Policy, opened
from bot.discord.messages import notice
from tests.bot_process import answered, eventually, started, stopped
from tests.discord_world import (
    OFF_TOPIC,
    World,
    acknowledged,
    labels,
    said,
    settings_with,
    world_with,
)
from tests.loopback import SERVER, Loopback
from tests.place_documents import HARBOUR, MILL, harbour, mill
from tests.test_discord_setup import pressing
from tests.test_teaching import fields, form_for
from tests.uploading import Attachments, attachments

POOL = "When does the swimming pool open?"
PASSWORD = "How do I reset my password?"
FILE = ("pool.md", b"# Pool\n\nThe swimming pool opens at nine in the morning.\n")
TAUGHT = "Open Settings and press Reset; a mail comes within five minutes."
FOLLOWED_UP = "Canberra is, and the Senate sits there."

QUESTIONS = {
    MILL: ("Anna Bauer", "Clara Schmidt"),
    POOL: ("nine in the morning",),
    PASSWORD: ("five minutes",),
    OFF_TOPIC: ("Canberra",),
}
"""What the first server alone has an answer to, with the words that answer; of the mill, those of
the morning and those after the reload."""

SECRET = (
    *(words for answers in QUESTIONS.values() for words in answers),
    *("mill of Ulm", "mills", "pool.md", "reset my password", "taught by", "capital of Australia"),
)
"""What is read of the first server by nobody else, where they have not typed it themselves."""


@dataclass
class Side:
    """A server: where people talk in it, who asks and who decides."""

    channel: simcord.ChannelHandle
    member: simcord.MemberActor
    moderator: simcord.MemberActor


def second_server(world: World) -> Side:
    """Another server with the bot in it."""
    guild = world.env.create_guild("The harbour")
    role = guild.create_role("M", permissions=discord.Permissions(manage_guild=True))
    member = guild.add_member(world.env.create_user("carol"))
    moderator = guild.add_member(world.env.create_user("harbour master"), roles=[role])
    return Side(guild.create_text_channel("quay"), member, moderator)


def told(text: str, question: str) -> list[str]:
    """The secrets of the first server in what somebody reads who has typed a question."""
    return [secret for secret in SECRET if secret in text.replace(question, "")]


async def ask(
    world: World, side: Side, question: str, by: simcord.MemberActor | None = None
) -> str:
    """What a member reads after `/ask`."""
    return said(await world.slash(by or side.member, "ask", at=side.channel, question=question))


async def command(world: World, side: Side, name: str, **options: Any) -> str:
    """What a moderator reads after a `/footnote` command, and nobody else does."""
    result = await world.slash(side.moderator, f"footnote {name}", at=side.channel, **options)
    assert result.ephemeral
    return said(result)


async def send(side: Side, form: simcord.InteractionResult, **typed: str) -> str:
    """What a moderator reads who has filled in a form."""
    filled = {name: field.get("value") or "" for name, field in fields(form).items()}
    return said(acknowledged(await side.moderator.submit_modal(form, {**filled, **typed})))


async def set_up(world: World, side: Side, collection: str) -> None:
    """Three steps: where to answer, what to know, what to record."""
    began = await world.slash(side.moderator, "footnote setup", at=side.channel)
    assert "Step 1 of 3" in said(began)
    await world.press(side.moderator, began.response, "Save and go on")
    which = pressing("collection", side.channel, Policy())
    assert began.response is not None
    await side.moderator.select(began.response, [collection], custom_id=which)
    assert f"Collection **{collection}**" in said(began)
    await world.press(side.moderator, began.response, "Go on")
    await world.press(side.moderator, began.response, "Record questions")
    await world.press(side.moderator, began.response, "Finish")
    assert "Questions are recorded." in said(began)


async def bring(world: World, side: Side) -> None:
    """A moderator uploads a file, which answers at once."""
    assert "The documents do not answer this." in await ask(world, side, POOL)
    assert "**pool.md** (1 passage)" in await command(world, side, "knowledge add", file=FILE)
    text = await ask(world, side, POOL)
    assert "nine in the morning" in text
    assert "— Pool · line 3" in text


async def teach(world: World, side: Side) -> None:
    """One member answers another, and a moderator keeps that."""
    asked = await side.member.send(side.channel, PASSWORD)
    message = await world.bob.send(side.channel, TAUGHT, reply_to=asked)
    form = await form_for(world, message, side.moderator)
    assert "Taught" in await send(side, form)
    text = await ask(world, side, PASSWORD)
    assert "a mail comes within five minutes." in text
    assert f"[{PASSWORD}](<{message.jump_url}>) · taught by mod on 20" in text


async def hand_on(world: World, side: Side, desk: simcord.ChannelHandle) -> discord.Message:
    """A member's question goes from the decline to the moderators; their message about it."""
    assert "goes to" in await command(world, side, "helpers", channel=desk)
    declined = await world.mention(side.member, OFF_TOPIC, side.channel)
    assert "The documents do not answer this." in said(declined)
    handed = await world.press(side.member, declined, "Ask a person")
    assert "People of this server have your question" in said(handed)
    message = desk.last_message
    assert message is not None
    assert said(message).startswith(f"### {OFF_TOPIC}")
    assert "asked by alice" in said(message)
    return message


async def follow_up(world: World, side: Side, message: discord.Message) -> None:
    """A moderator answers and teaches it: who asked is told, who asks next gets the answer."""
    form = await world.press(side.moderator, message, "Answer and teach")
    read = await send(side, form, answer=FOLLOWED_UP)
    assert read == "The member was told. The answer is taught."
    notified = said(side.channel.last_message)
    assert f"> {FOLLOWED_UP}" in notified
    assert f"for <@{side.member.id}> · answered by mod" in notified
    text = await ask(world, side, OFF_TOPIC, by=world.bob)
    assert "Canberra is, and the Senate sits there." in text
    assert "taught by mod" in text


async def close_a_channel(world: World, side: Side) -> None:
    """The bot is silent there, and answers elsewhere as before."""
    quiet = world.guild.create_text_channel("quiet")
    text = await command(world, side, "channel", channel=quiet, messages="off")
    assert text.startswith("\\#quiet: **off")
    await world.mention(side.member, MILL, quiet)
    assert len(quiet.history()) == 1
    assert "Anna Bauer" in said(await world.mention(side.member, MILL, side.channel))
    assert "\\#quiet: **off" in await command(world, side, "rules")


async def everything(world: World, side: Side) -> None:
    """The first server's members get by every way what is theirs."""
    for question, answers in QUESTIONS.items():
        texts = [
            await ask(world, side, question),
            said(await world.mention(side.member, question, side.channel)),
            said(await world.slash(side.member, "search", at=side.channel, query=question)),
        ]
        for text in texts:
            assert any(answer in text for answer in answers), (question, text)
    listed = said(await world.slash(side.member, "documents", at=side.channel))
    assert "pool.md" in listed
    assert "taught by mod" in listed
    found = await side.moderator.autocomplete(
        side.channel, "footnote taught remove", "question", ""
    )
    assert {each["name"] for each in found} == {PASSWORD, OFF_TOPIC}


async def nothing(world: World, side: Side, stranger: simcord.UserHandle) -> None:
    """Neither another server nor a stranger reads any of it, by words, lists or suggestions."""
    for question in QUESTIONS:
        await stranger.send_dm(question)
        for text in (
            await ask(world, side, question),
            said(await world.mention(side.member, question, side.channel)),
            said(await world.slash(side.member, "search", at=side.channel, query=question)),
            said(stranger.dm_channel.last_message),
            said(await stranger.slash("search", query=question)),
        ):
            assert told(text, question) == [], (question, text)
    for title in ("pool.md", "mills.md"):
        source = await world.slash(side.member, "source", at=side.channel, document=title)
        private = await stranger.slash("source", document=title)
        assert told(said(source), title) == told(said(private), title) == []
    for name in ("documents", "help"):
        assert told(said(await world.slash(side.member, name, at=side.channel)), "") == []
        assert told(said(await stranger.slash(name)), "") == []
    for name in ("knowledge list", "taught list", "gaps", "rules"):
        text = await command(world, side, name)
        assert "quiet" not in text
        if name != "gaps":
            assert told(text, "") == []
    for name, option in (
        ("ask", "question"), ("source", "document"), ("footnote knowledge remove", "name"),
        ("footnote taught edit", "question"), ("footnote taught remove", "question"),
    ):  # fmt: skip
        found = await side.moderator.autocomplete(side.channel, name, option, "")
        if not name.startswith("footnote"):
            found += await stranger.autocomplete(name, option, "")
        assert told(str(found), "") == [], name


async def forge(world: World, side: Side, *messages: Any) -> None:
    """All that the first server's messages have to press leads nowhere in another server."""
    place = world.bot.get_channel(side.channel.id)
    assert isinstance(place, discord.TextChannel)
    controls: dict[str, Control] = {}
    for message in messages:
        for label, part in labels(message).items():
            control = control_of(part.get("custom_id", ""))
            if control is not None:
                controls[label] = control
    assert {"Context", "Ask a person", "Answer and teach", "Answer only", "Dismiss"} <= {*controls}
    for label, control in controls.items():
        forged = await place.send(view=notice("Look", [button(label, control)]))
        pressed = await world.press(side.moderator, forged, label)
        if pressed.modal is None:
            assert told(said(pressed), "") == [], label
            continue
        assert told(str(pressed.modal), "") == [], label
        filled = dict.fromkeys(fields(pressed), "x")
        sent = acknowledged(await side.moderator.submit_modal(pressed, filled))
        assert told(said(sent), "") == [], label


async def reload(world: World, side: Side, mills: Path) -> None:
    """A document has changed: the new text answers, and old buttons say so."""
    before = await world.slash(side.member, "ask", at=side.channel, question=MILL)
    mills.write_text(mill("Clara Schmidt"), encoding="utf-8")
    await command(world, side, "reload")
    assert "Clara Schmidt" in await ask(world, side, MILL)
    pressed = await world.press(side.member, before.response, "Context")
    assert "The documents have changed" in said(pressed)


async def a_second_bot(fake: Loopback, folder: Path) -> None:
    """Another application beside it, with the same data folder, in none of the two servers.

    It has looked where it is, and deleted what it may, once what it kept for a server that it has
    left is gone.
    """
    database = opened(None, folder)
    fake.application_id, fake.servers = 102, (SERVER,)
    database.application = fake.application_id
    database.set_recorded(999, is_recorded=True)
    process = await started(fake.url, folder, FOOTNOTE_DAYS_AFTER_LEAVING="0")
    await eventually(lambda: not database.recorded_servers(), "the second bot looks where it is")
    assert told(await answered(fake, await fake.ask(POOL)), POOL) == []
    await stopped(process)
    database.close()


@pytest.fixture
async def files(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Attachments]:
    """Where attachments are fetched."""
    async with attachments() as served:
        monkeypatch.setattr("simcord.backend.cdn.CDN_BASE", served.url)
        yield served


@pytest.mark.slow
async def test_a_day_of_two_servers_and_a_stranger(
    files: Attachments, fake: Loopback, tmp_path: Path
) -> None:
    """Set up, taught, asked from every side, reloaded, restarted, and beside a second bot."""
    for name, text in (("mills", mill("Anna Bauer")), ("harbours", harbour("Bruno Meyer"))):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.md").write_text(text, encoding="utf-8")
    settings = settings_with(
        collections=",".join(f"{name}={tmp_path / name}" for name in ("mills", "harbours")),
        message_content=True,
        limit_user=0,
        limit_channel=0,
        limit_server=0,
    )
    async with world_with(settings, tmp_path) as world:
        files.contents = world.env.backend.cdn._blobs
        home = Side(world.channel, world.alice, world.moderator)
        away = second_server(world)
        stranger = world.env.create_user("stranger")
        await world.env.settle()

        await set_up(world, home, "mills")
        await set_up(world, away, "harbours")
        assert "Anna Bauer" in await ask(world, home, MILL)
        assert "Bruno Meyer" in await ask(world, away, HARBOUR)
        assert "Bruno" not in await ask(world, home, HARBOUR)
        await bring(world, home)
        await teach(world, home)
        desk = world.guild.create_text_channel("helpers")
        handed = await hand_on(world, home, desk)
        declined = next(m for m in home.channel.history() if "Ask a person" in labels(m))
        answer = await world.slash(home.member, "ask", at=home.channel, question=POOL)
        await forge(world, away, handed, declined, answer.response)
        await follow_up(world, home, handed)
        await close_a_channel(world, home)
        await everything(world, home)
        await nothing(world, away, stranger)

        await reload(world, home, tmp_path / "mills" / "mills.md")
        await a_second_bot(fake, tmp_path)
        await world.restart()
        await world.env.settle()
        assert "\\#quiet: **off" in await command(world, home, "rules")
        await everything(world, home)
        await nothing(world, away, stranger)
        assert "Bruno Meyer" in await ask(world, away, HARBOUR)
