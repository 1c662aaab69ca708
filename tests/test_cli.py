"""The commands as people and programs use them."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command import Result, Run
from work import calls

from bot.terminal.cli import footnote, main
from knowledge.formats import FORMATS
from knowledge.loading import MATERIAL
from retrieval.index import refreshing

KNOWN = ", ".join(FORMATS)

ROOT = Path(__file__).resolve().parents[1]


ANSWERED = [
    ("Which Mexican city is twinned with Bethlehem?", "Monterrey"),
    ("Who visited Palestine from Mexico in 2013?", "Carlos de Icaza"),
    ("How much did Mexico pledge for the reconstruction of Gaza?", "US$1.1 million"),
    ("When did Mexico open its office in Ramallah?", "2005"),
]


@pytest.mark.parametrize(("question", "expected"), ANSWERED)
def test_the_packaged_article_answers(run: Run, question: str, expected: str) -> None:
    """A question that the article answers gets a slice of its file and exit code 0."""
    result = run("ask", "--json", question)
    assert (result.code, result.err) == (0, "")
    record = json.loads(result.out)
    assert record["verdict"] == "answered"
    assert expected in record["text"]
    assert expected in record["short_answer"]
    for citation in record["citations"]:
        with Path(citation["source"]).open(encoding="utf-8", newline="") as file:
            assert file.read()[citation["start"] : citation["end"]] == citation["quote"]


@pytest.mark.parametrize(("question", "expected"), ANSWERED)
def test_the_given_article_answers(
    run: Run, given_article: Path, question: str, expected: str
) -> None:
    """The Wikipedia extract gives the right sentence or item for the same questions."""
    result = run("ask", "--json", "--knowledge", str(given_article), question)
    record = json.loads(result.out)
    assert result.code == 0
    assert any(expected in one["quote"] for one in record["citations"] if one["marks"])
    for citation in record["citations"]:
        text = given_article.read_bytes().decode()
        assert text[citation["start"] : citation["end"]] == citation["quote"]


@pytest.mark.parametrize("question", ["What is the capital of Australia?", "hello"])
def test_what_is_not_in_the_article_is_declined(
    run: Run, question: str, request: pytest.FixtureRequest
) -> None:
    """A question off the topic is declined with exit code 1, in words and in JSON."""
    for options in ((), ("--json",)):
        result = run("ask", *options, question)
        assert (result.code, result.err) == (1, "")
    record = json.loads(result.out)
    assert (record["verdict"], record["text"], record["citations"]) == ("declined", None, [])


def test_the_given_article_declines(run: Run, given_article: Path) -> None:
    """The Wikipedia extract declines what is not in it."""
    for question in ("What is the capital of Australia?", "hello"):
        assert run("ask", "--knowledge", str(given_article), question).code == 1


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("Which Mexican officials have visited Palestine?", 6),
        ("What does Mexico export to Palestine?", 5),
        ("Which bilateral agreements were signed?", 4),
    ],
)
def test_a_question_for_several_things_gets_them_all(run: Run, question: str, count: int) -> None:
    """A list is quoted whole, after the line that introduces it."""
    record = json.loads(run("ask", "--json", question).out)
    lead, *items = record["text"].split("\n")
    assert lead.endswith(":")
    assert len(items) == count


def test_questions_from_standard_input(run: Run) -> None:
    """Each line that is not blank gets one object, in order, and the exit code is 0."""
    questions = ["When did Mexico open its office in Ramallah?", "hello", "Who is Arafat?"]
    result = run("ask", "--json", stdin="\n\n".join(questions) + "\n")
    records = [json.loads(line) for line in result.out.splitlines()]
    assert [record["question"] for record in records] == questions
    assert result.code == 0


def test_a_line_that_is_no_question_is_named(run: Run) -> None:
    """A line that is too long is named on standard error, and the others are answered."""
    result = run("ask", "--json", stdin="hello\n" + "a" * 10_000 + "\nhello\n")
    assert len(result.out.splitlines()) == 2
    assert (
        result.err == "footnote: line 2: the question has 10,000 characters; shorten it to 1,000\n"
    )
    assert result.code == 2


@pytest.mark.slow
def test_a_thousand_questions_take_some_five_seconds(run: Run) -> None:
    """Each costs no more calls than some five milliseconds have, however many there are."""

    def asked(count: int) -> int:
        lines = "".join(f"{question} {n}\n" for n in range(count) for question, _ in ANSWERED)
        return calls(lambda: run("ask", "--json", stdin=lines))

    asked(1)  # what is read once in a process
    ten, twenty = (asked(count) / len(ANSWERED) for count in (10, 20))
    # An answer has 14,200, for which some 6 ms were measured.
    assert (twenty - ten) / 10 < 17_000
    # Whatever is done once costs less than the answers to a few questions.
    assert ten / 10 < 1.3 * (twenty - ten) / 10


@pytest.mark.slow
def test_a_thousand_questions_are_answered_by_one_process() -> None:
    """Each line of standard input gets its answer, in order."""
    questions = "".join(f"{question} {n}\n" for n in range(250) for question, _ in ANSWERED)
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "--json"],
        input=questions,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        cwd=ROOT,
    )
    asked = [json.loads(line)["question"] for line in done.stdout.splitlines()]
    assert asked == questions.splitlines()


def _write(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)


def test_bad_input_gets_one_sentence(run: Run, tmp_path: Path) -> None:
    """What cannot be read or used is named in one sentence with the remedy; exit code 2."""
    empty_folder = tmp_path / "empty"
    empty_folder.mkdir()
    cases = {
        ("ask", ""): "the question is empty; ask in a few words",
        ("ask", " \t"): "the question is empty; ask in a few words",
        ("ask", "why " * 2_500): "the question has 10,000 characters; shorten it to 1,000",
        ("ask", "--engine", "nope", "x"): (
            "there is no engine 'nope'; use one of: auto, opensearch, rank-bm25, tantivy"
        ),
        ("search", ""): "the question is empty; ask in a few words",
        ("ask", "--knowledge", "nowhere", "x"): "nowhere: does not exist; check the path",
        ("ask", "--knowledge", _write(tmp_path / "b.txt", b"a\0b"), "x"): (
            f"{tmp_path}/b.txt: is a binary file, not text; give a text file"
        ),
        ("ask", "--knowledge", _write(tmp_path / "l.txt", b"caf\xfd"), "x"): (
            f"{tmp_path}/l.txt: is not UTF-8 (byte 0xfd at position 3); save it as UTF-8"
        ),
        ("ask", "--knowledge", _write(tmp_path / "e.md", b" \r\n"), "x"): (
            f"{tmp_path}/e.md: is empty; give a file with text"
        ),
        ("ask", "--knowledge", _write(tmp_path / "p.doc", b"\xd0\xcf"), "x"): (
            f"{tmp_path}/p.doc: has an unknown format; convert it to one of {KNOWN}"
        ),
        ("ask", "--knowledge", str(empty_folder), "x"): (
            f"{empty_folder}: contains no files; add some ({KNOWN})"
        ),
        ("show", "nope.md:3"): (
            "there is no document 'nope.md'; one that exists is 'mexico-palestine-relations.md'"
        ),
        ("show", "mexico-palestine-relations.md:999"): (
            "mexico-palestine-relations.md has no line 999; its last line is 102"
        ),
        ("ask", "one", "two"): "Got unexpected extra argument (two) See: footnote ask --help",
        ("nope",): "No such command 'nope'. See: footnote --help",
        ("ask", "--limit", "0", "x"): (
            "Invalid value for '--limit': 0 is not in the range 1<=x<=10. See: footnote ask --help"
        ),
    }
    before = sorted(tmp_path.rglob("*"))
    for arguments, sentence in cases.items():
        assert run(*arguments) == Result(2, "", f"footnote: {sentence}\n")
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("question", ["the of and", "🙂🙃", "\x1b[31m\x07\x00", "?!", "\ud800"])
def test_a_question_without_words_is_declined(run: Run, question: str) -> None:
    """Stop words, emoji and control characters match nothing, and do no harm."""
    result = run("ask", question)
    assert result.code == 1
    assert "\x1b" not in result.out
    assert json.loads(run("ask", "--json", question).out)["verdict"] == "declined"


def test_skipped_files_are_named(run: Run, tmp_path: Path) -> None:
    """In a folder what cannot be read is skipped; `index` says what and why, `ask` how many."""
    _write(tmp_path / "a.md", b"# Garden\n\nThe garden was planted in 1987.\n")
    _write(tmp_path / "b.txt", b"a\0b")
    result = run("ask", "--knowledge", ".", "When was the garden planted?")
    assert result.code == 0
    made, skipped = result.err.splitlines()
    assert made.startswith("footnote: built an index of 1 document in ")
    assert skipped == "footnote: 1 file skipped: 1 broken; footnote index lists it"
    result = run("index", "--json", "--knowledge", ".")
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.out) == {
        "documents": 1,
        "passages": 1,
        "engine": "rank-bm25",
        "folder": made.removeprefix("footnote: built an index of 1 document in "),
        "added": [],
        "changed": [],
        "removed": [],
        "renamed": [],
        "skipped": [{"name": "b.txt", "reason": "is a binary file, not text; give a text file"}],
        "vectors": 0,
    }
    assert "b.txt is a binary file" in run("index", "--knowledge", ".").out


def test_search_prints_hits_with_their_text(run: Run) -> None:
    """Each hit is one object with the passage's text, a slice of the file."""
    result = run("search", "--json", "--limit", "3", "diplomatic visits")
    hits = [json.loads(line) for line in result.out.splitlines()]
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    text = MATERIAL.read_bytes().decode()
    assert all(text[hit["start"] : hit["end"]] == hit["text"] for hit in hits)
    assert run("search", "zzz").code == 1


