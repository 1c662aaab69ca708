"""Questions that somebody decides about one by one, and the question set that they go into."""

import shlex
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import click

from bot.presentation import counted, harmless, harmless_code
from bot.terminal.options import Chosen, width
from bot.terminal.prompting import edited
from bot.terminal.wrapping import INDENT, wrapped
from footnote import LONGEST_QUESTION
from footnote.drafting import JudgedQuestion, QuestionFile

SKIP, QUIT = "s", "q"

T = TypeVar("T")


def decide_each(items: Iterable[T], decide: Callable[[T], str]) -> None:
    """Decide about each item, at the end about those that were skipped, until somebody quits.

    `decide` gives the key that was pressed.
    """
    left = items
    while True:
        skipped = []
        for item in left:
            key = decide(item)
            if key == QUIT:
                return
            if key == SKIP:
                skipped.append(item)
        if not skipped:
            click.echo(f"{INDENT}Those were all.")
            return
        click.echo(f"{INDENT}Those that you skipped:")
        left = skipped


def is_added(question: JudgedQuestion, file: QuestionFile) -> bool:
    """Whether a question was saved; it is not where the file asks it already."""
    if file.asks(question.question):
        click.echo(f"{INDENT}The question set asks this already.")
        return False
    file.add(question)
    click.echo(f"{INDENT}Saved as {question.id}.")
    return True


def typed_question(text: str) -> str | None:
    """A question that was edited; None where it is left as it was."""
    question = edited(text, f"{INDENT}? ")
    if question is not None and len(question) > LONGEST_QUESTION:
        click.echo(f"{INDENT}A question has at most {LONGEST_QUESTION:,} characters.")
        return None
    return question


def tell_what_was_saved(file: QuestionFile, had: int, knowledge: Path | None) -> None:
    """Say how many questions were saved, and what to do with them; nothing where none was."""
    count = len(file.questions) - had
    if not count:
        return
    text = f"Saved {counted(count, 'question')} in {harmless(str(file.path))}. To evaluate them:"
    again = ["footnote", "evaluate", *Chosen(knowledge).repeated, str(file.path)]
    # Never broken, so that it can be pasted.
    hint = " ".join(harmless_code(shlex.join(again)))
    click.echo(f"\n{wrapped(text, width())}\n{INDENT}{hint}")
