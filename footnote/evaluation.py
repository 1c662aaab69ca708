"""Question sets, and how good the answers to them are."""

from retrieval.evaluation.calibration import Fit, fit
from retrieval.evaluation.comparison import Change, Comparison, compared
from retrieval.evaluation.evaluation import Evaluation
from retrieval.evaluation.evidence import stale_evidence
from retrieval.evaluation.figures import NAMES, Figure, Scored, meaning_of
from retrieval.evaluation.judging import Outcome
from retrieval.evaluation.question_sets import (
    DRAFTED,
    PACKAGED,
    JudgedQuestion,
    QuestionSet,
    read_question_set,
    repeated,
)
from retrieval.evaluation.reports import read_report
from retrieval.evaluation.results import Result, result_changes, result_figures, result_of
from retrieval.evaluation.statistics import enough, wilson
from retrieval.evaluation.thresholds import store_threshold
from retrieval.evaluation.trec import qrels_lines, run_lines
from retrieval.opening import collection_of

__all__ = [
    "DRAFTED",
    "NAMES",
    "PACKAGED",
    "Change",
    "Comparison",
    "Evaluation",
    "Figure",
    "Fit",
    "JudgedQuestion",
    "Outcome",
    "QuestionSet",
    "Result",
    "Scored",
    "collection_of",
    "compared",
    "enough",
    "fit",
    "meaning_of",
    "qrels_lines",
    "read_question_set",
    "read_report",
    "repeated",
    "result_changes",
    "result_figures",
    "result_of",
    "run_lines",
    "stale_evidence",
    "store_threshold",
    "wilson",
]
