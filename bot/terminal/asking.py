"""Questions of a terminal, one a line, typed or piped in, and how their answers are printed."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from bot.terminal.options import links, say, show_text, valid, width
from footnote import FootnoteError

if TYPE_CHECKING:
    # Every command imports what it needs when it runs, so that each starts quickly.
    from footnote import Answer

_ANSWERED, _WRONG_USE = 0, 2


def is_typed() -> bool:
    """Whether somebody types at standard input; FootnoteError where it is closed."""
    if sys.stdin is None:
        raise FootnoteError("standard input is closed; give a question")
    return sys.stdin.isatty()


def question_lines(hint: str) -> Iterator[tuple[int, str]]:
    """The lines of standard input with their numbers; where they are typed, `hint` says how."""
    lines: Iterable[str] = sys.stdin
    if is_typed():
        from bot.terminal.keyboard import typed_lines
        from bot.terminal.wrapping import wrapped

        click.echo(wrapped(hint, width(), indent=""), err=True)
        lines = typed_lines()
    for number, line in enumerate(lines, start=1):
        if text := valid(line.strip()):
            yield number, text


class Asking:
    """Asks one question after the other; `options` are those that a hint has to repeat.

    `code` is the exit code: 0, or 2 where a line that was piped in is no question.
    """

    def __init__(self, limit: int, options: Sequence[str], *, as_json: bool) -> None:
        self._limit = limit
        self._options = options
        self._as_json = as_json
        self.code = _ANSWERED

    def ask(self, ask: "Callable[[str, int], Answer]", number: int, text: str) -> "Answer | None":
        """The answer to a question, which is printed; None where it is none, which is said."""
        from footnote import QuestionError

        try:
            answer = ask(text, self._limit)
        except QuestionError as error:
            if is_typed():
                say(str(error))
            else:
                say(f"line {number}: {error}")
                self.code = _WRONG_USE
            return None
        if not self._as_json:
            from bot.terminal.rendering import question_text

            is_shown = not is_typed()
            show_text(question_text(text, width(), answer.question, is_shown=is_shown))
        show_answer(answer, self._options, self._as_json)
        return answer


def show_answer(answer: "Answer", options: Sequence[str], as_json: bool) -> None:
    """Print an answer; `options` are those that a hint has to repeat."""
    if as_json:
        from footnote.json_records import AnswerRecord

        show_text(AnswerRecord.of(answer).model_dump_json())
    else:
        from bot.terminal.rendering import answer_text

        show_text(answer_text(answer, width(), options, links()))
