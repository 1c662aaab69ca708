"""The command that compares every file with what was read of it, and questions with documents."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.terminal.options import prints_json, reads_knowledge, settings_here, show_text, width

if TYPE_CHECKING:
    from footnote import Collection


@click.command()
@click.argument("questions", type=click.Path(path_type=Path), required=False)
@reads_knowledge
@prints_json
def check(questions: Path | None, knowledge: Path | None, engine: str | None, as_json: bool) -> int:
    """Compare every file with the index.

    Compares checksums; other commands compare only the size and time of a file. Also checks that
    the documents still contain the evidence of the question set QUESTIONS (default: the set in
    FOOTNOTE_QUESTIONS, or the one for the packaged article). Exits with 0 if everything is up to
    date, 1 if something is stale; `footnote index --rebuild` then reads every file again.

    \b
    Examples:
      footnote check --knowledge notes/
      footnote check --knowledge notes/ questions.jsonl
    """
    from bot.assembly import opened
    from bot.library import question_set_of

    settings = settings_here()
    path = knowledge or settings.knowledge
    collection = opened(replace(settings, knowledge=path), refresh=False)
    asked = questions or question_set_of(settings, path)
    different = list(collection.differences())
    stale = list(_stale(asked, collection)) if asked else []
    code = 1 if different or stale else 0
    if as_json:
        from footnote.json_records import DifferenceRecord, StaleRecord

        for each in different:
            show_text(DifferenceRecord(file=each.file, difference=each.what).model_dump_json())
        for problem in stale:
            show_text(StaleRecord(questions=str(asked), stale=problem).model_dump_json())
        return code
    from bot.presentation import counted, harmless
    from bot.terminal.wrapping import wrapped

    for text in [*(f"{each.file} {each.what}" for each in different), *stale]:
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
