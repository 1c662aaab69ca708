"""What one place is answered from never comes in another."""

from functools import partial

import pytest

from bot.libraries import Named, UnavailableKnowledgeError
from bot.library import Library, read_library
from bot.limits import Limits, Origin
from bot.service import Service
from bot.settings import Settings
from footnote import Document, Verdict, from_texts
from knowledge.loading import read_text

MILL = "Who built the mill of Ulm?"
HARBOUR = "Who guards the harbour?"


MORE = (
    " Its roof is of slate. It may be visited on Sundays from ten to four, but not in winter.\n\n"
    "## Tickets\n\nTickets cost five euros, and nothing for children.\n"
)


def mill(builder: str) -> str:
    """A document that says who built the mill."""
    return f"# The mill of Ulm\n\n{builder} built the mill of Ulm in 1901.{MORE}"


def harbour(guard: str) -> str:
    """A document that says who guards the harbour."""
    return f"# The harbour\n\n{guard} guards the harbour at night.{MORE}"


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
