"""Questions that ask the same of several things: "How did it vote in 1947, 2011 and 2012?"."""

import re

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_DATE = rf"(?:(?:{_MONTH} )?(?:1\d|20)\d\d)"
_NAME = r"(?:[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]+)*)"
_AND = r"(?:,? (?:and|or|and again in|and in|and with) (?:in )?|, (?:in )?)"
# Of dates two are enough; "between 1947 and 1950" is one stretch of time.
_DATES = re.compile(rf"(?<!between )(?<!from )(?:{_DATE}{_AND})+{_DATE}")
# Two names are more often one thing ("relations of Mexico and Palestine") than two questions.
_NAMES = re.compile(rf"(?<!between )(?:{_NAME}, )+{_NAME}?,? ?(?:and|or) {_NAME}")


def parts_of(text: str) -> list[tuple[str, str]]:
    """For each thing that is asked about the question with it alone, and the thing.

    None where the question asks about one thing only.
    """
    for enumeration, item in ((_DATES, _DATE), (_NAMES, _NAME)):
        match = enumeration.search(text)
        if match:
            things = list(dict.fromkeys(re.findall(item, match[0])))
            if len(things) > 1:
                before, after = text[: match.start()], text[match.end() :]
                return [(f"{before}{thing}{after}", thing) for thing in things]
    return []
