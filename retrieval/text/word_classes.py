"""The closed classes of English words that features look for."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


REFERRING = _words("he she it they this these those that such his her its their both here there")
"""Words that refer to what was said before, where a sentence begins with them."""

MONTHS = _words(
    "january february march april may june july august september october november december"
)
SCALES = _words("hundred thousand million billion trillion percent per cent %")
NUMBERS = _words(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
    " hundred thousand million billion dozen dozens first second third fourth fifth half twice"
    " once hundreds thousands millions"
)
DETERMINERS = _words("the a an its their his her this these our")
PREPOSITIONS = _words(
    "in on at by of to from with for as into through between during under over since until"
    " after before about around near against"
)
LINKS = _words("is was are were be been being became become has had have")
NAMING = _words("called named termed known as titled dubbed")
JOINS = _words("and or but nor")
RELATIVES = _words("that which who whom whose where when while because")

COUNTS = _words("dozen hundr thousand million billion half third quarter twice")
"""Terms, not words, that count something and are not written as numerals."""

MONTH_TERMS = _words("januari februari march april june juli august septemb octob novemb decemb")
"""The terms of the months, but for May, which is more often a verb."""
