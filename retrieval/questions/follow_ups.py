"""Follow-up questions, completed from what was asked and answered before, by rules.

Nothing is carried over to a question that stands alone.
"""

import re
from dataclasses import dataclass

from retrieval.text.english_words import YEAR
from retrieval.text.lexicon import part_of_speech
from retrieval.text.tokens import Token, tokens

_LEAD = re.compile(r"^\s*(?:and|but|also|so|then|ok(?:ay)?|well)\b[\s,]*", re.I)
_ADDS = re.compile(r"^\s*(?:and|but|also)\b", re.I)
_WHAT_ABOUT = re.compile(r"^(?:(?:what|how) about|what of|same for)\s+", re.I)
_ALONE = re.compile(r"(?:who|what|when|where|why|how)", re.I)
_QUESTION_WORD = re.compile(
    r"\b(?:who|whom|whose|what|when|where|which|why|how|is|are|was|were|do|does|did|has|have|had|can"
    r"|could|will|would|should|list|name|tell|give|show|thanks?|hello|hi)\b",
    re.I,
)
_PREPOSITION = re.compile(
    r"^(in|on|at|by|for|to|from|of|with|during|after|before|under)\s+(?:the\s+)?", re.I
)
_PERSON = re.compile(r"\b(?:he|him|she|his|her)\b", re.I)
_THING = re.compile(r"\b(?:it|its|they|them|their)\b", re.I)
_THERE = re.compile(r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere\b", re.I)
# "It" that stands for nothing: "is it true that", "how long does it take".
_NO_THING = re.compile(r"\bit (?:takes?|true|possible|necessary|matters?|rains?|that|ok)\b", re.I)
_POSSESSIVE = ("his", "its", "their")
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\s+", re.I
)
_WHO_IS = re.compile(r"\bwho(?: else)? (?:is|was|are|were)\b", re.I)
_WHO = re.compile(r"\bwho(?:m|se)?\b", re.I)
_OBJECT = re.compile(
    r"\b(?:the|its|an?|their)\s+((?:[\w'’-]+\s+)*?[\w'’-]+)(?=\s+(?:in|on|at|of|for|to|by|from|with)\b"
    r"|\s*[?.,]|\s*$)",
    re.I,
)
_YEAR = re.compile(rf"\b{YEAR}\b")
_LEADING_WORDS = re.compile(
    r"^\s*(?:(?:in|on|at|by|for|to|from|of)\s+)?(?:who|whom|whose|what|when|where|which|why|how)\b"
    r"(?:\s+(?:many|much|long|year|date|city|country))?\s*",
    re.I,
)
_WITHIN_NAMES = frozenset(["of", "de", "del", "la", "al", "bin", "von", "van", "the"])
_FEW_WORDS = 6


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a conversation, complete, and the words that answered it, if any did."""

    question: str
    short_answer: str | None = None


def completed(text: str, previous: Turn | None) -> str:
    """The question with what it leaves out taken from the turn before; as it is if nothing is."""
    if previous is None:
        return text
    asked = _LEAD.sub("", text, count=1).strip()
    bare = asked.rstrip(" ?!.")
    if _ALONE.fullmatch(bare):
        rest = _LEADING_WORDS.sub("", previous.question)
        return f"{bare.capitalize()} {rest}"
    fragment = _WHAT_ABOUT.sub("", bare)
    is_short = 0 < len(fragment.split()) <= _FEW_WORDS
    adds = fragment != bare or _ADDS.match(text) or (_PREPOSITION.match(bare) and is_short)
    if adds and is_short and not _QUESTION_WORD.search(fragment):
        return _with_fragment(fragment, previous.question) or text
    return _with_pronoun(asked, previous) or text


def _with_fragment(fragment: str, previous: str) -> str | None:
    """The question before with one of its parts exchanged for a new one of the same kind."""
    preposition = _PREPOSITION.match(fragment)
    core = fragment[preposition.end() :] if preposition else fragment
    year, earlier = _YEAR.search(core), _YEAR.search(previous)
    if year and earlier:
        return _exchanged(previous, earlier.span(), year[0])
    if not year and _is_name(core) and _names(previous):
        return _with_name(core, preposition, previous)
    if year or preposition:
        return _appended(fragment if preposition else f"in {fragment}", previous)
    subject = _subject(previous)
    if subject is None or _names(previous[slice(*subject)]):
        return None
    return _exchanged(previous, subject, core)


def _with_name(name: str, preposition: re.Match[str] | None, previous: str) -> str | None:
    """The question before with its last name exchanged, or that behind the same preposition."""
    if name in previous:
        return None
    names = _names(previous)
    if preposition is None:
        return _exchanged(previous, names[-1], name)
    behind = [n for n in names if previous[: n[0]].lower().endswith(f"{preposition[1]} ")]
    if not behind:
        return _appended(f"{preposition[0]}{name}", previous)
    return _exchanged(previous, behind[-1], name)


def _exchanged(text: str, part: tuple[int, int], new: str) -> str:
    return text[: part[0]] + new + text[part[1] :]


def _appended(fragment: str, previous: str) -> str:
    ending = "?" if previous.rstrip().endswith("?") else ""
    return f"{previous.rstrip(' ?')} {fragment}{ending}"


def _with_pronoun(asked: str, previous: Turn) -> str | None:
    """The question with its pronoun replaced by whom or what the turn before was about."""
    for pattern, find in ((_PERSON, _person), (_THERE, _place), (_THING, _thing)):
        match = pattern.search(asked)
        if match is None or _NO_THING.search(asked) or _says_whom(asked[: match.start()]):
            continue
        meant = find(previous)
        if meant:
            pronoun = match[0].lower()
            following = tokens(asked[match.end() :])
            is_possessive = pronoun in _POSSESSIVE or (
                pronoun == "her" and bool(following) and not following[0].is_stop_word
            )
            place = "in " if pronoun == "there" else ""
            ending = "'s" if is_possessive else ""
            return f"{asked[: match.start()]}{place}{meant}{ending}{asked[match.end() :]}"
    return None


def _says_whom(before: str) -> bool:
    """Whether what stands before a pronoun has a noun or a name that it may stand for."""
    return bool(_names(before)) or any(
        not word.is_stop_word and part_of_speech(word.term) == "n" for word in tokens(before)
    )


def _person(previous: Turn) -> str | None:
    """Whom the turn before was about: the answer to "who", else a name in the question."""
    names = [previous.question[start:end] for start, end in _names(previous.question)]
    answer = _last_name(previous.short_answer)
    if _WHO_IS.search(previous.question) and names:
        return names[0]
    if _WHO.search(previous.question) and answer:
        return answer
    return max(names, key=lambda name: len(name.split()), default=answer)


def _place(previous: Turn) -> str | None:
    return _last_name(previous.short_answer) or _last_name(previous.question)


def _thing(previous: Turn) -> str | None:
    """What the turn before was about: its subject, or its object where that is somebody."""
    subject = _subject(previous.question)
    if subject is None:
        return None
    found = previous.question[slice(*subject)]
    other = _OBJECT.search(previous.question)
    if _names(found) and other and other.start() >= subject[1]:
        return f"the {other[1]}"
    return found


def _subject(question: str) -> tuple[int, int] | None:
    """Start and end of the words behind a question's auxiliary, up to a verb or a preposition."""
    auxiliary = _AUXILIARY.search(question)
    if auxiliary is None:
        return None
    start = end = auxiliary.end()
    has_content = False
    for word in tokens(question[start:]):
        written = question[start + word.start : start + word.end]
        if _ends_subject(word, written, has_content):
            break
        has_content = has_content or not word.is_stop_word
        end = start + word.end
    return (start, end) if has_content else None


