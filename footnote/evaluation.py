"""Question sets, and how good the answers to them are."""

from retrieval.collection import collection_of
from retrieval.evaluation.calibration import Fit, fit
from retrieval.evaluation.evaluation import Evaluation
from retrieval.evaluation.evidence import stale_evidence
from retrieval.evaluation.figures import NAMES, Figure, differences, meaning_of
from retrieval.evaluation.judging import Outcome
from retrieval.evaluation.question_sets import (
    PACKAGED,
    JudgedQuestion,
    QuestionSet,
    read_question_set,
    repeated,
)
from retrieval.evaluation.reports import read_report
from retrieval.evaluation.statistics import Difference, wilson
from retrieval.evaluation.thresholds import store_threshold
from retrieval.evaluation.trec import qrels_lines, run_lines

__all__ = [
    "NAMES",
    "PACKAGED",
    "Difference",
    "Evaluation",
    "Figure",
    "Fit",
    "JudgedQuestion",
    "Outcome",
    "QuestionSet",
    "collection_of",
    "differences",
    "fit",
    "meaning_of",
    "qrels_lines",
    "read_question_set",
    "read_report",
    "repeated",
    "run_lines",
    "stale_evidence",
    "store_threshold",
    "wilson",
]
