"""The page of an evaluation."""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.terminal.cli import main


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page over three questions, one of them hostile and tagged so."""
    monkeypatch.chdir(tmp_path)
    Path("house.md").write_text("# House\n\nThe house was built in 1987 by Anna Berg.\n")
    Path("questions.jsonl").write_text(
        '{"id": "1", "question": "When was the house built?", "answers": ["1987"],'
        ' "evidence": [{"document": "house.md"}], "tags": ["$x_1$ <b>"]}\n'
        '{"id": "2", "question": "Who was the house built by in 1987 <script>alert(1)</script>?",'
        ' "answers": ["Nobody"], "evidence": [{"document": "house.md"}], "tags": []}\n'
        '{"id": "3", "question": "When was the house built, Anna Berg?", "tags": ["near-miss"]}\n'
    )
    code = main(["evaluate", "--knowledge", "house.md", "questions.jsonl", "--html", "page.html"])
    assert code == 0
    return Path("page.html").read_text(encoding="utf-8")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def _tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(page)
    return parser.seen


def test_the_page_asks_for_nothing(page: str) -> None:
    """No script, and no address that a browser would fetch."""
    for tag, attributes in _tags(page):
        assert tag not in {"script", "link", "img", "iframe", "object"}
        for name in ("src", "href", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#")
    assert not re.search(r"url\((?!#)|@import", page)


def test_texts_are_escaped(page: str) -> None:
    """A question with markup is shown, not obeyed."""
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page


def test_every_plot_has_a_name(page: str) -> None:
    """Each drawing is an image with a text alternative, and takes its colours from the page."""
    drawings = [attributes for tag, attributes in _tags(page) if tag == "svg"]
    assert len(drawings) == 4
    assert all(d.get("role") == "img" and d.get("aria-label") for d in drawings)
    assert "var(--one)" in page
    assert not re.search(r"#0[1-4]0[1-4]0[1-4]", page)


def test_declines_are_shown_by_tag(page: str) -> None:
    """A tag of questions to decline has a bar of those that were."""
    assert "near-miss (declined)" in page
    assert "Words of an answer: 9 in the median, at most 9 in nine of ten." in page


def test_failures_are_shown_with_what_was_expected(page: str) -> None:
    """The wrong answer and the question to decline stand there with quote and passage."""
    assert "Answered, but wrong" in page
    assert "to be declined" in page
    assert "Nobody" in page
    assert "Anna Berg" in page


def test_the_same_run_gives_the_same_page(page: str, tmp_path: Path) -> None:
    """No date and no random name is in it."""
    assert main(["evaluate", "--knowledge", "house.md", "questions.jsonl", "--html", "b.html"]) == 0
    assert (tmp_path / "b.html").read_text(encoding="utf-8") == page


def test_without_the_extra_the_cure_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where jinja2 is missing, one sentence says what to install, and no file is left."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    assert main(["evaluate", "--html", "page.html"]) == 2
    assert "pip install 'footnote-bot[report]'" in capsys.readouterr().err
    assert not (tmp_path / "page.html").exists()
