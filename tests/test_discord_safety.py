"""Hostile documents, members and networks: nothing gets out, nothing gets lost, nothing is said."""

import logging
from pathlib import Path

import pytest
from discord import app_commands
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.failures import sentence_for
from bot.discord.markdown import (
    apart_from_links,
    code_block,
    emphasised,
    escaped,
    shortened,
    unescaped,
)
from bot.discord.store import DatabaseError
from bot.library import read_library
from bot.limits import Limits, Origin, Refusal, Window
from bot.locations import LocationError
from bot.service import BusyError, LimitError
from knowledge.errors import UnavailableError
from retrieval.answer.answer import Answer
from retrieval.answer.finding import QuestionError
from retrieval.index.refreshing import IndexBusyError, IndexWriteError
from retrieval.search.engine import Hit
from tests.discord_laws import broken_by
from tests.discord_world import QUESTION, acknowledged, said, settings_with, world_with

HOSTILE = (
    "@everyone @here <@1> <@!2> <@&3> <#4> </ask:5> <:x:6> <t:7> discord.gg/abc"
    " https://discord.com/invite/abc **bold** _it_ ~~gone~~ ||secret|| `code` [safe](https://evil.example)"
    " [worse](javascript:alert(1)) https://example.org/a_b_c"
)
DOCUMENT = f"""# The @everyone plan [x](https://evil.example) <@&9>

The emergency phone number of the lighthouse is 555 {HOSTILE} and it is answered at night.

- > -# The lighthouse keeper is called Brunhilde <@1> @here.
"""


async def hostile_world(tmp_path: Path) -> Path:
    """A folder with a document that tries everything."""
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "plan.md").write_text(DOCUMENT)
    return folder


async def test_hostile_documents_and_questions_stay_text(tmp_path: Path) -> None:
    """The laws of messages are checked at the end of the world; what is quoted stays readable."""
    folder = await hostile_world(tmp_path)
    settings = settings_with(
        knowledge=folder, base_url="https://example.org/docs", message_content=True
    )
    async with world_with(settings, tmp_path) as world:
        await world.slash(world.alice, "ask", question=f"Who is the keeper? {HOSTILE}")
        asked = "What is the emergency phone number of the lighthouse?"
        answer = await world.slash(world.alice, "ask", question=asked)
        text = said(answer)
        assert "555" in text
        assert "\\|\\|secret\\|\\|" in text
        assert "<https://example.org/a_b_c>" in text
        await world.press(world.alice, answer.response, "Context")
        answer = await world.slash(
            world.alice, "ask", question="What is the lighthouse keeper called?"
        )
        assert "Brunhilde" in said(answer)
        await world.slash(world.alice, "search", query="lighthouse")
        await world.slash(world.alice, "source", document="plan.md")
        await world.slash(world.alice, "source", document=HOSTILE)
        await world.slash(world.alice, "documents")
        await world.mention(world.alice, f"{HOSTILE} lighthouse phone number?")
        result = await world.slash(world.alice, "search", query=f"zzzz {HOSTILE}")
        assert acknowledged(result)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@everyone", "@\u200beveryone"),
        ("<@1> and <#2>", "\\<@1\\> and \\<#2\\>"),
        ("# head", "\\# head"),
        ("-# small", "\\-# small"),
        ("1. one", "1\\. one"),
        ("1968", "1968"),
        ("> quote\n# head", "\\> quote # head"),
        ("[a](https://b.c)", "\\[a\\](<https://b.c>)"),
        ("discord.gg/x", "discord\u200b.gg/x"),
        ("https://discord.gg/x", "https://discord\u200b.gg/x"),
        ("https://a.b/@everyone", "https://a.b/@\u200beveryone"),
        ("see https://a.b/c_d.", "see <https://a.b/c_d>."),
        ("https://a.b/**c**", "<https://a.b/**c>\\*\\*"),
        ("\x1b[31m\u202etext", "\ufffd\\[31m\ufffdtext"),
        ("back\\slash", "back\\\\slash"),
    ],
)
def test_escaping(text: str, shown: str) -> None:
    """What Discord would obey is shown."""
    assert escaped(text) == shown


