"""For front ends: making a question set out of documents."""

from retrieval.evaluation.drafting import Proposal, proposals
from retrieval.evaluation.flaws import Flaw, flaws, words_of
from retrieval.evaluation.locating import evidence_of
from retrieval.evaluation.question_files import QuestionFile
from retrieval.evaluation.question_sets import Evidence, JudgedQuestion

__all__ = [
    "Evidence",
    "Flaw",
    "JudgedQuestion",
    "Proposal",
    "QuestionFile",
    "evidence_of",
    "flaws",
    "proposals",
    "words_of",
]
