"""For front ends: what it takes to show documents and answers, and to read what people type."""

from knowledge.addresses import section_address
from knowledge.documents import line_spans
from knowledge.formats import format_of
from knowledge.languages import is_unspaced
from knowledge.sentences import sentence_spans
from knowledge.unmarking import readable_of, readable_parts
from retrieval.answer.answering import Trace
from retrieval.evaluation.thresholds import data_folder
from retrieval.index.engines import FEW
from retrieval.index.entries import KEY_LENGTH, Stored, key_of
from retrieval.index.reading import Index
from retrieval.questions.follow_ups import Turn, completed
from retrieval.questions.question import Kind, Question
from retrieval.scoring.weights import Model
from retrieval.text.tokens import terms, written_words

__all__ = [
    "FEW",
    "KEY_LENGTH",
    "Index",
    "Kind",
    "Model",
    "Question",
    "Stored",
    "Trace",
    "Turn",
    "completed",
    "data_folder",
    "format_of",
    "is_unspaced",
    "key_of",
    "line_spans",
    "readable_of",
    "readable_parts",
    "section_address",
    "sentence_spans",
    "terms",
    "written_words",
]
