"""Whether the index is what reading every file again would give, whatever their times say."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import Obstacle, ReadError
from knowledge.loading import files_at, read_file
from retrieval.index.manifest import joined
from retrieval.index.reading import Index


@dataclass(frozen=True, slots=True)
class Difference:
    """A file that is not what was read."""

    file: str
    what: str


def differences(index: Index, knowledge: Path) -> Iterator[Difference]:
    """The files whose content, or presence, is another one; ReadError where there are none."""
    files, _ = files_at(knowledge)
    known = index.manifest.files
    for file in files:
        record = known.get(file.id)
        if record is None:
            yield Difference(file.id, "is new")
            continue
        if record.obstacle is Obstacle.REPEATED_ID:
            continue  # it is skipped for the sake of another
        try:
            checksum = joined([document.checksum for document in read_file(file)])
        except ReadError as error:
            if record.reason is None:
                yield Difference(file.id, error.reason)
            continue
        if record.reason is not None:
            yield Difference(file.id, "can now be read")
        elif checksum != record.checksum:
            yield Difference(file.id, "has changed")
    present = {file.id for file in files}
    for path in known:
        if path not in present:
            yield Difference(path, "is missing")
