"""What a question asks for, read off its words by rules."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from itertools import pairwise

from knowledge.languages import ENGLISH, is_unspaced
from retrieval.text.question_words import asking_spans, kind_asked_for
from retrieval.text.tokens import Token, content_terms, is_identifier, tokens


class Kind(Enum):
    """The kind of thing that answers a question."""

    DATE = "date"
    NUMBER = "number"
    PERSON = "person"
    PLACE = "place"
    REASON = "reason"
    MANNER = "manner"
    NAME = "name"
    OTHER = "other"


_PLACES = r"city|town|village|country|state|region|county|province|continent|place|location|area"
_KINDS = (
    (Kind.DATE, r"when|(?:what|which|whose) (?:year|date|day|month|decade|century)|how long ago"),
    (
        Kind.NUMBER,
        r"how (?:many|much|long|old|far|tall|big|large|high|often|deep|fast|wide)"
        r"|(?:what|which) (?:percent|percentage|proportion|number|amount|age|distance|population)",
    ),
    (Kind.PERSON, r"who|whom|whose"),
    (Kind.PLACE, rf"where|(?:what|which) (?:{_PLACES})"),
    (Kind.REASON, r"why|for what reason|what (?:is|was|were) the (?:reason|cause|purpose)"),
    (Kind.MANNER, r"how"),
    (Kind.NAME, r"which|what (?:is|was|are|were) .*(?:called|named|known as)|name of|what name"),
)
_PATTERNS = tuple((kind, re.compile(rf"\b(?:{words})\b", re.I)) for kind, words in _KINDS)
# "How long" asks for a time, and what answers it need not say "long".
_MEASURES = {"long", "old", "far", "often", "big", "larg"}
_ASKS_WHAT_IT_IS_CALLED = re.compile(
    r"\b(?:called|named|known as|what (?:term|name|word)|(?:name|term) (?:of|for)|referred to)\b",
    re.I,
)
_DEFINE_WHOLLY = re.compile(
    r"\bwhat .*\b(?:means?|stands? for|do|does|for)\W*$|\bmeaning\b|\bpurpose of\b"
    r"|^\W*(?:define|explain)\b",
    re.I,
)
_LIST = re.compile(r"\blist\b", re.I)
_DEFINE = re.compile(
    r"^\W*what(?:'s|’s|s| is| are| exactly)\b(?!.*\b(?:default|maximum|minimum|limit|difference"
    r"|name|command|option|way|value)\b)",
    re.I,
)
_INSTRUCT = re.compile(r"\bhow\b(?! (?:many|much|long|old|far|big|large|often))|\bway to\b", re.I)
_YES_OR_NO = re.compile(
    r"\s*(?:(?:and|so|but)\s+)?(?:is|are|was|were|do|does|did|has|have|had|can|could|may|will|would"
    r"|should|must)\b(?!.*\bor\b)",
    re.I,
)
_SEVERAL = re.compile(
    r"\b(?:(?:which|what)(?: (?!(?:is|was|has|does|did|do)\b)\w+){0,2}"
    r" (?!\w*(?:us|ss|is)\b|was\b|has\b|does\b)\w+s\b|who (?:are|were|have)\b"
    r"|what (?:are|were)\b|what (?:does|do|did) .+ (?:export|import|include|contain)"
    r"|(?:list|name) (?:all|the|every|some)|all (?:the|of))",
    re.I,
)

# Further in, "was" and "que" ask nothing.
_TOLD_TO = re.compile(
    r"\W*(?:please\s+)?(?:compare|define|describe|explain|list|show|tell)\b", re.I
)
_FIRST_WORD = re.compile(
    r"\W*(?:(?:an|auf|aus|bis|für|in|mit|seit|um|von|zu|a|con|de|desde|en|hasta|para|por|com|em|até"
    r"|à|avec|dans|depuis|pour)\s+)?([\w'’-]+)",
    re.I,
)
_LANGUAGES = ("de", "es", "fr", "pt")
"""Besides English, in which it is told what looks like a question, as what is talk."""


@dataclass(frozen=True)
class Question:
    """A question with what its words say; every part is worked out when it is first asked for.

    `language` is the one in which its words are read, and `silent` are the places of words that say
    little by themselves whatever they are in that language.
    """

    text: str
    language: str = ENGLISH
    silent: frozenset[tuple[int, int]] = frozenset()

    @cached_property
    def tokens(self) -> list[Token]:
        """Every word of the question."""
        found = _tokens(self.text, self.language)
        if self.silent:
            found = [
                word._replace(is_stop_word=True) if word[:2] in self.silent else word
                for word in found
            ]
        if self.language == ENGLISH:
            found = [
                word._replace(is_stop_word=True)
                if before == "how" and word.term in _MEASURES
                else word
                for before, word in zip(["", *(w.term for w in found)], found, strict=False)
            ]
        if not is_unspaced(self.text):
            return found
        # Pairs of letters that reach into a word that asks say nothing.
        asking = list(asking_spans(self.text, self.language))
        return [
            word._replace(is_stop_word=True)
            if any(word.start < end and start < word.end for start, end in asking)
            else word
            for word in found
        ]

    @cached_property
    def terms(self) -> list[str]:
        """The different terms of the question that are no stop words, in order."""
        return list(dict.fromkeys(content_terms(self.tokens)))

    @property
    def stop_words(self) -> frozenset[tuple[int, int]]:
        """Where its stop words begin and end."""
        return frozenset(word[:2] for word in self.tokens if word.is_stop_word)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The terms of the question that follow each other, stop words passed over."""
        return frozenset(pairwise(content_terms(self.tokens)))

    @cached_property
    def raw_pairs(self) -> frozenset[tuple[str, str]]:
        """The words that follow each other, of which at least one is no stop word."""
        return frozenset(
            (one.term, two.term)
            for one, two in pairwise(self.tokens)
            if not (one.is_stop_word and two.is_stop_word)
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """The terms of the words written like a name or a number; the first word may be neither."""
        return frozenset(
            word.term
            for position, word in enumerate(self.tokens)
            if not word.is_stop_word
            and (self.text[word.start].isdigit() or (position and self.text[word.start].isupper()))
        )

    @cached_property
    def identifiers(self) -> list[str]:
        """The terms of the words that are names in code, as CONN_MAX_AGE or request.FILES."""
        found = (w.term for w in self.tokens if is_identifier(self.text[w.start : w.end]))
        return list(dict.fromkeys(found))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers of the question."""
        return frozenset(word.term for word in self.tokens if self.text[word.start].isdigit())

    @cached_property
    def directions(self) -> frozenset[tuple[str, str]]:
        """The terms that stand behind "from" or "to"; what is visited is where one goes to."""
        return directions_in([word.term for word in self.tokens]) | {
            ("to", after.term)
            for verb, after in pairwise(self.tokens)
            if verb.term == "visit" and not after.is_stop_word
        }

    @cached_property
    def kind(self) -> Kind:
        """The kind of thing that it asks for."""
        if self.language != ENGLISH and (kind := kind_asked_for(self.text, self.language)):
            return Kind(kind)
        return next((kind for kind, words in _PATTERNS if words.search(self.text)), Kind.OTHER)

    @cached_property
    def purpose(self) -> str:
        """What the answer is for: to define, to instruct, to list, to decide, to tell a fact."""
        text = self.text
        if self.asks_yes_or_no:
            return "decide"
        if _DEFINE_WHOLLY.search(text):
            return "define"
        if self.asks_for_several or _LIST.search(text):
            return "list"
        if _DEFINE.search(text):
            return "define"
        return "instruct" if _INSTRUCT.search(text) or self._begins_with_a_verb else "tell"

    @property
    def _begins_with_a_verb(self) -> bool:
        first = next(iter(self.tokens), None)
        if first is None or first.is_stop_word:
            return False
        # Imported here since few questions begin like this.
        from retrieval.text.lexicon import part_of_speech

        return part_of_speech(first.term) == "v"

    @cached_property
    def asks_what_it_is_called(self) -> bool:
        """Whether it asks for a name that something bears ("What is ... called?")."""
        return _ASKS_WHAT_IT_IS_CALLED.search(self.text) is not None

    @cached_property
    def asks_yes_or_no(self) -> bool:
        """Whether "yes" or "no" would answer it; no words of a quote do."""
        return _YES_OR_NO.match(self.text) is not None

    @cached_property
    def asks_for_several(self) -> bool:
        """Whether it asks for more than one thing ("Which officials ...?")."""
        return _SEVERAL.search(self.text) is not None


@lru_cache(maxsize=64)
def _tokens(text: str, language: str) -> list[Token]:
    """The words of a question, which is read twice in each language of the documents."""
    return tokens(text, language)


def readings_of(text: str, languages: Sequence[str]) -> dict[str, Question]:
    """A question as it reads in each of some languages, without those in which it says nothing.

    It is in the first of those with the most stop words in it, and these say little in every
    reading: else a document that is taken for one in another language would be found by them.
    """
    read = {language: Question(text, language) for language in languages}
    if len(read) > 1:
        silent = max((question.stop_words for question in read.values()), key=len)
        read = {language: Question(text, language, silent) for language in languages}
    return {language: question for language, question in read.items() if question.terms}


def looks_like_a_question(text: str) -> bool:
    """Whether somebody who only talks would hardly write it: by its mark, or a word that asks or,
    in English, tells somebody to answer."""
    first = _FIRST_WORD.match(text)
    word = first[1].replace("’", "'") if first else ""
    return (
        "?" in text
        or _TOLD_TO.match(text) is not None
        or Question(text).kind is not Kind.OTHER
        or any(kind_asked_for(word, language) for language in _LANGUAGES)
    )


def directions_in(words: Sequence[str]) -> frozenset[tuple[str, str]]:
    """The pairs of "from" or "to" and the term behind it."""
    return frozenset(pair for pair in pairwise(words) if pair[0] in ("from", "to"))
