"""Where a search cluster is said to be, and what happens where none is."""

import traceback
from pathlib import Path

import pytest
from command import Run

from bot.settings import Settings, read_settings
from knowledge.errors import UnavailableError
from retrieval.cluster.address import Cluster, ClusterError, cluster_at
from retrieval.cluster.connection import Connection

NOWHERE = "http://127.0.0.1:9"
"""Nobody listens at the port for discarding."""


def test_nodes_are_told_with_their_ports() -> None:
    """Each has the one that is usual, if none is given, and what stands behind it."""
    found = cluster_at("https://a.example, http://b.example,https://[::1]:9201/search/")
    assert found.nodes == (
        "https://a.example:443",
        "http://b.example:9200",
        "https://[::1]:9201/search",
    )
    assert found.login is None


def test_a_user_is_read_from_an_address_and_shown_nowhere() -> None:
    """Signs that mean something in an address may be written with percent signs."""
    found = cluster_at("https://reader:p%40ss%3Aword@a.example:9200,https://b.example:9200")
    assert found.login == ("reader", "p@ss:word")
    assert found.nodes == ("https://a.example:9200", "https://b.example:9200")
    assert "p@ss" not in repr(found)
    assert "p%40ss" not in repr(found)


def test_a_key_stands_for_a_user() -> None:
    """And is shown nowhere either."""
    found = cluster_at("https://reader:word@a.example", key="k3y")
    assert (found.login, found.key) == (None, "k3y")
    assert "k3y" not in repr(found)


@pytest.mark.parametrize(
    "addresses",
    [
        *("", " , ", "secret", "ftp://secret@a", "https://", "http://u:secret@a:port", "//secret"),
        *("https://u:1/secret@a", "https://u:1#secret@a", "https://u:1?secret@a"),
        *("https://u:[secret@a", "https://u:\N{ACCOUNT OF}secret@a"),
    ],
)
def test_what_is_no_address_is_refused_without_being_repeated(addresses: str) -> None:
    """It may hold a password."""
    with pytest.raises(ClusterError, match=r"https://\[USER:PASSWORD@\]HOST") as raised:
        cluster_at(addresses)
    assert "secret" not in "".join(traceback.format_exception(raised.value))


def test_two_users_are_refused() -> None:
    """Nobody could say which of them asks."""
    with pytest.raises(ClusterError, match="several users"):
        cluster_at("https://a:1@a.example,https://b:2@b.example")


def test_certificates_that_are_not_there_are_refused(tmp_path: Path) -> None:
    """Before anything is asked."""
    with pytest.raises(ClusterError, match="no such file"):
        cluster_at("https://a.example", authority=tmp_path / "ca.pem")


def test_settings_show_no_secret(tmp_path: Path) -> None:
    """Neither the address, which may have a password, nor the key."""
    given = {"FOOTNOTE_OPENSEARCH": "https://u:secret@a", "FOOTNOTE_OPENSEARCH_KEY": "secret"}
    settings = read_settings(given, tmp_path / ".env")
    assert settings == Settings(opensearch="https://u:secret@a", opensearch_key="secret")
    assert "secret" not in repr(settings)


class Clock:
    """A clock that goes on by a second whenever it is read."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time now."""
        self.now += 1
        return self.now


def test_a_cluster_that_does_not_answer_is_left_alone_for_a_while() -> None:
    """The first who asks waits, the next are told at once, and later somebody tries again."""
    clock = Clock()
    connection = Connection(Cluster((NOWHERE,)), clock)
    with pytest.raises(UnavailableError, match="cannot be reached"):
        connection.ask("GET", "/")
    for _ in range(2):
        with pytest.raises(UnavailableError, match="a moment ago"):
            connection.ask("GET", "/")
    clock.now += 60
    with pytest.raises(UnavailableError, match="cannot be reached"):
        connection.ask("GET", "/")


def test_a_command_says_in_one_sentence_that_nothing_can_be_searched(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And exits with the code for what may work later."""
    monkeypatch.setenv("FOOTNOTE_OPENSEARCH", "http://u:secret@127.0.0.1:9")
    monkeypatch.setattr("retrieval.cluster.connection.PATIENCE", 0.1)
    result = run("ask", "--engine", "opensearch", "Who signed?")
    assert (result.code, result.out) == (75, "")
    assert result.err.startswith("footnote: the search cluster does not answer")
    assert result.err.count("\n") == 1
    assert "secret" not in result.err


def test_a_command_without_an_address_says_what_to_set(run: Run) -> None:
    """The engine cannot be used without one."""
    result = run("ask", "--engine", "opensearch", "Who signed?")
    assert result.code == 2
    assert "FOOTNOTE_OPENSEARCH" in result.err
