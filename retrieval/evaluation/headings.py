"""Headings as the questions that somebody would type who wants to read what stands below them."""

import re
from collections.abc import Iterator
from itertools import pairwise

from retrieval.evaluation.heading_words import GENERIC, SMALL, TASK_TERMS, VERBS
from retrieval.text.lexicon import is_english
from retrieval.text.tokens import terms

_NUMBER = re.compile(
    r"^(?:(?:chapter|section|appendix|part|step|question)\s+)?"
    r"(?:[\dA-Z]{1,3}(?:\.\d{1,3})*[.):]+|\d{1,3}(?:\.\d{1,3})+|[QA]\d*[.:)]|\(\d+\)|\d+\s+-)\s+(?=\S)"
    r"|^\d{1,3}\s+(?=\w)",
    re.I,
)
_TAIL = re.compile(
    r"(?:(?<!\s)\s++)?"
    r"(?:¶|#|\(\s*(?:optional|new|since|added|deprecated)\b[^)]{0,100}\)|\([a-z]+\)|[:.])\s*$",
    re.I,
)
_ASKS = re.compile(r"""[?？؟\u037e]["'”’»)\]]{0,3}$""")
_WORD = re.compile(r"[^\W\d_][\w'’]*")
_MOST_WORDS = 18
_LONGEST = 140

# What only makes sense where it stands.
_POINTS = re.compile(
    r"\b(?:this|these|those|here|above|below|following|previous|our|we|us|mine|another|others?"
    r"|it all|everything|something|next|further|started|summary|again|now|instead|too)\b",
    re.I,
)
_GOES_ON = re.compile(r"(?:and|but|or|so|then|ok)\b", re.I)
_REFERS = re.compile(r"\b(?:it|its|they|them|their|he|she|that)\b", re.I)
_OF_NOUNS = re.compile(
    r"(?:algorithms?|api|apis|blocks?|changes|considerations|controls?|conventions?|details|engine"
    r"|areas?|class(?:es)?|conditions?|costs?|dates?|days|environment|fees?|groups?|hours?|life|prices?"
    r"|rooms?|skills?|functions?|guide|guidelines|history|interfaces?|issues|language|matrix|methods?"
    r"|modes?|modules?|notes?|operations?|options|order|overview|points?|policy|policies|problems?"
    r"|process|requirements|rules?|scripts?|speed|steps?|strateg(?:y|ies)|support|system|techniques"
    r"|times?|tips|tools?)",
    re.I,
)
_LINKS = re.compile(
    r"\b(?:an?|the|your|my|all|with|from|to|in|into|on|of|by|for|as|at|up|out|off|between|using|"
    r"via|without|multiple|new)\b",
    re.I,
)
_HOW_IT_WORKS = re.compile(
    r"^how (?P<what>\S+(?: \S+){0,3}) (?P<verb>works?|is \w+ed|are \w+ed)$", re.I
)
_OPENINGS = (
    (re.compile(r"^what to do (?=if|when|about|with|after|before)", re.I), "What should I do {}?"),
    (re.compile(r"^when to (?=[a-z])", re.I), "When should I {}?"),
    (re.compile(r"^where (?:to|you can|can you) ", re.I), "Where can I {}?"),
)
_HOW_TO = re.compile(r"^(?:howto|how to|how-to):? (?=\w)", re.I)
_INTERROGATIVE = re.compile(
    r"\b(?:what|who|whom|whose|where|when|why|how|which|is|are|am|was|were|can|could|do|does|did|will"
    r"|should|would|may|must|has|have|isn|doesn|don|won|aren)\b",
    re.I,
)
_PERSONS = (
    (re.compile(r"\byou are\b", re.I), "I am"),
    (re.compile(r"\byou(?:'ve|’ve)\b", re.I), "I have"),
    (re.compile(r"\byou\b", re.I), "I"),
    (re.compile(r"\byour\b", re.I), "my"),
    (re.compile(r"\byourself\b", re.I), "myself"),
)
_ASKS_AT_ONCE = re.compile(
    r"^(?:(?:what|who|where|when|why|how|which)(?:'s|’s)?\b (?:is|are|does|do|can|should|did|was"
    r"|much|many|new)\b|what(?:'s|’s) )",
    re.I,
)


def bare(heading: str) -> str:
    """A heading without its number and what stands behind its words."""
    text = " ".join(heading.split())
    return _TAIL.sub("", _NUMBER.sub("", text, count=1)).strip()


def asks(heading: str) -> bool:
    """Whether a heading is a question."""
    return _ASKS.search(bare(heading)) is not None


def question_of(heading: str, text: str) -> str | None:
    """The question that an English heading answers with the text below it; None where none is told.

    `text` shows how words are written that a heading may have in capitals.
    """
    if heading.isupper() or " | " in heading:
        return None
    plain = lowered(bare(heading), text)
    if not 2 <= len(plain.split()) <= _MOST_WORDS or len(plain) > _LONGEST:
        return None
    question = _asked(plain) or _task(plain)
    return question if question is not None and stands_alone(question) else None


