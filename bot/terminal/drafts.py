"""Questions that the documents propose, decided about at a terminal."""

from functools import partial
from pathlib import Path

from bot.terminal.deciding import (
    QUIT,
    SKIP,
    decide_each,
    is_added,
    tell_what_was_saved,
    typed_question,
)
from bot.terminal.options import Chosen, opened_collection, show_text, width
from bot.terminal.prompting import key_for, require_terminal
from bot.terminal.proposals import proposal_text
from footnote import Collection
from footnote.drafting import Proposal, QuestionFile, proposals

_KEYS = {"a": "accept", "e": "edit and accept", "d": "drop", SKIP: "skip", QUIT: "quit"}


def draft_questions(out: Path, chosen: Chosen) -> None:
    """Ask about each proposal, until somebody quits."""
    require_terminal()
    file = QuestionFile(out)
    had, known = len(file.questions), set(file.evidence)
    collection = opened_collection(chosen)
    asked = (question.question for question in file.questions)
    new = (one for one in proposals(collection.index, asked) if known.isdisjoint(one.evidence))
    try:
        decide_each(new, partial(_decided, file=file, collection=collection))
    finally:
        tell_what_was_saved(file, had, chosen.knowledge)


def _decided(proposal: Proposal, file: QuestionFile, collection: Collection) -> str:
    """The key that was pressed about a proposal, once it is done what that says."""
    show_text(proposal_text(proposal, collection.index, width()))
    while True:
        key = key_for(_KEYS, width())
        if key not in ("a", "e"):
            return key
        question = proposal.question if key == "a" else typed_question(proposal.question)
        id_ = file.new_id("drafted")
        if question is not None and is_added(proposal.judged(id_, question), file):
            return key
