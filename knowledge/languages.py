"""Which language a text is in, and which scripts have no blanks between words.

A language is named by its ISO 639-1 code ("en").
"""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ENGLISH = "en"
"""What a text is taken to be in that is too short to tell."""

UNSPACED = (
    "\u0e01-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Burmese, Khmer
    "\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Japanese
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"  # Chinese
    "\u1100-\u11ff\uac00-\ud7a3"  # Korean: its words have blanks, but grow by endings
)
"""The letters that are read in pairs, as the inside of a character class."""

WITHOUT_BLANKS = frozenset(("ja", "km", "ko", "lo", "my", "th", "zh"))
"""The languages that are written with them."""

# Compiled in a tenth of the time that all those ranges take: beyond Latin, Greek, Cyrillic, Arabic
# and the scripts of India, and no punctuation.
_MAY_BE_UNSPACED = re.compile("[^\x00-\u0e00\u1e00-\u2e7f]")
_READ = 600
"""Characters that are looked at: enough to tell, and little of a long document."""

_WORD = re.compile(r"[^\W\d_]+")
# Words that only English has; words that others have too, but not so many of; and small words of
# other languages in Latin letters: a text without accents that has none is not looked at closer.
_ENGLISH = """
    the and that with this which from these their were been not
    """
_SMALL = """
    of to is a in or an be for on by as are it at when used if
    """
_OTHER = """
    der die das und ist nicht ein eine mit auf den dem von zu wie sie le la les des et est une
    un du dans pour que qui el los las y en por con una il di che per sono non della o os um uma
    da de het een van niet och att som det og er ikke je nie na se v z ve bir bu ile yang dan
    untuk dengan ini pada ja ei oli az egy hogy ir yra eta els amb este si ang ng sa ya wa kwa
    agus ar kaj estas mi vi su sau iar ale nu cu li ki va za od do
    """
_ENGLISH_WORDS, _SMALL_WORDS, _OTHER_WORDS = (
    frozenset(words.split()) for words in (_ENGLISH, _SMALL, _OTHER)
)
_ENOUGH_ENGLISH, _MANY_SMALL = 0.04, 0.25
"""The shares of the first two kinds of words above which a text is English."""

_LIKELY, _UNLIKELY = 0.3, 0.1
"""How likely a language must be, and English may be at most, for Latin letters to be in it."""

_SCRIPTS = (
    ("ja", "\u3041-\u30ff"),
    ("zh", "\u3400-\u4dbf\u4e00-\u9fff"),
    ("ko", "\uac00-\ud7a3"),
    ("th", "\u0e01-\u0e7f"),
    ("lo", "\u0e81-\u0eff"),
    ("my", "\u1000-\u109f"),
    ("km", "\u1780-\u17ff"),
    ("el", "\u0370-\u03ff"),
    ("he", "\u0590-\u05ff"),
    ("hy", "\u0530-\u058f"),
    ("ka", "\u10a0-\u10ff"),
    ("bn", "\u0980-\u09ff"),
    ("pa", "\u0a00-\u0a7f"),
    ("gu", "\u0a80-\u0aff"),
    ("ta", "\u0b80-\u0bff"),
    ("te", "\u0c00-\u0c7f"),
    ("kn", "\u0c80-\u0cff"),
    ("ml", "\u0d00-\u0d7f"),
)
# A fifth of these letters, or of kana among others, is enough: names and quotations are in others.
_ENOUGH_OF_A_SCRIPT = {"ja": 0.1}

# Those of scripts that several languages share, of which something is known here or that would
# be taken for one of them.
_TOLD_APART = (
    "ar", "bg", "ca", "cs", "da", "de", "en", "eo", "es", "et", "eu", "fa", "fi", "fr", "ga",
    "gl", "hi", "hr", "hu", "id", "it", "lt", "lv", "mr", "ms", "ne", "nl", "no", "pl", "pt",
    "ro", "ru", "sk", "sl", "sr", "sv", "sw", "tl", "tr", "uk", "ur", "vi",
)  # fmt: skip


def is_unspaced(text: str) -> bool:
    """Whether a text has letters of scripts without blanks between words."""
    if text.isascii() or not _MAY_BE_UNSPACED.search(text):
        return False
    return _unspaced().search(text) is not None


# Compiled when they are first needed: whoever only asks tells no languages.
@cache
def _unspaced() -> re.Pattern[str]:
    return re.compile(f"[{UNSPACED}]")


@cache
def _other_script() -> re.Pattern[str]:
    return re.compile("[\u0370-\u1dff\u2c00-\ufaff]")


@cache
def _latin() -> re.Pattern[str]:
    return re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


def language_of(text: str) -> str:
    """The language that most of the beginning of a text is in; ENGLISH where none can be told."""
    if _is_plain_english(text):
        return ENGLISH
    beginning = text[:_READ]
    count = sum(map(len, _WORD.findall(beginning)))
    of_script = None if text.isascii() else _language_of_script(beginning, count)
    if of_script is not None:
        return of_script
    return _likeliest(beginning, count) if count else ENGLISH


def _is_plain_english(text: str) -> bool:
    """Whether the first words of a text in Latin letters say so by themselves."""
    beginning = text[:_READ]
    if not text.isascii() and _other_script().search(beginning):
        return False
    words = beginning.lower().split()
    english = len([word for word in words if word in _ENGLISH_WORDS])
    small = len([word for word in words if word in _SMALL_WORDS])
    if english >= _ENOUGH_ENGLISH * len(words) or small >= _MANY_SMALL * len(words):
        return True
    return text.isascii() and _OTHER_WORDS.isdisjoint(words)


def _language_of_script(beginning: str, count: int) -> str | None:
    """The language in whose own script enough of `count` letters are; None where in none."""
    for language, letters in _by_script():
        if len(letters.findall(beginning)) > count * _ENOUGH_OF_A_SCRIPT.get(language, 0.4):
            return language
    return None


def _likeliest(beginning: str, count: int) -> str:
    """The language that `count` letters are most like; English where Latin ones leave a doubt."""
    ranked = dict(_identifier().rank(beginning))
    language = next(iter(ranked))
    is_latin = 2 * len(_latin().findall(beginning)) > count
    is_unsure = ranked[language] < _LIKELY or ranked[ENGLISH] > _UNLIKELY
    return ENGLISH if is_latin and is_unsure else str(language)


@cache
def _by_script() -> list[tuple[str, re.Pattern[str]]]:
    # Compiled here since whoever only asks tells no languages.
    return [(language, re.compile(f"[{letters}]")) for language, letters in _SCRIPTS]


@cache
def _identifier() -> "LanguageIdentifier":
    # Imported here since it takes longer than an answer, and English is told without it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    from knowledge.confinement import allow_temporary_files

    # It unpacks its model into one.
    allow_temporary_files()
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_TOLD_APART)
    return identifier
