"""Asking an index in a cluster."""

import json
from pathlib import Path
from typing import Any

import pytest
from command import Run
from opensearch import Opened, write

from bot.library import read_library
from bot.limits import Limits, Origin
from bot.service import Service
from bot.settings import Settings
from knowledge.loading import MATERIAL
from retrieval.cluster.address import Cluster
from retrieval.cluster.connection import Connection
from retrieval.cluster.layout import alias_of
from retrieval.index.manifest import IndexUseError
from retrieval.opening import open_collection

pytestmark = pytest.mark.cluster


def test_without_an_index_it_is_said_how_one_is_built(opened: Opened, notes: Path) -> None:
    """Where nobody may build one by asking."""
    with pytest.raises(IndexUseError, match="footnote index --engine opensearch"):
        opened(notes, refresh=False)


def test_whoever_asks_needs_no_documents(opened: Opened, notes: Path, tmp_path: Path) -> None:
    """Sources are told as if they were there."""
    expected = opened(notes).ask("When does the lease end?")
    notes.rename(tmp_path / "away")
    assert opened(notes, refresh=False).ask("When does the lease end?") == expected
    assert expected.citations[0].source == str(notes / "a.md")


def test_misspelt_words_are_read_as_on_disk(opened: Opened) -> None:
    """Whatever edit a word of the documents went through."""
    index = opened(MATERIAL).index
    other = open_collection(MATERIAL, engine="tantivy", reader="words").index
    words = sorted(other.entries.spellings.near("m", 0))[:12]
    words += sorted(other.entries.spellings.near("r", 0))[:12]
    misspelt = {
        edited
        for word in words
        if len(word) > 5
        for edited in (
            word[:-1],
            word[:2] + word[3:],
            word[:3] + "x" + word[3:],
            f"x{word[1:]}",
            word[:2] + word[3] + word[2] + word[4:],
            word[1] + word[0] + word[2:],
        )
    }
    for word in sorted(misspelt):
        for edits in (1, 2):
            found = index.vocabulary().nearest(word, edits, is_name=False)
            assert found == other.vocabulary().nearest(word, edits, is_name=False), word


def test_acronyms_are_those_of_the_documents(opened: Opened) -> None:
    """As on disk."""
    index = opened(MATERIAL).index
    other = open_collection(MATERIAL, engine="tantivy", reader="words").index
    for content in (["plo"], ["palestin", "liber", "organ"], ["unesco", "vote"]):
        assert index.acronyms().added_to(content) == other.acronyms().added_to(content)


async def test_the_bot_answers_from_a_cluster(opened: Opened, cluster: Cluster) -> None:
    """And reads no documents: where there is no index it does not make one."""
    question = "Which Mexican city is twinned with Bethlehem?"
    expected = opened(MATERIAL).ask(question)
    settings = Settings(engine="opensearch", opensearch=",".join(cluster.nodes), reader="words")
    service = Service(lambda: read_library(settings), Limits(user=0, channel=0, server=0))
    found = await service.ask(question, Origin(user=1, channel=1))
    await service.stop()
    assert found.value == expected
    assert service.ready is not None
    assert service.ready.suggestions("diplomatic", 3)


def test_commands_say_where_the_index_is(
    run: Run, notes: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`index` makes it, and nobody else does."""
    monkeypatch.setenv("FOOTNOTE_OPENSEARCH", ",".join(cluster.nodes))
    monkeypatch.setenv("FOOTNOTE_ENGINE", "opensearch")
    question = ["--knowledge", str(notes), "When does the lease end?"]
    refused = run("ask", *question)
    assert refused.code == 2
    assert "footnote index --engine opensearch" in refused.err
    made = run("index", "--json", "--knowledge", str(notes))
    assert made.code == 0
    assert alias_of(notes) in json.loads(made.out)["folder"]
    assert "The lease ends in May." in run("ask", *question).out
    write(notes / "a.md", "# Lease\n\nThe lease ends in June of 2031.\n")
    assert "The lease ends in May." in run("ask", *question).out
    differing = run("check", "--knowledge", str(notes))
    assert (differing.code, "has changed" in differing.out + differing.err) == (1, True)


def test_an_answer_takes_few_requests(
    opened: Opened, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words that are not known yet, a search, words of the quote, and documents: each once."""
    for wood in ("oak", "beech", "larch", "maple"):
        write(notes / f"{wood}.md", f"# The {wood} house\n\nThe {wood} door opens to the yard.\n")
    requests = []
    ask = Connection.ask

    def counted(self: Connection, method: str, path: str, *rest: Any, **more: Any) -> Any:
        requests.append(path)
        return ask(self, method, path, *rest, **more)

    collection = opened(notes)
    collection.ask("When does the lease end?")
    monkeypatch.setattr(Connection, "ask", counted)
    answer = collection.ask("Where does the oak door open to?")
    assert len({citation.document_id for citation in answer.nearest}) > 1
    assert len(requests) == 4
