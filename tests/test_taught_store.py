"""What is kept of taught answers and of questions that were handed on, in both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.discord import handed, taught_store
from bot.discord.database import Database
from bot.discord.departures import Departures
from bot.discord.handed import HandedOn, HandedOnStore, Helpers
from bot.discord.leases import Shards
from bot.discord.taught import (
    Taught,
    TooMuchTaughtError,
    UnteachableError,
    as_markdown,
    checked,
    credit_of,
    documents_of,
)
from bot.discord.taught_store import TaughtStore
from retrieval.opening import collection_of

Opening: TypeAlias = Callable[[], Database]

ENTRY = Taught(
    id=11, server=1, question="How do I reset my password?",
    answer="Open *Settings*, choose Account and press **Reset**.", taught_by=5, name="Ann",
    taught_at="2026-03-04T05:06:07+00:00", link="https://discord.com/channels/1/2/3",
)  # fmt: skip
ASKED = HandedOn(
    message=70, server=1, channel=10, user=7, reply_to=69, question="Who cooks?", press=71,
    post_channel=20,
)  # fmt: skip


def bot_of(database: Database, application: int) -> Database:
    """The database as the bot of an application has it."""
    database.application = application
    return database


def test_entries_are_kept_edited_and_removed(open_database: Opening) -> None:
    """Of one server, of one bot; an edit and a removal elsewhere change nothing."""
    store = TaughtStore(bot_of(open_database(), 100))
    store.add(ENTRY)
    store.add(replace(ENTRY, id=12, server=2))
    other = TaughtStore(bot_of(open_database(), 200))
    assert other.entries(1) == []
    assert not other.remove(1, 11)
    again = TaughtStore(bot_of(open_database(), 100))
    assert again.entries(1) == [ENTRY]
    assert again.entry(2, 11) is None
    assert not again.edit(2, 11, "q", "a")
    assert not again.remove(2, 11)
    assert again.edit(1, 11, "How?", "So.")
    (edited,) = again.entries(1)
    assert (edited.question, edited.answer, edited.name) == ("How?", "So.", "Ann")
    assert edited.edited_at > edited.taught_at
    assert again.remove(1, 11)
    assert not again.remove(1, 11)
    assert again.entries(1) == []


def test_a_server_has_no_more_than_it_may(
    open_database: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where several moderators teach at once; what is there already is no more."""
    monkeypatch.setattr(taught_store, "MOST_TAUGHT", 3)
    store = TaughtStore(bot_of(open_database(), 100))

    def added(id_: int) -> bool:
        try:
            store.add(replace(ENTRY, id=id_))
        except TooMuchTaughtError:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(added, range(6))) == 3
    assert len(store.entries(1)) == 3
    assert added(store.entries(1)[0].id)
    assert len(store.entries(1)) == 3
    assert added(99) is False


def test_a_member_is_named_no_more(open_database: Opening, tmp_path: Path) -> None:
    """What they taught stays, and what they asked goes."""
    database = bot_of(open_database(), 100)
    store, handed_on = TaughtStore(database), HandedOnStore(database)
    store.add(ENTRY)
    assert handed_on.claim(ASKED)
    assert handed_on.claim(replace(ASKED, message=80, user=8, press=81))
    handed_on.close(ASKED, 90, 5, "Ann", "She does.")
    assert store.forget(2, 5) is False
    assert store.forget(1, 5) is True
    handed_on.forget(1, 5)
    assert store.entries(1)[0].credit == "taught by a moderator on 2026-03-04"
    kept = handed_on.of_message(1, 70)
    assert kept is not None
    assert (kept.closing, kept.closed_by, kept.closed_name) == (90, 0, "")
    assert database.forget_user(1, 7) == 1
    assert handed_on.of_message(1, 70) is None
    assert handed_on.of_message(1, 80) is not None
    files = [path.read_bytes() for path in tmp_path.glob("discord*")]
    assert not any(b"Ann" in content for content in files)


