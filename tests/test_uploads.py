"""Documents that moderators brought, in the database: kept, replaced, removed, taken back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

import pytest

from bot.discord.database import Database
from bot.discord.departures import Departures
from bot.discord.leases import Shards
from bot.discord.upload_store import Uploads
from bot.discord.uploads import (
    MEGABYTE,
    MOST_PASSAGES,
    Kind,
    Undone,
    Upload,
    UploadError,
    UploadLimits,
)
from bot.discord.written import Written, packed, unpacked

Opening: TypeAlias = Callable[[], Database]

SERVER, OTHER, MODERATOR = 1, 2, 7
DAY = 86_400


def a_file(name: str = "a.md", content: bytes = b"text", passages: int = 1) -> Upload:
    """A file that is brought."""
    return Upload(name, Kind.FILE, content, passages)


def names(uploads: Uploads, server: int = SERVER) -> list[str]:
    """What a server has."""
    return [kept.name for kept in uploads.present(server)]


def contents(uploads: Uploads, server: int = SERVER) -> list[bytes | None]:
    """The contents of what it has."""
    return [uploads.content(server, kept.id) for kept in uploads.present(server)]


def add(uploads: Uploads, *files: Upload, server: int = SERVER) -> None:
    """A moderator brings files by one command."""
    uploads.add(server, files, MODERATOR, "mod")


def aged(database: Database, days: float) -> None:
    """Let everything have happened some days earlier."""
    database.store.write(
        lambda transaction: transaction.execute(
            "update uploads set added_at = added_at - ?, removed_at = removed_at - ?",
            (days * DAY, days * DAY),
        )
    )


@pytest.fixture
def database(open_database: Opening) -> Database:
    """An empty database of each kind."""
    return open_database()


@pytest.fixture
def uploads(database: Database) -> Uploads:
    """The documents in it, with small limits."""
    return Uploads(database, UploadLimits(documents=4, server=1))


def test_what_is_kept_is_what_was_brought(uploads: Uploads, open_database: Opening) -> None:
    """Any bytes and any name, by their names, in another process as well."""
    content = bytes(range(256)) * 100
    add(uploads, a_file("ß'%?.md", content, passages=3), a_file("B.md", b"\0"))
    again = Uploads(open_database(), uploads.limits)
    assert names(again) == ["B.md", "ß'%?.md"]
    assert contents(again) == [b"\0", content]
    (_, kept) = again.present(SERVER)
    assert (kept.kind, kept.passages, kept.adder, kept.link) == (Kind.FILE, 3, "mod", "")
    assert names(again, OTHER) == []


def test_what_another_server_or_bot_has_is_out_of_reach(
    uploads: Uploads, database: Database
) -> None:
    """By its name, by its id, and by undoing."""
    add(uploads, a_file())
    (kept,) = uploads.present(SERVER)
    for server, application in ((OTHER, 0), (SERVER, 5)):
        database.application = application
        assert names(uploads, server) == []
        assert uploads.content(server, kept.id) is None
        with pytest.raises(UploadError, match="no document named"):
            uploads.remove(server, kept.name)
        with pytest.raises(UploadError, match="Nothing was added"):
            uploads.undo(server)
        assert not uploads.forget(server, MODERATOR)
    database.application = 0
    assert names(uploads) == ["a.md"]


def test_the_same_name_replaces_the_earlier_one_until_that_is_undone(uploads: Uploads) -> None:
    """And each step before can be undone too."""
    add(uploads, a_file("a.md", b"first"), a_file("b.md", b"other"))
    add(uploads, a_file("a.md", b"second"))
    assert contents(uploads) == [b"second", b"other"]
    uploads.remove(SERVER, "a.md")
    assert contents(uploads) == [b"other"]
    assert uploads.undo(SERVER) == Undone((), ("a.md",))
    assert contents(uploads) == [b"second", b"other"]
    assert uploads.undo(SERVER) == Undone(("a.md",), ("a.md",))
    assert contents(uploads) == [b"first", b"other"]
    assert set(uploads.undo(SERVER).gone) == {"a.md", "b.md"}
    assert contents(uploads) == []
    with pytest.raises(UploadError, match="in the last week"):
        uploads.undo(SERVER)


def test_a_link_replaces_itself_and_nothing_else(uploads: Uploads) -> None:
    """Two messages of one day have one name, so that the second gets a number."""
    for link in ("x/1", "x/2", "x/1"):
        add(uploads, Upload("#general, 2026-11-28", Kind.MESSAGE, link.encode(), 1, link))
    assert names(uploads) == ["#general, 2026-11-28", "#general, 2026-11-28 (2)"]
    assert contents(uploads) == [b"x/1", b"x/2"]


def test_nothing_is_kept_of_what_is_too_much(uploads: Uploads) -> None:
    """Too many, too large, too long, or one twice: all of the command, or nothing of it."""
    add(uploads, a_file("a.md"))
    most = "Nothing was added: a server may have no more than {}; remove some with"
    refused = {
        most.format("4 documents"): [a_file(f"{number}.md") for number in range(4)],
        most.format("1 MB of documents"): [a_file("b.md"), a_file("c.md", b"x" * MEGABYTE)],
        most.format("documents of 5,000 passages in all"): [
            a_file("b.md"),
            a_file("c.md", passages=MOST_PASSAGES),
        ],
        "b.md is given twice; give each document once": [a_file("b.md"), a_file("b.md")],
    }
    for reason, files in refused.items():
        with pytest.raises(UploadError, match=f"^{reason}"):
            add(uploads, *files)
        assert names(uploads) == ["a.md"]
    add(uploads, a_file("a.md", b"x" * MEGABYTE, MOST_PASSAGES))
    assert contents(uploads) == [b"x" * MEGABYTE]


def test_as_much_as_is_allowed_is_taken(uploads: Uploads) -> None:
    """As many documents, as large and as long: what is refused is what goes beyond it."""
    sizes = [MEGABYTE // 4] * 4
    files = [a_file(f"{n}.md", b"x" * size, MOST_PASSAGES // 4) for n, size in enumerate(sizes)]
    add(uploads, *files)
    assert names(uploads) == ["0.md", "1.md", "2.md", "3.md"]
    with pytest.raises(UploadError, match="no more than 4 documents"):
        add(uploads, a_file("4.md", b""))


def test_the_largest_document_can_be_taken_back(uploads: Uploads) -> None:
    """One that takes all the room there is, replaced by mistake."""
    add(uploads, a_file("a.md", b"x" * MEGABYTE))
    add(uploads, a_file("a.md", b"y"))
    assert uploads.undo(SERVER) == Undone(("a.md",), ("a.md",))
    assert contents(uploads) == [b"x" * MEGABYTE]


def test_of_what_was_removed_as_many_are_kept_as_may_be_there(
    uploads: Uploads, database: Database
) -> None:
    """Small ones, too, cannot be replaced for ever; the latest can be taken back."""
    for number in range(5):
        add(uploads, a_file("a.md", bytes([number])))
    ((rows,),) = database.store.read("select count(*) from uploads")
    assert rows == 5
    add(uploads, a_file("a.md", bytes([5])))
    ((rows,),) = database.store.read("select count(*) from uploads")
    assert 2 <= rows <= 5
    assert uploads.undo(SERVER) == Undone(("a.md",), ("a.md",))
    assert contents(uploads) == [bytes([4])]


def test_what_was_removed_takes_no_more_room_than_what_is_there(
    uploads: Uploads, database: Database
) -> None:
    """Whoever replaces a large file again and again does not fill the disk; the last one can be
    undone still."""
    large = MEGABYTE * 6 // 10
    for number in range(5):
        add(uploads, a_file("a.md", bytes([number]) * large))
    ((rows,),) = database.store.read("select count(*) from uploads")
    assert rows == 2
    assert uploads.undo(SERVER) == Undone(("a.md",), ("a.md",))
    assert contents(uploads) == [bytes([3]) * large]
    with pytest.raises(UploadError, match="in the last week"):
        uploads.undo(SERVER)


def test_after_a_week_nothing_is_undone_and_what_was_removed_is_gone(
    uploads: Uploads, database: Database
) -> None:
    """What is there stays."""
    add(uploads, a_file("a.md"), a_file("b.md"))
    uploads.remove(SERVER, "a.md")
    aged(database, 6.9)
    uploads.review()
    ((rows,),) = database.store.read("select count(*) from uploads")
    assert rows == 2
    aged(database, 0.2)
    with pytest.raises(UploadError, match="in the last week"):
        uploads.undo(SERVER)
    uploads.review()
    ((rows,),) = database.store.read("select count(*) from uploads")
    assert rows == 1
    assert names(uploads) == ["b.md"]


def test_many_add_at_the_same_time(open_database: Opening) -> None:
    """From several processes: no limit is passed, and each change can be undone by itself."""
    limits = UploadLimits(documents=6)
    processes = [Uploads(open_database(), limits) for _ in range(3)]

    def bring(number: int) -> bool:
        try:
            add(processes[number % 3], a_file(f"{number}.md"), a_file("same.md"))
        except UploadError:
            return False
        return True

    with ThreadPoolExecutor(9) as threads:
        taken = sum(threads.map(bring, range(9)))
    assert taken == 5
    assert len(names(processes[0])) == 6
    for left in (5, 4, 3, 2, 0):
        processes[0].undo(SERVER)
        assert len(names(processes[0])) == left


def test_who_is_forgotten_is_named_no_more(uploads: Uploads) -> None:
    """Neither as who brought a document nor as who wrote a message; the documents stay."""
    messages = [Written(MODERATOR, "mod", "2026-11-28 10:00", "mine", "5"),
                Written(8, "bob", "2026-11-28 10:01", "his", "6")]  # fmt: skip
    add(uploads, a_file(), Upload("#x", Kind.THREAD, packed(messages), 2, "link"))
    uploads.add(SERVER, [a_file("b.md")], 8, "bob")
    assert uploads.forget(SERVER, MODERATOR)
    assert [kept.adder for kept in uploads.present(SERVER)] == ["", "", "bob"]
    (content,) = (uploads.content(SERVER, k.id) for k in uploads.present(SERVER) if k.link)
    assert content is not None
    assert [(m.author, m.name, m.text) for m in unpacked(content)] == [
        (0, "", "mine"), (8, "bob", "his")
    ]  # fmt: skip
    assert not uploads.forget(SERVER, MODERATOR)


def test_a_server_that_was_left_takes_its_documents_with_it(
    uploads: Uploads, database: Database
) -> None:
    """As everything else that is kept for it."""
    add(uploads, a_file())
    add(uploads, a_file(), server=OTHER)
    Departures(database, 0).review([OTHER], Shards(1))
    assert names(uploads) == []
    assert names(uploads, OTHER) == ["a.md"]
