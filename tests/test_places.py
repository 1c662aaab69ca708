"""What one place is answered from never comes in another."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.discord.choices import ChosenCollections
from bot.discord.database import Database
from bot.discord.departures import Departures
from bot.discord.leases import Shards
from bot.libraries import Named, UnavailableKnowledgeError
from bot.library import read_library
from bot.limits import Limits, Origin
from bot.service import Service
from bot.settings import Settings
from bot.terminal.cli import main
from footnote import Verdict
from tests.bot_process import answered as answered_over
from tests.bot_process import ended, started, stopped
from tests.discord_world import (
    OFF_TOPIC,
    World,
    acknowledged,
    labels,
    said,
    settings_with,
    world_with,
)
from tests.loopback import SERVERS, Loopback, interaction
from tests.place_documents import HARBOUR, MILL, Kept, collection, harbour, mill
from tests.test_teaching import show_to


@pytest.fixture
def service() -> Service:
    """A service with two collections, each with one fact."""
    named = {
        "mills": Named(partial(collection, "mills.md", mill("Anna Bauer"))),
        "harbours": Named(
            partial(collection, "harbour.md", harbour("Bruno Meyer")),
            servers=frozenset({2}),
        ),
    }
    return Service(lambda: read_library(Settings()), Limits(0, 0, 0), named=named)


async def answered(service: Service, question: str, origin: Origin) -> str | None:
    """The quote that answers; None where there is none."""
    return (await service.ask(question, origin)).value.text


async def test_each_place_has_its_collection(service: Service) -> None:
    """That of the channel, else of the server, else the general one; guests have that one."""
    service.libraries.choices = {(1, 0): "mills", (2, 0): "mills", (2, 20): "harbours"}
    asked = [
        Origin(1, 10, 1), Origin(1, 21, 2), Origin(1, 20, 2), Origin(1, 10), Origin(1, 10, 3),
        Origin(1, 10, 1, is_guest=True),
    ]  # fmt: skip
    mills = [await answered(service, MILL, origin) is not None for origin in asked]
    harbours = [await answered(service, HARBOUR, origin) is not None for origin in asked]
    assert mills == [True, True, False, False, False, False]
    assert harbours == [False, False, True, False, False, False]


async def test_a_collection_of_another_server_is_no_collection(service: Service) -> None:
    """Nor is one that is gone: nothing is answered instead."""
    for name in ("harbours", "gone"):
        service.libraries.choices = {(1, 0): name}
        with pytest.raises(UnavailableKnowledgeError):
            await service.ask(MILL, Origin(1, 10, 1))
    assert service.libraries.names_for(1) == ["mills"]
    assert service.libraries.names_for(2) == ["mills", "harbours"]


async def test_own_documents_come_first_and_only_at_home(service: Service) -> None:
    """They are asked beside the collection, and again once they have changed."""
    kept = Kept({1: mill("Clara Schmidt")})
    service.libraries.own.sources.append(kept)
    service.libraries.choices = {(1, 0): "mills", (2, 0): "mills"}
    assert "Clara" in (await answered(service, MILL, Origin(1, 10, 1)) or "")
    assert "Anna" in (await answered(service, MILL, Origin(1, 10, 2)) or "")
    assert await answered(service, MILL, Origin(1, 10)) is None
    kept[1] = harbour("Dora Kern")
    await service.own_changed(1)
    assert "Anna" in (await answered(service, MILL, Origin(1, 10, 1)) or "")
    assert "Dora" in (await answered(service, HARBOUR, Origin(1, 10, 1)) or "")
    del kept[1]
    await service.own_changed(1)
    found = await service.ask(HARBOUR, Origin(1, 10, 1))
    assert found.value.verdict is Verdict.DECLINED


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A server that is answered from one collection, and of two channels one from another."""
    for name, text in (("mills", mill("Anna Bauer")), ("harbours", harbour("Bruno Meyer"))):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.md").write_text(text, encoding="utf-8")
    named = ",".join(f"{name}={tmp_path / name}" for name in ("mills", "harbours"))
    settings = settings_with(collections=named, limit_user=0, limit_channel=0)
    async with world_with(settings, tmp_path) as world:
        world.guild.create_text_channel("docks")
        await use(world, "mills")
        await use(world, "harbours", docks(world))
        yield world


def docks(world: World) -> simcord.ChannelHandle:
    """The channel that is answered from another collection than its server."""
    return world.guild.channels["docks"]


async def use(world: World, name: str, channel: simcord.ChannelHandle | None = None) -> str:
    """A moderator's choice; what the bot says."""
    options = {"channel": channel} if channel else {}
    result = await world.slash(world.moderator, "footnote knowledge use", name=name, **options)
    assert result.ephemeral
    return said(result)