def _ends_subject(word: Token, written: str, has_content: bool) -> bool:
    if written.lower() in ("the", "a", "an", "of", "its", "their", "his", "her"):
        return False
    is_verb = part_of_speech(word.term) == "v" or written.endswith("ed")
    return word.is_stop_word or (has_content and is_verb and not written[0].isupper())


def _is_name(text: str) -> bool:
    names = _names(f"x {text}")
    return bool(names) and names[0] == (2, len(text) + 2)


def _last_name(text: str | None) -> str | None:
    # A capital letter at the beginning counts here: short answers are no sentences.
    names = _names(f"x {text}") if text else []
    return f"x {text}"[slice(*names[-1])] if names else None


def _names(text: str) -> list[tuple[int, int]]:
    """Start and end of the runs of capitalised words that are no question words."""
    found: list[tuple[int, int]] = []
    is_open, last_end = False, 0
    for place, word in enumerate(tokens(text)):
        written = text[word.start : word.end]
        is_joined = is_open and text[last_end : word.start] in (" ", "-", ". ")
        is_capital = written[0].isupper() and written != "I"
        if is_capital and (place or not (word.is_stop_word or _QUESTION_WORD.fullmatch(written))):
            if is_joined:
                found[-1] = (found[-1][0], word.end)
            else:
                found.append((word.start, word.end))
            is_open = True
        else:
            is_open = is_joined and written in _WITHIN_NAMES
        last_end = word.end
    return found
