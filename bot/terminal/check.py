"""The command that compares every file with what was read of it, and questions with documents."""

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.terminal.options import (
    Chosen,
    prints_json,
    reads_knowledge,
    settings_here,
    show_text,
    width,
)

if TYPE_CHECKING:
    from footnote import Collection
    from footnote.drafting import Flaw
    from footnote.index import IndexDamagedError


@click.command()
@click.argument("questions", type=click.Path(path_type=Path), required=False)
@reads_knowledge
@prints_json
def check(questions: Path | None, chosen: Chosen, as_json: bool) -> int:
    """Compare every file with the index.

    Compares checksums; other commands compare only the size and time of a file. Also checks that
    the index itself is not damaged, and the question set QUESTIONS (default: the set in
    FOOTNOTE_QUESTIONS, or the one for the packaged article): whether the documents still contain
    its evidence, whether it asks something twice, and whether an answer is so broad that wrong
    quotes contain it too. Exits with 0 if everything is up to date, 1 if not; `footnote index
    --rebuild` then reads every file again.

    \b
    Examples:
      footnote check --knowledge notes/
      footnote check --knowledge notes/ questions.jsonl
    """
    from bot.assembly import opened
    from bot.library import question_set_of
    from footnote.index import IndexDamagedError

    settings = chosen.over(settings_here())
    asked = questions or question_set_of(settings, settings.knowledge)
    try:
        collection = opened(settings, refresh=False)
        different = [(each.file, each.what) for each in collection.differences()]
        stale, doubtful = _problems(asked, collection) if asked else ([], [])
    except IndexDamagedError as error:
        return _show_damage(error, chosen.knowledge, as_json=as_json)
    code = 1 if different or stale or doubtful else 0
    if as_json:
        _show_differences_as_json(different)
        if asked:
            _show_problems_as_json(asked, stale, doubtful)
        return code
    _show_comparison(collection.files, different, chosen.knowledge)
    if asked:
        _show_problems(asked, stale, doubtful)
    return code


def _show_comparison(
    compared: int, different: Sequence[tuple[str, str]], knowledge: Path | None
) -> None:
    """The files that differ from what was read of them, and how many were compared."""
    from bot.presentation import counted
    from bot.terminal.wrapping import wrapped

    _show_lines(f"{file} {what}" for file, what in different)
    text = "all up to date." if not different else "to read all again:"
    show_text(wrapped(f"{counted(compared, 'file')} compared; {text}", width()))
    if different:
        show_text(_rebuilding(knowledge))


def _show_problems(asked: Path, stale: Sequence[str], doubtful: "Sequence[Flaw]") -> None:
    """What is wrong with a question set."""
    from bot.presentation import counted, harmless
    from bot.terminal.wrapping import wrapped

    _show_lines((*stale, *(f"warning: {flaw}" for flaw in doubtful)))
    text = "all evidence found" if not stale else f"{counted(len(stale), 'problem')} found"
    text += f", {counted(len(doubtful), 'warning')}" if doubtful else ""
    show_text(wrapped(f"{harmless(str(asked))}: {text}.", width()))


def _problems(questions: Path, collection: "Collection") -> "tuple[list[str], list[Flaw]]":
    """The evidence that the documents do not hold, and what judges badly."""
    from footnote.drafting import flaws
    from footnote.evaluation import read_question_set, stale_evidence

    found = read_question_set(questions)
    return (
        list(stale_evidence(found, collection.index)),
        list(flaws(found, collection.index.passages())),
    )


def _show_lines(lines: Iterable[str]) -> None:
    from bot.presentation import harmless
    from bot.terminal.wrapping import wrapped

    for line in lines:
        show_text(wrapped(harmless(line), width(), "•"))


def _rebuilding(knowledge: Path | None) -> str:
    """The command that reads these documents again, never broken, so that it can be pasted."""
    from bot.presentation import harmless_code
    from bot.terminal.wrapping import INDENT

    command = shlex.join(["footnote", "index", "--rebuild", *Chosen(knowledge).repeated])
    return f"{INDENT}{' '.join(harmless_code(command))}"


def _show_damage(error: "IndexDamagedError", knowledge: Path | None, *, as_json: bool) -> int:
    """Which files of the index are damaged; nothing can be compared with it."""
    damaged = [(str(error.folder / file), "is damaged") for file in error.files or ("",)]
    if as_json:
        _show_differences_as_json(damaged)
        return 1
    from bot.terminal.wrapping import wrapped

    _show_lines(f"{file} {what}" for file, what in damaged)
    show_text(wrapped("The index is not what was written; to build it again:", width()))
    show_text(_rebuilding(knowledge))
    return 1


def _show_differences_as_json(different: Iterable[tuple[str, str]]) -> None:
    from footnote.json_records import DifferenceRecord

    for file, what in different:
        show_text(DifferenceRecord(file=file, difference=what).model_dump_json())


def _show_problems_as_json(asked: Path, stale: Sequence[str], doubtful: "Sequence[Flaw]") -> None:
    from footnote.json_records import FlawRecord, StaleRecord

    for problem in stale:
        show_text(StaleRecord(questions=str(asked), stale=problem).model_dump_json())
    for flaw in doubtful:
        record = FlawRecord(questions=str(asked), id=flaw.id, line=flaw.line, warning=flaw.problem)
        show_text(record.model_dump_json())
