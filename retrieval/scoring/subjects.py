"""What a sentence says the meaning of, and whether a question may ask for it."""

import re
from collections.abc import Container, Iterable

from knowledge.languages import ENGLISH
from retrieval.text.tokens import STOP, terms

# "A layer mask lets you ...", "Dithering is a technique ...", "filtergraph: ...".
SUBJECT = re.compile(
    r"^\W{0,3}(?:(?:an?|the|each|every)\s+)?((?:[\w.\-/]+[ \"”’)(“‘]{1,3}){0,5}?[\w.\-/]+)"
    r"[\"”’*`)]{0,3}"
    r"(?:\s+(?:is|are|means?|refers?|represents?|lets?|allows?|provides?|stands?|denotes?|describes?"
    r"|implements?|operates?|defines?|specifies|contains?|consists?)\b|\s*[:–—]\s|\s+[–—]\s)",
    re.I,
)
_WITHIN = 200


def subject_of(text: str, language: str) -> frozenset[str]:
    """The terms of what a text says that it is, does or means; none of most."""
    found = SUBJECT.match(text[:_WITHIN])
    # Cut into words by itself: an option has other words behind its marks.
    return frozenset(terms(found[1], language)) if found else frozenset()


def may_be_asked_for(words: Iterable[str], asked: Container[str], language: str) -> bool:
    """Whether all terms of the subject of a text may be asked for, by the first telling one of its
    words, as `located_terms` has them."""
    if language != ENGLISH:
        return True  # the articles that SUBJECT passes over are telling words
    for word in words:
        if word[0] != STOP:
            # A mark before it is no part of a subject: "--max_time is" is about max_time.
            return word in asked or not word[0].isalnum()
    return False