ADDRESS = "https://example.org/a_b"


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ([("See https", True), ("://example.org/a_b now", False)], f"**See** <{ADDRESS}> now"),
        ([("See ", False), (f"{ADDRESS}. Then go", True)], f"See <{ADDRESS}>. **Then go**"),
        ([("Open ", False), (ADDRESS, True), (".", False)], f"Open <{ADDRESS}>."),
        ([("Go on", True), (f"({ADDRESS})", False)], f"**Go** on(<{ADDRESS}>)"),
        ([("Go", True), (" on", False)], "**Go** on"),
    ],
)
def test_bold_words_are_apart_from_links(parts: list[tuple[str, bool]], shown: str) -> None:
    """Marks within an address would cut it, and beside it they may be taken for a part of it."""
    assert emphasised(apart_from_links(parts)) == shown


@given(st.lists(st.tuples(st.text("ab :/.h *"), st.booleans())))
def test_nothing_is_lost_where_bold_words_stand_apart(parts: list[tuple[str, bool]]) -> None:
    """Whatever is bold, all of the text is there, in order."""
    apart = apart_from_links(parts)
    assert "".join(part for part, _ in apart) == "".join(part for part, _ in parts)


def message(text: str, **more: object) -> list[str]:
    """The laws that a message with a text breaks."""
    body = {
        "allowed_mentions": {"parse": []},
        "components": [{"type": 10, "content": text}],
        "flags": 1 << 15,
        **more,
    }
    return broken_by("POST", "/channels/1/messages", body)


def test_the_laws_can_fail() -> None:
    """A law that nothing breaks would be none."""
    assert message("fine") == []
    for text in ("@everyone", "<@1>", "discord.gg/x", "[a](javascript:x)", "x" * 4001, " "):
        assert message(text), text
    assert message("fine", allowed_mentions={"parse": ["users"]})
    assert message("fine", content="both")
    choices = [{"name": "x", "value": "x"}] * 26
    assert broken_by(
        "POST", "/interactions/1/t/callback", {"type": 8, "data": {"choices": choices}}
    )


async def test_a_burst_is_refused_privately_with_the_time_to_wait(tmp_path: Path) -> None:
    """The member over the limit waits; others do not, and after a minute nobody does."""
    async with world_with(settings_with(limit_user=3), tmp_path) as world:
        for _ in range(3):
            assert not (await world.slash(world.alice, "ask", question=QUESTION)).ephemeral
        refused = await world.slash(world.alice, "ask", question=QUESTION)
        assert refused.ephemeral
        assert "ask again in" in said(refused)
        assert not (await world.slash(world.bob, "ask", question=QUESTION)).ephemeral
        await world.mention(world.alice, QUESTION)
        await world.mention(world.alice, QUESTION)
        told = world.alice.user.dm_channel.history()
        assert len(told) == 1
        assert "ask again in" in said(told[0])
        await world.env.advance_time(61)
        assert not (await world.slash(world.alice, "ask", question=QUESTION)).ephemeral


@pytest.mark.parametrize(
    ("limits", "origins"),
    [
        (Limits(2, 0, 0), [Origin(1, 1, 1), Origin(1, 2, 2)]),
        (Limits(0, 2, 0), [Origin(1, 1, 1), Origin(2, 1, 1)]),
        (Limits(0, 0, 2), [Origin(1, 1, 1), Origin(2, 2, 1)]),
    ],
    ids=["user", "channel", "server"],
)
def test_each_limit_counts_what_it_is_for(
    limits: Limits, origins: list[Origin], request: pytest.FixtureRequest
) -> None:
    """Member, channel and server have a minute each; direct messages have no server."""
    now = 1_000.0
    window = Window(limits, lambda: now)
    assert [window.refusal(origin) for origin in origins] == [None, None]
    now += 20
    assert window.refusal(origins[0]) == Refusal(request.node.callspec.id, 40)
    assert window.refusal(Origin(9, 9, 9)) is None
    assert window.refusal(Origin(8, 8, None)) is None
    now += 40
    assert window.refusal(origins[0]) is None


