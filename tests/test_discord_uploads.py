"""Documents that moderators bring: answered from at once, there alone, and taken back."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from patience import ENDLESS

from bot.discord.attachments import LONGEST_NAME, name_of
from bot.discord.client import intents
from bot.discord.departures import HOUR as HOURLY
from bot.discord.linked import MOST_MESSAGES
from bot.discord.store import DatabaseError
from bot.discord.uploads import UploadLimits
from tests.discord_world import World, labels, said, settings_with, world_with
from tests.test_discord_moderation import show_to
from tests.test_places import walk
from tests.uploading import Attachments, attachments

QUESTION = "When does the swimming pool open?"
ANSWER = "The swimming pool opens at nine in the morning."
HOUR = "nine in the morning"
"""What stands out in it."""
POOL = ("pool.md", f"# Pool\n\n{ANSWER}\n".encode())
LATER = ("pool.md", b"# Pool\n\nThe swimming pool opens at eleven in the morning.\n")
SUBCOMMANDS: dict[str, dict[str, Any]] = {
    "use": {"name": "default"}, "add": {"link": "x"}, "list": {},
    "remove": {"name": "pool.md"}, "undo": {},
}  # fmt: skip


@pytest.fixture
async def files(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Attachments]:
    """Where attachments are fetched."""
    async with attachments() as served:
        monkeypatch.setattr("simcord.backend.cdn.CDN_BASE", served.url)
        yield served


@pytest.fixture
async def world(tmp_path: Path, files: Attachments) -> AsyncIterator[World]:
    """A server whose bot may read all messages, with small limits."""
    settings = settings_with(
        message_content=True, upload_mb=1, upload_documents=20, limit_user=0, limit_channel=0
    )
    async with world_with(settings, tmp_path) as world:
        files.contents = world.env.backend.cdn._blobs
        yield world


async def knowledge(
    world: World, command: str, by: simcord.MemberActor | None = None, /, **options: Any
) -> str:
    """A moderator's command; what the bot says."""
    result = await world.slash(by or world.moderator, f"footnote knowledge {command}", **options)
    assert result.ephemeral
    return said(result)


async def asked(world: World, by: simcord.MemberActor | None = None, **options: Any) -> str:
    """What is answered about the pool."""
    return said(await world.slash(by or world.alice, "ask", question=QUESTION, **options))


def other_server(world: World) -> tuple[simcord.MemberActor, simcord.ChannelHandle]:
    """A moderator of another server, and a channel of it."""
    guild = world.env.create_guild()
    role = guild.create_role("Mods", permissions=discord.Permissions(manage_guild=True))
    moderator = guild.add_member(world.env.create_user("other"), roles=[role])
    return moderator, guild.create_text_channel("elsewhere")


def kept(world: World) -> list[str]:
    """The names of what the server has."""
    return [one.name for one in world.bot.desk.uploads.present(world.guild.id)]


async def test_what_is_added_answers_at_once_and_there_alone(world: World) -> None:
    """Before not, then it does, until it is removed; and again once that is undone."""
    other, elsewhere = other_server(world)
    await world.env.settle()
    assert HOUR not in await asked(world)
    assert "**pool.md** (1 passage)" in await knowledge(world, "add", file=POOL)
    assert HOUR in await asked(world)
    assert HOUR not in await asked(world, other, at=elsewhere)
    await world.alice.send_dm(QUESTION)
    assert HOUR not in said(world.alice.user.dm_channel.last_message)
    await world.restart()
    assert HOUR in await asked(world)
    assert "Removed **pool.md**" in await knowledge(world, "remove", name="pool.md")
    assert HOUR not in await asked(world)
    assert await knowledge(world, "undo") == "Back: **pool.md**."
    assert HOUR in await asked(world)


async def test_the_same_name_replaces_the_earlier_one(world: World) -> None:
    """The new text answers, the old no more; undoing turns that around."""
    await knowledge(world, "add", file=POOL)
    await knowledge(world, "add", file=LATER)
    text = await asked(world)
    assert "eleven" in text
    assert "nine" not in text
    assert "**pool.md**" in await knowledge(world, "undo")
    assert HOUR in await asked(world)
    assert await knowledge(world, "undo") == "No longer here: **pool.md**."
    assert HOUR not in await asked(world)
    assert "Nothing was added or removed" in await knowledge(world, "undo")


