"""Which model reads: none, the one that is installed, or one in a folder."""

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.meaning.files import MODEL, TOKENIZER, ReaderError, checked_folder

if TYPE_CHECKING:
    from retrieval.meaning.model import Reader

AUTO = "auto"
"""Reads with the model that is installed, where one is."""

WORDS = "words"
"""Reads with no model."""

SMALL = "small"
"""Reads with the model that is installed."""

CHOICES = (AUTO, WORDS, SMALL)

PACKAGE = "footnote_reader"
"""What holds the small model: a distribution of its own, since it is larger than all the code."""

_EXTRA = ("onnxruntime", "kitoken")


def reader_name(choice: str) -> str:
    """The name of what reads; ReaderError as `reader_folder`."""
    folder = reader_folder(choice)
    if folder is None:
        return WORDS
    return SMALL if choice in CHOICES else _own_name(folder)


def reader_folder(choice: str) -> Path | None:
    """The folder of the model that a choice stands for: one of CHOICES, or the path of a folder.

    None where words decide. ReaderError where there is no such model. Nothing is loaded.
    """
    if choice == WORDS:
        return None
    if choice in (AUTO, SMALL):
        folder = installed_folder()
        if folder is None and choice == SMALL:
            raise ReaderError(
                "the reader 'small' needs the extra meaning: run pip install"
                " 'footnote-bot[meaning]' (from a clone: sh scripts/run)"
            )
        return folder
    if not choice or not Path(choice).is_dir():
        raise ReaderError(
            f"there is no reader {choice!r}; use one of: {', '.join(CHOICES)},"
            " or the path of a folder with a model"
        )
    if not _has_libraries():
        raise ReaderError(
            "a reader of your own needs the extra meaning: run pip install 'footnote-bot[meaning]'"
        )
    return checked_folder(Path(choice))


def installed_folder() -> Path | None:
    """The folder of the model that is installed; None where it, or what it runs with, is not."""
    if not _has_libraries() or find_spec(PACKAGE) is None:
        return None
    folder: Path = import_module(PACKAGE).FOLDER
    return folder if all((folder / name).is_file() for name in (MODEL, TOKENIZER)) else None


def installed_reader(choice: str) -> "Reader | None":
    """The reader that a choice stands for, as `reader_folder` says, one in each process.

    One in a folder is loaded and tried; Footnote's own is loaded when it first reads.
    """
    folder = reader_folder(choice)
    if folder is None:
        return None
    try:
        files = [(folder / name).stat() for name in (MODEL, TOKENIZER)]
    except OSError as error:
        raise ReaderError(f"{folder}: cannot be read ({error.strerror}); check it") from error
    stamp = tuple((file.st_size, file.st_mtime_ns) for file in files)
    reader = _opened(folder, reader_name(choice), stamp)
    if choice not in CHOICES:
        reader.prepare()
    return reader


@lru_cache(maxsize=1)
def _opened(folder: Path, name: str, stamp: tuple[tuple[int, int], ...]) -> "Reader":
    """The reader of a folder; another one once its files have another stamp."""
    # Imported here since that module imports this one.
    from retrieval.meaning.model import Reader

    return Reader(folder, name)


def _has_libraries() -> bool:
    """Whether what a model runs with is installed."""
    return all(find_spec(name) for name in _EXTRA)


def _own_name(folder: Path) -> str:
    """The name of the folder; all of its path where the name alone means something else."""
    path = folder.resolve()
    return str(path) if path.name in CHOICES else path.name or str(path)
