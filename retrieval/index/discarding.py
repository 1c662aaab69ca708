"""A damaged index that Tantivy cannot open is removed, by one process at a time."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from retrieval.index.checksums import damaged_files

_LOCK = "damaged.lock"
_LONGEST = 60.0  # seconds that another process may take to compare an index


def discard_damaged(folder: Path) -> None:
    """Remove an index if it is damaged; one that was made in its place meanwhile stays.

    OSError where it cannot be removed.
    """
    # Tantivy's own lock is in the index, and cannot be had where that cannot be opened. A lock of
    # SQLite's is the system's, and ends with the process that holds it.
    aside = folder.with_name(f"{folder.name}.damaged")
    try:
        with closing(sqlite3.connect(folder.with_name(_LOCK), timeout=_LONGEST)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            if damaged_files(folder):
                # It may be left from a process that was killed here.
                shutil.rmtree(aside, ignore_errors=True)
                folder.rename(aside)
                shutil.rmtree(aside, ignore_errors=True)
    except sqlite3.Error as error:
        raise OSError("it cannot be locked") from error
