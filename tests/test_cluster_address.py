"""Where a search cluster is said to be, and what happens where none is."""

import logging
import os
import shutil
import ssl
import subprocess
import sys
import threading
import traceback
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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


class _Handler(BaseHTTPRequestHandler):
    """A node that knows one password and one key, and answers with the port of who asks."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer who may ask."""
        given = self.headers.get("authorization", "")
        allowed = given in (f"Basic {b64encode(b'reader:p@ss').decode()}", "ApiKey k3y")
        content = str(self.client_address[1]).encode()
        self.send_response(200 if allowed else 401)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    """A node that is none, on a port of this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as found:
        thread = threading.Thread(target=found.serve_forever)
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def test_whoever_may_ask_is_answered(server: ThreadingHTTPServer) -> None:
    """With the password of the address, or with a key."""
    where = f"127.0.0.1:{server.server_port}"
    for cluster in (
        cluster_at(f"http://reader:p%40ss@{where}"),
        cluster_at(f"http://{where}", "k3y"),
    ):
        assert Connection(cluster).ask("GET", "/") > 0


FORKED = """
import os, sys
from retrieval.cluster.address import cluster_at
from retrieval.cluster.connection import Connection

connection = Connection(cluster_at(sys.argv[1], "k3y"))
first = connection.ask("GET", "/")
assert connection.ask("GET", "/") == first
child = os.fork()
if not child:
    os._exit(connection.ask("GET", "/") == first)
_, status = os.waitpid(child, 0)
assert connection.ask("GET", "/") == first
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_forked_process_has_connections_of_its_own(server: ThreadingHTTPServer) -> None:
    """On those of its parent it would read answers to other questions."""
    command = [sys.executable, "-c", FORKED, f"http://127.0.0.1:{server.server_port}"]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], timeout=60)
    assert done.returncode == 0


def test_no_log_has_what_is_asked(
    server: ThreadingHTTPServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither when it is answered, nor when it is refused."""
    caplog.set_level(logging.DEBUG)
    # One that has handlers is written to.
    monkeypatch.setattr(logging.getLogger("opensearchpy.trace"), "handlers", [caplog.handler])
    body = {"query": {"term": {"all": "embezzlement"}}}
    where = f"127.0.0.1:{server.server_port}"
    Connection(cluster_at(f"http://{where}", "k3y")).ask("GET", "/", body)
    with pytest.raises(ClusterError):
        Connection(cluster_at(f"http://{where}")).ask("GET", "/", body)
    assert "embezzlement" not in caplog.text
    assert "k3y" not in caplog.text


@pytest.mark.parametrize("login", ["", "reader:secret@"])
def test_whoever_may_not_ask_is_told_so(server: ThreadingHTTPServer, login: str) -> None:
    """In one sentence that repeats no password; it is nothing that mends itself."""
    cluster = cluster_at(f"http://{login}127.0.0.1:{server.server_port}")
    with pytest.raises(ClusterError, match="refuses access") as raised:
        Connection(cluster).ask("GET", "/")
    assert "secret" not in str(raised.value)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of this machine that nobody has signed, with its key; skips without openssl."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not there to make a certificate")
    path = tmp_path / "node.pem"
    names = ["-subj", "/CN=node", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names]
    subprocess.run([*command, "-keyout", path, "-out", path], check=True, capture_output=True)
    return path


def test_certificates_are_checked(server: ThreadingHTTPServer, certificate: Path) -> None:
    """Against the file that is named, or those of the well-known authorities."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    where = f"https://127.0.0.1:{server.server_port}"
    assert Connection(cluster_at(where, "k3y", certificate)).ask("GET", "/") > 0
    with pytest.raises(ClusterError, match="FOOTNOTE_OPENSEARCH_CA"):
        Connection(cluster_at(where, "k3y")).ask("GET", "/")


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library is missing."""
    monkeypatch.setitem(sys.modules, "opensearchpy", None)
    with pytest.raises(ClusterError, match=r"pip install 'footnote-bot\[cluster\]'"):
        Connection(Cluster((NOWHERE,)))


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


@pytest.mark.slow
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


def test_other_engines_leave_the_address_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an index on this machine is asked, nobody looks at what the cluster needs."""
    monkeypatch.setenv("FOOTNOTE_OPENSEARCH", "http://[")
    monkeypatch.setenv("FOOTNOTE_OPENSEARCH_CA", "nowhere.pem")
    assert run("ask", "Which Mexican city is twinned with Bethlehem?").code == 0


def test_a_command_without_an_address_says_what_to_set(run: Run) -> None:
    """The engine cannot be used without one."""
    result = run("ask", "--engine", "opensearch", "Who signed?")
    assert result.code == 2
    assert "FOOTNOTE_OPENSEARCH" in result.err