def test_no_limit() -> None:
    """With 0, nobody waits, and nothing is kept."""
    window = Window(Limits(0, 0, 0), lambda: 0.0)
    assert all(window.refusal(Origin(1, 1, 1)) is None for _ in range(1_000))


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (Refusal("user", 0.2), "Too many questions; ask again in 1 second."),
        (Refusal("channel", 59.1), "Too many questions in this channel; ask again in 60 seconds."),
        (Refusal("server", 2), "Too many questions in this server; ask again in 2 seconds."),
    ],
)
def test_whose_limit_it_is_is_said(refusal: Refusal, said: str) -> None:
    """Somebody who has asked nothing may be told."""
    assert str(LimitError(refusal)) == said


async def test_an_unforeseen_error_is_said_privately_and_logged_without_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The person learns that it went wrong; the log has the place in the code, not the question."""
    caplog.set_level(logging.INFO)
    async with world_with(settings_with(), tmp_path) as world:
        library = await world.bot.desk.service.library()

        def broken(text: str, limit: int = 10) -> None:
            raise RuntimeError(text)

        library.collection.answerer.answer = broken  # type: ignore[method-assign, assignment]
        result = await world.slash(world.alice, "ask", question="my secret question")
        assert result.ephemeral
        assert "Something went wrong" in said(result)
        await world.mention(world.alice, "my secret question")
        told = said(world.alice.user.dm_channel.last_message)
        assert "Something went wrong" in told
        assert len(world.unforeseen()) == 1
    assert "RuntimeError" in caplog.text
    assert "in broken" in caplog.text
    assert "secret" not in caplog.text


async def test_the_log_has_who_where_and_how_long_but_no_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A line for each command."""
    caplog.set_level(logging.INFO)
    async with world_with(settings_with(), tmp_path) as world:
        await world.slash(world.alice, "ask", question="my secret question")
        line = f"/ask guild={world.guild.id} channel={world.channel.id} took="
    assert line in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(("status", "code"), [(500, 0), (429, 0), (404, 10062), (400, 40060)])
async def test_an_error_that_cannot_be_shown_ends_there(
    tmp_path: Path, status: int, code: int
) -> None:
    """Where Discord takes no response any more, the handler does not raise again."""
    async with world_with(settings_with(), tmp_path) as world:
        for path in ("/interactions/*/*/callback", "/webhooks/*"):
            world.env.inject_error("POST", path, status=status, code=code, times=None)
        await world.alice.slash(world.channel, "ask", question=QUESTION)
        world.env.backend.faults.clear()
        errors = world.unforeseen()
        assert len(errors) == 1, errors
        assert "ask again" not in said(await world.slash(world.alice, "ask", question=QUESTION))