async def test_a_quote_opens_in_its_context(world: World) -> None:
    """By the button that stays after a restart."""
    await knowledge(world, "add", file=POOL)
    answer = await world.slash(world.alice, "ask", question=QUESTION)
    await world.restart()
    opened = await world.press(world.alice, answer.response, "Context")
    assert HOUR in said(opened)


async def test_the_list_says_who_added_what_and_when(world: World) -> None:
    """In pages, for moderators of this server only, also at a press."""
    assert "Nothing was added here yet" in await knowledge(world, "list")
    for number in range(0, 16, 2):
        pair = [(f"n{n:02}.txt", f"Item {n} is a fact.".encode()) for n in (number, number + 1)]
        await knowledge(world, "add", file=pair[0], file2=pair[1])
    first = await world.slash(world.moderator, "footnote knowledge list")
    assert "### 16 documents added in this server" in said(first)
    today = f"{discord.utils.utcnow():%Y-%m-%d}"
    assert f"- n00.txt · 1 passage · added by mod on {today}" in said(first)
    assert "n15" not in said(first)
    last = await world.press(world.moderator, first.response, "Next →")
    assert "n15.txt" in said(last)
    assert labels(first.response)["Next →"]
    choices = await world.moderator.autocomplete(
        world.channel, "footnote knowledge remove", "name", "N1"
    )
    assert [choice["value"] for choice in choices] == [f"n{n}.txt" for n in range(10, 16)]


async def test_members_neither_bring_nor_see_documents(world: World) -> None:
    """Whatever a server's settings for commands say; neither does another server's moderator."""
    await knowledge(world, "add", file=POOL)
    await show_to(world, "footnote", world.alice)
    for name, options in SUBCOMMANDS.items():
        assert "Manage Server" in await knowledge(world, name, world.alice, **options)
    other, elsewhere = other_server(world)
    await world.env.settle()
    for name in ("remove", "undo", "list"):
        result = await world.slash(
            other, f"footnote knowledge {name}", at=elsewhere, **SUBCOMMANDS[name]
        )
        assert "Removed" not in said(result)
        assert "passage" not in said(result)
    assert await other.autocomplete(elsewhere, "footnote knowledge remove", "name", "") == []
    assert kept(world) == ["pool.md"]


async def test_a_forged_button_lists_nothing(world: World) -> None:
    """Who presses is looked at again."""
    await knowledge(world, "add", file=POOL)
    answer = await world.slash(world.alice, "ask", question=QUESTION)
    stored = world.env.backend.get_message(world.channel.id, answer.response.id)
    for part in walk(stored):
        if part.get("label") == "Context":
            part["custom_id"] = "footnote:uploads:0"
    pressed = await world.press(world.alice, answer.response, "Context")
    assert "Manage Server" in said(pressed)


