"""The log of a program that runs for long: lines for people, or an object a line for programs."""

import json
import logging
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from bot.settings import Settings

_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

_MASK = "***"


def begin(settings: Settings, *, is_verbose: bool) -> None:
    """Write the log to standard error from now on, in the form of the settings."""
    form = JsonFormatter if settings.log == "json" else TextFormatter
    handler = logging.StreamHandler()
    handler.setFormatter(form(secrets_of(settings)))
    # A line that is no object would be one that a program cannot read.
    logging.captureWarnings(True)
    logging.basicConfig(level=logging.DEBUG if is_verbose else logging.INFO, handlers=[handler])


def secrets_of(settings: Settings) -> list[str]:
    """What must not be shown: settings that are in no `repr`, and the passwords in their URLs."""
    kept = (field.name for field in fields(settings) if not field.repr)
    values = [value for name in kept if isinstance(value := getattr(settings, name), str) and value]
    # A value may be several addresses with commas between them.
    addresses = (part.strip() for value in values for part in (value, *value.split(",")))
    passwords = [password for address in addresses if (password := _password_in(address))]
    # The longest first, since one may be a part of another.
    return sorted({*values, *passwords, *map(unquote, passwords)}, key=len, reverse=True)


def _password_in(address: str) -> str | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    # PostgreSQL takes it as a parameter, too.
    parameters = dict(part.partition("=")[::2] for part in parts.query.split("&"))
    return parts.password or parameters.get("password")


class TextFormatter(logging.Formatter):
    """A line for each record, and the lines of an exception below it."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__(_TEXT)
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """The lines, without secrets."""
        return self.masked(super().format(record))

    def masked(self, text: str) -> str:
        """A text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, _MASK)
        return text


class JsonFormatter(TextFormatter):
    """A JSON object on one line for each record, which says what the text says."""

    def format(self, record: logging.LogRecord) -> str:
        """The object: `time` in UTC, `level`, `logger`, `message`, and `exception` if any."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self.masked(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = self.masked(self.formatException(record.exc_info))
        return json.dumps(line)
