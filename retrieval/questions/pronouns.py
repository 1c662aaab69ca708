"""Follow-ups with a pronoun for what the question before was about: "is it free?"."""

import re

from retrieval.questions.topics import AUXILIARY, person_of, place_of, says_whom, thing_of
from retrieval.questions.turns import Turn
from retrieval.text.tokens import tokens

ASKS = re.compile(
    r"\s*+(?:please\s+)?(?:(?:in|on|at|by|for|to|from|of|with|since|until)\s+)?(?:who|whom|whose|what|when"
    r"|where|which|why|how|is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must"
    r"|may|list|name|tell|give|show|explain|describe)\b",
    re.I,
)
_PERSON = re.compile(r"\b(?:he|him|she|his|her)\b", re.I)
THING = re.compile(
    r"\b(?:it|its|they|them|their)\b|\b(?:this|that)(?=\s*(?:mean|do|work|happen|cost)?[\s?.!]*$)",
    re.I,
)
_THERE = re.compile(r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere\b", re.I)
# "It" that stands for nothing: "is it true that", "how long does it take", "is it allowed to".
_NO_THING = re.compile(
    r"it (?:takes?|true|possible|necessary|matters?|rains?|that|ok|so that|mean that)\b"
    r"|(?<=\bis )it (?!able|going|likely|supposed)[\w-]+ (?:to|that)\b|(?<=\bfar is )it\b",
    re.I,
)
_WHO_ACTS = re.compile(rf"\s*who\s+(?!{AUXILIARY.pattern})[\w'’-]+\s*$", re.I)
POSSESSIVE = ("his", "its", "their")
_BELONGS = re.compile(r"\s+([\w-]+(?:\s[\w-]+)?)([\s?.!]*)$")
_MOST_WORDS, _SHORT = 15, 3
"""Words of a question that leaves something out, and of what can stand before "'s"."""


def with_pronoun(text: str, asked: str, previous: Turn) -> Turn:
    """The question with its pronoun replaced by whom or what the turn before was about."""
    is_short = len(asked.split()) <= _MOST_WORDS
    is_question = is_short and (bool(ASKS.match(asked)) or text.rstrip().endswith("?"))
    referring = [
        (pattern, match)
        for pattern in (_PERSON, _THERE, THING)
        if (match := pattern.search(asked)) and _refers(match)
    ]
    for pattern, match in referring:
        meant = _meant(pattern, previous)
        if meant and is_question:
            whole = None if ASKS.match(asked) else previous.base
            return Turn(replaced(asked, match, meant), whole=whole, topic=previous.thing)
    if referring:
        # What refers to something that is not known is no new topic.
        return Turn(text, whole=previous.base, topic=previous.topic)
    return Turn(text, topic=None if thing_of(text) else previous.thing)


def _refers(pronoun: re.Match[str]) -> bool:
    """Whether a pronoun stands for something that its own question does not name."""
    before = pronoun.string[: pronoun.start()]
    # In "who said he came", he is who.
    is_who = pronoun[0].lower() in ("he", "she") and _WHO_ACTS.match(before)
    return not is_who and not _NO_THING.search(pronoun.string) and not says_whom(before)


def _meant(pattern: re.Pattern[str], previous: Turn) -> str | None:
    if pattern is THING:
        return previous.thing
    find = person_of if pattern is _PERSON else place_of
    return find(previous.base, previous.short_answer)


def replaced(text: str, pronoun: re.Match[str], meant: str) -> str:
    """The text with a name where the pronoun stands."""
    word = pronoun[0].lower()
    following_text = text[pronoun.end() :]
    following = tokens(following_text)
    is_possessive = word in POSSESSIVE or (
        word == "her" and bool(following) and not following[0].is_stop_word
    )
    if (
        is_possessive
        and len(meant.split()) > _SHORT
        and (belongs := _BELONGS.match(following_text))
    ):
        # "its default" of much is "the default of" that.
        return f"{text[: pronoun.start()]}the {belongs[1]} of {meant}{belongs[2]}"
    place = "in " if word == "there" else ""
    ending = "'s" if is_possessive else ""
    return f"{text[: pronoun.start()]}{place}{meant}{ending}{text[pronoun.end() :]}"