def a_bomb() -> bytes:
    """A Word file of some kilobytes that would unfold to a gigabyte."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(40):
                part.write(b" " * (25 << 20))
    return content.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (("run.exe", b"MZ"), "has an unknown format"),
        (("cat.png", b"x"), "which are not read"),
        (("empty.txt", b" \n"), "is empty"),
        (("blank.html", b"<p></p>"), "text"),
        (("headings.md", b"# Only\n\n## headings\n"), "no sentence or item to quote"),
        (("records.jsonl", b'{"_id": "1", "text": ""}\n'), "no sentence or item to quote"),
        (("broken.pdf", b"%PDF-1.7 nothing"), "broken.pdf"),
        (("large.txt", b"x" * 1_000_001), "is larger than 1 MB"),
        ((ENDLESS, b"<div>" * 190_000), "took too long to read"),
    ],
)
async def test_what_cannot_be_read_is_refused_with_all_that_comes_with_it(
    world: World, file: tuple[str, bytes], sentence: str
) -> None:
    """One sentence says why."""
    text = await knowledge(world, "add", file=POOL, file2=file)
    assert sentence in text
    assert "Added" not in text
    assert kept(world) == []
    assert HOUR not in await asked(world)


@pytest.mark.slow
async def test_a_bomb_harms_nothing(world: World) -> None:
    """Its process has limits."""
    content = await asyncio.to_thread(a_bomb)
    assert len(content) < 2_000_000
    world.bot.desk.uploads.limits = UploadLimits(file=2)
    text = await knowledge(world, "add", file=("bomb.docx", content))
    assert text.startswith("bomb.docx ")
    assert kept(world) == []
    assert "Added" in await knowledge(world, "add", file=POOL)


async def test_a_size_that_lies_is_noticed(world: World, files: Attachments) -> None:
    """What is larger than it was said to be is read no further; so is what is gone."""
    files.instead["lie.txt"] = b"x" * 3_000_000
    assert "is larger than 1 MB" in await knowledge(world, "add", file=("lie.txt", b"small"))
    files.contents = {}
    assert "could not be fetched" in await knowledge(world, "add", file=("gone.txt", b"small"))
    assert kept(world) == []


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\a.md", "a.md"),
        ("a\n\u202eb\0.md", "a b.md"),
        ("#general.md", "general.md"),
        ("taught:1:2026-01-01:Ann.md", "taught-1-2026-01-01-Ann.md"),
        ("...", "document"),
        ("", "document"),
        ("e\u0301.md", "é.md"),
    ],
)
def test_a_name_is_one_line_without_a_path(given: str, name: str) -> None:
    """Whatever somebody called a file."""
    assert name_of(given) == name


def test_a_long_name_keeps_its_ending() -> None:
    """By which its format is known."""
    name = name_of("x" * 200 + ".markdown")
    assert len(name) == LONGEST_NAME
    assert name.endswith("x.markdown")


async def test_records_of_two_files_may_have_one_id(world: World) -> None:
    """They are documents of their files."""
    records = [
        (f"{name}.jsonl", f'{{"_id": "1", "text": "{text}"}}\n{{"_id": "2", "text": "x"}}'.encode())
        for name, text in (("a", ANSWER), ("b", "The library is closed."))
    ]
    await knowledge(world, "add", file=records[0], file2=records[1])
    assert HOUR in await asked(world)


async def test_what_was_removed_goes_with_the_hourly_review(world: World) -> None:
    """A week later, which nobody has to ask for."""
    await knowledge(world, "add", file=POOL)
    await knowledge(world, "remove", name="pool.md")
    store = world.bot.desk.database.store
    await world.env.advance_time(HOURLY)
    await world.env.settle()
    assert store.read("select count(*) from uploads") == [(1,)]
    store.write(lambda t: t.execute("update uploads set removed_at = removed_at - 700000"))
    await world.env.advance_time(HOURLY)
    await world.env.settle()
    assert store.read("select count(*) from uploads") == [(0,)]


async def test_a_name_has_no_effect(world: World) -> None:
    """Neither marks nor mentions; every message is checked for that at the end."""
    name = "**@everyone** <@1> [a](evil) `x`.md"
    await knowledge(world, "add", file=(name, POOL[1]))
    (shown,) = kept(world)
    assert shown == name
    assert "\\*\\*" in await knowledge(world, "list")
    assert "\\*\\*" in await knowledge(world, "remove", name=shown)
    assert "\\*\\*" in await knowledge(world, "undo")


async def test_a_server_has_no_more_than_it_may(world: World) -> None:
    """One sentence says how much that is, and what to do."""
    for number in range(20):
        await knowledge(world, "add", file=(f"{number}.txt", b"A fact."))
    text = await knowledge(world, "add", file=POOL)
    assert "no more than 20 documents; remove some" in text
    assert len(kept(world)) == 20


async def test_a_database_that_goes_away_keeps_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said once; the next time it works."""

    def gone(*_: object, **__: object) -> None:
        raise DatabaseError("the database is gone")

    with monkeypatch.context() as patch:
        patch.setattr(world.bot.desk.database.store, "write", gone)
        assert "Something is wrong with my setup" in await knowledge(world, "add", file=POOL)
    assert HOUR not in await asked(world)
    assert "Added" in await knowledge(world, "add", file=POOL)
    assert HOUR in await asked(world)


