"""For front ends: making a question set out of documents."""

from retrieval.evaluation.drafting import Proposal, proposals
from retrieval.evaluation.evidence import evidence_of
from retrieval.evaluation.flaws import Flaw, flaws
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
]