async def test_a_missing_permission_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A channel that the bot may not write in gets no answer, and the log says why."""
    caplog.set_level(logging.INFO)
    async with world_with(settings_with(), tmp_path) as world:
        world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=None)
        await world.mention(world.alice, QUESTION)
    assert (
        f"message guild={world.guild.id} channel={world.channel.id} failed: Forbidden"
        in caplog.text
    )


async def test_bots_and_webhooks_are_not_answered(tmp_path: Path) -> None:
    """Two bots would talk to each other for ever."""
    async with world_with(settings_with(), tmp_path) as world:
        other = world.guild.add_member(world.env.create_user("other", bot=True))
        assert world.bot.user is not None
        sent = await other.send(world.channel, f"<@{world.bot.user.id}> {QUESTION}")
        assert world.channel.last_message is not None
        assert world.channel.last_message.id == sent.id
        webhook = world.guild.create_webhook(world.channel)
        sent = await webhook.send(f"<@{world.bot.user.id}> {QUESTION}")
        assert world.channel.last_message.id == sent.id


@pytest.mark.slow
async def test_long_quotes_are_shortened_and_sources_are_not(tmp_path: Path) -> None:
    """A list of many items, a sentence without an end, and titles of any length keep the limits."""
    folder = tmp_path / "docs"
    folder.mkdir()
    items = "\n".join(
        f"- The member number {n} of the society is {'Long ' * 30}" for n in range(99)
    )
    (folder / f"{'a' * 120}.md").write_text(
        f"# {'Title ' * 200}\n\nThe members of the society:\n\n{items}\n"
    )
    (folder / "endless.md").write_text(
        f"# Endless\n\nThe endless sentence {'*never* ' * 9_000}stops.\n"
    )
    (folder / "word.md").write_text(f"# Word\n\nThe longest word is {'x_' * 20_000}.\n")
    settings = settings_with(knowledge=folder, base_url="https://example.org/")
    async with world_with(settings, tmp_path) as world:
        for question in (
            "Who are the members of the society?",
            "What does the endless sentence never do?",
            "What is the longest word?",
            "x" * 1000,
            "*" * 1000,
        ):
            answer = await world.slash(world.alice, "ask", question=question)
            if "Context" in str(answer.response.components):
                assert "https://example.org/" in said(answer)
                await world.press(world.alice, answer.response, "Context")
        await world.slash(world.alice, "search", query="society member endless longest word")
        found = await world.alice.autocomplete(world.channel, "source", "document", "aaa")
        result = await world.slash(world.alice, "source", document=found[0]["value"])
        assert "Title" in said(result)


async def test_many_documents_with_long_names_are_listed_in_pages(tmp_path: Path) -> None:
    """The list, an answer and its source keep the limits; an address is whole or left out."""
    folder = tmp_path / "docs"
    for number in range(25):
        place = (
            folder / ("Обработка-запросов-на-отпуск" if number % 2 else "how-to-handle") / "more"
        )
        place.mkdir(parents=True, exist_ok=True)
        title = f"How to handle a request for parental leave in the department of {number}"
        text = (
            f"# {title * 2}\n\nAnna number {number} decides on requests of department {number}.\n"
        )
        (place / f"how-to-handle-a-request-for-parental-leave-{number:02}.md").write_text(text)
    settings = settings_with(knowledge=folder, base_url="https://example.org/handbook/")
    async with world_with(settings, tmp_path) as world:
        listed = await world.slash(world.alice, "documents")
        assert "### 25 documents" in said(listed)
        assert said(listed).count("\n- ") == 15
        await world.press(world.alice, listed.response, "Next →")
        assert said(listed).count("\n- ") == 10
        answer = await world.slash(
            world.alice, "ask", question="Who decides on requests of department 7?"
        )
        assert "number** 7 decides on requests" in said(answer)


async def test_an_index_that_is_exchanged_during_a_search_changes_nothing(tmp_path: Path) -> None:
    """Quote, source and pages are from the library that was searched."""
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.md").write_text("# Garage\n\nThe door of the garage has the colour green.\n")
    settings = settings_with(knowledge=folder)
    async with world_with(settings, tmp_path) as world:
        service = world.bot.desk.service
        library = await service.library()
        (folder / "a.md").rename(folder / "b.md")
        other = read_library(settings)
        answer, search = library.collection.answerer.answer, library.collection.answerer.search

        def exchanged(text: str, limit: int = 10) -> Answer:
            service._reloader.ready = other
            return answer(text, limit)

        def found(query: str, limit: int) -> list[Hit]:
            service._reloader.ready = other
            return search(query, limit)

        library.collection.answerer.answer = exchanged  # type: ignore[method-assign]
        library.collection.answerer.search = found  # type: ignore[method-assign]
        question = "Which colour has the door of the garage?"
        assert "green" in said(await world.slash(world.alice, "ask", question=question))
        service._reloader.ready = library
        assert "green" in said(await world.mention(world.alice, question))
        service._reloader.ready = library
        assert "green" in said(await world.slash(world.alice, "search", query="door"))
        service._reloader.ready = library


async def test_a_locked_database_is_waited_for_after_the_acknowledgement(tmp_path: Path) -> None:
    """Discord waits for three seconds, the database for five; no path is shown to members."""
    async with world_with(settings_with(), tmp_path) as world:
        answer = await world.slash(world.alice, "ask", question=QUESTION)

        def locked(rating: object) -> None:
            raise DatabaseError(f"{tmp_path}: is no database to use (database is locked)")

        world.bot.desk.database.rate = locked  # type: ignore[method-assign]
        result = await world.press(world.alice, answer.response, "👍")
        callbacks = [e.json["type"] for e in world.env.http_requests if "callback" in e.path]
        assert callbacks == [4, 5]
        assert "tell the person who runs me" in said(result)
        assert str(tmp_path) not in said(result)


def test_escaping_takes_no_longer_for_odd_addresses() -> None:
    """Time grows with the length of the text, not with its square, which would be hours here."""
    odd = f"https://a{'!' * 2_000_000}x"
    assert escaped(odd) == f"<{odd}>"
    assert len(shortened(f"{odd} https://b{'(' * 500_000}", 500)) <= 500


async def test_a_full_queue_is_said_privately(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the next question is answered again."""
    async with world_with(settings_with(), tmp_path) as world:
        monkeypatch.setattr("bot.service.QUEUE", 0)
        full = await world.slash(world.alice, "ask", question=QUESTION)
        assert full.ephemeral
        assert "Too many questions are waiting" in said(full)
        monkeypatch.undo()
        assert "Monterrey" in said(await world.slash(world.alice, "ask", question=QUESTION))