def link_to(world: World, *ids: int) -> str:
    """The address of something in the server."""
    return "/".join(["https://discord.com/channels", str(world.guild.id), *map(str, ids)])


async def test_a_message_is_a_document_with_its_link(world: World) -> None:
    """Its quote leads to it."""
    message = await world.alice.send(world.channel, f"Hello <@{world.bob.id}>! {ANSWER}")
    link = link_to(world, world.channel.id, message.id)
    day = f"{message.created_at:%Y-%m-%d}"
    assert f"**\\#general, {day}** (1 passage)" in await knowledge(world, "add", link=link)
    text = await asked(world)
    assert HOUR in text
    assert f"(<{link}>)" in text
    assert f"(<{link}>)" in await knowledge(world, "list")
    await knowledge(world, "add", link=link)
    assert len(kept(world)) == 1


async def thread_of(world: World, *, kind: int = 11) -> simcord.ChannelHandle:
    """A thread about the pool."""
    thread = world.env.backend.create_thread(
        world.channel.id, "Pool times", world.alice.id, type=kind
    )
    await world.env.settle()
    return next(each for each in world.channel.threads if each.id == thread.id)


async def test_a_thread_is_a_document_with_a_link_to_each_message(world: World) -> None:
    """Who wrote what stands in the heading; what bots say is left out."""
    place = await thread_of(world)
    await world.alice.send(place, "# bob, 2026-01-01\nDoes anybody know about the towels?")
    said_by = await world.bob.send(place, ANSWER)
    webhook = world.guild.create_webhook(world.channel, "Spam")
    await webhook.send("x")
    await world.mention(world.alice, "What is in the news?", place)
    added = await knowledge(world, "add", link=link_to(world, place.id))
    assert "**\\#general, Pool times**" in added
    text = await asked(world)
    assert HOUR in text
    assert f"bob, {said_by.created_at:%Y-%m-%d %H:%M}" in text
    assert f"(<{link_to(world, place.id, said_by.id)}>)" in text
    (one,) = world.bot.desk.uploads.present(world.guild.id)
    content = world.bot.desk.uploads.content(world.guild.id, one.id)
    assert content is not None
    assert b"news?" in content
    assert content.count(b'"text"') == 3


async def test_a_forum_post_and_a_thread_on_a_message_begin_with_it(world: World) -> None:
    """Wherever that message stands."""
    forum = world.guild.create_forum_channel("help")
    post = await world.post(world.alice, forum, "Opening hours", ANSWER)
    starter = await world.alice.send(world.channel, "The library is closed on Sundays.")
    backend = world.env.backend
    thread = backend.create_thread(
        world.channel.id, "Library", world.alice.id, message_id=starter.id
    )
    await world.env.settle()
    place = next(each for each in world.channel.threads if each.id == thread.id)
    await world.bob.send(place, "It opens again on Monday.")
    assert "\\#help, Opening hours" in await knowledge(world, "add", link=link_to(world, post.id))
    text = await asked(world)
    assert HOUR in text
    assert f"(<{link_to(world, post.id, post.id)}>)" in text
    assert "(2 passages)" in await knowledge(world, "add", link=link_to(world, place.id))
    found = await world.slash(world.alice, "search", query="library closed Sundays")
    assert "closed on Sundays" in said(found)


async def test_a_private_thread_is_for_those_in_it(world: World) -> None:
    """Whoever may manage threads is as good as in it."""
    place = await thread_of(world, kind=12)
    for member in (world.moderator.id, world.bot.user.id if world.bot.user else 0):
        world.env.backend.add_thread_member(place.id, member)
    await world.env.settle()
    await world.moderator.send(place, ANSWER)
    assert "Added" in await knowledge(world, "add", link=link_to(world, place.id))
    assert HOUR in await asked(world)


async def test_a_long_thread_is_refused(world: World) -> None:
    """Rather than read in part."""
    place = await thread_of(world)
    backend = world.env.backend
    for number in range(MOST_MESSAGES + 1):
        backend.commit_message(backend.prepare_message(place.id, world.alice.id, f"Fact {number}."))
    await world.env.settle()
    text = await knowledge(world, "add", link=link_to(world, place.id))
    assert f"more than {MOST_MESSAGES} messages" in text


