"""The command `footnote chat`: questions that follow on, and what else can be typed there."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from bot.terminal.asking import Asking, question_lines
from bot.terminal.links import plain_links
from bot.terminal.options import (
    Chosen,
    opened_collection,
    prints_json,
    reads_knowledge,
    say,
    show_text,
    takes_limit,
    width,
)

if TYPE_CHECKING:
    # Every command imports what it needs when it runs, so that each starts quickly.
    from footnote import Answer, Citation, Collection

_HINT = "Type a question and press Enter; /help says what else. Ctrl-D quits."
_COMMAND = re.compile(r"/(\w+)", re.A)
_WORDS = {"help": "help", "?": "help", "quit": "quit", "exit": "quit"}
"""What is a command without the slash too."""

_HELP = (
    "Type a question, or a follow-up such as “and on Windows?”. What a follow-up leaves out is"
    " taken from the last whole question; “understood as” says how, where it differs from what you"
    " typed."
)
_COMMANDS = {
    "/source": "show the last answer in its surroundings, or the closest section",
    "/again": "ask the last question as it was typed, without what went before",
    "/help": "show this",
    "/quit": "end, as do Ctrl-D, and Ctrl-C where nothing is typed",
}
_KEYS = (
    "Ctrl-C clears a line that is half typed. The arrow keys bring back earlier lines, also those"
    " of earlier sessions."
)


@click.command()
@takes_limit
@reads_knowledge
@prints_json
@plain_links
def chat(limit: int, chosen: Chosen, as_json: bool) -> int:
    """Hold a conversation with follow-ups.

    Reads one question per line. What a follow-up leaves out is taken from the last whole question;
    how it was understood is shown above the answer where the words differ, and is `question` in
    JSON.

    /source shows the last answer in its surroundings, /again asks the last question as it was
    typed, /help lists the keys, and /quit ends the conversation.

    \b
    Examples:
      footnote chat
      footnote chat --knowledge handbook.md
    """
    talk = _Talk(
        opened_collection(chosen),
        Asking(limit, chosen.repeated, as_json=as_json),
        as_json=as_json,
    )
    for number, text in question_lines(_HINT):
        match talk.command_in(text):
            case "quit":
                break
            case None:
                talk.ask(number, text)
            case command:
                talk.obey(command, number)
    return talk.asking.code


class _Talk:
    """A conversation with what it takes to obey a command: the last question and its answer."""

    def __init__(self, collection: "Collection", asking: Asking, *, as_json: bool) -> None:
        self.asking = asking
        self._collection = collection
        self._as_json = as_json
        self._conversation = collection.conversation()
        self._asked: str | None = None
        self._answer: Answer | None = None

    @staticmethod
    def command_in(text: str) -> str | None:
        """The name of the command that was typed, if it is one."""
        match = _COMMAND.fullmatch(text)
        name = match[1].lower() if match else ""
        return _WORDS.get(text.lower()) or _WORDS.get(name) or name or None

    def ask(self, number: int, text: str) -> None:
        """Print the answer to a question, or what is said back to talk."""
        from bot.talk import said_back

        back = None if self._as_json else said_back(text)
        if back is not None:
            show_text(f"\n  {back}")
            return
        answer = self.asking.ask(self._conversation.ask, number, text)
        if answer is not None:
            self._asked, self._answer = text, answer

    def obey(self, command: str, number: int) -> None:
        """Do what a command says; what is none is said."""
        match command:
            case "help":
                click.echo(_help_text(width()), err=True)
            case "source":
                self._show_source()
            case "again":
                self._ask_again(number)
            case _:
                say(f"there is no command /{command}; see: /help")

    def _ask_again(self, number: int) -> None:
        if self._asked is None:
            say("nothing was asked yet; type a question")
            return
        self._conversation = self._collection.conversation()
        self.ask(number, self._asked)

    def _show_source(self) -> None:
        sources = _sources(self._answer) if self._answer else []
        if not sources:
            say("there is no source to show; ask something first")
        from bot.locations import location_of

        for source in sources:
            place = location_of(source, self._collection.index)
            if self._as_json:
                from footnote.json_records import PassageRecord

                show_text(PassageRecord.of(place.passage, place.document).model_dump_json())
            else:
                from bot.terminal.rendering import surroundings_text

                show_text(f"\n{surroundings_text(place, width())}\n")


def _sources(answer: "Answer") -> "Sequence[Citation]":
    """One quote of each block that answers, or that of the closest section."""
    from bot.presentation import blocks_of, cited_first

    return [cited_first(block) for block in blocks_of(answer.citations)] or answer.nearest[:1]


def _help_text(columns: int) -> str:
    from bot.terminal.wrapping import INDENT, filled, wrapped

    longest = max(map(len, _COMMANDS))
    rest = " " * (len(INDENT) + longest + 2)
    commands = [
        filled(what, columns, f"{INDENT}{name:{longest}}  ", rest)
        for name, what in _COMMANDS.items()
    ]
    return "\n".join([wrapped(_HELP, columns), "", *commands, "", wrapped(_KEYS, columns)])
