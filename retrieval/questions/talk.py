"""What people say to each other that asks nothing: thanks, greetings, yes and no."""

import re

_WORDS = (
    "a lot|all|at last|awesome|bye|cheers|cool|did|fine|for sure|good|got|great|hello|helped|helps"
    "|hey|hi|i see|is|it|much|never mind|nice|no|nope|now|of course|ok|okay|perfect|really|right"
    "|see|so|sorry|sure|thank|thanks|that|this|thx|very|was|worked|works|wow|yeah|yep|yes|you"
)
_TALK = re.compile(rf"[\W_]*(?:(?:{_WORDS})\b[\W_]*)*", re.I)
_THANKS = re.compile(r"\b(?:thanks?|thx|cheers)\b", re.I)


def is_talk(text: str) -> bool:
    """Whether a text asks nothing and is about nothing."""
    return bool(_TALK.fullmatch(text)) or ("?" not in text and bool(_THANKS.search(text)))
