"""The command that makes a question set, out of documents or out of what was asked in vain."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bot.terminal.options import Chosen, reads_knowledge

MOST_ID = 2**63 - 1
"""Discord's ids, as databases hold them."""


def _writes_questions(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that names the question set."""
    return click.option(
        "--out",
        metavar="FILE",
        type=click.Path(path_type=Path),
        default=Path("questions.jsonl"),
        show_default=True,
        help="Question set to write or to continue.",
    )(command)


@click.group()
def questions() -> None:
    """Make a question set of your own.

    Shows questions one by one, each with what answers it, and saves what you accept at once.

    \b
    Examples:
      footnote questions draft --knowledge docs/
      footnote questions from-gaps --knowledge docs/ --out asked.jsonl
    """


@questions.command()
@_writes_questions
@reads_knowledge
def draft(out: Path, chosen: Chosen) -> int:
    """Propose questions from the documents.

    They come from headings, definitions, settings, prices and times. Each is shown with the words
    that answer it. Press a to accept it, e to edit it first, d to drop it, s to see it again at the
    end, q to quit. What you accept is saved at once, with the tag "drafted", and an existing file
    is continued. Since these questions share the words of the documents, `footnote evaluate`
    reports them apart from the others.

    \b
    Examples:
      footnote questions draft --knowledge docs/
      footnote questions draft --knowledge docs/ --out questions.jsonl
    """
    from bot.terminal.drafts import draft_questions

    draft_questions(out, chosen)
    return 0


@questions.command("from-gaps")
@_writes_questions
@click.option(
    "--server",
    metavar="ID",
    type=click.IntRange(1, MOST_ID),
    help="Take the questions of one Discord server, by its id (default: all).",
)
@reads_knowledge
def from_gaps(out: Path, server: int | None, chosen: Chosen) -> int:
    """Judge the questions that the Discord bot declined.

    Takes the questions that moderators let the bot record (/footnote record), of all servers unless
    --server names one, those about the same together. Each is shown with the closest sections.
    Press the number of the section that answers it, t to paste the words that answer it, m if it
    must be declined, e to edit it, d to drop it, s to see it again at the end, q to quit. What you
    judge is saved at once, with the tag "asked", and stays in the file when a member's records are
    deleted.

    \b
    Examples:
      footnote questions from-gaps --knowledge docs/
      footnote questions from-gaps --knowledge docs/ --out asked.jsonl
      footnote questions from-gaps --knowledge docs/ --server 81384788765712384
    """
    from bot.terminal.gaps import judge_gaps

    judge_gaps(out, chosen, server or 0)
    return 0
