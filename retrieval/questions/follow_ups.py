"""Follow-up questions, completed from what was asked and answered before, by rules.

Nothing is carried over to a question that stands alone, and what one follow-up added is not
carried over to the next: each is completed from the last question that had words of its own.
"""

import re

from retrieval.questions.fragments import fragment_in, with_fragment
from retrieval.questions.pronouns import with_pronoun
from retrieval.questions.talk import is_talk, without_talk
from retrieval.questions.topics import AUXILIARY
from retrieval.questions.turns import Turn

_LEAD = re.compile(r"^\s*(?:(?:and|but|also|so|then|ok(?:ay)?|well|by the way)\b[\s,]*)+", re.I)
_ALONE = re.compile(
    r"(?:since |until |from )?(?:who|what|when|where|why|how(?: much| many| long| often)?)"
    r"|(?:by|for|to|from|with) whom"
    r"|(?:(?:since|until|from|in|on|at|by|for|to|of|with|under) )?which [\w-]+",
    re.I,
)
_LEADING_WORDS = re.compile(
    r"^\s*(?:(?:in|on|at|by|for|to|from|of)\s+)?(?:who|whom|whose|what|when|where|which|why|how)\b"
    r"(?:\s+(?:many|much|long|year|date|city|country))?\s*",
    re.I,
)

_LONGEST = 300
"""Characters of a follow-up; what is longer says everything, and takes long to look through."""


def completed(text: str, previous: Turn | None) -> Turn:
    """The question with what it leaves out taken from the turn before; as it is if nothing is."""
    if len(text) > _LONGEST:
        return Turn(text)
    if is_talk(text):
        base = previous or Turn("", whole="")
        return Turn(text, base.short_answer, base.base, base.topic)
    text = without_talk(text)
    if previous is None or not previous.base:
        return Turn(text)
    asked = _LEAD.sub("", text, count=1).strip()
    bare = asked.rstrip(" ?!.")
    if _ALONE.fullmatch(bare):
        return Turn(_with_word(bare, previous.latest), None, previous.base, previous.topic)
    fragment = fragment_in(text, bare)
    if fragment is not None:
        found = with_fragment(fragment, previous)
        if found is not None:
            return found
    return with_pronoun(text, asked, previous)


def _with_word(word: str, base: str) -> str:
    """The question before, asked with another question word."""
    leading = _LEADING_WORDS.match(base)
    rest = base[leading.end() :] if leading else base
    auxiliary = AUXILIARY.search(rest)
    if auxiliary is None or (leading is None and auxiliary.start()):
        return f"{word.capitalize()}: {base}"
    # "Which licenses are free?": the subject stands before.
    subject, behind = rest[: auxiliary.start()].strip(), rest[auxiliary.end() :]
    parts = (word.capitalize(), auxiliary[0].strip().lower(), subject, behind)
    return " ".join(part for part in parts if part)
