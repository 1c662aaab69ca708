"""Evidence and answers as people write them down: copied from what `ask` printed, or by hand."""

import json
import re
from pathlib import Path

import pytest

from bot.terminal.cli import main
from retrieval.evaluation import measures

PAGE = """\
# The *client*

## Passwords

To set a new **password**, type [`\\\\password`](client.html#password) at
the prompt; the client asks for it
twice and *never* sends it in clear text.

## Tools

The tools in the shed:

- a **spade** for the beds
- a rake
- two watering cans
"""
RECORDS = (
    '{"_id": "one", "title": "Lease", "text": "The lease ends in May."}\n'
    '{"_id": "two", "title": "Rent", "text": "The rent is due in June."}\n'
)


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of documents below the one that the commands run in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "44")
    folder = tmp_path / "notes"
    (folder / "guides").mkdir(parents=True)
    (folder / "guides" / "client.md").write_text(PAGE, encoding="utf-8")
    (folder / "records.jsonl").write_text(RECORDS, encoding="utf-8")
    return folder


def _evaluated(question: str, document: str, quote: str | None) -> dict[str, float]:
    """The figures of one question with this evidence, asked over the folder."""
    evidence = [{"document": document, "quote": quote}]
    row = {"id": "1", "question": question, "evidence": evidence}
    Path("q.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert main(["evaluate", "--knowledge", "notes", "q.jsonl", "--json", "r.json"]) == 0
    assert main(["check", "--knowledge", "notes", "q.jsonl"]) == 0
    figures = json.loads(Path("r.json").read_text())["figures"]
    return {name: figure["value"] for name, figure in figures.items()}


@pytest.mark.usefixtures("notes")
@pytest.mark.parametrize("joined", ["\n", " "])
@pytest.mark.parametrize(
    "question", ["How do I set a new password at the prompt?", "Which tools are in the shed?"]
)
def test_what_ask_printed_is_evidence(
    capsys: pytest.CaptureFixture[str], question: str, joined: str
) -> None:
    """The text of an answer and its place, copied from the terminal, on lines or on one."""
    assert main(["ask", "--knowledge", "notes", question]) == 0
    printed, source = capsys.readouterr().out.split("\n\n  — ")
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    assert len(lines) > 1
    place = source.splitlines()[1].strip()
    assert place.startswith("notes/guides/client.md:")
    figures = _evaluated(question, place, joined.join(lines))
    assert figures["hit@1"] == figures["citation_recall"] == 1


@pytest.mark.parametrize(
    "place",
    [
        "guides/client.md",
        "./guides/client.md",
        "notes/guides/client.md",
        "./notes/guides/client.md:6",
        "../notes/guides/client.md",
        "guides/client.md#page=3",
        "guides/client.md#passwords",
        "{here}/notes/guides/client.md:6",
    ],
)
def test_a_document_may_be_named_as_it_is_cited(notes: Path, place: str) -> None:
    """By its path in the folder, or with the folder in front and the place behind it."""
    quote = "the client asks for it twice and never sends it"
    question = "How do I set a new password at the prompt?"
    assert _evaluated(question, place.format(here=notes.parent), quote)["hit@1"] == 1


@pytest.mark.usefixtures("notes")
def test_a_record_may_be_named_by_its_line() -> None:
    """Among the records of a file, the line tells which one."""
    assert _evaluated("When is the rent due?", "notes/records.jsonl:2", None)["hit@1"] == 1
    assert _evaluated("When is the rent due?", "records.jsonl:1", None)["hit@1"] == 0


@pytest.mark.usefixtures("notes")
@pytest.mark.parametrize(
    ("document", "quote", "problem"),
    [
        ("elsewhere/guides/client.md", None, "there is no document 'elsewhere/guides/client.md'"),
        ("client.md", None, "there is no document 'client.md'"),
        ("records.jsonl:3", None, "there is no document 'records.jsonl:3'"),
        ("guides/client.md", "a fork", "guides/client.md no longer holds 'a fork'"),
        ("guides/client.md", "a rake a spade", "no longer holds 'a rake a spade'"),
        ("guides/client.md", "•", "no longer holds '•'"),
    ],
)
def test_evidence_that_is_gone_is_still_named(
    capsys: pytest.CaptureFixture[str], document: str, quote: str | None, problem: str
) -> None:
    """Another folder is another document, and other words are other words."""
    row = {"id": "1", "question": "a?", "evidence": [{"document": document, "quote": quote}]}
    Path("q.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert main(["evaluate", "--knowledge", "notes", "q.jsonl"]) == 2
    assert problem in re.sub(r"\s+", " ", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("gold", "text", "held"),
    [
        (r"\password", "Type the password twice.", 0),
        (r"\password", r"Type `\password` twice.", 1),
        (r"\password", r"Type \passwords twice.", 0),
        (r"the \password command", r"Use the `\password` command.", 1),
        ("--force", "a force of nature", 0),
        ("--force", "run it with --force.", 1),
        ("--force", r"run it with \-\-force.", 1),
        ("-r", "the letter R", 0),
        (".env", "Read from .env when present.", 1),
        (".env", "the env command", 0),
        ("C++", "written in C", 0),
        ("C++", "written in C++, mostly", 1),
        ("==", "a == b", 1),
        ("==", "a = b", 0),
        ("50%", "Only 50 % of them", 1),
        ("$5", "It costs 5 pounds", 0),
        ("-5 °C", "down to -5 °C", 1),
        ("-5 °C", "up to 5 °C", 0),
        ("", "anything", 0),
        ("a", "b", 0),
        ("**four weeks**", "The notice is four weeks.", 1),
        ("`four weeks`", "The notice is four weeks.", 1),
        ("(four weeks).", "The notice is four weeks", 1),
        ("password", r"Type \password twice.", 1),
        ("four weeks", "The notice is **four**\n> weeks.", 1),
        ("four week", "The notice is four weeks.", 0),
    ],
)
def test_an_answer_is_held_with_its_marks(gold: str, text: str, held: int) -> None:
    """Signs at the edges of a word belong to it; quotes, brackets and full stops do not."""
    assert measures.contains(text, [gold]) == held
    assert measures.contains(text, [gold], "de") == held


def test_signs_do_not_part_what_is_written_without_blanks() -> None:
    """The letters around a word with signs may go on where the script has no blanks."""
    assert measures.contains("请输入\\密码以设置新密码", ["\\密码"], "zh") == 1
    assert measures.contains("请输入密码以设置新密码", ["\\密码"], "zh") == 0


@pytest.mark.usefixtures("notes")
def test_an_answer_is_found_as_it_is_read(tmp_path: Path) -> None:
    """Marks and addresses of links between its words do not make a quote wrong."""
    answer = r"a new password, type \password at the prompt"
    row = {"id": "1", "question": "How do I set a new password?", "answers": [answer]}
    (tmp_path / "q.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert main(["evaluate", "--knowledge", "notes", "q.jsonl", "--json", "r.json"]) == 0
    figures = json.loads((tmp_path / "r.json").read_text())["figures"]
    assert figures["precision"]["value"] == figures["sentence"]["value"] == 1
