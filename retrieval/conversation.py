"""Follow-up questions, completed from what was asked and answered before, by rules.

Nothing is carried over to a question that stands alone.
"""

import re
from dataclasses import dataclass

from retrieval.answering import Answerer
from retrieval.answers import Answer
from retrieval.lexicon import part_of_speech
from retrieval.tokens import Token, tokens

_LEAD = re.compile(r"^\s*(?:and|but|so|then|ok(?:ay)?|well)\b[\s,]*", re.I)
_WHAT_ABOUT = re.compile(r"^\s*(?:(?:what|how) about|what of|same for|also)\s+", re.I)
_QUESTION_WORD = re.compile(
    r"\b(?:who|whom|whose|what|when|where|which|why|how|is|are|was|were|do|does|did|has|have|had|can"
    r"|could|will|would|should|list|name|tell|give|show)\b",
    re.I,
)
_ALONE = re.compile(
    r"(?:who|what|when|where|why|how|which)(?: (?:exactly|then|so|was that))?", re.I
)
_HE = re.compile(r"\b(?:he|him|she)\b", re.I)
_HIS = re.compile(r"\bhis\b", re.I)
_HER = re.compile(r"\bher\b", re.I)
_IT = re.compile(r"\b(?:it|this|that(?= ?(?:\?|$|happen|end|begin|start|take))|they|them)\b", re.I)
_ITS = re.compile(r"\b(?:its|their)\b", re.I)
_THERE = re.compile(r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere\b", re.I)
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\s+", re.I
)
_NAME = re.compile(
    r"[^\W\d_a-z][\w'’.-]*(?:\s(?:(?:of|de|del|la|al|bin|von|van|the)\s)?[^\W\d_a-z][\w'’.-]*)*"
)
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_LEADING_WORDS = re.compile(
    r"^\s*(?:(?:in|on|at|by|for|to|from|of)\s+)?(?:who|whom|whose|what|when|where|which|why|how)\b"
    r"(?:\s+(?:many|much|long|year|date|city|country))?\s*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a conversation, complete, and the words that answered it, if any did."""

    question: str
    short_answer: str | None = None


class Conversation:
    """Questions that may leave out what the one before them said; one for each person or thread."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer
        self._previous: Turn | None = None

    def ask(self, text: str, limit: int = 10) -> Answer:
        """The answer to a question, whose own `question` is the completed one.

        QuestionError where it is empty or too long; the conversation goes on from before it.
        """
        answer = self._answerer.answer(completed(text, self._previous), limit)
        self._previous = Turn(answer.question, answer.short_answer)
        return answer


def completed(text: str, previous: Turn | None) -> str:
    """The question with what it leaves out taken from the turn before; as it is if nothing is."""
    if previous is None or not text.strip():
        return text
    asked = _LEAD.sub("", text).strip()
    bare = asked.rstrip(" ?!.")
    if _ALONE.fullmatch(bare):
        return _asked_otherwise(bare.split()[0], previous.question)
    fragment = _WHAT_ABOUT.sub("", bare)
    if fragment != bare or not _QUESTION_WORD.search(bare):
        if fragment != bare or _LEAD.match(text) or bare[:3].lower() in ("in ", "on ", "at "):
            return _with_fragment(fragment, previous.question)
        return text
    found = _with_pronouns(asked, previous)
    return text if found == asked else found


def _asked_otherwise(word: str, previous: str) -> str:
    """The question before, with another question word ("Why?")."""
    rest = _LEADING_WORDS.sub("", previous)
    return f"{word.capitalize()} {rest}"


def _with_fragment(fragment: str, previous: str) -> str:
    """The question before with one of its parts exchanged for a new one of the same kind."""
    year = _YEAR.search(fragment)
    names = _names(previous)
    if year:
        earlier = _YEAR.search(previous)
        if earlier:
            return previous[: earlier.start()] + year[0] + previous[earlier.end() :]
    elif names and _NAME.fullmatch(_bare_name(fragment)):
        start, end = names[-1]
        return previous[:start] + _bare_name(fragment) + previous[end:]
    ending = "?" if previous.rstrip().endswith("?") else ""
    return f"{previous.rstrip(' ?')} {fragment}{ending}"


def _bare_name(fragment: str) -> str:
    return re.sub(r"^(?:in|on|at|by|for|to|from|of|with|the)\s+", "", fragment, flags=re.I)


def _with_pronouns(asked: str, previous: Turn) -> str:
    """The question with its pronouns replaced by whom or what the turn before was about."""
    for pattern, possessive in ((_HE, ""), (_HIS, "'s"), (_HER, "'s")):
        match = pattern.search(asked)
        if match and not _names(asked[: match.start()]):
            person = _person(previous)
            if person:
                return asked[: match.start()] + person + possessive + asked[match.end() :]
    match = _THERE.search(asked)
    if match and not _names(asked[: match.start()]):
        place = _last_name(previous.short_answer) or _last_name(previous.question)
        if place:
            return f"{asked[: match.start()]}in {place}{asked[match.end() :]}"
    for pattern, possessive in ((_ITS, "'s"), (_IT, "")):
        match = pattern.search(asked)
        if match and not _names(asked[: match.start()]):
            thing = _subject(previous.question)
            if thing:
                return asked[: match.start()] + thing + possessive + asked[match.end() :]
    return asked


def _person(previous: Turn) -> str | None:
    """Whom the turn before was about: the answer to "who", else the longest name asked about."""
    if re.search(r"\bwho(?:m|se)?\b", previous.question, re.I):
        answer = _last_name(previous.short_answer)
        if answer:
            return answer
    names = [previous.question[start:end] for start, end in _names(previous.question)]
    return max(names, key=lambda name: len(name.split()), default=None) or _last_name(
        previous.short_answer
    )


def _subject(question: str) -> str | None:
    """What a question is about: the words behind its auxiliary, up to a verb or a preposition."""
    auxiliary = _AUXILIARY.search(question)
    if auxiliary is None:
        return None
    start = end = auxiliary.end()
    for word in tokens(question[start:]):
        written = question[start + word.start : start + word.end]
        if _ends_subject(word, written, is_first=end == start):
            break
        end = start + word.end
    found = question[start:end].strip()
    return found if any(not word.is_stop_word for word in tokens(found)) else None


def _ends_subject(word: Token, written: str, is_first: bool) -> bool:
    if written.lower() in ("the", "a", "an", "of", "its", "their", "his", "her"):
        return False
    if word.is_stop_word:
        return True
    is_verb = part_of_speech(word.term) == "v" or written.endswith("ed")
    return not is_first and is_verb and not written[0].isupper()


def _last_name(text: str | None) -> str | None:
    names = _names(text or "")
    return text[slice(*names[-1])] if text and names else None


def _names(text: str) -> list[tuple[int, int]]:
    """Start and end of the names in a text; a question word or the like that opens it is none."""
    found = []
    for match in _NAME.finditer(text):
        start = match.start()
        if start == 0:
            first, _, rest = match[0].partition(" ")
            words = tokens(first)
            if not words or words[0].is_stop_word or _QUESTION_WORD.fullmatch(first):
                if not rest:
                    continue
                start += len(first) + 1
        found.append((start, match.end()))
    return found