@pytest.mark.parametrize("engine", ["rank-bm25", "tantivy"])
def test_search_tells_where_each_hit_stands(run: Run, tmp_path: Path, engine: str) -> None:
    """Headings, line, page of a PDF, and address, as the citations of an answer have them."""
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "tests" / "data" / "formats" / "report.pdf", "docs")
    page = """<html><head><link rel="canonical" href="https://example.org/mills"></head>
<body><h1>Mills</h1><h2 id="ulm">Ulm</h2><p>The last frost of 1884 stopped it.</p></body></html>"""
    _write(tmp_path / "docs" / "mills.html", page.encode())
    found = run("search", "--json", "--knowledge", "docs", "--engine", engine, "last frost")
    hits = {hit["document"]: hit for hit in map(json.loads, found.out.splitlines())}
    mill, report = hits["mills.html"], hits["report.pdf"]
    assert (mill["heading"], mill["page"]) == (["Ulm"], None)
    assert mill["url"] == "https://example.org/mills#ulm"
    assert (report["heading"][-1], report["page"], report["url"]) == (
        "Weather and harvest",
        1,
        None,
    )
    for hit in (mill, report):
        shown = run("show", "--json", "--knowledge", "docs", f"{hit['document']}:{hit['line']}")
        assert json.loads(shown.out)["text"] == hit["text"]


