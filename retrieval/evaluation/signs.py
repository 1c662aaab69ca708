"""Signs that belong to the words of an answer: those of `\\password`, `--force`, `C++`, `50%`.

What compares answers otherwise leaves out all punctuation, and with it what tells these from other
words.
"""

import re
import unicodedata
from functools import lru_cache

from knowledge.languages import UNSPACED

# What stands around any word, and belongs to none.
_OPENING = "\"'“”‘’«»„‚`([{¿¡…"
_CLOSING = "\"'“”‘’«»„‚`)]}.,;:!?…"

_EMPHASIS = re.compile(r"(\*{1,3})(.+)\1", re.S)
_ESCAPED = re.compile(r"\\([^\w\s])")
_APART = "%‰$€£¥°"
"""What some write apart from its number."""

_LETTER = f"(?![{UNSPACED}])[^\\W_]"
"""A letter or digit that ends no word where another one stands beside it."""


def holds_signs(text: str, answer: str) -> bool:
    """Whether the words of an answer that begin or end with a sign stand in the text with it.

    Marks of Markdown around an answer are none, and a text may have a backslash before a sign. An
    answer of nothing but signs has to stand there as it is.
    """
    patterns = _patterns(answer)
    if not patterns:
        return any(map(str.isalnum, answer))
    plain = _plain(text)
    texts = (plain, _ESCAPED.sub(r"\1", plain))
    return all(any(pattern.search(one) for one in texts) for pattern in patterns)


@lru_cache(maxsize=4096)
def _patterns(answer: str) -> tuple[re.Pattern[str], ...]:
    """What to look for: each word with a sign at an edge, with nothing going on beside it."""
    answer = answer.strip()
    emphasised = _EMPHASIS.fullmatch(answer)
    words = (emphasised[2] if emphasised else answer).split()
    if not any(map(str.isalnum, answer)):
        return tuple(map(_pattern, words))
    words = [word.lstrip(_OPENING).rstrip(_CLOSING) for word in words]
    return tuple(
        _pattern(word)
        for word in words
        if any(map(str.isalnum, word)) and not (word[0].isalnum() and word[-1].isalnum())
    )


def _pattern(word: str) -> re.Pattern[str]:
    word = _plain(word)
    signs = "".join(rf"\s?{re.escape(c)}\s?" if c in _APART else re.escape(c) for c in word)
    before = "" if word[0].isalnum() else f"(?<!{re.escape(word[0])})"
    after = "" if word[-1].isalnum() else f"(?!{re.escape(word[-1])})"
    return re.compile(f"{before}(?<!{_LETTER}){signs}{after}(?!{_LETTER})")


def _plain(text: str) -> str:
    """In lower case, with every sign in its usual form."""
    return unicodedata.normalize("NFKC", text).lower()
