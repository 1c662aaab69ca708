"""What the things are called that passages tell the meaning or the default of."""

import re
from dataclasses import dataclass
from enum import Enum

from knowledge.documents import Passage, Span
from retrieval.evaluation.headings import bare, telling
from retrieval.text.tokens import is_identifier


class Form(Enum):
    """What a question was made of."""

    HEADING = "heading"
    DEFINITION = "definition"
    SETTING = "setting"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the part of a passage that answers it."""

    question: str
    form: Form
    span: Span


NO_SUBJECT = re.compile(
    r"\b(?:this|that|these|those|it|its|there|here|they|which|what|if|when|where|who|you|we|he|she"
    r"|each|every|one|both|all|some|many|most|any|no|such|following|first|second|third|last|next"
    r"|other|another|only|same|below|above|default|is|are|was|and|or|but|because|since|by|in|on"
    r"|for|with|from|as|at|to|not|idea|purpose|name|value|result|reason|main|note|also)\b",
    re.I,
)
"""Words of what is no name of anything."""

_GENERIC_HEADING = re.compile(
    r"^(?:(?:\w+ ){0,2}(?:options?|parameters?|settings?|arguments?|properties|attributes|fields?"
    r"|values?|directives?|variables|flags|switches|keywords?|commands?)|description|syntax"
    r"|synopsis|details|overview|notes?|usage|examples?|general|name|introduction|reference"
    r"|configuration|summary|miscellaneous|others?|module contents|command.line options)$",
    re.I,
)
_PART = re.compile(r"^the\s+|(?<!\s)\s++(?:directive|filter|dialog|command|tool|options?)s?$", re.I)
_NO_CONTEXT = re.compile(
    r"[?—–]| - |^\w+ing\b|\b(?:features|settings|common|basic|advanced|options?)\b", re.I
)
_OPTION = re.compile(r"^(?:--?[A-Za-z][\w-]*)")
_NAME = re.compile(
    r"^(?=\W?\w*[A-Za-z_]{3})(?![A-Z]-\d|Class\.|object\.)[A-Za-z_$\\][\w$.:-]*[\w$]"
)
_PLAIN_TERM = re.compile(r"^(?!\w+ing\b.)[^\W\d_][\w’'-]*(?: [\w’'/-]+){0,3}$")
_PROGRAM = re.compile(r"^(?P<name>[a-z][\w.+-]*)(?:\s*\(\d\w*\)|\s+[-–—]|\s*$)")


def is_opening(passage: Passage) -> bool:
    """Whether a passage stands right below its heading, or the title."""
    return passage.opens_section or passage.id == f"{passage.document_id}#1"


def option_in(term: str) -> str | None:
    """The option that a term begins with ("-t" in "-t seconds"); None where it is none."""
    found = _OPTION.match(term)
    return found[0] if found else None


def identifier_in(term: str) -> str | None:
    """The name in code that a term begins with, or None; of a call it is none."""
    found = _NAME.match(term)
    is_alone = found and (found.end() == len(term) or term[found.end()] in " =,[")
    return found[0] if found and is_alone and is_identifier(found[0]) else None


def is_name(term: str) -> bool:
    """Whether a term is a name of some words, as "Line width"."""
    return _PLAIN_TERM.match(term) is not None and NO_SUBJECT.search(term) is None


def program_of(passage: Passage) -> str | None:
    """The program that a page is about, by the page's title."""
    found = _PROGRAM.match(passage.title)
    return found["name"] if found else None


def context_of(passage: Passage) -> str | None:
    """What a name of a page's own belongs to: the nearest heading that is more than "Options"."""
    for heading in reversed((passage.title, *passage.heading)):
        plain = _PART.sub("", bare(heading)).strip('“”"…. ')
        if plain and not _GENERIC_HEADING.match(plain):
            is_short = len(plain.split()) <= 4 and not _NO_CONTEXT.search(plain)
            return plain if is_short and telling(plain) else None
    return None