def walk(part: Any) -> Iterator[dict[str, Any]]:
    """All components of a message, or within a component."""
    for one in part if isinstance(part, list) else getattr(part, "components", None) or []:
        yield one
        yield from walk(one.get("components", []))


class Ways:
    """Everything by which a member gets text out of the bot, in a channel or in direct messages."""

    def __init__(self, world: World, member: simcord.MemberActor) -> None:
        self.world, self.member = world, member

    async def slash(self, at: simcord.ChannelHandle | None, name: str, **options: str) -> str:
        """What a command says."""
        if at is None:
            return said(acknowledged(await self.member.user.slash(name, **options)))
        return said(await self.world.slash(self.member, name, at=at, **options))

    async def complete(self, at: simcord.ChannelHandle | None, name: str, option: str) -> str:
        """All that is suggested, once what is not open is."""
        for _ in range(2):
            if at is None:
                found = await self.member.user.autocomplete(name, option, "")
            else:
                found = await self.member.autocomplete(at, name, option, "")
            await self.world.env.settle()
        return str(found)

    async def say(self, at: simcord.ChannelHandle | None, text: str) -> str:
        """The reply to a message."""
        if at is not None:
            return said(await self.world.mention(self.member, text, at))
        await self.member.send_dm(text)
        return said(self.member.user.dm_channel.last_message)

    async def all(self, at: simcord.ChannelHandle | None) -> dict[str, str]:
        """What each of them says about the mill."""
        return {
            "ask": await self.slash(at, "ask", question=MILL),
            "message": await self.say(at, MILL),
            "search": await self.slash(at, "search", query="mill Ulm Anna Bauer"),
            "source": await self.slash(at, "source", document="mills.md"),
            "documents": await self.slash(at, "documents"),
            "questions": await self.complete(at, "ask", "question"),
            "titles": await self.complete(at, "source", "document"),
        }


SECRET = ("Anna Bauer", "Tickets for the mill", "The mill of Ulm", "roof is of slate", "- mills.md")


def shows(text: str) -> bool:
    """Whether something of the document about the mill is in a text."""
    return any(secret in text for secret in SECRET)


async def test_every_way_shows_the_collection_of_its_place(world: World) -> None:
    """That it shows it there is what makes the tests of the other places tests."""
    found = await Ways(world, world.alice).all(world.channel)
    assert {way for way, text in found.items() if shows(text)} == set(found)


@pytest.mark.parametrize("where", ["other channel", "thread", "other server", "direct message"])
async def test_no_way_shows_the_collection_of_another_place(world: World, where: str) -> None:
    """Not even while its index is open, in a place with another collection or with none."""
    await Ways(world, world.alice).all(world.channel)
    member, at = world.alice, docks(world)
    if where == "thread":
        at = world.env.backend.create_thread(at.id, "boats", member.id, broadcast=True)  # type: ignore[assignment]
        at = next(each for each in docks(world).threads)
    if where == "other server":
        other = world.env.create_guild("Another server")
        member, at = other.add_member(world.alice.user), other.create_text_channel("general")
    found = await Ways(world, member).all(None if where == "direct message" else at)
    assert {way: text for way, text in found.items() if shows(text)} == {}


async def test_no_button_opens_what_its_place_no_longer_has(world: World) -> None:
    """Where another collection was chosen meanwhile, the old answer's buttons lead nowhere."""
    answer = await world.slash(world.alice, "ask", question=MILL)
    listed = await world.slash(world.alice, "search", query="mill tickets")
    source = await world.press(world.alice, answer.response, "Context")
    assert shows(said(source))
    await use(world, "harbours")
    for message, label in (
        (answer, "Context"), (source, "Other passages"), (listed, "Read on"),
        (listed, "Next →"),
    ):  # fmt: skip
        pressed = await world.press(world.alice, message.response, label)
        assert "The documents have changed" in said(pressed), label
    await use(world, "mills")
    assert shows(said(await world.press(world.bob, answer.response, "Context")))


async def test_a_forged_button_opens_nothing_of_another_place(world: World) -> None:
    """The key of a passage is no secret: it is looked for only in what the place has."""
    answer = await world.slash(world.alice, "ask", question=MILL)
    source = await world.press(world.alice, answer.response, "Context")
    ids = [labels(answer.response)["Context"], labels(source.response)["Other passages"]]
    elsewhere = await world.slash(world.bob, "ask", at=docks(world), question=HARBOUR)
    assert "Bruno" in said(elsewhere)
    for forged in ids:
        for part in walk(world.env.backend.get_message(docks(world).id, elsewhere.response.id)):
            if part.get("label") == "Context":
                part["custom_id"] = forged["custom_id"]
        pressed = await world.press(world.bob, elsewhere.response, "Context")
        assert "The documents have changed" in said(pressed), forged["label"]


