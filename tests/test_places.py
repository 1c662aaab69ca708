"""What one place is answered from never comes in another."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.discord.choices import ChosenCollections
from bot.libraries import Named, UnavailableKnowledgeError
from bot.library import Library, read_library
from bot.limits import Limits, Origin
from bot.service import Service
from bot.settings import Settings
from footnote import Document, Verdict, from_texts
from knowledge.loading import read_text
from tests.discord_world import (
    OFF_TOPIC,
    World,
    acknowledged,
    labels,
    said,
    settings_with,
    world_with,
)

MILL = "Who built the mill of Ulm?"
HARBOUR = "Who guards the harbour?"


MORE = (
    " Its roof is of slate. It may be visited on Sundays from ten to four, but not in winter.\n\n"
    "## Tickets for the {0}\n\nTickets cost five euros, and nothing for children.\n"
)


def mill(builder: str) -> str:
    """A document that says who built the mill."""
    return f"# The mill of Ulm\n\n{builder} built the mill of Ulm in 1901.{MORE.format('mill')}"


def harbour(guard: str) -> str:
    """A document that says who guards the harbour."""
    return f"# The harbour\n\n{guard} guards the harbour at night.{MORE.format('harbour')}"


def collection(name: str, text: str) -> Library:
    """A library of one text."""
    return Library(from_texts({name: text})).prepare()


class Kept(dict[int, str]):
    """The text that each server keeps."""

    def documents(self, server: int) -> list[Document]:
        """The server's text as a document."""
        return list(read_text("own.md", self[server])) if server in self else []


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
    assert shows(said(await world.press(world.bob, answer.response, "Show in context")))
    await use(world, "harbours")
    for message, label in (
        (answer, "Show in context"), (answer, "Other passages"), (listed, "Read on"),
        (listed, "Next →"),
    ):  # fmt: skip
        pressed = await world.press(world.alice, message.response, label)
        assert "The documents have changed" in said(pressed), label
    await use(world, "mills")
    assert shows(said(await world.press(world.bob, answer.response, "Show in context")))


async def test_a_forged_button_opens_nothing_of_another_place(world: World) -> None:
    """The key of a passage is no secret: it is looked for only in what the place has."""
    answer = await world.slash(world.alice, "ask", question=MILL)
    ids = {label: one["custom_id"] for label, one in labels(answer.response).items()}
    elsewhere = await world.slash(world.bob, "ask", at=docks(world), question=HARBOUR)
    assert "Bruno" in said(elsewhere)
    for label in ("Show in context", "Other passages"):
        for part in walk(world.env.backend.get_message(docks(world).id, elsewhere.response.id)):
            if part.get("label") == label:
                part["custom_id"] = ids[label]
        pressed = await world.press(world.bob, elsewhere.response, label)
        assert "The documents have changed" in said(pressed), label


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
    assert "what the server uses" in await use(world, "default", docks(world))
    assert "Anna" in said(await world.slash(world.alice, "ask", at=docks(world), question=MILL))
    assert "default collection" in await use(world, "default")
    assert "Anna" not in said(await world.slash(world.alice, "ask", question=MILL))
    assert "No collection has that name" in await use(world, "nothing")


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


async def test_a_second_bot_has_its_own_choices(world: World) -> None:
    """They belong to the application, whatever else is in the database."""
    database = world.bot.desk.database
    first = database.application
    assert set(ChosenCollections(database).all().values()) == {"mills", "harbours"}
    database.application = first + 1
    assert ChosenCollections(database).all() == {}
    ChosenCollections(database).choose(world.guild.id, 0, "harbours")
    database.application = first
    assert ChosenCollections(database).all()[world.guild.id, 0] == "mills"


async def test_a_server_that_was_left_has_no_choice(world: World) -> None:
    """Until the bot is back; and it is deleted with all else that is kept for the server."""
    desk = world.bot.desk
    await desk.review(set(), world.bot.lease.shards)
    assert desk.service.libraries.choices == {}
    await desk.review({world.guild.id}, world.bot.lease.shards)
    assert desk.service.libraries.choices[world.guild.id, 0] == "mills"
