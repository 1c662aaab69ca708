"""Reading files that may be hostile, with limits of time that a busy machine keeps."""

import os
from atexit import register
from functools import cache

from knowledge import isolation
from knowledge.documents import Document
from knowledge.isolation import IsolatedReader, limit_memory
from knowledge.source import SourceFile
from knowledge.workers import Worker

ENDLESS = "nested.html"
"""A file of this name is given a second, since no time is enough to read it."""


LONG = 500.0
"""Seconds for any other file: on a busy machine it takes longer."""


class PatientReader(IsolatedReader):
    """Waits long, and does not lose its process to what does not end."""

    def __init__(self) -> None:
        super().__init__(LONG)

    def read(self, file: SourceFile) -> list[Document]:
        """The documents of a file."""
        if file.path.name == ENDLESS:
            return IsolatedReader(seconds=1).read(file)
        return super().read(file)

    @staticmethod
    def _new_worker() -> Worker:
        if "COVERAGE_RUN" not in os.environ:
            return IsolatedReader._new_worker()
        # One that may write no file writes down no coverage.
        return Worker(limit_memory, is_trusted=False)

    def end(self) -> None:
        """Let the process end by itself: one that is killed writes down no coverage."""
        self._worker.end()


@cache
def _patient() -> PatientReader:
    reader = PatientReader()
    register(reader.end)
    return reader


def be_patient() -> None:
    """Read so in this process from now on."""
    isolation.isolated = _patient
