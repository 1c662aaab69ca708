"""What a question of a conversation is about: whom, where, and what "it" stands for after it."""

import re

from retrieval.text.lexicon import part_of_speech
from retrieval.text.tokens import Token, is_identifier, tokens, without_parts

QUESTION_WORD = re.compile(
    r"\b(?:who|whom|whose|what|when|where|which|why|how|is|are|was|were|do|does|did|has|have|had|can"
    r"|could|will|would|should|list|name|tell|give|show|thanks?|hello|hi)\b",
    re.I,
)
AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must|may)\b\s*",
    re.I,
)
_WHICH = re.compile(rf"\s*(?:which|what)\s+(?!{AUXILIARY.pattern})(?=\w)", re.I)
_ACTS = re.compile(r"(?:do|does|did|has|have|had|can|could|will|would|should|must|may)\b", re.I)
_ASKER = re.compile(r"(?:i|you|we|one)\s+", re.I)
_WHAT_IS = re.compile(r"\s*what(?:['’]s| is| are| was| were)\b", re.I)
_TELL = re.compile(
    r"\s*(?:please\s+)?(?:(?:tell|show) (?:me|us)(?: more)? about|explain|describe)\s+", re.I
)
_EXISTS = re.compile(r"there\s+(?:any\s+)?", re.I)
_WHO_IS = re.compile(r"\bwho(?: else)? (?:is|was|are|were)\b", re.I)
_WHO = re.compile(r"\bwho(?:m|se)?\b", re.I)
_OBJECT = re.compile(
    r"\s*[\w'’-]+\s+(?:the|its|an?|their)\s+((?:[\w'’-]+\s+)*?[\w'’-]+)"
    r"(?=\s+(?:in|on|at|of|for|to|by|from|with)\b|\s*[?.,]|\s*$)",
    re.I,
)
_AND_NAMES = re.compile(r"(?:,?(?: (?:and|or))? [A-Z][\w'’-]*)+")
_ARTICLE = re.compile(r"^(?:an?|its|their)\s+", re.I)
_DETERMINER = re.compile(r"(?:the|an?|its|their|his|her|my|your|all|each)\s+", re.I)
_PART_OF = re.compile(r"\b(?:part|rest|half|some|most|one) of\s*$", re.I)
_LAST_WORD = re.compile(r"[\w'’-]+\s*$")
_KEYWORDS, _FEW_WORDS = 6, 8
"""Words of what is no sentence, and of a clause that is repeated."""
_POSSESSIVE = re.compile(r"['’]s$")
_OF = re.compile(r".*\bof\s+", re.I | re.S)
_WITHIN_NOUNS = frozenset(["the", "a", "an", "of", "its", "their", "his", "her"])
_WITHIN_NAMES = frozenset(["of", "de", "del", "la", "al", "bin", "von", "van", "the"])


def person_of(question: str, short_answer: str | None) -> str | None:
    """Whom a question was about: the answer to "who", else a name in it."""
    names = [question[start:end] for start, end in names_in(question)]
    answer = _last_name(short_answer)
    if _WHO_IS.search(question) and names:
        return names[0]
    if _WHO.search(question) and answer:
        return answer
    return max(names, key=lambda name: len(name.split()), default=answer)


def place_of(question: str, short_answer: str | None) -> str | None:
    """Where a question was about: the last name of its answer, or of itself."""
    return _last_name(short_answer) or _last_name(question)


def thing_of(question: str, short_answer: str | None = None) -> str | None:
    """What a question was about: its subject, or its object where that is somebody who acts.

    Of "Which directive ..." that is a name in the answer, of "Tell me about ..." what is to be told
    about. Words that are no sentence are it.
    """
    which = _WHICH.match(question)
    if which:
        return _last_name(short_answer) or _sought(question, which.end())
    told = _TELL.match(question)
    part = _noun(question, told.end(), ends_at_verb=False) if told else subject_of(question)
    if part is None:
        is_sentence = QUESTION_WORD.search(question) or len(question.split()) > _KEYWORDS
        return None if is_sentence else question.strip(" ?!.") or None
    found = question[slice(*part)]
    acted_on = _acted_on(question, part[1]) if names_in(f"x {found}") else None
    if acted_on:
        return acted_on
    # Of "the default value of MaxClients" the name says enough, and "its" is that of the name; but
    # what the treaty of Tlatelolco says is about the treaty.
    name = _OF.sub("", found)
    is_enough = name != found and (is_identifier(name) or _WHAT_IS.match(question))
    return name if is_enough and is_name(name) else _ARTICLE.sub("the ", found, count=1)