@given(st.text() | st.lists(st.sampled_from(HOSTILE.split())).map(" ".join))
def test_what_is_escaped_can_be_read_again(text: str) -> None:
    """A question is read off an answer as it was asked; one that was shortened is not."""
    shown = escaped(text)
    read = unescaped(shown)
    if read is None:
        assert shown.endswith(" …")
    else:
        assert escaped(read) == shown
    assert unescaped(shortened("word " * 500, 500)) is None


@given(st.text(), st.integers(60, 400))
def test_code_stays_in_its_block(text: str, limit: int) -> None:
    """Whatever it holds, a block of code has one end, no mention, no invite, and room enough."""
    shown = code_block(text, limit)
    assert shown.startswith("```\n") and shown.endswith("\n```")
    assert shown.count("```") == 2
    assert len(shown) <= limit
    assert "@everyone" not in code_block("ping @everyone in discord.gg/x", 400)
    assert "discord.gg" not in code_block("ping @everyone in discord.gg/x", 400)


def test_code_keeps_its_lines_in_discord() -> None:
    """Blanks at the beginning of a line count, and what has no room is cut between lines."""
    assert code_block("if a:\n    run\n", 100) == "```\nif a:\n    run\n\n```"
    assert code_block("line of code\n" * 50, 60).endswith("line of code\n…\n```")


async def test_of_a_quote_without_end_the_words_that_answer_are_shown(tmp_path: Path) -> None:
    """They are bold, between as much of what stands around them as there is room for."""
    folder = tmp_path / "docs"
    folder.mkdir()
    told = ", ".join(f"as {'great' * 10}aunt{number} has it" for number in range(20))
    never = f" {'never_' * 20}"
    (folder / "mill.md").write_text(
        f"# Mill\n\nThe old mill of Hensdale, {told}, was built in 1884, {never * 60} sold.\n"
    )
    async with world_with(settings_with(knowledge=folder), tmp_path) as world:
        question = "When was the old mill of Hensdale built? " * 10
        answer = await world.slash(world.alice, "ask", question=question)
        (quote,) = (line for line in said(answer).splitlines() if line.startswith("> "))
        assert quote.startswith("> … ")
        assert "aunt19 has it, was built in **1884**" in quote
        await world.press(world.alice, answer.response, "Context")


