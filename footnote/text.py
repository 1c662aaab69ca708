"""For front ends: texts as people read and type them."""

from knowledge.addresses import section_address
from knowledge.documents import line_spans
from knowledge.formats import FORMATS, format_of
from knowledge.languages import is_unspaced
from knowledge.loading import read_text
from knowledge.sentences import sentence_spans
from knowledge.unmarking import unmarked
from retrieval.answer.blocks import whole_lines
from retrieval.text.tokens import terms, written_words

__all__ = [
    "FORMATS",
    "format_of",
    "is_unspaced",
    "line_spans",
    "read_text",
    "section_address",
    "sentence_spans",
    "terms",
    "unmarked",
    "whole_lines",
    "written_words",
]
