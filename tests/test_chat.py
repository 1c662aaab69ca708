"""A conversation in a terminal: real keys at the real command, and lines that are piped in."""

import json
import os
import re
import stat
import sys
from pathlib import Path

import pytest
from command import Run
from typist import COMMAND, CTRL_C, CTRL_D, UP, Typist

from bot.talk import HELLO as HELLO_BACK
from bot.talk import WELCOME
from bot.terminal.history import MOST_LINES, History

HELLO = "Type a question and press Enter; /help says what else. Ctrl-D quits."


def _chat(data: Path, *options: str) -> Typist:
    return Typist([COMMAND, "chat", *options], {"FOOTNOTE_DATA": str(data)})


def test_questions_are_typed_until_ctrl_d(tmp_path: Path) -> None:
    """Each is answered, a follow-up as it was understood; the end of the input is no error."""
    with _chat(tmp_path) as typist:
        assert HELLO in typist.until("? ")
        assert "understood as" not in typist.ask("How did Mexico vote in 2012?")
        assert "understood as: How did Mexico vote in 1947?" in typist.ask("and in 1947?")
        typist.type(CTRL_D)
        assert typist.code() == 0


def test_ctrl_c_clears_a_line_and_ends_at_an_empty_one(tmp_path: Path) -> None:
    """As shells clear it; what was cleared is not asked."""
    with _chat(tmp_path) as typist:
        typist.until("? ")
        typist.type("Who was Ara")
        typist.until("Who was Ara")
        typist.type(CTRL_C)
        typist.until("? ")
        assert "Toluca" in typist.ask("Which city is twinned with Ramallah?")
        typist.type(CTRL_C)
        assert typist.code() == 0


def test_lines_of_earlier_sessions_come_back(tmp_path: Path) -> None:
    """By the arrow keys, from a file of the data folder that only its owner can read."""
    with _chat(tmp_path / "data") as typist:
        typist.until("? ")
        typist.ask("Which city is twinned with Ramallah?")
        # Also where the session does not end as it should.
    kept = tmp_path / "data" / "history"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.read_text("utf-8") == "Which city is twinned with Ramallah?\n"
    with _chat(tmp_path / "data") as typist:
        typist.until("? ")
        typist.type(UP)
        assert "twinned with Ramallah?" in typist.until("Ramallah?")
        assert "Toluca" in typist.ask("")


@pytest.mark.parametrize("kind", ["folder", "pipe", "nothing"])
def test_a_history_that_cannot_be_kept_is_no_error(kind: str, tmp_path: Path) -> None:
    """A conversation needs none, and waits for none."""
    data = tmp_path
    if kind == "folder":
        (data / "history").mkdir()
    elif kind == "pipe":
        os.mkfifo(data / "history")
    else:
        data = Path(os.devnull)
    with _chat(data) as typist:
        typist.until("? ")
        assert "Toluca" in typist.ask("Which city is twinned with Ramallah?")
        typist.type(CTRL_D)
        assert typist.code() == 0


def test_a_history_is_bounded(tmp_path: Path) -> None:
    """The newest lines are kept, none twice in a row, and none that would move the cursor."""
    kept = tmp_path / "history"
    kept.write_text("".join(f"{n}\n" for n in range(2 * MOST_LINES)) + "a\x1b[2Jb\n\n", "utf-8")
    assert len(History(kept).lines()) == MOST_LINES
    history = History(kept)
    history.add("new")
    history.add("new")
    lines = History(kept).lines()
    assert lines[-2:] == [str(2 * MOST_LINES - 1), "new"]
    assert len(kept.read_text("utf-8").splitlines()) == MOST_LINES
    assert list(tmp_path.iterdir()) == [kept]


def test_without_readline_a_second_ctrl_c_ends(tmp_path: Path) -> None:
    """There nobody knows whether something was typed: the first only clears the line."""
    program = (
        "import sys; sys.modules['readline'] = None;"
        "from bot.terminal.cli import main; sys.exit(main(['chat']))"
    )
    with Typist([sys.executable, "-c", program], {"FOOTNOTE_DATA": str(tmp_path)}) as typist:
        typist.until("? ")
        typist.type(CTRL_C)
        typist.until("? ")
        assert "Toluca" in typist.ask("Which city is twinned with Ramallah?")
        typist.type(CTRL_C)
        typist.until("? ")
        typist.type(CTRL_C)
        assert typist.code() == 0
    assert list(tmp_path.iterdir()) == []