def test_a_question_is_handed_on_once(open_database: Opening) -> None:
    """By one press, which may be kept twice; one that was never posted may be after a minute."""
    store = HandedOnStore(bot_of(open_database(), 100))
    assert store.claim(ASKED)
    assert store.claim(ASKED)
    other = replace(ASKED, press=72)
    assert not store.claim(other)
    store.withdraw(other)
    assert not store.claim(other)
    store.withdraw(ASKED)
    assert store.claim(other)
    store.posted(other, 500)
    assert store.of_post(1, 500) == replace(other, post=500)
    assert store.of_post(2, 500) is None


def test_a_question_whose_press_was_lost_is_handed_on_later(
    open_database: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the bot was killed in between; not where it was posted, or answered."""
    store = HandedOnStore(bot_of(open_database(), 100))
    monkeypatch.setattr(handed, "now", lambda: "2020-01-01T00:00:00+00:00")
    assert store.claim(ASKED)
    later = replace(ASKED, press=72)
    assert store.claim(later)
    store.posted(later, 500)
    assert not store.claim(replace(ASKED, press=73))
    lost = replace(ASKED, message=75)
    assert store.claim(lost)
    store.close(lost, 9, 9, "Eve", "")
    assert not store.claim(replace(lost, press=76))


def test_one_of_two_closes_a_question(open_database: Opening) -> None:
    """The other reads whose answer it was; one that could not be sent may be given again."""
    store = HandedOnStore(bot_of(open_database(), 100))
    store.claim(ASKED)
    names = {1: "Ann", 2: "Ben", 3: "Cid", 4: "Dan"}
    with ThreadPoolExecutor(4) as threads:
        closed = list(threads.map(lambda n: store.close(ASKED, n, n, names[n], "She does."), names))
    winners = {(each.closing, each.closed_name) for each in closed if each}
    ((winner, name),) = winners
    assert names[winner] == name
    assert store.close(ASKED, winner, winner, name, "She does.") == closed[0]
    store.reopen(ASKED, winner + 1)
    assert getattr(store.of_message(1, 70), "closing", None) == winner
    store.reopen(ASKED, winner)
    assert getattr(store.close(ASKED, 9, 9, "Eve", ""), "closed_name", None) == "Eve"
    assert store.close(replace(ASKED, message=1), 9, 9, "Eve", "") is None


def test_an_answer_is_kept_until_it_was_passed_on(open_database: Opening) -> None:
    """Not where it is dismissed, given again, or passed on."""
    store = HandedOnStore(bot_of(open_database(), 100))
    store.claim(ASKED)
    closed = store.close(ASKED, 9, 9, "Eve", "She does.")
    assert closed is not None
    assert closed.answer == "She does."
    assert store.untold() == [closed]
    store.reopen(closed, 9)
    assert store.untold() == []
    store.close(ASKED, 10, 9, "Eve", "He does.")
    store.told(ASKED)
    assert store.untold() == []
    assert getattr(store.of_message(1, 70), "closing", None) == 10


def test_helpers_are_those_of_one_server(open_database: Opening) -> None:
    """The last decision counts, and may be that there are none."""
    store = HandedOnStore(bot_of(open_database(), 100))
    store.set_helpers(1, Helpers(20))
    store.set_helpers(2, Helpers(30, 40))
    store.set_helpers(1, Helpers(21, 41))
    assert store.helpers() == {1: Helpers(21, 41), 2: Helpers(30, 40)}
    store.set_helpers(1, None)
    assert HandedOnStore(bot_of(open_database(), 100)).helpers() == {2: Helpers(30, 40)}
    assert HandedOnStore(bot_of(open_database(), 200)).helpers() == {}


@pytest.mark.parametrize(
    "answer",
    [
        "Plain words.",
        "Two\nlines, and a [link](https://example.org) with <@123> and @everyone.",
        "1. Open it.\n2. Close it.\n\n```\ncode(x)\n```",
        "---\ntitle: Another\n---\nWords below.",
        "> a quote\n||and a spoiler||",
        "w" * 1_500,
        "a\0b \ud800 c",
    ],
)
def test_an_answer_is_a_document_word_for_word(answer: str) -> None:
    """Its title and heading are the question, whatever the answer says of itself."""
    question, kept = checked("  What\nis it? ", answer)
    assert question == "What is it?"
    (document,) = documents_of(replace(ENTRY, question=question, answer=kept))
    assert document.text == kept
    assert document.title == "What is it?"
    assert {block.heading for block in document.blocks} == {("What is it?",)}
    assert document.url == ENTRY.link


@pytest.mark.parametrize(
    ("question", "answer", "says"),
    [
        ("", "Words.", "question has no words"),
        ("😀", "Words.", "question has no words"),
        ("Why?", " \n ", "answer has no words"),
        ("Why?", "😀😀", "answer has no words"),
        ("Why?", "# Only a heading", "answer has no words"),
        ("Why?" * 100, "Words.", "300 characters"),
        ("Why?", "w" * 1_501, "1,500"),
    ],
)
def test_what_nobody_could_be_answered_with_is_refused(
    question: str, answer: str, says: str
) -> None:
    """In one sentence."""
    with pytest.raises(UnteachableError, match=says):
        checked(question, answer)


@pytest.mark.parametrize("name", ["Ann", "", "a:b", "@everyone <@1>", "two\nlines", "x" * 200])
def test_who_taught_it_stands_in_no_quote(name: str) -> None:
    """It is read off the id of the document, which no file has."""
    entry = replace(ENTRY, name=name)
    answer = collection_of(documents_of(entry), reader="words").ask("password reset?")
    (citation,) = answer.citations
    assert citation.quote == ENTRY.answer
    assert (
        credit_of(citation.document_id) == f"taught by {name[:100] or 'a moderator'} on 2026-03-04"
    )


@pytest.mark.parametrize("id_", ["taught.md", "taught/1.md", "taught:1", "a/taught:1:2026-03-04:b"])
def test_nobody_taught_a_file(id_: str) -> None:
    """Whatever it is called."""
    assert credit_of(id_) is None


def test_the_export_has_all_of_it() -> None:
    """A section for each entry: the answer as it is, who taught it when, and the link."""
    other = replace(ENTRY, question="And now?", answer="Wait.", name="")
    assert as_markdown([ENTRY, other]) == (
        "## How do I reset my password?\n\n"
        "Open *Settings*, choose Account and press **Reset**.\n\n"
        "taught by Ann on 2026-03-04, <https://discord.com/channels/1/2/3>\n\n"
        "## And now?\n\nWait.\n\n"
        "taught by a moderator on 2026-03-04, <https://discord.com/channels/1/2/3>\n"
    )


def test_what_belongs_to_a_server_goes_with_it(open_database: Opening) -> None:
    """Once the bot has left it, and only of that server."""
    database = bot_of(open_database(), 100)
    taught, handed_on = TaughtStore(database), HandedOnStore(database)
    for server in (1, 2):
        taught.add(replace(ENTRY, id=server, server=server))
        handed_on.set_helpers(server, Helpers(20))
        handed_on.claim(replace(ASKED, message=server, server=server))
    Departures(database, 0).review({2}, Shards())
    assert [len(taught.entries(server)) for server in (1, 2)] == [0, 1]
    assert handed_on.helpers() == {2: Helpers(20)}
    assert handed_on.of_message(1, 1) is None
    assert handed_on.of_message(2, 2) is not None


def test_an_entry_that_cannot_be_quoted_takes_no_other_with_it(open_database: Opening) -> None:
    """Such as one that another version took."""
    store = TaughtStore(bot_of(open_database(), 100))
    store.add(ENTRY)
    store.add(replace(ENTRY, id=12, answer="# Nothing but a heading"))
    assert [document.text for document in store.documents(1)] == [ENTRY.answer]
