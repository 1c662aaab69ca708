"""The lists of a web page around a place, and how browsers number their items."""

from knowledge.numbering import OpenItems, numeral
from knowledge.readers.html_marks import Attributes

LISTS = {"ul", "ol", "dl"}

_STYLES = ("1", "a", "A", "i", "I")
_MOST_DIGITS = 6
# What docutils, Sphinx and Asciidoctor say in the class of a list.
_CLASSES = {"loweralpha": "a", "upperalpha": "A", "lowerroman": "i", "upperroman": "I"}


class Lists:
    """The lists around, innermost last."""

    def __init__(self) -> None:
        self.items = OpenItems()
        self._lists: list[_List] = []

    @property
    def depth(self) -> int:
        """How many there are."""
        return len(self._lists)

    def enter(self, tag: str, attributes: Attributes) -> None:
        """A list begins."""
        # One that counts down would have to be counted first.
        is_numbered = tag == "ol" and "reversed" not in attributes
        style = _style(attributes) if is_numbered else None
        start = _integer(attributes.get("start"))
        self._lists.append(_List(style, 1 if start is None else start))

    def leave(self) -> None:
        """The innermost list ends."""
        if self._lists:
            self._lists.pop()

    def begin_item(self, attributes: Attributes) -> None:
        """An item of the innermost list begins."""
        list_ = self._lists[-1] if self._lists else _List(None)
        self.items.begin(list_.number(attributes))


class _List:
    """A list with the value of its next item; `style` is None where it has bullets."""

    def __init__(self, style: str | None, start: int = 1) -> None:
        self._style = style
        self._next = start

    def number(self, attributes: Attributes) -> str | None:
        """The number of the next item."""
        if self._style is None:
            return None
        told = _integer(attributes.get("value"))
        value = self._next if told is None else told
        self._next = value + 1
        return f"{numeral(value, self._style)}."


def _style(attributes: Attributes) -> str:
    told = attributes.get("type")
    if told in _STYLES:
        return told
    classes = (attributes.get("class") or "").split()
    return next((_CLASSES[name] for name in classes if name in _CLASSES), "1")


def _integer(value: str | None) -> int | None:
    """The integer of an attribute; None where it has none, or one that no list would have."""
    digits = (value or "").strip().removeprefix("-")
    is_one = digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS
    return int(value or "") if is_one else None
