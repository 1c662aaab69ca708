"""The texts of a front end in the language of whoever reads them.

The code has them in English, marked by the functions of this module, and `bot/translations/` in
other languages: one catalogue of gettext each. What a catalogue lacks is said in English.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations

CATALOGUES = Path(__file__).parent / "translations"

NAME = "name of a command or option"
"""The context of what members type: one lower-case word."""

ENGLISH = "en"
_locale: ContextVar[str] = ContextVar("locale", default=ENGLISH)


@contextmanager
def speaking(locale: str | None) -> Iterator[None]:
    """Give texts in the language of a locale, such as `pt-BR`; None is English.

    It holds for the tasks and threads that are begun within too.
    """
    before = _locale.set(locale or ENGLISH)
    try:
        yield
    finally:
        _locale.reset(before)


def gettext(message: str, /, **values: object) -> str:
    """A text in the language that is spoken, with its placeholders such as `{name}` filled."""
    return _filled(_catalogue(_locale.get()).gettext(message), values)


def pgettext(context: str, message: str, /, **values: object) -> str:
    """A text that has other translations elsewhere; `context` tells translators which is meant."""
    return _filled(_catalogue(_locale.get()).pgettext(context, message), values)


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """A text in the form for a number, which is its placeholder `{count}`."""
    text = _catalogue(_locale.get()).ngettext(one, many, count)
    return _filled(text, {"count": number(count), **values})


def gettext_noop(message: str, /) -> str:
    """The text itself: a mark for one that is only translated where it is used."""
    return message


def number(value: int) -> str:
    """A whole number as the language that is spoken writes it."""
    between = pgettext("how numbers are written", "1,234")[1:-3]
    return f"{value:,}".replace(",", between)


def languages() -> list[str]:
    """The languages besides English, as their catalogues are named."""
    return sorted(path.stem for path in CATALOGUES.glob("*.po"))


def read_catalogues() -> None:
    """Read all catalogues now, which takes a moment, and not when a text is first needed."""
    for language in languages():
        _catalogue(language)


def _filled(text: str, values: dict[str, object]) -> str:
    return text.format(**values) if values else text


@cache
def _catalogue(locale: str) -> "NullTranslations":
    """The catalogue for a locale: its own, or that of its language; an empty one is English."""
    from gettext import NullTranslations

    language = locale.partition("-")[0]
    found = next((name for name in (locale, language) if name in languages()), None)
    return NullTranslations() if found is None else _read(CATALOGUES / f"{found}.po")


@cache
def _read(path: Path) -> "NullTranslations":
    """A catalogue as its translators write it; gettext itself reads only what was compiled."""
    from gettext import GNUTranslations
    from io import BytesIO

    import polib

    return GNUTranslations(BytesIO(polib.pofile(str(path), encoding="utf-8").to_binary()))
