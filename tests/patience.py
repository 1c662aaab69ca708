"""Reading files that may be hostile, with limits of time that a busy machine keeps."""

from atexit import register
from functools import cache

from knowledge import isolation
from knowledge.documents import Document
from knowledge.isolation import IsolatedReader
from knowledge.readers.source import SourceFile

ENDLESS = "nested.html"
"""A file of this name is given a second, since no time is enough to read it."""


class PatientReader(IsolatedReader):
    """Waits for any other file for as long as it takes: on a busy machine it takes longer."""

    def read(self, file: SourceFile) -> list[Document]:
        """The documents of a file."""
        self._seconds = 1 if file.path.name == ENDLESS else 500
        return super().read(file)

    def end(self) -> None:
        """Let the process end by itself: one that is killed writes down no coverage."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait()


@cache
def _patient() -> PatientReader:
    reader = PatientReader()
    register(reader.end)
    return reader


def be_patient() -> None:
    """Read so in this process from now on."""
    isolation.isolated = _patient