async def test_what_the_moderator_may_not_read_is_refused(world: World) -> None:
    """As what is not there, or is another server's, and in the same words."""
    everyone = world.guild.default_role
    hidden = world.guild.create_text_channel(
        "secrets",
        overwrites={
            everyone: discord.PermissionOverwrite(view_channel=False),
            world.bob: discord.PermissionOverwrite(view_channel=True),
            world.env.bot.user: discord.PermissionOverwrite(view_channel=True),
        },
    )
    closed = world.guild.create_text_channel(
        "closed",
        overwrites={
            everyone: discord.PermissionOverwrite(view_channel=False),
            world.bob: discord.PermissionOverwrite(view_channel=True),
            world.moderator: discord.PermissionOverwrite(view_channel=True),
        },
    )
    other, elsewhere = other_server(world)
    await world.env.settle()
    secret = await world.bob.send(hidden, ANSWER)
    unseen = await world.bob.send(closed, ANSWER)
    foreign = await other.send(elsewhere, ANSWER)
    private = await thread_of(world, kind=12)
    links = (
        link_to(world, hidden.id, secret.id),
        link_to(world, closed.id, unseen.id),
        link_to(world, elsewhere.id, foreign.id),
        f"https://discord.com/channels/{elsewhere.id}/{elsewhere.id}/{foreign.id}",
        link_to(world, world.channel.id, 12345),
        link_to(world, 9_223_372_036_854_775_807),
        link_to(world, 9_223_372_036_854_775_808),
        link_to(world, world.channel.id, 9_999_999_999_999_999_999),
        link_to(world, private.id),
    )
    for link in links:
        assert "nothing in this server that both you and I may read" in await knowledge(
            world, "add", link=link
        ), link
    assert kept(world) == []


async def test_what_is_no_message_of_a_person_is_refused(world: World) -> None:
    """The bot's own answer, a channel, another address, nothing."""
    answer = await world.mention(world.alice, QUESTION)
    assert answer is not None
    picture = await world.alice.send(world.channel, "", attachments=[("a.png", b"x")])
    for link, sentence in (
        (link_to(world, world.channel.id, answer.id), "not written by a person"),
        (link_to(world, world.channel.id, picture.id), "has no text"),
        (link_to(world, world.channel.id), "leads to a channel"),
        ("https://discord.com.evil.example/channels/1/2/3", "no link to a message"),
        (f"https://discord.com/channels/{'9' * 100}/1", "no link to a message"),
    ):
        assert sentence in await knowledge(world, "add", link=link)
    assert "Attach a file" in await knowledge(world, "add")
    assert kept(world) == []


async def test_without_the_intent_it_is_said_what_to_do(tmp_path: Path) -> None:
    """Discord hides what messages say."""
    approved = intents(message_content=False)
    async with world_with(settings_with(), tmp_path, approved_intents=approved) as world:
        message = await world.alice.send(world.channel, ANSWER)
        text = await knowledge(world, "add", link=link_to(world, world.channel.id, message.id))
        assert "turn on Message Content Intent" in text


async def test_who_is_forgotten_is_named_no_more(world: World) -> None:
    """The documents stay, with what they say."""
    place = await thread_of(world)
    await world.bob.send(place, ANSWER)
    await knowledge(world, "add", file=("a.txt", b"A fact."), link=link_to(world, place.id))
    assert "bob" in await asked(world)
    for member in (world.bob, world.moderator):
        result = await world.slash(world.moderator, "footnote forget", member=member)
        assert "deleted" in said(result)
    text = await asked(world)
    assert HOUR in text
    assert "a member" in text
    assert "bob" not in text
    listed = await knowledge(world, "list")
    assert "added by a member" in listed
    assert "mod " not in listed


async def test_where_nothing_may_be_added_that_is_said(tmp_path: Path) -> None:
    """By a setting of whoever runs the bot."""
    async with world_with(settings_with(upload_documents=0), tmp_path) as world:
        assert "lets no documents be added" in await knowledge(world, "add", file=POOL)
