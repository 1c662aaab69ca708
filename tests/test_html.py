"""The page of an evaluation."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from bot.terminal.cli import main
from retrieval.evaluation.figures import Scored, by_tag
from retrieval.evaluation.plots import tags_plot

FORMATS = Path(__file__).parent / "data" / "formats"
TOY = Path(__file__).parent / "data" / "toy"


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
    """No address that a browser would fetch; links are followed only by whoever clicks them."""
    for tag, attributes in _tags(page):
        assert tag not in {"link", "img", "iframe", "object"}
        assert "src" not in attributes
        for name in ("href", "xlink:href"):
            assert tag == "a" or (attributes.get(name) or "#").startswith("#")
    assert not re.search(r"url\((?!#)|@import", page)


def test_nothing_but_its_own_script_runs(page: str) -> None:
    """The page itself forbids every other script, and everything from elsewhere."""
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = (
        attributes["content"] or ""
        for tag, attributes in _tags(page)
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{digest}'" in policy


def test_texts_are_escaped(page: str) -> None:
    """A question with markup is shown, not obeyed."""
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert page.count("<script") == 1


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


def test_every_question_is_there_with_what_came_of_it(page: str) -> None:
    """Right answers too; failures first, with what was expected."""
    results = [a["data-result"] for tag, a in _tags(page) if tag == "details"]
    assert results == ["wrong shown", "declined wrongly", "right"]
    assert "to be declined" in page
    assert "Nobody" in page
    assert page.count("The house was built in 1987 by Anna Berg.") >= 3


def test_without_scripts_it_is_a_plain_list(page: str) -> None:
    """Nothing is hidden but the form, which would do nothing."""
    assert [tag for tag, attributes in _tags(page) if "hidden" in attributes] == ["form"]


def test_each_question_leads_to_its_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the file beside the page, at the page of a PDF or the words, or to its own address."""
    monkeypatch.chdir(tmp_path)
    docs = Path("docs")
    docs.mkdir()
    (docs / "a b#c.txt").write_text("The house was built in 1987 by Anna Berg.\n")
    (docs / "shed.md").write_text(
        "---\nurl: https://example.org/shed\n---\n\n# Shed\n\nThe shed was moved by Karl.\n"
    )
    shutil.copy(FORMATS / "report.pdf", docs)
    asked = {
        "When was the house built?": "1987",
        "Who moved the shed?": "Karl",
        "How many pounds did the library take in and spend?": "pounds",
        "zzz": "",
    }
    rows = [
        {"id": str(number), "question": question, "answers": [answer] if answer else []}
        for number, (question, answer) in enumerate(asked.items())
    ]
    Path("q.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    Path("out").mkdir()
    assert main(["evaluate", "--knowledge", "docs", "q.jsonl", "--html", "out/page.html"]) == 0
    page = Path("out/page.html").read_text(encoding="utf-8")
    links = [a["href"] or "" for tag, a in _tags(page) if tag == "a"]
    house, shed, pounds = sorted(link for link in links if not link.startswith("#"))
    assert house.startswith("../docs/a%20b%23c.txt#:~:text=The%20house%20was%20built")
    assert shed == "../docs/report.pdf#page=3"
    assert pounds.startswith("https://example.org/shed#shed:~:text=The%20shed%20was%20moved")
    for link in (house, shed):
        assert (Path("out") / unquote(link.partition("#")[0])).is_file()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium")
def test_the_list_can_be_filtered_and_searched(page: str, tmp_path: Path) -> None:
    """By result, by tag and by words, each question that does not fit is hidden."""
    steps = {
        "all": "",
        "right": 'form.result.value = "right"',
        "tagged": 'form.tag.value = "near-miss"',
        "words": 'form.words.value = "NOBODY script"',
        "nothing": 'form.words.value = "cathedral"',
    }
    shown = _shown_after(steps, page, tmp_path)
    assert sorted(shown.pop("all")) == ["1", "2", "3"]
    assert shown == {"right": ["1"], "tagged": ["3"], "words": ["2"], "nothing": []}


_SHOWN = """
const shown = {};
for (const [name, step] of Object.entries(%s)) {
  form.reset();
  eval(step);
  form.dispatchEvent(new Event("input"));
  const left = document.querySelectorAll("section:not([hidden]) details:not([hidden]) small");
  shown[name] = [...left].map((one) => one.textContent.split(", confidence"))
    .filter((parts) => parts.length > 1).map((parts) => parts[0]);
}
document.body.textContent = JSON.stringify(shown);
"""


def _shown_after(steps: dict[str, str], page: str, folder: Path) -> dict[str, list[str]]:
    """The ids of the questions that a browser shows after each step in the form."""
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    script = f"<script>{_SHOWN % json.dumps(steps)}</script>"
    (folder / "steps.html").write_text(page.replace("</body>", f"{script}</body>"), "utf-8")
    done = subprocess.run(
        [
            *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"),
            *(f"--user-data-dir={folder / 'profile'}", (folder / "steps.html").as_uri()),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    written = done.stdout.partition("<body>")[2].partition("</body>")[0]
    found: dict[str, list[str]] = json.loads(unescape(written))
    return found


def test_the_same_run_gives_the_same_page(page: str, tmp_path: Path) -> None:
    """No date and no random name is in it."""
    assert main(["evaluate", "--knowledge", "house.md", "questions.jsonl", "--html", "b.html"]) == 0
    assert (tmp_path / "b.html").read_text(encoding="utf-8") == page


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_tag_may_be_all_wrong_or_all_right(share: float) -> None:
    """Tags of every size can be drawn."""
    asked = [
        Scored(f"{size}-{n}", (f"of {size}",), 0.5, {"sentence": share, "right": share})
        for size in range(1, 61)
        for n in range(size)
    ]
    assert tags_plot(by_tag(asked)).startswith("<svg")


def test_a_missing_extra_is_said_before_the_run(tmp_path: Path) -> None:
    """One sentence that names the cure, before a question is asked."""
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from bot.terminal.cli import main\n"
        "raise SystemExit(main(sys.argv[1:]))"
    )
    asked = ["evaluate", "--knowledge", str(TOY / "garden.md"), str(TOY / "questions.jsonl")]
    done = subprocess.run(
        [sys.executable, "-c", code, *asked, "--html", str(tmp_path / "r.html")],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == (
        "footnote: --html needs the extra report: run pip install 'footnote-bot[report]'\n"
    )
    assert done.stdout == ""
    assert not (tmp_path / "r.html").exists()
