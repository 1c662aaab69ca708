"""Questions that ask the same of several things: "How did it vote in 1947, 2011 and 2012?"."""

import re

from retrieval.text.english_words import LONG_MONTH, NAME, YEAR

_DATE = rf"(?:(?:{LONG_MONTH} )?(?<![\d.,]){YEAR}(?!\d))"
_AND = r"(?:,? (?:and|or|and again in|and in|and with) (?:in )?|, (?:in )?)"
# Of dates two are enough. Two names are more often one thing ("relations of Mexico and Palestine")
# than two questions, and so are names that end like those of firms.
_DATES = re.compile(rf"(?:{_DATE}{_AND})+{_DATE}")
_NAMES = re.compile(rf"(?:{NAME}, )+(?:{NAME},? )?(?:and|or) {NAME}")
_STRETCH = re.compile(rf"\bbetween\b[^;]*$|\bfrom (?={YEAR})", re.I)
_OPENING = re.compile(r"^\W*[A-Z][a-z]*\s+(?=[A-Z])")
_FIRMS = ("Partners", "Sons", "Company", "Co", "Associates", "Brothers")


def subquestions_of(text: str) -> list[tuple[str, str]]:
    """For each thing that is asked about the question with it alone, and the thing.

    None where the question asks about one thing only.
    """
    for enumeration, item in ((_DATES, _DATE), (_NAMES, NAME)):
        # The first word is capitalised, name or not.
        opening = _OPENING.match(text)
        match = enumeration.search(text, opening.end() if opening else 0)
        if (
            match
            and not _STRETCH.search(text[: match.end()])
            and not text[: match.end()].endswith(_FIRMS)
        ):
            things = list(dict.fromkeys(re.findall(item, match[0])))
            if len(things) > 1:
                before, after = text[: match.start()], text[match.end() :]
                return [(f"{before}{thing}{after}", thing) for thing in things]
    return []
