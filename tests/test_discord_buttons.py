"""The buttons under answers: what they open, whose they are, and that a restart changes nothing."""

import json
import re
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.discord.controls import LONGEST_CUSTOM_ID, Action, Control, control_of
from bot.discord.presses import press
from retrieval.index.entries import KEY_LENGTH
from retrieval.index.manifest import IndexGoneError
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

NEAR = "Who is the ambassador of Mexico in Israel?"


async def test_show_in_context_marks_the_quote(world: World) -> None:
    """What was quoted is bold between what stands before and after it, for the one who pressed."""
    answer = await world.slash(world.alice, "ask", question=QUESTION)
    result = await world.press(world.bob, answer.response, "Context")
    assert result.ephemeral
    text = said(result)
    assert "**Twinning Agreement between the cities of Bethlehem and Monterrey (1999)**" in text
    assert "Governor of Ramallah" in text
    assert "World Food Programme" in text


@pytest.mark.slow
async def test_reading_goes_on_in_the_same_message(world: World) -> None:
    """Before and After turn the page to the ends of the document, where they lead nowhere."""
    answer = await world.slash(world.alice, "ask", question=QUESTION)
    result = await world.press(world.alice, answer.response, "Context")
    pages = [said(result)]
    while not labels(result.response)["← Previous"]["disabled"]:
        await world.press(world.alice, result.response, "← Previous")
        pages.append(said(result))
    assert len(set(pages)) == len(pages) > 5
    assert "### Mexico–Palestine relations" in pages[-1]


async def test_other_passages_are_pages(world: World) -> None:
    """None is the one that was quoted from; the last has no next one. They are where the source
    is read, on each of its pages."""
    answer = await world.slash(world.alice, "ask", question=QUESTION)
    before = said(answer)
    source = await world.press(world.bob, answer.response, "Context")
    result = await world.press(world.bob, source.response, "Other passages")
    assert result.ephemeral
    assert "Passage 1 of" in said(result)
    count = int(said(result).split("Passage 1 of ")[1].split()[0])
    for number in range(2, count + 1):
        assert "Bethlehem" not in said(result)
        await world.press(world.bob, result.response, "Next →")
        assert f"Passage {number} of {count}" in said(result)
    assert labels(result.response)["Next →"]["disabled"]
    assert said(answer) == before
    read = await world.press(world.bob, result.response, "Read on")
    assert read.ephemeral
    assert list(labels(read.response)) == ["← Previous", "Next →"]
    await world.press(world.bob, source.response, "Next →")
    again = await world.press(world.bob, source.response, "Other passages")
    assert f"Passage 1 of {count}" in said(again)


async def test_a_decline_leads_to_the_closest_sections(world: World) -> None:
    """They can be read, and the other passages from there."""
    declined = await world.slash(world.alice, "ask", question=NEAR)
    section = await world.press(world.alice, declined.response, "Read")
    assert section.ephemeral
    assert "### Mexico–Palestine relations › History" in said(section)
    result = await world.press(world.alice, section.response, "Other passages")
    assert "Passage 1 of" in said(result)


async def test_what_was_expected_is_kept_as_feedback(world: World) -> None:
    """Only once it is said, by whoever asked; a form that is closed leaves nothing."""
    declined = await world.mention(world.alice, NEAR)
    feedback = world.bot.desk.database.feedback
    refused = await world.press(world.bob, declined, "Say what you expected")
    assert "Only the person who asked and moderators" in said(refused)
    form = await world.press(world.alice, declined, "Say what you expected")
    assert form.modal is not None
    assert form.modal["title"] == "What did you expect?"
    assert feedback(world.guild.id) == []
    field = form.modal["components"][0]["component"]["custom_id"]
    sent = acknowledged(await world.alice.submit_modal(form, {field: "The list of embassies"}))
    assert "moderators will see this" in said(sent)
    (kept,) = feedback(world.guild.id)
    assert (kept.is_helpful, kept.comment) == (False, "The list of embassies")


@pytest.mark.parametrize("label", ["Context", "Other passages"])
async def test_buttons_read_the_index_as_questions_do(
    world: World, monkeypatch: pytest.MonkeyPatch, label: str
) -> None:
    """Off the event loop, since it may be elsewhere; and where it was replaced, in the new one."""
    answer = await world.slash(world.alice, "ask", question=QUESTION)
    if label == "Other passages":
        answer = await world.press(world.alice, answer.response, "Context")
    expected = said(await world.press(world.alice, answer.response, label))
    threads = []

    def gone(_: str) -> None:
        threads.append(threading.current_thread())
        raise IndexGoneError("footnote-1")

    library = await world.bot.desk.service.library()
    monkeypatch.setattr(library.index, "with_key", gone)
    assert said(await world.press(world.alice, answer.response, label)) == expected
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


