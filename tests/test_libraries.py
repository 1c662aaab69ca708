"""How libraries of places are opened, closed, read again, and asked together."""

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from bot import keeping
from bot.discord.store import UnreachableDatabaseError
from bot.libraries import Named, UnavailableKnowledgeError
from bot.library import Library, library_of, read_library
from bot.limits import Limits, Origin
from bot.merging import Result, best_of, listing_of
from bot.service import QUEUE, BusyError, Service
from bot.settings import Settings
from footnote import Document, FootnoteError, Verdict
from tests.place_documents import HARBOUR, MILL, Kept, collection, harbour, mill

HERE = Origin(1, 10, 1)


def service_with(**reads: Callable[[], Library]) -> Service:
    """A service with collections, the first of which is chosen in server 1."""
    named = {name: Named(read) for name, read in reads.items()}
    service = Service(lambda: read_library(Settings()), Limits(0, 0, 0), named=named)
    service.libraries.choices = {(1, 0): next(iter(reads))} if reads else {}
    return service


def timers_of_a_minute(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
    """What the loop would do in a minute; it does nothing else later."""
    timers: list[Callable[[], object]] = []

    def call_later(seconds: float, work: Callable[..., object], *given: object) -> None:
        if seconds == 60:
            timers.append(partial(work, *given))

    monkeypatch.setattr(asyncio.get_running_loop(), "call_later", call_later)
    return timers


class Reading:
    """Reads the mill's collection, fails where `error` is set, and counts."""

    def __init__(self) -> None:
        self.count = 0
        self.error: FootnoteError | None = None
        self.read: list[weakref.ref[object]] = []

    def __call__(self) -> Library:
        """The library."""
        self.count += 1
        if self.error is not None:
            raise self.error
        library = collection("mills.md", mill("Anna Bauer"))
        self.read.append(weakref.ref(library.collection.index.entries))
        return library


async def test_an_index_is_opened_when_first_asked_and_once() -> None:
    """Not at the start, nor twice for two who ask at once, nor for who asks elsewhere."""
    reading = Reading()
    service = service_with(mills=reading)
    await service.ask(MILL, Origin(1, 10, 2))
    assert reading.count == 0
    found = await asyncio.gather(*(service.ask(MILL, Origin(n, 10, 1)) for n in range(4)))
    assert {one.value.verdict for one in found} == {Verdict.ANSWERED}
    assert reading.count == 1


async def test_what_is_suggested_while_it_is_opened() -> None:
    """Nothing, for Discord waits for three seconds; the next letter finds it open."""
    service = service_with(mills=Reading())
    await service.library()
    assert service.libraries.suggesting_at(HERE) == []
    await service.libraries.at(HERE)
    (library,) = service.libraries.suggesting_at(HERE)
    assert [document.id for document in library.named("mill", 5)] == ["mills.md"]


@pytest.mark.slow
async def test_an_unused_index_is_closed_and_opened_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Twenty times, of which nothing stays, without the help of the garbage collector."""
    monkeypatch.setattr(keeping, "UNUSED", 0.02)
    monkeypatch.setattr(keeping, "_BUSY", 0.02)
    reading = Reading()
    service = service_with(mills=reading)
    service.libraries.own.sources.append(Kept({1: harbour("Dora Kern")}))
    own: list[weakref.ref[object]] = []

    def collected(documents: list[Document]) -> Library:
        library = library_of(documents)
        own.append(weakref.ref(library.index.entries))
        return library

    service.libraries.own._collect = collected
    gc.disable()
    try:
        for _ in range(20):
            assert (await service.ask(MILL, HERE)).value.text
            while any(ref() for ref in (*reading.read, *own)):
                await asyncio.sleep(0.01)
    finally:
        gc.enable()
    assert reading.count == len(own) == 20


async def test_a_used_index_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as somebody asks it now and then."""
    now = 1_000.0
    service = service_with(mills=Reading())
    await service.ask(MILL, HERE)
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "time", lambda: now)
    open_ = service.libraries._open
    open_.put("mills", open_.get("mills"))  # type: ignore[arg-type]
    for passed, is_open in ((keeping.UNUSED - 1, True), (keeping.UNUSED + 1, False)):
        service.libraries.open_at(HERE)
        now += passed
        open_._look("mills")
        assert ("mills" in open_) is is_open


async def test_only_the_collection_of_a_place_is_read_again() -> None:
    """And with it what its server keeps itself."""
    mills, harbours = Reading(), Reading()
    service = service_with(mills=mills, harbours=harbours)
    service.libraries.choices = {(1, 0): "mills", (2, 0): "harbours"}
    for server in (1, 2):
        await service.ask(MILL, Origin(1, 10, server))
    await service.reload(HERE)
    assert (mills.count, harbours.count) == (2, 1)


