"""What passages define, as questions with the lines that say what it is."""

import re
from collections.abc import Iterator

from knowledge.documents import BlockKind, Passage, Span, Unit
from retrieval.evaluation.heading_words import GENERIC, TASK_TERMS
from retrieval.evaluation.headings import bare, lowered, stands_alone, telling
from retrieval.evaluation.names import (
    NO_SUBJECT,
    Asked,
    Form,
    context_of,
    identifier_in,
    is_name,
    is_opening,
    option_in,
    program_of,
)
from retrieval.text.lexicon import part_of_speech
from retrieval.text.tokens import is_identifier, terms

_MOST_WORDS = 60
_LEAST_WORDS = 5
_NO_MEANING = ("see ", "deprecated", "removed")

_OF_OPTIONS = re.compile(
    r"\b(?:options?|parameters?|settings?|arguments?|properties|attributes|controls)\b", re.I
)
_OF_CALLS = re.compile(r"^(?:(?:required|optional)\s+)?(?:arguments?|parameters?)$", re.I)
_VERSION = re.compile(r"\bversion\b|\d\.\d", re.I)
_ELSEWHERE = re.compile(r"\bsee\b", re.I)
_GLOSSARY = re.compile(r"\b(?:glossary|terminology|terms|definitions|concepts|vocabulary)\b", re.I)

_CALL = re.compile(
    r"^(?P<kind>(?:(?:class|classmethod|staticmethod|exception|function|static|abstractmethod|async|final)"
    r"\s+)*)(?P<name>[A-Za-z_][\w.]*)\("
)
_NOUN = re.compile(
    r"^(?:an?|the|optional|one|two|contains?|will contain|names? of|lists? of)\b", re.I
)
_PLURAL = re.compile(r"[^sui]s$")
_QUOTES = re.compile(r'[“”"‘]|’(?!\w)')
_IN_CAPITALS = re.compile(r"[A-Z\d]+")
_MEANS = re.compile(r"^(?:this (?:value|constant|flag|code|error|result|means)|indicates)\b", re.I)
_VERBS = (
    r"lets|allows|enables|disables|provides|adds|implements|creates|controls|converts|specifies"
    r"|sets|determines|performs|makes|returns|defines|describes|removes|displays|shows"
    r"|applies|generates|produces|opens|selects|replaces|reads|writes|prints|stores|moves|causes"
    r"|restricts|limits|handles|turns|sends|supports|manages|computes|checks|overrides"
)
_DEFINES = re.compile(
    r"^\W{0,2}(?P<article>(?:an?|the)\s+)?"
    r"(?P<subject>(?:[\w.\-/+*:“”\"‘’']+ ){0,4}?[\w.\-/+*“”\"()]{0,80}\w[\w)“”\"’]{0,20})"
    r"(?:\s+\([^)]{1,40}\))?\s+"
    rf"(?:(?P<is>is|are)\s+(?:an?|the|one of|used|intended|designed|another|simply)\b"
    rf"|(?P<does>{_VERBS})\b)",
    re.I,
)


def definitions_in(passage: Passage) -> Iterator[Asked]:
    """The questions for what a passage defines: the section's own subject, and terms."""
    yield from _opening_definition(passage)
    for position, unit in enumerate(passage.units):
        if unit.kind is BlockKind.TERM and unit.lead is None and unit.is_quotable:
            yield from _entry(passage, position)


def _opening_definition(passage: Passage) -> Iterator[Asked]:
    """What the first sentence of a section says that the thing is that the section is called by."""
    unit = passage.units[0]
    if not is_opening(passage) or unit.kind is not BlockKind.PARAGRAPH or not unit.is_quotable:
        return
    found = _defining(passage.quote(unit.span))
    if found is None:
        return
    above = set(terms(" ".join([passage.title, *passage.heading[-1:]])))
    subject = set(terms(found["subject"]))
    if not subject or not subject <= above or (found["does"] and not _is_called_so(passage, found)):
        return
    question = _what_is(found, passage.text)
    if stands_alone(question):
        yield Asked(question, Form.DEFINITION, _grown(passage, 0))


def _defining(sentence: str) -> re.Match[str] | None:
    """A sentence as a definition; None where it is none, or defines nothing by itself."""
    found = _DEFINES.match(sentence)
    if found is None or NO_SUBJECT.search(found["subject"]) or _ELSEWHERE.search(sentence):
        return None
    # "The collating sequences is ...": another word is the subject.
    is_cut = (found["is"] or "").lower() == "is" and _PLURAL.search(found["subject"])
    return None if is_cut or _VERSION.search(found["subject"]) else found


