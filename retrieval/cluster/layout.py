"""What stands in an index of a cluster, and in which form.

Each entry is one passage. Beside them stand the state, which says what of them is visible, and the
manifest in parts; they have none of the fields that are ranked, so that they do not count there.
Nothing is ever changed or deleted that somebody may be reading: entries bear the generation in
which they were written, and the state says up to which one they are visible, and those of which
files are no longer.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from retrieval.cluster.similarity import similarities
from retrieval.index.entries import Entry
from retrieval.index.folders import knowledge_key
from retrieval.index.layout import ALL, FORMAT
from retrieval.index.manifest import Summary
from retrieval.search.engine import FIELDS

LAYOUT = 1
"""Raised whenever the form in a cluster changes that layout.py does not know."""

GENERATION = "generation"
VERSION = "version"  # a file with the generation in which it was read
STATE = "~state"  # the id of the state
PARTS = "~manifest"  # the key of the parts of the manifest
NOTHING = "~"  # stands for the terms of a passage that has none in a field
LONGEST = 8_000
"""Characters of a term; Lucene takes none of more than 32,766 bytes."""

Query = dict[str, Any]

_WORDS = ("spellings", "acronyms", "document", "file", "key", "language")


def alias_of(knowledge: Path) -> str:
    """The name under which the index of a path is found."""
    return f"footnote-{knowledge_key(knowledge)}-{FORMAT}-{LAYOUT}"


def writing_alias(name: str) -> str:
    """By what an index is written: gone with it, so that nothing makes it again by writing."""
    return f"{name}.writing"


def index_body(shards: int) -> Query:
    """The settings and fields of a new index, which has no copies yet."""
    terms = {"type": "text", "analyzer": "blanks", "index_options": "freqs"}
    word = {"type": "keyword"}
    settings = {
        "number_of_shards": shards,
        "number_of_replicas": 0,
        "refresh_interval": -1,
        "translog.durability": "async",
        "similarity": similarities({}),
        "analysis.analyzer.blanks": {"type": "custom", "tokenizer": "blanks"},
        "analysis.tokenizer.blanks": {"type": "whitespace", "max_token_length": LONGEST},
    }
    fields = {
        **{name: {**terms, "similarity": name} for name in FIELDS},
        **dict.fromkeys((*_WORDS, VERSION), word),
        "place": {"type": "long"},
        GENERATION: {"type": "long"},
        "body": {"type": "keyword", "index": False, "doc_values": False},
    }
    mappings = {
        "dynamic": "strict",
        "_source": {"includes": ["body"]},
        "properties": fields,
    }
    return {"settings": {"index": settings}, "mappings": mappings}


def document_of(entry: Entry, generation: int) -> Query:
    """An entry as it is sent; the terms are cut already, and parted by blanks."""
    fields = {name: " ".join(getattr(entry.fields, name)) or NOTHING for name in FIELDS}
    return {
        **fields,
        "spellings": [word for word in entry.spellings.split() if len(word) <= LONGEST],
        "acronyms": list(entry.acronyms),
        "document": entry.document,
        "file": file_value(entry.file),
        "key": entry.key,
        "language": entry.language,
        "place": entry.place,
        GENERATION: generation,
        VERSION: version_of(entry.file, generation),
        "body": entry.body.decode(),
    }


def file_value(file: str) -> str:
    """The path of a file so that paths are in their order: folders before what sorts behind."""
    return file.replace("/", "\0")


def version_of(file: str, generation: int) -> str:
    """What tells the entries of a file from those of it that were written at other times."""
    return f"{generation}/{file}"


@dataclass(frozen=True, slots=True)
class State:
    """What of an index is visible, and how much that is.

    `dropped` are versions of files, `parts` is in how many documents the manifest stands, and
    `saturation` the `k1` of each field.
    """

    generation: int
    summary: Summary
    parts: int
    dropped: Sequence[str] = ()
    saturation: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> str:
        """The state as it is written."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "State":
        """The state of what `to_json` gave."""
        data = json.loads(text)
        return cls(**{**data, "summary": Summary(**data["summary"])})

    def part_id(self, number: int) -> str:
        """The id of a part of the manifest."""
        return f"~manifest-{self.generation}-{number}"

    def hidden(self) -> list[Query]:
        """What matches the entries that are not visible."""
        later: Query = {"range": {GENERATION: {"gt": self.generation}}}
        return [later, {"terms": {VERSION: self.dropped}}] if self.dropped else [later]


def matching(field_: str, value: str) -> Query:
    """The entries whose field has a value, which may be ranked."""
    if field_ == "file":
        value = file_value(value)
    return {"term": {field_: {"value": value[:LONGEST] if field_ == ALL else value}}}
