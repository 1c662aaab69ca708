"""Entries on their way into an index of a cluster, invisible until the state says otherwise."""

from retrieval.cluster.bulk import Bulk
from retrieval.cluster.entries import ClusterEntries
from retrieval.cluster.layout import GENERATION, PARTS, State, document_of, version_of
from retrieval.cluster.similarity import Lengths
from retrieval.index.entries import Entry
from retrieval.index.manifest import Manifest

_PART = 1_000_000
"""Characters of the manifest in one document."""


class ClusterWriter:
    """Writes a generation of entries, behind those that are there; the first where there are none.

    `manifest` and `state` are those that belong to them, once all is finished.
    """

    def __init__(self, bulk: Bulk, before: ClusterEntries | None = None) -> None:
        self._bulk = bulk
        self._before = before
        earlier = before.state if before else None
        self._generation = earlier.generation + 1 if earlier else 1
        self._dropped = list(earlier.dropped) if earlier else []
        self._lengths = Lengths()
        self._added: set[str] = set()
        self._count = 0
        self.manifest = Manifest("")
        self.state = State(0, self.manifest.summary, 0)

    def add(self, entry: Entry) -> None:
        """Add an entry."""
        self._added.add(entry.file)
        self._lengths.add(entry)
        self._bulk.add(f"{self._generation}-{self._count}", document_of(entry, self._generation))
        self._count += 1

    def drop(self, file: str) -> None:
        """Delete the entries of a file, also those that were just added."""
        if file in self._added:
            generation: int | None = self._generation
        else:
            generation = self._before.generation_of(file) if self._before else None
        if generation is not None:
            self._dropped.append(version_of(file, generation))

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest, with which all is complete."""
        text = manifest.to_json().decode()
        parts = [text[start : start + _PART] for start in range(0, len(text), _PART)]
        self.manifest = manifest
        saturation = (
            self._lengths.saturation() if self._before is None else self._before.state.saturation
        )
        self.state = State(
            self._generation, manifest.summary, len(parts), self._dropped, saturation
        )
        for number, part in enumerate(parts):
            document = {"key": PARTS, GENERATION: self._generation, "body": part}
            self._bulk.add(self.state.part_id(number), document)
        self._bulk.flush()