def test_ask_takes_questions_from_the_keyboard(tmp_path: Path) -> None:
    """Each stands alone, and a slash means nothing."""
    with Typist([COMMAND, "ask"], {"FOOTNOTE_DATA": str(tmp_path)}) as typist:
        assert "Type a question and press Enter. Ctrl-D quits." in typist.until("? ")
        assert "2005" in typist.ask("When did Mexico open its office in Ramallah?")
        assert "footnote search /help" in typist.ask("/help")
        typist.type(CTRL_D)
        assert typist.code() == 0


@pytest.mark.parametrize("typed", ["/help", "help", "Help", "/HELP", "?"])
def test_help_explains(run: Run, typed: str) -> None:
    """What can be typed, on standard error, where it stands in the way of no answer."""
    result = run("chat", stdin=f"{typed}\n")
    assert (result.code, result.out) == (0, "")
    for name in ("/source", "/again", "/help", "/quit", "Ctrl-D", "Ctrl-C", "follow-up"):
        assert name in result.err
    assert max(map(len, result.err.splitlines())) <= 80


@pytest.mark.parametrize("typed", ["/quit", "quit", "exit", "/exit", "QUIT"])
def test_quit_ends(run: Run, typed: str) -> None:
    """What comes after it is not asked."""
    result = run("chat", stdin=f"{typed}\nWho came?\n")
    assert (result.code, result.out) == (0, "")


def test_an_unknown_command_gets_one_sentence(run: Run) -> None:
    """And the conversation goes on; what only begins with a slash is a question."""
    result = run("chat", stdin="/sauce\nHow did Mexico vote in 2012?\n/etc/hosts is what?\n")
    assert result.err == "footnote: there is no command /sauce; see: /help\n"
    assert "? How did Mexico vote in 2012?" in result.out
    assert "? /etc/hosts is what?" in result.out


def test_source_shows_the_last_answer_in_its_surroundings(run: Run) -> None:
    """Its lines as `show` prints them; before any question, one sentence."""
    result = run("chat", stdin="/source\nWhich city is twinned with Ramallah?\n/source\n")
    assert result.err == "footnote: there is no source to show; ask something first\n"
    answer, shown = result.out.split("See also:")
    line = re.findall(r"relations\.md:(\d+)", answer)[0]
    assert f" {line} ▌" in shown
    marked = [text for text in shown.splitlines() if "▌" in text]
    assert "Toluca" in " ".join(marked)
    assert len(shown.splitlines()) > len(marked) + 4


def test_source_in_json_is_the_passage(run: Run) -> None:
    """One object for each block that answers."""
    asked = run("chat", "--json", stdin="How did Mexico vote in 1947 and 2012?\n/source\n")
    answer, *passages = map(json.loads, asked.out.splitlines())
    assert len(passages) == len(answer["citations"]) == 2
    for passage, citation in zip(passages, answer["citations"], strict=True):
        assert citation["quote"] in passage["text"]


def test_source_of_a_decline_is_the_closest_section(run: Run) -> None:
    """What came nearest can be read too."""
    asked = run("chat", "--json", stdin="Who designed the statue of Arafat?\n/source\n")
    answer, passage = map(json.loads, asked.out.splitlines())
    assert answer["verdict"] == "declined"
    assert answer["nearest"][0]["start"] in range(passage["start"], passage["end"])


def test_again_asks_without_what_went_before(run: Run) -> None:
    """A follow-up that was misunderstood is asked as it was typed, and what comes next is
    completed from that."""
    lines = "/again\nHow did Mexico vote in 2012?\nand Palestine?\n/again\n"
    result = run("chat", "--json", stdin=lines)
    assert result.err == "footnote: nothing was asked yet; type a question\n"
    asked = [json.loads(line)["question"] for line in result.out.splitlines()]
    assert asked == [
        "How did Mexico vote in 2012?",
        "How did Palestine vote in 2012?",
        "and Palestine?",
    ]


def test_talk_is_answered_by_a_sentence(run: Run) -> None:
    """Nothing is searched for it, and the next question follows on from the one before."""
    result = run("chat", stdin="hello\nWhich Mexican city is twinned with Bethlehem?\nthanks!\n")
    assert result.out.startswith(f"\n  {HELLO_BACK}\n")
    assert result.out.endswith(f"\n  {WELCOME}\n")
    asked = "Which Mexican city is twinned with Bethlehem?\nthanks!\nand with Ramallah?\n"
    followed = run("chat", "--json", stdin=asked)
    records = [json.loads(line) for line in followed.out.splitlines()]
    assert [record["verdict"] for record in records] == ["answered", "declined", "answered"]
    assert records[1]["hits"] == []
    assert records[2]["question"] == "Which Mexican city is twinned with Ramallah?"