def test_the_help_of_show_names_every_kind_of_place(run: Run) -> None:
    """A line, the page of a PDF and the section of a web page, each with an example."""
    shown = run("show", "--help").out
    assert "#page=" in shown
    assert all(re.search(rf"footnote show .*{place}", shown) for place in (r"#page=\d", r"\.html#"))


def test_each_command_has_a_summary_that_fits_its_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in a terminal of 60 columns: none is cut."""
    monkeypatch.setenv("COLUMNS", "60")
    commands = run("--help").out.split("\nCommands:\n")[1].splitlines()
    assert len(commands) == len(footnote.commands)
    assert [line for line in commands if line.endswith("...") or len(line) > 60] == []


def test_show_marks_the_passage(run: Run) -> None:
    """The lines of the passage at the line are marked, those around it not."""
    result = run("show", "mexico-palestine-relations.md:17")
    assert result.code == 0
    marked = [line for line in result.out.splitlines() if "▌" in line]
    assert marked[0].startswith("    17 ▌ Mexico's representative office in Ramallah")
    assert any(line.startswith("    15   Mexican President") for line in result.out.splitlines())


def test_show_takes_the_last_digits_as_the_line(run: Run, tmp_path: Path) -> None:
    """An id may hold colons: only the digits at the end are the line."""
    _write(
        tmp_path / "corpus.jsonl",
        b'{"_id": "a:1", "text": "One."}\n{"_id": "b:2", "text": "Two."}\n',
    )
    shown = run("show", "--json", "--knowledge", "corpus.jsonl", "b:2:2")
    assert json.loads(shown.out)["text"] == "Two."
    assert run("show", "--knowledge", "corpus.jsonl", "b:2").code == 0
    assert run("show", "--knowledge", "corpus.jsonl", "b:2:1").code == 2


@pytest.mark.parametrize("columns", ["60", "200"])
def test_lines_fit_the_terminal(run: Run, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    """Text is wrapped to the terminal, and to 100 columns in a wide one; paths stay whole."""
    monkeypatch.setenv("COLUMNS", columns)
    for command in ("ask", "search"):
        lines = run(command, "Which Mexican officials have visited Palestine?").out.splitlines()
        text = [line for line in lines if str(MATERIAL) not in line]
        assert max(map(len, text)) <= min(int(columns), 100)
        assert any(str(MATERIAL) in line for line in lines)


def test_settings_apply_and_options_come_first(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`.env` sets the knowledge, the environment overrides it, and an option overrides both."""
    for name in ("one", "two", "three"):
        _write(tmp_path / f"{name}.txt", f"The colour of the house is {name}.".encode())
    _write(tmp_path / ".env", b"FOOTNOTE_KNOWLEDGE=one.txt\n")
    question = "What is the colour of the house?"
    assert "is one." in run("ask", question).out
    monkeypatch.setenv("FOOTNOTE_KNOWLEDGE", "two.txt")
    assert "is two." in run("ask", question).out
    assert "is three." in run("ask", "--knowledge", "three.txt", question).out