async def test_help_has_examples_of_its_place(world: World) -> None:
    """Questions about the general knowledge are no examples where that is not answered from."""
    assert shows(said(await world.slash(world.alice, "ask", question=MILL)))
    assert "For example" not in said(await world.slash(world.alice, "help"))
    await world.alice.send_dm("help")
    assert "For example" in said(world.alice.user.dm_channel.last_message)


async def test_gaps_are_those_of_the_server(world: World) -> None:
    """What was declined in one server is not in the report of another."""
    other = world.env.create_guild("Another server")
    role = other.create_role("M", permissions=discord.Permissions(manage_guild=True))
    moderator = other.add_member(world.env.create_user("mod2"), roles=[role])
    at = other.create_text_channel("general")
    await world.slash(world.moderator, "footnote record", questions=True)
    await world.slash(moderator, "footnote record", at=at, questions=True)
    await world.slash(world.alice, "ask", question=OFF_TOPIC)
    assert "1 declined question" in said(await world.slash(world.moderator, "footnote gaps"))
    assert "No declined questions" in said(await world.slash(moderator, "footnote gaps", at=at))


async def test_a_choice_is_offered_kept_and_taken_back(world: World) -> None:
    """It outlasts a restart, and `default` goes back: a channel to its server, that to all."""
    offered = await world.moderator.autocomplete(
        world.channel, "footnote knowledge use", "name", ""
    )
    assert [each["value"] for each in offered] == ["default", "mills", "harbours"]
    await world.restart()
    await world.env.settle()
    assert "Anna" in said(await world.slash(world.alice, "ask", question=MILL))
    assert "**mills**" in await use(world, " Mills")
    assert "what the server uses" in await use(world, "Default", docks(world))
    assert "Anna" in said(await world.slash(world.alice, "ask", at=docks(world), question=MILL))
    assert "default collection" in await use(world, "default")
    assert "Anna" not in said(await world.slash(world.alice, "ask", question=MILL))
    assert "No collection has that name" in await use(world, "nothing")


async def test_names_are_offered_to_moderators_alone(world: World) -> None:
    """Whomever the settings of the server let use the command."""
    await show_to(world, "footnote")
    for command, option in (("use", "name"), ("remove", "name")):
        name = f"footnote knowledge {command}"
        assert await world.alice.autocomplete(world.channel, name, option, "") == []
    assert world.unforeseen() == []


async def test_a_collection_that_is_gone_is_not_replaced(world: World) -> None:
    """Members read that it is not available, moderators why; no other text is shown."""
    assert "Collection **mills**" in said(await world.slash(world.moderator, "footnote status"))
    harbours = f"harbours={world.folder / 'harbours'}"
    world.settings = replace(world.settings, collections=harbours)
    await world.restart()
    await world.env.settle()
    ways = Ways(world, world.alice)
    found = await ways.all(world.channel)
    assert (found.pop("questions"), found.pop("titles")) == ("[]", "[]")
    assert {
        way for way, text in found.items() if "not available at the moment" not in text
    } == set()
    status = said(await world.slash(world.moderator, "footnote status"))
    assert "not there for this server any more" in status
    assert "Bruno" in said(await world.slash(world.alice, "ask", at=docks(world), question=HARBOUR))


def test_choices_belong_to_a_bot_and_go_with_their_server(
    open_database: Callable[[], Database],
) -> None:
    """The last one for a place holds; another bot in the same server has its own."""
    database = open_database()
    choices = ChosenCollections(database)
    kept = {100: {(1, 0): "b", (1, 10): "a"}, 200: {(1, 0): "c"}}
    for application, name in ((100, "a"), (100, "b"), (200, "c")):
        database.application = application
        choices.choose(1, 0, name)
    database.application = 100
    choices.choose(1, 10, "a")
    choices.choose(1, 20, "a")
    choices.choose(1, 20, None)
    for application, expected in kept.items():
        database.application = application
        assert choices.all() == expected
    database.application = 100
    Departures(database, 0).review(set(), Shards())
    assert database.store.read("select application, name from chosen_collections") == [(200, "c")]


async def test_a_server_that_was_left_has_no_choice(world: World) -> None:
    """Until the bot is back; and it is deleted with all else that is kept for the server."""
    desk = world.bot.desk
    await desk.review(set(), world.bot.lease.shards)
    assert desk.service.libraries.choices == {}
    await desk.review({world.guild.id}, world.bot.lease.shards)
    assert desk.service.libraries.choices[world.guild.id, 0] == "mills"


