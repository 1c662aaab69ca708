"""Footnote for programs: documents in, verbatim answers with their sources out.

    import footnote

    notes = footnote.open("notes/")
    answer = notes.ask("Who signed the lease?")

Everything that is not listed here may change without notice. Each name is imported when it is first
used, since starting up takes longer than answering.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from knowledge.documents import BlockKind, Document, Passage, Span
    from knowledge.errors import FootnoteError, ReadError, UnavailableError
    from knowledge.loading import MATERIAL, Skipped
    from retrieval.answer.answer import Answer, Citation, Verdict
    from retrieval.answer.conversation import Conversation
    from retrieval.answer.finding import LONGEST_QUESTION, QuestionError
    from retrieval.collection import Collection
    from retrieval.index.report import Report
    from retrieval.opening import from_texts
    from retrieval.opening import open_collection as open  # noqa: A004 (as tarfile and gzip have it)
    from retrieval.questions.repair import Repair
    from retrieval.search.engine import Hit

__all__ = [
    "LONGEST_QUESTION",
    "MATERIAL",
    "Answer",
    "BlockKind",
    "Citation",
    "Collection",
    "Conversation",
    "Document",
    "FootnoteError",
    "Hit",
    "Passage",
    "QuestionError",
    "ReadError",
    "Repair",
    "Report",
    "Skipped",
    "Span",
    "UnavailableError",
    "Verdict",
    "from_texts",
    "open",
]

_MODULES = {
    "knowledge.documents": ("BlockKind", "Document", "Passage", "Span"),
    "knowledge.errors": ("FootnoteError", "ReadError", "UnavailableError"),
    "knowledge.loading": ("MATERIAL", "Skipped"),
    "retrieval.answer.answer": ("Answer", "Citation", "Verdict"),
    "retrieval.answer.finding": ("LONGEST_QUESTION", "QuestionError"),
    "retrieval.answer.conversation": ("Conversation",),
    "retrieval.collection": ("Collection",),
    "retrieval.opening": ("from_texts", "open_collection"),
    "retrieval.index.report": ("Report",),
    "retrieval.questions.repair": ("Repair",),
    "retrieval.search.engine": ("Hit",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}
_CALLED = {"open": "open_collection"}


def __getattr__(name: str) -> Any:
    inner = _CALLED.get(name, name)
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_MODULE_OF[inner]), inner)
    return value


def __dir__() -> list[str]:
    return __all__
