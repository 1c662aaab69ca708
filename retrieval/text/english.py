"""English words as terms: without case, accents and endings."""

import re

import Stemmer

from retrieval.text.english_words import MONTHS, ONES, SHORT_MONTHS, TEENS, TENS

_stem = Stemmer.Stemmer("english").stemWord

# "one" is more often a pronoun than a number.
_NUMBERS = {
    **{word: str(number) for number, word in enumerate(ONES, start=1) if number > 1},
    **{word: str(number) for number, word in enumerate(TEENS, start=10)},
    **{word: str(10 * number) for number, word in enumerate(TENS, start=2)},
}
_ONES_BY_WORD = {word: number for number, word in enumerate(ONES, start=1)}
# "Mar" and "May" are left: a month is rarer than what else they are.
_MONTHS = {
    short: _stem(month) for short, month in SHORT_MONTHS.items() if short not in ("mar", "may")
}
MONTH_TERMS = frozenset(_stem(month) for month in MONTHS if month != "may")
"""The terms of the months, but for May, which is more often a verb."""

NUMBERS_OF_TWO_WORDS = rf"(?i:\b(?:{'|'.join(TENS)})[- ](?:{'|'.join(ONES)})\b)"
"""The pattern of numbers like "twenty-one", which are one word each."""

_ORDINAL_OR_DECADE = re.compile(r"(\d+)(?:st|nd|rd|th|s)")
_APOSTROPHE_ENDING = re.compile(r"['’](?:s|re|ve|ll|d|m|t)?$")
# "Mexican" and "Mexico", "Palestinian" and "Palestine", "Canadian" and "Canada".
_OF_A_COUNTRY = re.compile(r"(?<=\w{4})(?:ean|ian|an|ia|a|o)$")

_STOP_WORDS = """
    a about above after again against all also am among an and any are aren as at be because been
    before being below between both but by can cannot could couldn did didn do does doesn doing don
    done down during each eg either else etc ever every few for from further get got had hadn has
    hasn have haven having he her here hers herself him himself his how i ie if in into is isn it
    its itself just kind let like ll make many may me might more most much must my myself neither no
    nor not now of off on once one only onto or other our ours ourselves out over own per please
    shall she should shouldn since so some such tell than that the their theirs them themselves then
    there these they this those though through thus to too under until up upon very via was wasn we
    were weren what whatever when where whether which while who whom whose why will with within
    without won would wouldn yes yet you your yours yourself
    abt anybody anyone btw hello hey hi idea know knows lol need nah ok okay pls plz rn somebody
    someone thank thanks thx w whats wondering
    uh um erm hmm oops whoops sorry actually rather
    """

_is_stop_word = frozenset(_STOP_WORDS.split()).__contains__


def term(word: str) -> tuple[str, bool]:
    """The term of a word in small letters without accents, and whether it is a stop word."""
    plain = _APOSTROPHE_ENDING.sub("", word)
    if _is_stop_word(plain):
        return plain, True
    if plain[0].isdigit():
        ordinal = _ORDINAL_OR_DECADE.fullmatch(plain)
        return (ordinal[1] if ordinal else plain.replace(",", "")), False
    if plain in _NUMBERS:
        return _NUMBERS[plain], False
    if plain in _MONTHS:
        return _MONTHS[plain], False
    if plain.startswith(TENS) and (number := _compound(plain)):
        return number, False
    return _OF_A_COUNTRY.sub("", _stem(plain.replace(".", ""))), False


def _compound(word: str) -> str | None:
    """The number that "twenty-one" and its like are; None for other words."""
    tens, _, ones = word.replace(" ", "-").partition("-")
    if tens in TENS and ones in _ONES_BY_WORD:
        return str(int(_NUMBERS[tens]) + _ONES_BY_WORD[ones])
    return None