def _is_called_so(passage: Passage, found: re.Match[str]) -> bool:
    """Whether the section, or the page that it begins, is called by the subject of the sentence."""
    subject = found["subject"]
    name = passage.heading[-1] if passage.heading else passage.title
    is_same = set(terms(bare(name))) - GENERIC == set(terms(subject)) - GENERIC
    return is_identifier(subject) or (is_same and bool(telling(subject)))


def _what_is(found: re.Match[str], text: str) -> str:
    article = (found["article"] or "").lower()
    subject = _QUOTES.sub("", found["subject"])
    subject = subject if article else lowered(subject, text)
    if found["does"]:
        return f"What does {article}{subject} do?"
    return f"What {found['is'].lower()} {article}{subject}?"


def _entry(passage: Passage, position: int) -> Iterator[Asked]:
    """What a term with its definition is asked for."""
    unit = passage.units[position]
    meaning = [u for u in passage.units[position + 1 :] if u.lead == unit.span]
    if not meaning or not all(u.is_quotable for u in meaning):
        return
    opening = passage.quote(meaning[0].span)
    if len(opening.split()) < _LEAST_WORDS or opening.lower().startswith(_NO_MEANING):
        return
    term = " ".join(passage.quote(unit.span).split())
    if (question := _question_of_term(term, opening, passage)) is not None:
        yield Asked(question, Form.DEFINITION, _grown(passage, position))


def _question_of_term(term: str, opening: str, passage: Passage) -> str | None:
    """The question that asks for a term; `opening` is the first line of what it means."""
    if option := option_in(term):
        program = program_of(passage)
        return f"What does the option {option} of {program} do?" if program else None
    if call := _CALL.match(term):
        return _what_is_called(call)
    heading = passage.heading[-1] if passage.heading else ""
    if is_name(term) and _GLOSSARY.search(f"{heading} {passage.title}"):
        return _what_is_term(lowered(term, passage.text), opening)
    context = context_of(passage)
    if name := identifier_in(term):
        where = f" in {context}" if context and _OF_CALLS.search(heading) else ""
        # "NAME" may be of anything.
        return None if _IN_CAPITALS.fullmatch(name) else _what_it_is(name, where, opening)
    if context and is_name(term) and _OF_OPTIONS.search(heading):
        return _what_it_does(term, context)
    return None


def _what_is_called(call: re.Match[str]) -> str:
    """What a function, a class or an exception is asked for."""
    if call["kind"] and call["kind"].startswith("exception"):
        return f"What is the exception {call['name']}?"
    is_class = call["kind"] and call["kind"].startswith("class ")
    return f"What is {call['name']}?" if is_class else f"What does {call['name']}() do?"


def _what_it_is(name: str, where: str, opening: str) -> str:
    """What a name in code is asked for, by how its meaning begins."""
    if _MEANS.match(opening):
        return f"What does {name} mean{where}?"
    first = next(iter(terms(opening.split()[0])), "")
    is_noun = part_of_speech(first) == "n" and first not in TASK_TERMS
    if is_noun or _NOUN.match(opening):
        return f"What is {name}{where}?"
    return f"What does {name} do{where}?"


def _what_it_does(term: str, context: str) -> str | None:
    """What an option is asked for that has a name of some words."""
    if term.lower() == context.lower():
        return None
    return f"What {'do' if _PLURAL.search(term) else 'does'} {term} do in {context}?"


def _what_is_term(term: str, opening: str) -> str:
    if _PLURAL.search(term):
        return f"What are {term}?"
    if not opening.startswith(("A ", "An ")):
        return f"What is {term}?"
    return f"What is {'an' if term[0].lower() in 'aeio' else 'a'} {term}?"


def _grown(passage: Passage, position: int) -> Span:
    """A unit with those that go on behind it, as many words as a person would copy."""
    first = before = passage.units[position]
    words = 0
    for unit in passage.units[position + 1 :]:
        words += len(passage.quote(unit.span).split())
        if not _goes_on(passage, first, before, unit) or (words > _MOST_WORDS and before != first):
            break
        before = unit
    return Span(first.span.start, before.span.end)


def _goes_on(passage: Passage, first: Unit, before: Unit, unit: Unit) -> bool:
    """Whether a unit belongs to the first: to its term, its paragraph, or the list it leads to."""
    if not unit.is_quotable:
        return False
    if first.kind is BlockKind.TERM:
        return unit.lead is not None and unit.kind is not BlockKind.TERM
    is_led = unit.lead == before.span or passage.quote(before.span).endswith(":")
    return unit.kind is BlockKind.PARAGRAPH or is_led or unit.lead == before.lead is not None
