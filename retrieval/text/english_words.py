"""English words that belong together, and the patterns of years, months, amounts and names."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


REFERRING = _words("he she it they this these those that such his her its their both here there")
"""Words that refer to what was said before, where a sentence begins with them."""

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
MONTHS = frozenset(_MONTHS)

SHORT_MONTHS = {**{month[:3]: month for month in _MONTHS}, "sept": "september"}

ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
    "eighteen", "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_MAGNITUDES = ("hundred", "thousand", "million", "billion", "trillion")
SCALES = frozenset((*_MAGNITUDES, "percent", "per", "cent", "%"))
"""Words and signs that scale the number before them."""

NUMBERS = _words(
    "dozen dozens first second third fourth fifth half twice once hundreds thousands millions"
).union(ONES, TEENS, TENS, _MAGNITUDES) - {"trillion"}
"""Words that are numbers by themselves; a trillion is met behind one only."""

COUNTS = _words("dozen hundr thousand million billion half third quarter twice")
"""Terms, not words, that count something and are not written as numerals."""

DETERMINERS = _words("the a an its their his her this these our")
PREPOSITIONS = _words(
    "in on at by of to from with for as into through between during under over since until"
    " after before about around near against"
)
LINKS = _words("is was are were be been being became become has had have")
NAMING = _words("called named termed known as titled dubbed")
JOINS = _words("and or but nor")
RELATIVES = _words("that which who whom whose where when while because")

# Parts of patterns.
YEAR = r"(?:1\d|20)\d\d"
LONG_MONTH = f"(?:{'|'.join(month.title() for month in _MONTHS)})"
_MONTH_FORMS = [
    f"{short.title()}(?:{month[len(short) :]})?" for short, month in SHORT_MONTHS.items()
]
MONTH = rf"(?:{'|'.join(_MONTH_FORMS)})\.?"
"""A month written out or short."""

MAGNITUDE = f"(?:{'|'.join(_MAGNITUDES)})"
CURRENCIES = "$€£¥"
NAME = r"(?:[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]+)*)"
INITIALS = r"(?:[A-Z]\.\s?)+(?=[A-Z]\w)"
"""The initials before a name."""
