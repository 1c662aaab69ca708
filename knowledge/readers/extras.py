"""Libraries of heavy formats, which are installed only by those who need them."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from knowledge.errors import Obstacle, ReadError
from knowledge.formats import format_of
from knowledge.source import SourceFile


def is_installed(name: str) -> bool:
    """Whether the library is there now that a file of this name needs."""
    format_ = format_of(name)
    return format_ is None or format_.library is None or find_spec(format_.library) is not None


def extra(module: str, file: SourceFile) -> Any:
    """The library of a format; ReadError with the cure where it is not installed."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.partition(".")[0]:
            raise
        cure = "needs the extra formats: run pip install 'footnote-bot[formats]'"
        raise ReadError(file.name, cure, Obstacle.LIBRARY) from error
