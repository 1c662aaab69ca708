"""How a source is shown: its name once, its address as long as the place that it is shown in."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from blocks import answered, block
from command import Run

from bot.terminal.links import Links, links_of
from bot.terminal.rendering import answer_text
from knowledge.documents import BlockKind
from retrieval.answer.answer import Answer

ADDRESS = "https://docs.example.org/manual/3.12/reference/connections.html"
WORDS = "#pool:~:text=The%20pool%20holds%20ten%20connections."
_LINK = re.compile("\x1b]8;;(?P<address>[^\x1b]*)\x1b\\\\(?P<shown>[^\x1b]*)\x1b]8;;\x1b\\\\")


def _answer(title: str = "Manual", heading: tuple[str, ...] = ("Pool",)) -> Answer:
    cited = block((BlockKind.PARAGRAPH, "The pool holds ten connections."), heading=heading)
    return answered(tuple(replace(one, title=title, url=ADDRESS, anchor="pool") for one in cited))


def _last(text: str) -> str:
    return re.sub("\x1b\\[\\d*m", "", text.splitlines()[-1]).strip()


def test_a_title_that_is_the_first_heading_is_said_once() -> None:
    """Case and blanks make no other name of it."""
    assert "  — Manual › Pool\n" in answer_text(_answer("Manual", ("Manual", "Pool")), 80)
    assert "  — Manual › Pool\n" in answer_text(_answer("Manual", ("MANUAL ", "Pool")), 80)
    assert "  — Manual › Pool › Manual\n" in answer_text(_answer(heading=("Pool", "Manual")), 80)


def test_an_address_is_printed_whole() -> None:
    """Where nothing else is known, as in a pipe."""
    assert _last(answer_text(_answer(), 60)) == f"{ADDRESS}{WORDS}"


def test_a_long_address_is_shortened_to_a_link() -> None:
    """Behind what is shown of it, which fits the line, is the whole of it."""
    for width in (30, 60, 80):
        last = _last(answer_text(_answer(), width, links=Links.BEHIND))
        found = _LINK.fullmatch(last)
        assert found is not None
        assert found["address"] == f"{ADDRESS}{WORDS}"
        assert len(found["shown"]) <= width - 4
        assert "text=" not in found["shown"]
        assert found["shown"].startswith("https://docs")
        assert found["shown"].endswith("#pool")


def test_a_short_address_stays() -> None:
    """What fits the line needs no link behind it."""
    last = _last(answer_text(_answer(), 130, links=Links.BEHIND))
    assert last == f"{ADDRESS}{WORDS}"


def test_without_links_an_address_leads_to_the_section() -> None:
    """A terminal that knows no links gets an address that can be copied, without the words."""
    assert _last(answer_text(_answer(), 80, links=Links.SHORT)) == f"{ADDRESS}#pool"
    assert _last(answer_text(_answer(), 40, links=Links.SHORT)) == f"{ADDRESS}#pool"
    assert _last(answer_text(_answer(), 130, links=Links.SHORT)) == f"{ADDRESS}{WORDS}"


@pytest.mark.parametrize(
    ("environment", "links"),
    [
        ({"TERM": "xterm-256color"}, Links.SHORT),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7200"}, Links.BEHIND),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4200"}, Links.SHORT),
        ({"TERM": "xterm-256color", "VTE_VERSION": "new"}, Links.SHORT),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, Links.BEHIND),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, Links.SHORT),
        ({"TERM": "xterm-kitty"}, Links.BEHIND),
        ({"WT_SESSION": "1"}, Links.BEHIND),
        ({"TERM": "dumb", "WT_SESSION": "1"}, Links.WHOLE),
        # Multiplexers drop links unless they are told that the terminal has them.
        ({"TERM": "tmux-256color", "TMUX": "1", "VTE_VERSION": "7200"}, Links.SHORT),
        ({"TERM": "tmux-256color", "TMUX": "1", "FORCE_HYPERLINK": "1"}, Links.BEHIND),
        ({"TERM": "xterm-kitty", "FORCE_HYPERLINK": "0"}, Links.SHORT),
    ],
)
def test_terminals_are_known_by_what_they_say(environment: dict[str, str], links: Links) -> None:
    """A terminal that has links names itself; in a pipe there are none."""
    assert links_of(environment, is_terminal=True) is links
    assert links_of(environment, is_terminal=False) is Links.WHOLE


def test_plain_links_are_asked_for(run: Run, tmp_path: Path) -> None:
    """The option is there for `ask` and `chat`; without a terminal all are plain anyway."""
    (tmp_path / "a.md").write_text(
        f"---\nurl: {ADDRESS}\n---\n# Pool\n\nThe pool holds ten connections.\n"
    )
    question = "How many connections does the pool hold?"
    asked = run("ask", "--plain-links", "--knowledge", "a.md", question)
    assert asked.code == 0
    assert f"{ADDRESS}#pool:~:text=The%20pool" in asked.out
    assert run("ask", "--knowledge", "a.md", question).out == asked.out
    talked = run("chat", "--plain-links", "--knowledge", "a.md", stdin=f"{question}\n")
    assert f"{ADDRESS}#pool:~:text=The%20pool" in talked.out
