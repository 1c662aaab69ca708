"""The index in a folder, opened once its files were found to be what was written."""

from pathlib import Path
from tempfile import TemporaryDirectory

import tantivy

from knowledge.loading import real_path
from retrieval.index.checksums import IndexDamagedError, damaged_files, meta_of
from retrieval.index.manifest import IndexUseError
from retrieval.index.reading import Index
from retrieval.index.searcher import is_failure
from retrieval.index.tantivy_entries import TantivyEntries

_LOCK = ".tantivy-meta.lock"
"""What Tantivy writes to also where it only reads."""


def open_index(folder: Path, knowledge: Path, base_url: str | None = None) -> Index | None:
    """The index in a folder, over a knowledge path; None where there is none that can be used.

    Documents that give no address of their own have one below `base_url`. IndexUseError where the
    index is that of another path, IndexDamagedError where it is not what was written.
    """
    while True:
        meta = meta_of(folder)
        if damaged := damaged_files(folder):
            raise IndexDamagedError(folder, damaged)
        index = _compared_index(folder, knowledge, base_url) if meta else None
        # Another process may have committed between the two.
        if meta_of(folder) == meta:
            break
    if index is not None and index.manifest.knowledge != real_path(knowledge):
        raise IndexUseError(
            f"{folder}: is the index of {index.manifest.knowledge}; choose another folder"
        )
    return index


def _compared_index(folder: Path, knowledge: Path, base_url: str | None) -> Index | None:
    """The index whose files were compared; None where it is none of ours, or of another version."""
    try:
        return Index(_entries_in(folder), knowledge, base_url)
    except IndexDamagedError as error:
        if error.files:
            raise
    except BaseException as error:
        # Entries of another version have other names.
        if not (is_failure(error) or isinstance(error, KeyError)):
            raise
        if damaged := damaged_files(folder, whole=True):
            raise IndexDamagedError(folder, damaged) from error
    return None


def _entries_in(folder: Path) -> TantivyEntries:
    if _can_lock(folder):
        return TantivyEntries(tantivy.Index.open(str(folder)), folder)
    # Once it is open, no name is needed any more.
    with TemporaryDirectory() as beside:
        for file in folder.iterdir():
            if file.name != _LOCK:
                Path(beside, file.name).symlink_to(file.absolute())
        return TantivyEntries(tantivy.Index.open(beside), folder)


def _can_lock(folder: Path) -> bool:
    """Whether an index can be opened where it lies; not so in a folder that is read-only."""
    try:
        (folder / _LOCK).open("ab").close()
    except OSError:
        return False
    return True