async def test_everything_works_after_a_restart(world: World) -> None:
    """Another process knows of a message only what its buttons say."""
    answer = await world.slash(world.alice, "ask", question=QUESTION)
    opened = await world.press(world.alice, answer.response, "Context")
    await world.restart()
    pages = await world.press(world.alice, opened.response, "Other passages")
    await world.restart()
    opened = await world.press(world.alice, answer.response, "Context")
    assert "**Twinning Agreement" in said(opened)
    await world.press(world.alice, pages.response, "Next →")
    assert "Passage 2 of" in said(pages)
    thanks = await world.press(world.alice, answer.response, "👍")
    assert said(thanks) == "Thank you."
    assert thanks.ephemeral


async def test_only_the_asker_and_moderators_rate(world: World) -> None:
    """Others are told so privately, and nothing is kept."""
    answer = await world.slash(world.alice, "ask", question=QUESTION)
    for label in ("👍", "👎"):
        refused = await world.press(world.bob, answer.response, label)
        assert refused.ephemeral
        assert refused.modal is None
        assert "Only the person who asked and moderators" in said(refused)
    assert world.bot.desk.database.feedback(world.guild.id) == []
    assert said(await world.press(world.moderator, answer.response, "👍")) == "Thank you."
    assert said(await world.press(world.alice, answer.response, "👍")) == "Thank you."
    assert len(world.bot.desk.database.feedback(world.guild.id)) == 2


@pytest.mark.slow
async def test_who_wrote_the_question_may_rate(tmp_path: Path) -> None:
    """Whoever let the bot answer it, and wherever it was answered: in the channel, in a thread, in
    a forum post; another member may not."""
    async with world_with(settings_with(message_content=True), tmp_path) as world:
        wrote = await world.bob.send(world.channel, QUESTION)
        about = await world.alice.context_menu(world.channel, "Answer this", wrote)
        mentioned = await world.mention(world.bob, QUESTION)
        forum = world.guild.create_forum_channel("help")
        for channel, policy in (
            (world.channel, {"messages": "mentions", "answers": "thread"}),
            (forum, {"messages": "forum"}),
        ):
            await world.slash(world.moderator, "footnote channel", channel=channel, **policy)
        await world.mention(world.bob, QUESTION)
        (thread,) = world.channel.threads
        post = await world.post(world.bob, forum, "Twin cities", QUESTION)
        for answer in (about.response, mentioned, thread.last_message, post.last_message):
            assert said(await world.press(world.bob, answer, "👍")) == "Thank you."
        assert said(await world.press(world.alice, about.response, "👍")) == "Thank you."
        carol = world.guild.add_member(world.env.create_user("carol"))
        for answer in (about.response, mentioned, thread.last_message, post.last_message):
            assert "Only the person who asked" in said(await world.press(carol, answer, "👍"))


async def test_not_helpful_asks_what_was_wrong(world: World) -> None:
    """The form's words are kept, instead of what the same member pressed before."""
    answer = await world.slash(world.alice, "ask", question=QUESTION)
    await world.press(world.alice, answer.response, "👍")
    form = await world.press(world.alice, answer.response, "👎")
    assert form.modal is not None
    # The form may be closed without a word.
    (kept,) = world.bot.desk.database.feedback(world.guild.id)
    assert (kept.is_helpful, kept.comment) == (False, "")
    field = form.modal["components"][0]["component"]["custom_id"]
    sent = acknowledged(await world.alice.submit_modal(form, {field: "It is @everyone's *fault*"}))
    assert sent.ephemeral
    (kept,) = world.bot.desk.database.feedback(world.guild.id)
    assert not kept.is_helpful
    assert kept.comment == "It is @everyone's *fault*"
    assert kept.question is None


async def test_what_changed_since_is_said(tmp_path: Path) -> None:
    """A button that leads to text that is there no more says so."""
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.md").write_text("# Rent\n\nThe rent is due on the third day of each month.\n")
    async with world_with(settings_with(knowledge=folder), tmp_path) as world:
        answer = await world.slash(world.alice, "ask", question="When is the rent due?")
        assert "third day" in said(answer)
        (folder / "a.md").write_text("# Rent\n\nThe rent is due on the first day of each month.\n")
        await world.slash(world.moderator, "footnote reload")
        result = await world.press(world.alice, answer.response, "Context")
        assert "The documents have changed" in said(result)
        # The rating of an answer stays possible.
        await world.press(world.alice, answer.response, "👍")


async def test_where_nothing_was_found_nothing_leads_on(world: World) -> None:
    """There is no button without a passage behind it."""
    answer = await world.slash(world.alice, "ask", question=OFF_TOPIC)
    assert list(labels(answer.response)) == ["Say what you expected"]


