"""What people say to each other that asks nothing: thanks, greetings, yes and no.

What is talk is never searched for, so that only whole texts of these words are taken for it, and
thanks with a few words that say what for, or how "it" went.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto


class _Kind(Enum):
    THANKS = auto()
    SAID = auto()  # other talk
    AROUND = auto()  # stands beside it, and is none alone


_PHRASES = {
    _Kind.THANKS: (
        "thank|thanks|thank you|thank u|thankyou|many thanks|thx|thnx|ty|cheers|tysm"
        "|appreciate it|i appreciate it"
        "|danke|dankeschön|vielen dank|vielen lieben dank|besten dank|herzlichen dank|tausend dank"
        "|danke schön|danke sehr|danke dir"
        "|gracias|muchas gracias|muchísimas gracias|mil gracias"
        "|merci|merci beaucoup|merci bien"
        "|obrigado|obrigada|muito obrigado|muito obrigada|valeu"
    ),
    _Kind.SAID: (
        # English
        "amazing|anyway|at last|awesome|bad bot|bye|congrats|congratulations|cool|excellent"
        "|fair enough|fine|for sure|glad|good|good bot|good job|got it|great|great job|haha"
        "|hahaha|hello|helped|helpful|helps|hey|hi|how are you|how is it going|how's it going"
        "|i see|lol|lmao|my bad|never mind|nevermind|nice|nice one|nice work|no|no problem"
        "|no worries|nope|noted|of course|oh|ok|okay|oops|perfect|please|pls|really|rofl|right"
        "|see you|sorry|sure|sweet|that did it|that is all|that's all|understood|welcome"
        "|well done|what's up|wonderful|worked|works|wow|yay|yeah|yep|yes|yup|good morning"
        "|good afternoon|good evening|good night|nice day"
        # German
        "|alles klar|auf wiedersehen|guten morgen|guten tag|guten abend|gute nacht|hallo|ja|klasse"
        "|moin|nein|prima|schade|servus|super|tschüss|verstanden"
        # Spanish
        "|adiós|buenos días|buenas tardes|buenas noches|de nada|eso fue todo|genial"
        "|hasta luego|hola|perfecto|qué tal|sí"
        # French
        "|au revoir|bonjour|bonsoir|ça va|d'accord|de rien|non|oui|parfait|salut|très bien"
        # Portuguese
        "|bom dia|boa tarde|boa noite|até logo|não|oi|olá|perfeito|tchau|tudo bem"
    ),
    _Kind.AROUND: (
        "a bunch|a lot|again|all|and|bot|both|buddy|did|dude|everybody|everyone|folks|footnote"
        "|friend|friends|guys|in advance|is|it|it's|man|mate|much|my|now|see|so|so far|such|team"
        "|that|that's|the|there|this|to|too|very|was|you|im voraus|viel|zusammen|todos"
        "|a todos|à tous"
    ),
}
_KINDS = {phrase: kind for kind, phrases in _PHRASES.items() for phrase in phrases.split("|")}
_LONGEST_PHRASE = 4
"""Words."""

_NAME = r"(?::[^\W\d][\w+-]*:|:[+-]1:)+"  # as ":heart:"
_FACES = re.compile(
    rf"(?<![\w:])(?:{_NAME}|(?:</?3+)+|[:;=]'?-?[DPpOo3]+|[xX]D+)(?!\w|[.,]\d)"
    r"|<(?:a?:\w+:|[@#][!&]?)\d+>"  # emoji, people, roles and channels in Discord
)
_IS_NAME = re.compile(rf"\W*{_NAME}\W*")

_END = ".!?;,:)…\n–—"
# The points within "1.5", "10:30" and "request.FILES" end nothing.
_CLAUSE = re.compile(rf"(?:[^{_END}]|[.:](?=\w)|,(?=\d))+(?:[{_END}]|\Z)\W*")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_WHAT_FOR = re.compile(r"(?:for|für|por|pour|pelo|pela|i|it|that|this|we)\b", re.I)
_ABOUT_IT = re.compile(r"\W*(?:it|that|this|you)\b", re.I)
_ASKS = re.compile(
    r"\b(?:who|whom|whose|what|when|where|which|why|how|can|could|do|does|should|will|would|tell"
    r"|show|list|explain|describe|find|need|want|wonder|wondering|looking)\b"
    r"|^(?:and|but|also|in|on|at|by|to|from|with|without|about|is|are|was|were|has|have)\b",
    re.I,
)
_IS_IT = re.compile(
    r"\W*+(?:(?:and|hello|hey|hi|oh|ok|okay|so)\s+)?(?:(?:is|was)\s+(?:all|it|that|the|there|this|you)\b"
    r"|(?:is|was|did)\b.*\?)",
    re.I,
)
_DECLINES = re.compile(
    r"\b(?:no|nope|nein|non|não)\W+(?:thank|thx|danke|vielen|gracias|merci|obrigad)", re.I
)
_LONGEST, _MOST_WORDS = 300, 15
"""Characters of talk, and words of what thanks and says what for."""


def is_talk(text: str) -> bool:
    """Whether a text asks nothing and is about nothing."""
    # A name between colons may be asked for, where nothing is said beside it.
    if len(text) > _LONGEST or not text.strip() or _IS_NAME.fullmatch(text):
        return False
    text = _without_faces(text)
    clauses, kinds = _clauses(text), _kinds_in(text)
    if kinds is not None:
        return not any(map(_IS_IT.match, clauses)) and kinds != {_Kind.AROUND}
    is_said = "?" not in text and len(text.split()) <= _MOST_WORDS
    return is_said and any(map(_thanks, clauses)) and all(map(_is_beside_thanks, clauses))


def is_thanks(text: str) -> bool:
    """Whether talk thanks for something: "no, thanks" does not."""
    text = _without_faces(text)
    return any(map(_thanks, _clauses(text))) and not _DECLINES.search(text)


def without_talk(text: str) -> str:
    """A question without the thanks and greetings that stand before and behind it."""
    if len(text) > _LONGEST:
        return text
    found = list(_clauses_in(_without_faces(text)))
    spans, clauses = [match.span() for match in found], [match[0] for match in found]
    first, last = 0, len(clauses) - 1
    while first < last and _leads_to(clauses[first], clauses[first + 1]):
        first += 1
    while first < last and _only_ends(clauses[last], clauses[last - 1]):
        last -= 1
    if last - first == len(clauses) - 1:
        return text
    return text[spans[first][0] : spans[last][1]].rstrip(" ,;:–—\n")


def _without_faces(text: str) -> str:
    """A text of the same length in which emoticons, emoji and mentions only end a clause."""
    return _FACES.sub(lambda match: ",".ljust(len(match[0])), text)


def _clauses_in(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _CLAUSE.finditer(text) if _WORD.search(match[0]))


def _clauses(text: str) -> list[str]:
    return [match[0] for match in _clauses_in(text)]


def _leads_to(clause: str, following: str) -> bool:
    """Whether a clause only greets or thanks before the next one asks."""
    is_said = _Kind.SAID in (_kinds_in(clause) or set()) and bool(_ASKS.match(following))
    return following[0].isalnum() and (_thanks(clause) or is_said)


def _only_ends(clause: str, before: str) -> bool:
    """Whether the last clause only thanks: in "Who wrote: Thank you?" it is asked about."""
    return _thanks(clause) and "?" not in clause and not before.rstrip().endswith(":")


def _thanks(clause: str) -> bool:
    """Whether a clause only thanks, or says what for."""
    words = _words(clause)
    kinds = _kinds_in(clause)
    if kinds is not None:
        return _Kind.THANKS in kinds
    return not _ASKS.search(clause) and any(
        _WHAT_FOR.match(words[end]) and _Kind.THANKS in (_kinds_in(" ".join(words[:end])) or set())
        for end in range(1, len(words))
    )


def _is_beside_thanks(clause: str) -> bool:
    """Whether a clause that may stand beside thanks asks nothing; anything else is a question."""
    is_about_it = bool(_ABOUT_IT.match(clause)) and not _ASKS.search(clause)
    return is_about_it or _thanks(clause) or _kinds_in(clause) is not None


def _kinds_in(text: str) -> set[_Kind] | None:
    """The kinds of the phrases that a text consists of; None where it has other words."""
    words = _words(text)
    kinds, start = set(), 0
    while start < len(words):
        for end in range(start + _LONGEST_PHRASE, start, -1):
            kind = _KINDS.get(" ".join(words[start:end]))
            if kind:
                kinds.add(kind)
                start = min(end, len(words))
                break
        else:
            return None
    return kinds


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("’", "'"))