async def test_a_passage_without_end_is_shown_as_far_as_it_fits(tmp_path: Path) -> None:
    """The lines that do not fit are left out, and that they are is shown."""
    folder = tmp_path / "docs"
    folder.mkdir()
    items = "\n".join(f"- Member {n} is{' Annabellabella' * 15}" for n in range(20))
    (folder / "a.md").write_text(f"# Society\n\nThe members of the society:\n\n{items}\n")
    async with world_with(settings_with(knowledge=folder), tmp_path) as world:
        found = await world.slash(world.alice, "search", query="members of the society")
        lines = [line for line in said(found).splitlines() if line.startswith("> ")]
        assert 10 < len(lines) < 20
        assert lines[-1] == f"> … and {21 - len(lines[:-1])} more"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (app_commands.MissingPermissions(["manage_guild"]), "ask a moderator"),
        (app_commands.NoPrivateMessage(), "works only in a server"),
        (IndexBusyError("/home/a/index: another process"), "not possible right now"),
        (IndexWriteError("/home/a/index: the disk is full"), "tell the person who runs me"),
        (
            UnavailableError("the search cluster does not answer (/home/a)"),
            "not possible right now",
        ),
        (BusyError("Too many questions are waiting"), "Too many questions are waiting."),
        (QuestionError("the question is empty; ask in a few words"), "The question is empty;"),
        (LocationError("a.md has no line 9; its last line is 3"), "a.md has no line 9"),
        (app_commands.CommandNotFound("secret", []), "This command has changed; reload"),
        (ValueError("secret"), "Something went wrong"),
    ],
)
def test_what_is_said_of_an_error(error: Exception, said: str) -> None:
    """A sentence for who asked: of what is for the operator, and of the unforeseen, no word."""
    sentence = sentence_for(error)
    assert said in sentence.replace("\\", "")
    assert sentence[-1] in ".!?"
    assert "secret" not in sentence
    assert "/home" not in sentence


async def test_an_answer_that_cannot_be_recorded_stands(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """That it is in no report is logged."""
    async with world_with(settings_with(), tmp_path) as world:
        await world.slash(world.moderator, "footnote record", questions=True)

        def full(asked: object) -> None:
            raise DatabaseError("d.sqlite3: the disk is full")

        world.bot.desk.database.record = full  # type: ignore[method-assign]
        assert "Monterrey" in said(await world.slash(world.alice, "ask", question=QUESTION))
    assert "a question could not be recorded: d.sqlite3: the disk is full" in caplog.text


async def test_joining_and_leaving_are_logged_and_so_is_what_fails_then(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody can be told privately of what goes wrong with a server, so the log is."""
    caplog.set_level(logging.INFO)
    async with world_with(settings_with(), tmp_path) as world:
        bot = world.bot
        guild = bot.get_guild(world.guild.id)
        assert guild is not None
        await bot.on_guild_join(guild)
        assert f"joined guild={guild.id}" in caplog.text
        words = "secret"
        try:
            raise RuntimeError(words)
        except RuntimeError:
            await bot.on_error("on_guild_remove", guild)
        assert len(world.unforeseen()) == 1
        assert f"on_guild_remove guild={guild.id} failed: RuntimeError" in caplog.text
    assert words not in caplog.text


def test_who_asked_long_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """When many have asked, those whose minute is over are not kept in memory."""
    monkeypatch.setattr("bot.limits._MOST_KEYS", 10)
    now = 1_000.0
    window = Window(Limits(5, 0, 0), lambda: now)
    for user in range(20):
        window.refusal(Origin(user, 1, 1))
    assert len(window._asked) == 20
    now += 61
    window.refusal(Origin(99, 1, 1))
    assert len(window._asked) == 1
