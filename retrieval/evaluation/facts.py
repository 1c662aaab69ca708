"""Sentences that say what something costs or how long it takes, as questions for that."""

import re
from collections.abc import Iterator

from knowledge.documents import BlockKind, Passage
from retrieval.evaluation.headings import lowered, stands_alone
from retrieval.evaluation.names import NO_SUBJECT, Asked, Form

_SUBJECT = r"^(?P<what>(?:(?:an?|the|your)\s+)?[\w’'-]+(?: [\w’'-]+){0,3}?)"
_NUMBER = r"(?:\d[\d.,]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|half an?)"
_ABOUT = r"(?:(?:about|around|at most|at least|up to|only|usually|between)\s+)?"
_UNIT = r"(?:working )?(?:second|minute|hour|day|night|week|month|year)s?"
_FORMS = (
    (re.compile(rf"{_SUBJECT} costs {_ABOUT}(?=\S{{0,3}}\d)", re.I), "How much does {} cost?"),
    (re.compile(rf"{_SUBJECT} is {_ABOUT}{_NUMBER} {_UNIT}\b", re.I), "How long is {}?"),
    (re.compile(rf"{_SUBJECT} takes {_ABOUT}{_NUMBER} {_UNIT}\b", re.I), "How long does {} take?"),
    (re.compile(rf"{_SUBJECT} lasts {_ABOUT}{_NUMBER} {_UNIT}\b", re.I), "How long does {} last?"),
)
_PROSE = (BlockKind.PARAGRAPH, BlockKind.ITEM)
_PERSON = re.compile(r"^your\b", re.I)


def facts_in(passage: Passage) -> Iterator[Asked]:
    """The questions for the prices and times that a passage says."""
    for unit in passage.units:
        if unit.kind not in _PROSE or not unit.is_quotable:
            continue
        sentence = " ".join(passage.quote(unit.span).split())
        for pattern, form in _FORMS:
            found = pattern.match(sentence)
            if found is None or NO_SUBJECT.search(found["what"]):
                continue
            what = _PERSON.sub("my", lowered(found["what"], passage.text))
            question = form.format(what)
            if stands_alone(question):
                yield Asked(question, Form.FACT, unit.span)
