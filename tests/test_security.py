"""What docs/security.md says: each test that it names is there, and each exception has a reason."""

import re
import socket
from pathlib import Path

import pytest
from command import Run

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(test_\w+)::(test_\w+)`", PAGE)
SOURCES = [
    path
    for folder in ("benchmarks", "bot", "docs", "footnote", "knowledge", "retrieval", "tests",
                   "training")
    for path in (ROOT / folder).rglob("*.py")
]  # fmt: skip


@pytest.mark.parametrize(("module", "name"), sorted(set(NAMED)))
def test_each_test_that_is_named_is_there(module: str, name: str) -> None:
    """A test that was renamed is renamed in the page, too."""
    code = (ROOT / "tests" / f"{module}.py").read_text(encoding="utf-8")
    assert re.search(rf"^(async )?def {name}\(", code, re.M)


def test_each_row_names_what_shows_it() -> None:
    """What nothing shows is no defence; continuous integration looks up the packages."""
    rows = [
        line for line in PAGE.splitlines() if line.startswith("| ") and "they could" not in line
    ]
    without = [row for row in rows if "`test_" not in row and "what could happen" not in row]
    assert len(without) == 1
    assert "continuous integration" in without[0]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_each_exception_has_a_reason(path: Path) -> None:
    """In brackets, behind the rule for security that is not kept."""
    found = re.findall(r"# noqa: (?:[A-Z]+\d+, )*S\d+(.*)", path.read_text(encoding="utf-8"))
    assert all(re.match(r" \(\w.+\)", reason) for reason in found), found


def test_an_answer_opens_no_connection(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not one, to nobody."""

    def refused(*_: object, **__: object) -> None:
        pytest.fail("a connection was asked for")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket.socket, "sendto", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    result = run("ask", "Which Mexican city is twinned with Bethlehem?")
    assert "Monterrey" in result.out
