"""The command that compares every file with what was read of it, and questions with documents."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.terminal.options import prints_json, reads_knowledge, settings_here, show_text, width

if TYPE_CHECKING:
    from footnote import Collection
    from footnote.index import IndexDamagedError


@click.command()
@click.argument("questions", type=click.Path(path_type=Path), required=False)
@reads_knowledge
@prints_json
def check(questions: Path | None, knowledge: Path | None, engine: str | None, as_json: bool) -> int:
    """Compare every file with the index.

    Compares checksums; other commands compare only the size and time of a file. Also checks that
    the index itself is not damaged, and that the documents still contain the evidence of the
    question set QUESTIONS (default: the set in FOOTNOTE_QUESTIONS, or the one for the packaged
    article). Exits with 0 if everything is up to date, 1 if something is stale or damaged;
    `footnote index --rebuild` then reads every file again.

    \b
    Examples:
      footnote check --knowledge notes/
      footnote check --knowledge notes/ questions.jsonl
    """
    from bot.assembly import opened
    from bot.library import question_set_of
    from footnote.index import IndexDamagedError

    settings = settings_here()
    path = knowledge or settings.knowledge
    asked = questions or question_set_of(settings, path)
    try:
        collection = opened(replace(settings, knowledge=path), refresh=False)
        different = [(each.file, each.what) for each in collection.differences()]
        stale = list(_stale(asked, collection)) if asked else []
    except IndexDamagedError as error:
        return _show_damage(error, as_json=as_json)
    code = 1 if different or stale else 0
    if as_json:
        _show_differences_as_json(different)
        _show_stale_as_json(stale, asked)
        return code
    from bot.presentation import counted, harmless
    from bot.terminal.wrapping import wrapped

    for text in [*(f"{file} {what}" for file, what in different), *stale]:
        show_text(wrapped(harmless(text), width(), "•"))
    files = counted(collection.files, "file")
    text = "all up to date" if not different else "run: footnote index --rebuild"
    show_text(wrapped(f"{files} compared; {text}.", width()))
    if asked:
        text = "all evidence found" if not stale else f"{counted(len(stale), 'problem')} found"
        show_text(wrapped(f"{harmless(str(asked))}: {text}.", width()))
    return code


def _stale(questions: Path, collection: "Collection") -> Iterator[str]:
    from footnote.evaluation import read_question_set, stale_evidence

    yield from stale_evidence(read_question_set(questions), collection.index)


def _show_damage(error: "IndexDamagedError", *, as_json: bool) -> int:
    """Which files of the index are damaged; nothing can be compared with it."""
    damaged = [(str(error.folder / file), "is damaged") for file in error.files or ("",)]
    if as_json:
        _show_differences_as_json(damaged)
        return 1
    from bot.presentation import harmless
    from bot.terminal.wrapping import wrapped

    for file, what in damaged:
        show_text(wrapped(harmless(f"{file} {what}"), width(), "•"))
    show_text(wrapped("The index is not what was written; run: footnote index --rebuild.", width()))
    return 1


def _show_differences_as_json(different: Iterable[tuple[str, str]]) -> None:
    from footnote.json_records import DifferenceRecord

    for file, what in different:
        show_text(DifferenceRecord(file=file, difference=what).model_dump_json())


def _show_stale_as_json(stale: Iterable[str], questions: Path | None) -> None:
    from footnote.json_records import StaleRecord

    for problem in stale:
        show_text(StaleRecord(questions=str(questions), stale=problem).model_dump_json())