def stands_alone(question: str) -> bool:
    """Whether an English question says by itself what it is about."""
    if _POINTS.search(question) or _GOES_ON.match(question):
        return False
    reference = _REFERS.search(question)
    if reference and not telling(question[: reference.start()]):
        return False
    return bool(telling(question))


def telling(text: str) -> list[str]:
    """The terms that are more than a manual's own words for its parts and what is done to them."""
    return [term for term in terms(text) if term not in GENERIC and term not in TASK_TERMS]


def _asked(plain: str) -> str | None:
    """The question that a heading asks itself, with or without the sign for it."""
    if _ASKS.search(plain):
        return _capital(plain) if _INTERROGATIVE.search(plain) else None
    if how_to := _HOW_TO.match(plain):
        rest = plain[how_to.end() :]
        return _by_me(rest[0].lower() + rest[1:] if rest[1:2].islower() else rest)
    if works := _HOW_IT_WORKS.fullmatch(plain):
        return _inverted(works["what"], works["verb"])
    if _ASKS_AT_ONCE.search(plain):
        return f"{_capital(plain)}?"
    for opening, form in _OPENINGS:
        if found := opening.search(plain):
            return form.format(plain[found.end() :])
    return None


def _inverted(what: str, verb: str) -> str:
    """ "How WAL works" as "How does WAL work?"."""
    if verb.lower() == "works":
        return f"How does {what} work?"
    if verb.lower() == "work":
        return f"How do {what} work?"
    auxiliary, _, rest = verb.partition(" ")
    return f"How {auxiliary.lower()} {what} {rest}?"


def _task(plain: str) -> str | None:
    """ "Setting up the server" as "How do I set up the server?"."""
    first, _, rest = plain.partition(" ")
    verb = VERBS.get(first.lower())
    if verb is None or not rest or ":" in rest or " - " in rest or ";" in rest:
        return None
    words = rest.split()
    is_thing = any(map(_OF_NOUNS.fullmatch, words)) and not any(map(_LINKS.fullmatch, words))
    if is_thing or words[0].lower() in ("of", "vs", "vs.", "versus"):
        return None
    told = list(_with_verbs(words))
    return None if None in told else _by_me(f"{verb} {' '.join(filter(None, told))}")


def _by_me(task: str) -> str:
    """A task as somebody asks for it who has to do it."""
    for pattern, word in _PERSONS:
        task = pattern.sub(word, task)
    return f"How do I {task}?"


def _with_verbs(words: list[str]) -> Iterator[str | None]:
    """The words, and verbs in -ing that are told with the first ("and closing") as it is.

    None for what may be no verb: "extending notation and tuning systems".
    """
    for place, word in enumerate(words):
        before = words[place - 1].lower() if place else ""
        plain = word.rstrip(",").lower()
        follows = before in ("and", "or", "and/or") or before.endswith(",")
        if follows and (place == 1 or (plain.endswith("ing") and len(plain) > 5)):
            verb = VERBS.get(plain) if place == 1 else None
            yield verb and f"{verb}{word[len(plain) :]}"
        else:
            yield word


def lowered(text: str, context: str = "") -> str:
    """A text without the capitals of a title; names keep theirs, as the context writes them."""
    first, *others = words = text.split(" ")
    if not _is_title(others, context):
        return " ".join([_lowered(first, context), *others])
    small = [_lowered(word, context) for word in words]
    for place, pair in enumerate(pairwise(others), start=1):
        if _is_name(pair, context):
            small[place : place + 2] = pair
    return " ".join(small)


def _is_title(words: list[str], context: str) -> bool:
    """Whether words behind the first have the capitals of a title, not of names."""
    if any(word[:1].isupper() and word.lower() in SMALL for word in words):
        return True
    long = [word for word in words if _WORD.search(word) and word.lower() not in SMALL]
    capitals = [word for word in long if word.lstrip("“”\"'(‘")[:1].isupper()]
    if len(long) == 1 and re.search(rf"[\w,] {re.escape(long[0])}\b", context):
        return False
    return len(capitals) >= 0.75 * len(long)


def _is_name(pair: tuple[str, str], context: str) -> bool:
    """Whether two words are a name, as "Sphere Designer" is."""
    is_capital = all(word[:1].isupper() and word.lower() not in SMALL for word in pair)
    return is_capital and " ".join(pair) in context


def _lowered(word: str, context: str) -> str:
    """A word in small letters, each part of it that is no name."""
    if re.search(r"[\d_/.]|\(\)", word.strip(".,:;()?")):
        return word  # an identifier
    return _WORD.sub(lambda found: _small(found[0], context), word)


def _small(letters: str, context: str) -> str:
    """Some letters of a word in small letters, unless they are a name or an acronym."""
    is_acronym = letters[1:] != letters[1:].lower() or letters in "BCDEFGHIJKLMNOPQRSTUVWXYZ"
    if not letters[0].isupper() or is_acronym:
        return letters
    small = letters.lower()
    if small in SMALL:
        return small
    written = len(re.findall(rf"(?<![\w/.-]){re.escape(small)}(?![\w/.-])", context))
    as_name = len(re.findall(rf"[\w,] {re.escape(letters)}\b", context))
    is_name = as_name > written or (not written and not any(map(is_english, terms(small))))
    return letters if is_name else small


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