@pytest.mark.slow
async def test_what_a_server_keeps_is_shown_there_alone(world: World) -> None:
    """By no way in another server or in direct messages, nor by a button once it was removed."""
    kept = Kept({world.guild.id: mill("Clara Schmidt").replace("slate", "straw")})
    desk = world.bot.desk
    desk.service.libraries.own.sources.append(kept)
    await use(world, "harbours")
    home = await Ways(world, world.alice).all(docks(world))
    # There the name of the document is another one.
    del home["source"], home["documents"]
    assert {way for way, text in home.items() if shows(text)} == set(home)
    other = world.env.create_guild("Another server")
    for member, at in (
        (world.alice, None),
        (other.add_member(world.alice.user), other.create_text_channel("general")),
    ):
        found = await Ways(world, member).all(at)
        assert {way: text for way, text in found.items() if shows(text)} == {}
    answer = await world.slash(world.alice, "ask", question=MILL)
    assert "Clara" in said(answer)
    del kept[world.guild.id]
    await desk.service.own_changed(world.guild.id)
    gone = await world.press(world.alice, answer.response, "Context")
    assert "The documents have changed" in said(gone)


async def test_a_guest_has_the_general_knowledge(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only a member installed the bot, nothing of the server is known."""
    monkeypatch.setattr(world.bot, "get_guild", lambda _: None)
    assert "Anna" not in said(await world.slash(world.alice, "ask", question=MILL))
    assert "mills.md" not in said(await world.slash(world.alice, "documents"))


async def test_names_that_are_for_other_servers_are_not_offered(tmp_path: Path) -> None:
    """Nor taken, whoever types them."""
    (tmp_path / "wiki.md").write_text(mill("Anna Bauer"))
    settings = settings_with(
        collections=f"wiki={tmp_path / 'wiki.md'}", collection_servers="wiki=12345"
    )
    async with world_with(settings, tmp_path) as world:
        offered = await world.moderator.autocomplete(
            world.channel, "footnote knowledge use", "name", "w"
        )
        assert offered == []
        assert "No collection has that name" in await use(world, "wiki")
        assert world.bot.desk.service.libraries.choices == {}


@pytest.mark.slow
async def test_over_the_wire(fake: Loopback, tmp_path: Path) -> None:
    """One server is answered from a collection, another and a guest's from what all have."""
    (tmp_path / "mills.md").write_text(mill("Anna Bauer"))
    process = await started(fake.url, tmp_path, FOOTNOTE_COLLECTIONS=f"mills={tmp_path}/mills.md")
    await fake.connected()
    option = [{"name": "name", "type": 3, "value": "mills"}]
    use_ = [{"name": "use", "type": 1, "options": option}]
    group = [{"name": "knowledge", "type": 2, "options": use_}]
    question = [{"name": "question", "type": 3, "value": MILL}]
    texts = []
    for number, (name, options, server) in enumerate(
        [
            ("footnote", group, SERVERS[0]),
            *(("ask", question, server) for server in (*SERVERS, 999)),
        ]
    ):
        token = f"place-{number}"
        fake.answered[token] = asyncio.Event()
        data = interaction(number, token, name, options, server)
        data["member"]["permissions"] = "32" if name == "footnote" else "2048"
        data["channel"] |= {"position": 0, "guild_id": str(server)}
        await fake.dispatch("INTERACTION_CREATE", data)
        texts.append(await answered_over(fake, token))
    assert "answered from the collection **mills**" in texts[0]
    assert ["Anna" in text for text in texts[1:]] == [True, False, False]
    assert "Traceback" not in await stopped(process)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("mills=/nowhere/mills", "leads mills to /nowhere/mills, where nothing is"),
        ("x", "set NAME=PATH"),
    ],
)
async def test_a_collection_that_is_not_there_ends_the_start(
    fake: Loopback, tmp_path: Path, value: str, reason: str
) -> None:
    """One sentence, and exit code 2."""
    process = await started(fake.url, tmp_path, FOOTNOTE_COLLECTIONS=value)
    code, _, log = await ended(process)
    assert code == 2
    assert "FOOTNOTE_COLLECTIONS" in log.splitlines()[-1]
    assert reason in log.splitlines()[-1]


def test_the_check_reads_every_collection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Or members would be the first to notice that one cannot be read."""
    monkeypatch.setenv("DISCORD_TOKEN", "a.good.token")
    (tmp_path / "mills.md").write_text(mill("Anna Bauer"))
    monkeypatch.setenv("FOOTNOTE_COLLECTIONS", f"mills={tmp_path}/mills.md")
    assert main(["bot", "--check"]) == 0
    assert f"mills: {tmp_path}/mills.md, 1 document with" in capsys.readouterr().out
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("FOOTNOTE_COLLECTIONS", f"mills={tmp_path}/empty")
    assert main(["bot", "--check"]) == 2
    assert f"{tmp_path}/empty: contains no files" in capsys.readouterr().err