def test_a_hostile_document_cannot_command_the_terminal(run: Run, tmp_path: Path) -> None:
    """Escape sequences and marks of direction in a document are replaced before it is shown."""
    text = "The \x1b[31m lease \x1b]0;title\x07 was signed by \u202eEve\u202c in 1999."
    _write(tmp_path / "evil.txt", text.encode())
    for command in (
        ("ask", "Who signed the lease in 1999?"),
        ("search", "lease"),
        ("show", "evil.txt"),
    ):
        out = run(command[0], "--knowledge", "evil.txt", command[1]).out
        assert "lease" in out
        assert not set("\x1b\x07\u202e\u202c") & set(out)


def test_what_is_unforeseen_exits_with_three(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours is one sentence that asks for a report, without a traceback."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("bot.assembly.opened", broken)
    result = run("ask", "x")
    assert result == Result(
        3,
        "",
        "footnote: unexpected error (ZeroDivisionError: by zero); please report it\n",
    )


def test_a_closed_pipe_is_no_error() -> None:
    """`footnote ask ... | head -1` ends in silence."""
    questions = "When did Mexico open its office in Ramallah?\n" * 400
    done = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m bot ask --json | head -1"],
        input=questions,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        cwd=ROOT,
    )
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_styles_only_on_a_terminal() -> None:
    """The words that answer are bold on a terminal, plain in a pipe, unless variables say else."""
    pty = pytest.importorskip("pty")
    command = [sys.executable, "-m", "bot", "ask", "When did Mexico open its office in Ramallah?"]
    plain = {name: value for name, value in os.environ.items() if "COLOR" not in name}

    def on_a_terminal(**variables: str) -> str:
        controller, terminal = pty.openpty()
        environment = {**plain, "COLUMNS": "80", "TERM": "xterm", **variables}
        subprocess.run(command, stdout=terminal, env=environment, check=True, cwd=ROOT)
        os.close(terminal)
        with os.fdopen(controller, "rb") as output:
            return output.read1(100_000).decode()

    def in_a_pipe(**variables: str) -> str:
        environment = {**plain, "COLUMNS": "80", **variables}
        return subprocess.check_output(command, env=environment, cwd=ROOT, encoding="utf-8")

    bold = "was opened in \x1b[1m2005\x1b[0m."
    assert bold in on_a_terminal()
    assert bold not in in_a_pipe()
    assert bold in in_a_pipe(FORCE_COLOR="1")
    assert "\x1b" not in on_a_terminal(TERM="dumb")


