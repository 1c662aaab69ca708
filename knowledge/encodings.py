"""The encoding of a text that is not UTF-8: the one in which it is spelt as its language is.

Each encoding is tried. It is the right one if the text is then in a language that people write in
it, with the letters of that language. What several encodings make of it, or none, is left alone: a
quote with wrong letters is none.
"""

import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from knowledge.languages import ENGLISH, language_of

_READ = 8_000
"""Bytes that are looked at, of lines with letters beyond ASCII; as many more of a long one."""

_ENOUGH = 0.9
"""The share of such letters that must be those of the language."""

_LOUD = 0.05
_MANY = 20
"""How much less a text fits in which most of them are capitals, where there are so many."""

_WESTERN = {
    "en": "éèêëàâçñöüïôæœåáíóúäîø",  # in words that it took over, and in names
    "ca": "àçèéíïòóúü",
    "da": "åæøéóèêàäöü",
    "de": "äöüßéà",
    "es": "áéíñóúüç",
    "eu": "ñçü",
    "fi": "äöåéšžü",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "ga": "áéíóú",
    "gl": "áéíñóúüï",
    "it": "àèéìíîòóùú",
    "nl": "éëïóöüáèêçà",
    "no": "åæøéóòèêàäöü",
    "pt": "ãáàâçéêíõóôúüè",
    "sv": "åäöéàüè",
}
_CENTRAL = {
    "cs": "áčďéěíňóřšťúůýžäöü",
    "hr": "čćđšž",
    "hu": "áéíóöőúüű",
    "pl": "ąćęłńóśźżéöü",
    "ro": "ăâîşţéö",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "sl": "čćđšž",
}
_CYRILLIC = {
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    "sr": "абвгдђежзијклљмнњопрстћуфхцчџшѓѕќ",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
}
_GREEK = {"el": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"}
_ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگکیًٌٍَُِّْ،؛؟"

# Of those that give the same text, the first is named.
_LETTERS = {
    "windows-1252": _WESTERN,
    "iso-8859-15": _WESTERN,
    "windows-1250": _CENTRAL,
    "iso-8859-2": _CENTRAL,
    "windows-1251": _CYRILLIC,
    "koi8-r": _CYRILLIC,
    "koi8-u": _CYRILLIC,
    "iso-8859-5": _CYRILLIC,
    "cp866": _CYRILLIC,
    "windows-1253": _GREEK,
    "iso-8859-7": _GREEK,
    "windows-1254": {"tr": "çğıöşüâîûi̇"},
    "windows-1255": {"he": "אבגדהוזחטיךכלםמןנסעףפץצקרשת"},
    "windows-1256": {"ar": _ARABIC, "fa": _ARABIC, "ur": _ARABIC},
    "windows-1257": {
        "et": "äöõüšž",
        "lt": "ąčęėįšųūž",
        "lv": "āčēģīķļņšūž",
    },
}


class _Frequent(NamedTuple):
    """The letters that a language has many of, and the least share of them among all letters."""

    letters: re.Pattern[str]
    share: float


# A wrong encoding gives letters too, but seldom these.
_KANA = _Frequent(re.compile("[\u3041-\u30ff]"), 0.2)
_CHINESE = _Frequent(
    re.compile(
        "[的一是在不了有和人这這中大为為上个個国國我以要他时時来來用们們生到作地于於出就分对對会會可]"
    ),
    0.06,
)
_KOREAN = _Frequent(re.compile("[이다의는을에로가고하지사한리기도어아인시를서그자정수]"), 0.2)
_SYLLABLES = {
    "cp932": _KANA,
    "euc-jp": _KANA,
    "gb18030": _CHINESE,
    "big5": _CHINESE,
    "cp949": _KOREAN,
}

_SIGNS = frozenset("“”‘’„‚–—…•€£§°©®«»¿¡·ªº†‡™´½¼¾²³×±µ\xa0")
_NOT_IN_WORDS = re.compile(r"(?<=[^\W\d_])[„‚•€£§°©®¿¡·ªº†‡™´½¼¾²³×±µ‘“«](?=[^\W\d_])")
_LATIN_BESIDE_OTHERS = re.compile(r"[A-Za-z][\u0370-\u06ff]|[\u0370-\u06ff][A-Za-z]")
# Of Greek and Hebrew letters that end words, and of a Cyrillic one that begins a syllable only.
_MISPLACED = re.compile(r"ς(?=\w)|σ(?!\w)|[ךםןףץ](?=[א-ת])|[бвгджзклмнпрстфхцчшщ]й")
_CONTROLS = re.compile("[\x80-\x9f]")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


class _Reading(NamedTuple):
    """A text as an encoding reads it, and how well that fits."""

    fit: float
    is_foreign: bool
    text: str
    encoding: str


def encoding_of(content: bytes) -> str | None:
    """The encoding of some text that is not UTF-8, as Python names it; None where it is unsure."""
    sample = _sample(content)
    readings = [*_by_letters(sample), *_by_syllables(sample)]
    if not readings:
        return None
    best = max(readings, key=lambda reading: reading[:2])
    rivals = (reading for reading in readings if reading[:2] == best[:2])
    if any(reading.text != best.text for reading in rivals):
        return None
    named = next(reading for reading in readings if reading.text == best.text).encoding
    return named if _decoded(content, named) is not None else None


def _sample(content: bytes) -> bytes:
    """The first lines with more than ASCII; a letter at its end may not be whole."""
    lines: list[bytes] = []
    size = 0
    for line in content.splitlines(keepends=True):
        if found := _BEYOND_ASCII.search(line):
            lines.append(line[max(0, found.start() - _READ) :])
            size += len(lines[-1])
            if size > _READ:
                break
    return b"".join(lines)[: 2 * _READ + 1]


def _by_letters(sample: bytes) -> Iterator[_Reading]:
    for encoding, languages in _LETTERS.items():
        text = _decoded(sample, encoding, is_whole=False)
        if text is None:
            continue
        language = language_of(text)
        letters = languages.get(language, "")
        # In the west there may be nothing but quotation marks.
        is_spelt = languages is _WESTERN or _are_mostly_letters(text)
        fit = _fit(text, letters) if letters and is_spelt else 0.0
        if fit >= _ENOUGH:
            yield _Reading(round(fit, 2), language != ENGLISH, text, encoding)


def _by_syllables(sample: bytes) -> Iterator[_Reading]:
    for encoding, frequent in _SYLLABLES.items():
        text = _decoded(sample, encoding, is_whole=False)
        count = sum(letter.isalpha() and not letter.isascii() for letter in text or "")
        if text is None or count < 2:
            continue
        share = len(frequent.letters.findall(text)) / count
        if share >= frequent.share:
            yield _Reading(round(min(_ENOUGH + share, 1.0), 2), True, text, encoding)


def _fit(text: str, letters: str) -> float:
    """How much of what is beyond ASCII a language has, and stands where it has it."""
    known = _SIGNS.union(letters, letters.upper())
    others = [letter for letter in text if not letter.isascii()]
    wrong = sum(letter not in known for letter in others)
    for pattern in (_NOT_IN_WORDS, _LATIN_BESIDE_OTHERS, _MISPLACED):
        wrong += len(pattern.findall(text))
    wrong += 2 * sum(_is_turned(*pair) for pair in pairwise(text))
    # Some encodings have small letters where others have capitals.
    capitals = sum(letter.isupper() for letter in others)
    is_loud = 2 * capitals > len(others) >= _MANY
    return 1 - wrong / len(others) - _LOUD * is_loud


def _are_mostly_letters(text: str) -> bool:
    """Whether at least half of what is beyond ASCII is letters."""
    others = [letter.isalpha() for letter in text if not letter.isascii()]
    return 2 * sum(others) >= len(others)


def _is_turned(letter: str, following: str) -> bool:
    """Whether a capital stands behind a small letter, one of them beyond ASCII."""
    is_ascii = (letter + following).isascii()
    return letter.islower() and following.isupper() and not is_ascii


def _decoded(content: bytes, encoding: str, *, is_whole: bool = True) -> str | None:
    try:
        text = getincrementaldecoder(encoding)().decode(content, is_whole)
    except UnicodeDecodeError:
        return None
    return None if _CONTROLS.search(text) else text
