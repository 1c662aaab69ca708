"""Questions that the bot declined, judged at a terminal."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from bot.discord.database import FILE, opened
from bot.discord.gaps import Gap, grouped
from bot.presentation import blocks_of, cited_first, harmless
from bot.terminal.deciding import (
    QUIT,
    SKIP,
    decide_each,
    is_added,
    tell_what_was_saved,
    typed_question,
)
from bot.terminal.options import Chosen, opened_collection, settings_here, show_text, width
from bot.terminal.prompting import edited, key_for, require_terminal
from bot.terminal.proposals import gap_text
from bot.terminal.wrapping import INDENT, wrapped
from footnote import LONGEST_QUESTION, Citation, Collection, FootnoteError
from footnote.drafting import Evidence, JudgedQuestion, QuestionFile, evidence_of
from footnote.index import data_folder

DROP = "d"
_TAG = "asked"
_KEYS = {
    "t": "type words",
    "m": "must decline",
    "e": "edit",
    DROP: "drop",
    SKIP: "skip",
    QUIT: "quit",
}


class NoGapsError(FootnoteError):
    """Nothing was recorded that could be judged."""


def judge_gaps(out: Path, chosen: Chosen, server: int) -> None:
    """Ask about each gap of a server, or with 0 of all, until somebody quits."""
    require_terminal()
    file = QuestionFile(out)
    gaps = [gap for gap in _recorded(server) if not any(map(file.asks, gap.questions))]
    if not gaps:
        raise NoGapsError(
            f"every question that was recorded is in {out}; run it again when more are"
        )
    collection = opened_collection(chosen)
    had = len(file.questions)
    try:
        decide_each(gaps, partial(_judged, file=file, collection=collection))
    finally:
        tell_what_was_saved(file, had, chosen.knowledge)


def _recorded(server: int) -> list[Gap]:
    """The questions that were declined in a server, or with 0 in all, the most asked first."""
    settings = settings_here()
    folder = data_folder(settings.data)
    declined: list[tuple[str, str]] = []
    name = str(folder / FILE)
    # A file is opened only where it is there, since opening makes it.
    if settings.database or (folder / FILE).is_file():
        database = opened(settings.database, folder)
        name = database.store.name
        try:
            declined = database.all_declined(server)
        finally:
            database.close()
    if not declined:
        where = f" of the server {server}" if server else ""
        raise NoGapsError(
            f"{name}: has no declined questions{where}; moderators turn recording on with"
            " /footnote record"
        )
    return grouped(declined)


def _judged(gap: Gap, file: QuestionFile, collection: Collection) -> str:
    """The key that was pressed about a gap, once it is done what that says."""
    question = _flat(gap.questions[0])
    while True:
        sections = _shown(question, gap, collection)
        key = key_for(_choices(len(sections)), width())
        if key == "e":
            question = typed_question(question) or question
            continue
        if key in (DROP, SKIP, QUIT):
            return key
        evidence = _evidence(key, sections, collection)
        is_decided = key == "m" or evidence is not None
        if is_decided and is_added(_question(question, evidence, file), file):
            return key


def _flat(question: str) -> str:
    """A question on one line."""
    return " ".join(question.split())


def _shown(question: str, gap: Gap, collection: Collection) -> list[Citation]:
    """The sections that may answer a question, once they are shown below it."""
    answer = collection.ask(question)
    sections = [*map(cited_first, blocks_of(answer.citations)), *answer.nearest]
    others = [other for other in map(_flat, gap.questions) if other != question]
    show_text(gap_text(question, others, gap.count, gap.last, sections, width()))
    return sections


def _choices(sections: int) -> dict[str, str]:
    """The keys, the numbers of the sections first."""
    numbers = {str(number): "" for number in range(1, sections + 1)}
    if numbers:
        numbers[str(sections)] = "answers it"
    return numbers | _KEYS


def _evidence(key: str, sections: Sequence[Citation], collection: Collection) -> Evidence | None:
    """What answers by the key that was pressed; None where nothing does, or was found."""
    if key.isdecimal():
        section = sections[int(key) - 1]
        return Evidence(document=section.document_id, quote=section.quote)
    words = edited("", f"{INDENT}Words of a document: ") if key == "t" else None
    if words is None:
        return None
    hits = collection.search(words[:LONGEST_QUESTION])
    near = dict.fromkeys(hit.passage.document_id for hit in hits)
    found = evidence_of(words, near, collection.index)
    if found is None:
        click.echo(f"{INDENT}No document has these words in a row; paste them as they stand there.")
    else:
        show_text(wrapped(f"found in {harmless(found.document)}", width()))
    return found


def _question(question: str, evidence: Evidence | None, file: QuestionFile) -> JudgedQuestion:
    known = () if evidence is None else (evidence,)
    return JudgedQuestion(id=file.new_id(_TAG), question=question, evidence=known, tags=(_TAG,))