async def test_a_collection_that_cannot_be_opened_is_said_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Members read that it is not there, moderators that the log has the reason, once; it is tried
    again a minute later, not at every question, or where a moderator reloads it."""
    timers = timers_of_a_minute(monkeypatch)
    reading = Reading()
    service = service_with(mills=reading)
    reading.error = FootnoteError("the disk is gone")
    with pytest.raises(UnavailableKnowledgeError):
        await service.ask(MILL, HERE)
    assert "cannot be opened" in (service.libraries.trouble(HERE) or "")
    with pytest.raises(UnavailableKnowledgeError):
        await service.ask(MILL, HERE)
    assert reading.count == 1
    timers.pop()()
    with pytest.raises(UnavailableKnowledgeError):
        await service.ask(MILL, HERE)
    assert reading.count == 2
    assert caplog.text.count("the disk is gone") == 1
    reading.error = None
    with pytest.raises(UnavailableKnowledgeError):
        await service.ask(MILL, HERE)
    timers.pop()()
    assert (await service.ask(MILL, HERE)).value.text
    assert service.libraries.trouble(HERE) is None


class Unreadable(Kept):
    """A database that does not answer while it `is_down`."""

    is_down = True
    asked = 0

    def documents(self, server: int) -> list[Document]:
        """The server's text."""
        self.asked += 1
        if self.is_down:
            raise UnreachableDatabaseError("the database does not answer")
        return super().documents(server)


async def test_what_a_server_keeps_may_be_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest answers meanwhile, and it is tried again a minute later, not at every question."""
    timers = timers_of_a_minute(monkeypatch)
    service = service_with(mills=Reading())
    kept = Unreadable({1: harbour("Dora Kern")})
    service.libraries.own.sources.append(kept)
    for _ in range(3):
        assert "Anna" in ((await service.ask(MILL, HERE)).value.text or "")
    assert kept.asked == 1
    kept.is_down = False
    (again,) = timers
    again()
    assert "Dora" in ((await service.ask(HARBOUR, HERE)).value.text or "")
    kept.is_down = True
    with pytest.raises(UnreachableDatabaseError):
        await service.own_changed(1)
    assert not service.libraries.own.is_made(1)


async def test_documents_that_nobody_asks_are_not_made() -> None:
    """A change before the first question is read with it."""
    service = service_with(mills=Reading())
    kept = Unreadable({1: harbour("Dora Kern")})
    service.libraries.own.sources.append(kept)
    await service.own_changed(1)
    assert kept.asked == 0


def asked(question: str, *texts: str) -> list[Result]:  # type: ignore[type-arg]
    """The answers of libraries of one text each."""
    found = [collection(f"{number}.md", text) for number, text in enumerate(texts)]
    return [Result(one.collection.ask(question), one) for one in found]


def test_the_surest_answer_is_shown_and_the_first_of_equals() -> None:
    """Whichever library it is from; a decline never comes before an answer."""
    alike = asked(MILL, mill("Anna Bauer"), mill("Anna Bauer"))
    assert best_of(alike).library is alike[0].library
    for order in (1, -1):
        both = asked(MILL, harbour("Bruno Meyer"), mill("Anna Bauer"))[::order]
        best = best_of(both)
        assert best.value.verdict is Verdict.ANSWERED
        assert best.library.index.files() == ["1.md"]
    sure = replace(alike[1], value=replace(alike[1].value, confidence=1.0))
    assert best_of([alike[0], sure]) is sure


def test_a_decline_has_the_closest_sections_of_all() -> None:
    """At most three, the first of each library before the second of any."""
    both = asked("Who painted the roof of slate in winter?", mill("Anna"), harbour("Bruno"))
    assert {one.value.verdict for one in both} == {Verdict.DECLINED}
    best = best_of(both).value
    firsts = {one.value.nearest[0].document_id for one in both}
    assert {one.document_id for one in best.nearest[:2]} == firsts == {"0.md", "1.md"}
    assert len(best.nearest) <= 3
    assert {hit.passage.document_id for hit in best.hits} == {"0.md", "1.md"}
    assert [hit.rank for hit in best.hits] == list(range(1, len(best.hits) + 1))


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_documents_are_listed_one_library_after_the_other(size: int) -> None:
    """Every one on one page, in order, whatever page has how many."""
    parts = [collection(f"{name}.md", mill("Anna")) for name in "abcd"]
    pages = listing_of(parts, 0, size).pages
    found = [listing_of(parts, page, size) for page in range(pages)]
    assert [one.id for page in found for one in page.documents] == ["a.md", "b.md", "c.md", "d.md"]
    assert {(page.total, page.skipped) for page in found} == {(4, 0)}
    assert listing_of(parts, 99, size) == found[-1]


async def test_a_search_finds_passages_of_all() -> None:
    """The best of each in turn, at most as many as are asked for."""
    service = service_with(mills=partial(collection, "mills.md", mill("Anna Bauer")))
    service.libraries.own.sources.append(Kept({1: harbour("Dora Kern")}))
    found = (await service.search("tickets for children", HERE)).value
    assert [hit.passage.document_id for hit in found[:2]] == ["own.md", "mills.md"]
    assert len((await service.search("tickets for children", HERE, limit=1)).value) == 1


async def test_a_collection_that_takes_long_to_open_holds_up_nobody_else() -> None:
    """Those who wait for it fill half of the queue; others are answered meanwhile."""
    is_there = threading.Event()

    def reading() -> Library:
        is_there.wait()
        return collection("mills.md", mill("Anna Bauer"))

    service = service_with(mills=reading)
    await service.library()
    asking = [asyncio.create_task(service.ask(MILL, Origin(n, 10, 1))) for n in range(2 * QUEUE)]
    await asyncio.sleep(0)
    assert (await service.ask(MILL, Origin(1_000, 10, 2))).library is service.ready
    is_there.set()
    found = await asyncio.gather(*asking, return_exceptions=True)
    refused = [one for one in found if isinstance(one, BusyError)]
    assert len(found) - len(refused) == QUEUE // 2
    assert "still being opened" in str(refused[0])
