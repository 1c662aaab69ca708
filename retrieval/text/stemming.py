"""Words of languages other than English as terms: by Snowball's stemmers, and stop words."""

import re
import unicodedata
from functools import cache

import Stemmer

from knowledge.languages import is_unspaced
from retrieval.text.question_words import question_words

_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque",
    "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

# What stands before a word without its vowel: "l'eau", "dell'arte".
_ELISION = re.compile(r"(?:[cdjlmnstv]|qu|lorsqu|puisqu|jusqu|dell|all|dall|nell|sull|un|quest)'")
_ELIDING = {"fr", "it", "ca"}
_ENDING_BEHIND_APOSTROPHE = {"tr"}  # "Ankara'nın"
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")

# Vowel points, what stretches a word, what joins letters, and the dot below a letter in Hindi.
_POINTS = re.compile(
    "[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u093c\u00ad\u200b-\u200d]+"
)
# Letters that are written in several ways: the forms of alef, yeh, kaf and teh marbuta; in Hindi
# the two signs for a nasal, long and short vowels and those of foreign words (after Larkey, Connell
# and Abduljaleel 2003).
_SAME_LETTERS = str.maketrans(
    "أإآٱىیېکةۀँईऊीूॅॆॉॊऐऔैौ",
    "اااايييكههंइउिुेेोोएओेो",
)
_ACCENTS = re.compile(r"[\u0300-\u036f]+")
_BLANK = " "
"""What some letters are made of, such as ligatures of Arabic vowel points: no term has one."""


class Analysis:
    """How the words of one language become terms."""

    def __init__(self, language: str) -> None:
        self._language = language
        stemmer = _STEMMERS.get(language)
        self._stem = Stemmer.Stemmer(stemmer).stemWord if stemmer else str
        self._stop_words = frozenset(
            form
            for word in _stop_words(language)
            for form in (self._normal(word), _bare(self._normal(word)))
        )

    def term(self, word: str) -> tuple[str, bool]:
        """The term of a word, and whether it is a stop word."""
        normal = self._normal(word)
        if normal[0].isdigit():
            whole = _THOUSANDS.fullmatch(normal)
            return (re.sub("[.,]", "", normal) if whole else normal.replace(",", ".")), False
        if normal in self._stop_words:
            return _bare(normal), True
        if is_unspaced(normal):
            return normal, False
        return _bare(self._stem(normal.replace(".", ""))) or normal, False

    def _normal(self, word: str) -> str:
        """The word in small letters, in the usual form of each."""
        if self._language == "tr":
            word = word.replace("I", "ı").replace("İ", "i")
        word = unicodedata.normalize("NFKC", word).replace(_BLANK, "").casefold()
        if word.isascii():
            plain = word
        else:
            plain = _POINTS.sub("", word).replace("’", "'")
            plain = in_ascii_digits(plain) or word
        if "'" in plain:
            if self._language in _ENDING_BEHIND_APOSTROPHE:
                plain = plain.partition("'")[0] or plain
            elif self._language in _ELIDING:
                plain = plain[match.end() :] if (match := _ELISION.match(plain)) else plain
        return plain


def in_ascii_digits(text: str) -> str:
    """The text with the digits of every script as those of ASCII."""
    if text.isascii():
        return text
    values = ((letter, unicodedata.decimal(letter, None)) for letter in text)
    return "".join(letter if value is None else str(value) for letter, value in values)


def without_accents(word: str) -> str:
    """The word without the accents of its letters."""
    if word.isascii():
        return word
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", word).replace(_BLANK, ""))
    return unicodedata.normalize("NFC", plain) or word


def _bare(word: str) -> str:
    """The word without accents, which people leave out, and its letters in one form each."""
    return without_accents(word.translate(_SAME_LETTERS))


@cache
def analysis(language: str) -> Analysis:
    """The analysis of a language."""
    return Analysis(language)


def _stop_words(language: str) -> frozenset[str]:
    # Imported here since English has words of its own.
    from stop_words import AVAILABLE_LANGUAGES, LANGUAGE_MAPPING, get_stop_words

    known = LANGUAGE_MAPPING.get(language) in AVAILABLE_LANGUAGES
    listed = get_stop_words(language) if known else ()
    return question_words(language).union(listed)