def _acted_on(question: str, subject_end: int) -> str | None:
    """The object of what somebody does: "When did Mexico and Palestine sign the treaty?"."""
    acts = AUXILIARY.search(question)
    others = _AND_NAMES.match(question, subject_end)
    found = _OBJECT.match(question, others.end() if others else subject_end)
    return f"the {found[1]}" if found and acts and _ACTS.match(acts[0]) else None


def _sought(question: str, start: int) -> str | None:
    """What a question with "which" looks for: "the directive that limits requests"."""
    noun = _noun(question, start, ends_at_verb=True)
    if noun is None:
        return None
    found, rest = f"the {question[slice(*noun)]}", question[noun[1] :].strip(" ?!.")
    is_clause = rest and not _ACTS.match(rest) and len(rest.split()) <= _FEW_WORDS
    return f"{found} that {rest}" if is_clause else found


def subject_of(question: str) -> tuple[int, int] | None:
    """Start and end of what a question asks about, up to a verb or a preposition.

    That is what stands behind its auxiliary, or, where that is who asks, behind the verb.
    """
    auxiliary = AUXILIARY.search(question)
    if auxiliary is None:
        return None
    asker = _ASKER.match(question, auxiliary.end())
    if asker:
        return _noun(question, _behind_verb(question, asker.end()), ends_at_verb=False)
    exists = _EXISTS.match(question, auxiliary.end())
    return _noun(question, (exists or auxiliary).end(), ends_at_verb=True)


def _behind_verb(question: str, start: int) -> int:
    """Where the object begins: behind the verb, and behind what belongs to it ("turn off")."""
    words = list(without_parts(tokens(question[start:])))[1:]
    begins = [start + word.start for word in words]
    for word, begin in zip(words, begins, strict=True):
        # "password protect a directory"
        if _DETERMINER.match(question, begin):
            return begin
        if word.is_stop_word:
            break
    is_particle = bool(words) and words[0].is_stop_word
    return [*begins, len(question), len(question)][is_particle]


def _noun(question: str, start: int, *, ends_at_verb: bool) -> tuple[int, int] | None:
    end, has_content = start, False
    for word in without_parts(tokens(question[start:])):
        written = question[start + word.start : start + word.end]
        if word.is_stop_word and written.lower() not in _WITHIN_NOUNS:
            break
        if ends_at_verb and has_content and _is_verb(word, written):
            break
        has_content = has_content or not word.is_stop_word
        end = start + word.end
    return (start, end) if has_content else None


def _is_verb(word: Token, written: str) -> bool:
    is_name = written[0].isupper() or is_identifier(written)
    return not is_name and (part_of_speech(word.term) == "v" or written.endswith("ed"))


def says_whom(before: str) -> bool:
    """Whether what stands before a pronoun has a noun or a name that it may stand for."""
    # In "only a part of it" the part is not what is meant, nor is the word before it, a verb.
    before = _PART_OF.sub("", before)
    before = before if names_in(before) else _LAST_WORD.sub("", before)
    return bool(names_in(before)) or any(
        not word.is_stop_word and part_of_speech(word.term) in ("n", "") for word in tokens(before)
    )


def is_name(text: str) -> bool:
    """Whether the whole text is one name."""
    names = names_in(f"x {text}")
    return bool(names) and names[0] == (2, len(text) + 2)


def _last_name(text: str | None) -> str | None:
    # A capital letter at the beginning counts here: short answers are no sentences.
    names = names_in(f"x {text}") if text else []
    return f"x {text}"[slice(*names[-1])] if names else None


def names_in(text: str) -> list[tuple[int, int]]:
    """Start and end of the names: capitalised words that are no question words, identifiers."""
    found: list[tuple[int, int]] = []
    is_open, last_end = False, 0
    for place, word in enumerate(without_parts(tokens(text))):
        written = text[word.start : word.end]
        bare = _POSSESSIVE.sub("", written)
        between = text[last_end : word.start]
        is_joined = is_open and between in (" ", "-", ". ", "/")
        is_version = is_joined and between == "/" and written[0].isdigit()
        is_capital = written[0].isupper() and written != "I"
        is_first = not place and (word.is_stop_word or QUESTION_WORD.fullmatch(written))
        if (is_capital and not is_first) or is_version or is_identifier(bare):
            end = word.start + len(bare)
            if is_joined:
                found[-1] = (found[-1][0], end)
            else:
                found.append((word.start, end))
            is_open = bare == written
        else:
            is_open = is_joined and written in _WITHIN_NAMES
        last_end = word.end
    return found