def test_a_name_that_is_no_text_is_skipped(run: Run, tmp_path: Path) -> None:
    """A file whose name is not UTF-8 is named as far as it goes, and JSON can still be written."""
    (tmp_path / "docs").mkdir()
    _write(tmp_path / "docs" / "a.md", b"The lease was signed in 1999.")
    with open(os.fsencode(tmp_path / "docs") + b"/bad\xff.md", "wb") as file:  # noqa: PTH123
        file.write(b"The lease was signed in 1999.")
    assert run("ask", "--json", "--knowledge", "docs", "When was the lease signed?").code == 0
    skipped = json.loads(run("index", "--json", "--knowledge", "docs").out)["skipped"]
    assert skipped == [{"name": "bad?.md", "reason": "has a name that is not UTF-8; rename it"}]


def test_show_takes_a_place_as_citations_name_it(run: Run, tmp_path: Path) -> None:
    """The path and line under an answer can be pasted behind `show`."""
    (tmp_path / "docs").mkdir()
    _write(tmp_path / "docs" / "a.md", b"One.\n\nThe lease was signed in 1999.")
    _write(tmp_path / "c.jsonl", b'{"_id": "x", "text": "One."}\n{"_id": "y", "text": "Two."}\n')
    assert run("show", "--knowledge", "docs", "docs/a.md:3").code == 0
    shown = run("show", "--json", "--knowledge", "c.jsonl", "c.jsonl:2")
    assert json.loads(shown.out)["text"] == "Two."


def test_without_a_command_the_help_is_shown(run: Run) -> None:
    """`footnote` alone prints its help, line by line, and exits with 2."""
    result = run()
    assert result.code == 2
    assert "\nCommands:\n" in result.err


