"""The numbers of the items of a list: "2.", "b)"."""

from collections.abc import Iterator

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST_ROMAN = 3_999
_LETTERS = 26


class OpenItems:
    """The items around a place, innermost last; each gives its number to the first of its text."""

    def __init__(self) -> None:
        self._numbers: list[str | None] = []

    def begin(self, number: str | None) -> None:
        """An item begins; None where it has a bullet."""
        self._numbers.append(number)

    def end(self) -> None:
        """The innermost item ends."""
        self._numbers.pop()

    def take(self) -> str | None:
        """The number of the innermost item, empty for more of its text; None for no number."""
        number = self._numbers[-1] if self._numbers else None
        if number:
            self._numbers[-1] = ""
        return number


def number_in(marker: str) -> str | None:
    """The number that a marker in front of an item is; None for a bullet."""
    number = marker.strip(" \t\ufeff")
    return number if number.endswith((".", ")")) and any(map(str.isalnum, number)) else None


def numeral(value: int, style: str) -> str:
    """A number as a list writes it: in the style of "1", "a", "A", "i" or "I"."""
    if style in ("a", "A") and value > 0:
        written = "".join(reversed(list(_letters(value))))
    elif style in ("i", "I") and 0 < value <= _MOST_ROMAN:
        written = "".join(_roman(value))
    else:
        return str(value)
    return written.upper() if style.isupper() else written


def _letters(value: int) -> Iterator[str]:
    """The letters of a number, last first; behind "z" comes "aa"."""
    while value:
        value, letter = divmod(value - 1, _LETTERS)
        yield chr(ord("a") + letter)


def _roman(value: int) -> Iterator[str]:
    for worth, letters in _ROMAN:
        count, value = divmod(value, worth)
        yield letters * count