def test_custom_ids_hold_what_they_must() -> None:
    """The longest id of each kind is one that Discord takes, and is read back as it was."""
    keys = "k" * 10 * KEY_LENGTH
    user = str(2**64 - 1)
    for control in (
        Control(Action.LIST, ("9", keys)),
        Control(Action.LEAF, ("9", keys)),
        Control(Action.READ, (keys[:KEY_LENGTH], "8" * 12, "9" * 12, keys[: 6 * KEY_LENGTH])),
        Control(Action.TURN, (keys[:KEY_LENGTH], keys[: 9 * KEY_LENGTH])),
        Control(Action.EXPECTED, (user, user)),
        Control(Action.UNHELPFUL, (user, user)),
    ):
        assert len(control.custom_id) <= LONGEST_CUSTOM_ID
        assert control_of(control.custom_id) == control


@pytest.mark.parametrize("custom_id", ["", "footnotes", "footnotes:read:1", "x:read:1"])
def test_ids_of_others_are_left_alone(custom_id: str) -> None:
    """A custom id that is not ours is no control."""
    assert control_of(custom_id) is None


async def test_a_passage_that_is_gone_is_said_among_those_that_were_found(tmp_path: Path) -> None:
    """The others can still be looked at."""
    folder = tmp_path / "notes"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.md").write_text(f"# Rent {name}\n\nThe rent of house {name} is due.\n")
    async with world_with(settings_with(knowledge=folder), tmp_path) as world:
        found = await world.slash(world.alice, "search", query="rent of house")
        assert "Passage 1 of 2" in said(found)
        gone = "b" if "house b" not in said(found) else "a"
        (folder / f"{gone}.md").unlink()
        await world.slash(world.moderator, "footnote reload")
        await world.press(world.alice, found.response, "Next →")
        assert "this passage is no longer in them" in said(found)
        assert "Passage 2 of 2" in said(found)
        await world.press(world.alice, found.response, "← Previous")
        assert "The rent of house" in said(found)


async def test_buttons_of_others_are_left_alone() -> None:
    """A press on what another program sent under our name is not answered."""
    interaction = SimpleNamespace(data={"custom_id": "other:1"})
    assert await press(interaction, None) is None  # type: ignore[arg-type]


def write_documents(folder: Path, count: int, *, each: str = "Words of {0}.") -> list[str]:
    """Files, and among them one with many documents; the ids in their order."""
    folder.mkdir()
    for number in range(count // 2):
        (folder / f"{number:03}.md").write_text(f"# Title {number}\n\n{each.format(number)}\n")
    records = [
        json.dumps({"_id": f"record-{number}", "title": f"Record {number}", "text": "Some words."})
        for number in range(count - count // 2)
    ]
    (folder / "100-records.jsonl").write_text("\n".join(records))
    files = [f"{number:03}.md" for number in range(count // 2)]
    ids = [f"record-{number}" for number in range(count - count // 2)]
    return files[:100] + ids + files[100:]


@pytest.mark.slow
async def test_documents_have_pages(tmp_path: Path) -> None:
    """Each document stands on one of them, in the order of the files; the ends lead nowhere."""
    expected = write_documents(tmp_path / "notes", 401)
    async with world_with(settings_with(knowledge=tmp_path / "notes"), tmp_path) as world:
        result = await world.slash(world.alice, "documents")
        assert result.ephemeral
        assert labels(result.response)["← Previous"]["disabled"]
        found = []
        while True:
            text = said(result)
            assert "### 401 documents" in text
            found += re.findall(r"· (\S+)$", text.replace("\\", ""), re.M)
            if labels(result.response)["Next →"]["disabled"]:
                break
            await world.press(world.alice, result.response, "Next →")
        assert "Page 27 of 27" in text
        assert found == expected
        await world.press(world.alice, result.response, "← Previous")
        assert "Page 26 of 27" in said(result)


async def test_a_page_of_documents_that_is_gone_is_the_last_one(tmp_path: Path) -> None:
    """Documents may be fewer after a reading."""
    write_documents(tmp_path / "notes", 40)
    async with world_with(settings_with(knowledge=tmp_path / "notes"), tmp_path) as world:
        result = await world.slash(world.alice, "documents")
        await world.press(world.alice, result.response, "Next →")
        (tmp_path / "notes" / "100-records.jsonl").unlink()
        await world.slash(world.moderator, "footnote reload")
        await world.press(world.alice, result.response, "Next →")
        assert "Page 2 of 2" in said(result)
        assert "### 20 documents" in said(result)


async def test_long_names_of_documents_fit(tmp_path: Path) -> None:
    """A page is one message, whatever titles and addresses there are; its laws are checked."""
    folder = tmp_path / "notes"
    folder.mkdir()
    for number in range(40):
        name = f"{number:02}" + "*_" * 60 + ".md"
        (folder / name).write_text(f"# {'[x](y) ' * 60}{number}\n\nWords of {number}.\n")
    settings = settings_with(knowledge=folder, base_url=f"https://example.org/{'a' * 60}/")
    async with world_with(settings, tmp_path) as world:
        result = await world.slash(world.alice, "documents")
        assert "Page 1 of 3" in said(result)
        assert said(result).count("\n- ") == 15