def test_a_chat_completes_follow_ups(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """How a follow-up was understood stands above its answer; "quit" ends the conversation."""
    lines = "How did Mexico vote in 2012?\nAnd in 1947?\nquit\nWho came?\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert main(["chat"]) == 0
    out = capsys.readouterr().out
    assert "understood as: How did Mexico vote in 1947?" in out
    assert "29 November 1947" in out
    assert out.count("understood as") == 1
    assert "Who came?" not in out


@pytest.mark.parametrize(
    ("question", "code", "told"),
    [
        ("How did Mexico vote in 2012?", 0, "Answered: the confidence is"),
        ("Who won the bicycle race in Paris?", 1, "nowhere in the documents: bicycl"),
        ("Who visited Palestine in 2000?", 0, "in the quote: visit"),
        ("How did Mexico voet in 2012?", 0, "corrected: voet to vote"),
        ("hello", 1, "Declined: no passage shares a word"),
    ],
)
def test_an_explanation_tells_why(
    question: str, code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--explain` tells of the words, the repairs, what counted and the decision."""
    assert main(["ask", "--explain", question]) == code
    assert told in " ".join(capsys.readouterr().out.split())


def test_an_explanation_is_for_one_question_in_text(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json or without a question, `--explain` is refused with the reason."""
    assert main(["ask", "--explain", "--json", "Who came?"]) == 2
    assert main(["ask", "--explain"]) == 2
    assert "--explain needs a QUESTION" in capsys.readouterr().err


def test_an_index_that_another_process_writes_may_be_had_later(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 75, as for all that the same command may do later."""
    monkeypatch.setattr(refreshing, "PATIENCE", 0.2)
    monkeypatch.setenv("FOOTNOTE_CACHE", str(tmp_path / "cache"))
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.md").write_text("The keys hang by the door.\n")
    assert run("index", "--knowledge", str(notes)).code == 0
    (folder,) = (tmp_path / "cache" / "indexes").iterdir()
    writer = refreshing.tantivy.Index.open(str(folder)).writer(refreshing.HEAP, 1)
    (notes / "b.md").write_text("The ladder is in the shed.\n")
    busy = run("index", "--knowledge", str(notes))
    assert busy.code == 75
    assert "another process is writing" in busy.err
    del writer
    assert run("index", "--knowledge", str(notes)).code == 0


def test_an_index_follows_its_documents(run: Run, tmp_path: Path) -> None:
    """Made at the first question, brought up to date at the next, compared by `check`."""
    notes = tmp_path / "notes"
    notes.mkdir()
    path = notes / "a.md"
    _write(path, b"# Lease\n\nThe lease ends in May.\n")
    options = ("--knowledge", str(notes))
    assert "has no index yet" in run("check", *options).err
    question = ("ask", *options, "When does the lease end?")
    first = run(*question)
    assert "May" in first.out
    assert first.err.startswith("footnote: built an index of 1 document in ")
    assert run(*question).err == ""
    _write(path, b"# Lease\n\nThe lease ends in October.\n")
    second = run(*question)
    assert "October" in second.out
    assert second.err == "footnote: updated the index: 1 file changed\n"
    checked = run("check", *options)
    assert (checked.code, checked.out) == (0, "  1 file compared; all up to date.\n")
    _write(notes / "b.md", b"# Rent\n\nThe rent is due on Friday.\n")
    checked = run("check", "--json", *options)
    assert checked.code == 1
    assert json.loads(checked.out) == {"file": "b.md", "difference": "is new"}
    shown = run("index", *options).out
    assert "2 documents with 2 passages; engine rank-bm25 (used up to 100 passages)." in shown
    assert "Added 1 file:" in shown
    assert "• b.md" in shown
    assert "Nothing has changed." in run("index", *options).out
    assert "Added 2 files:" in run("index", "--anew", *options).out
    named = run("index", "--engine", "tantivy", *options).out
    assert "engine tantivy." in named
    gone = notes.with_name("gone")
    notes.rename(gone)
    assert run(*question).code == 2
    gone.rename(notes)
    assert "October" in run(*question).out


def test_without_a_standard_input_a_question_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A service may have none."""
    monkeypatch.setattr("sys.stdin", None)
    assert main(["ask"]) == 2
    assert capsys.readouterr().err == "footnote: standard input is closed; give a question\n"


def test_an_empty_path_is_not_the_current_folder(run: Run) -> None:
    """A script may name it by a variable that is not set."""
    found = run("ask", "--knowledge", "", "x")
    assert (found.code, found.out) == (2, "")
    assert "'--knowledge': it is empty; name a file or a folder." in found.err


def test_an_interruption_is_no_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a command and its line, with the code that shells give it."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.assembly.opened", interrupted)
    assert run("ask", "x") == Result(130, "", "\n")


def test_an_interruption_while_the_command_is_imported_is_none_either() -> None:
    """The first tenths of a second, in which Ctrl-C used to print a traceback."""
    script = """
import sys

class Interrupting:
    def find_spec(self, name, *_):
        if name == "click":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
from bot.__main__ import run
sys.exit(run())
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_what_was_not_found_of_several_things_is_named(run: Run) -> None:
    """Below the quotes for the others, each of which an explanation is about."""
    assert "Nothing found for: 1803" in run("ask", "How did Mexico vote in 1947 and 1803?").out
    out = run("ask", "--explain", "How did Mexico vote in 1947, 2011 and 2012?").out
    for year in ("1947", "2011", "2012"):
        assert f"Asked separately: How did Mexico vote in {year}?" in out


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Who visited Palestine in 2013 and what does Mexico export?", "in other passages only"),
        ("When did Mexico launch its bureau in Ramallah?", "a similar word in the passage"),
        ("When did Mexico open its office, and how did it vote?", "elsewhere in the passage"),
    ],
)
def test_an_explanation_tells_where_each_word_stands(run: Run, question: str, told: str) -> None:
    """Beside those that the quote has."""
    out = " ".join(run("ask", "--explain", question).out.split())
    assert f"{told}: " in out
    assert "in the quote: " in out


def test_of_many_files_some_are_named(run: Run, tmp_path: Path) -> None:
    """And how many more there are."""
    (tmp_path / "docs").mkdir()
    for number in range(12):
        _write(tmp_path / "docs" / f"{number}.md", f"The number is {number}.".encode())
    out = run("index", "--knowledge", "docs").out
    assert "Added 12 files:" in out
    assert "and 2 more" in out
    listed = run("documents", "--knowledge", "docs").out
    assert "12 documents, 12 passages." in listed
    assert "skipped" not in listed
