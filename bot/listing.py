"""The command that lists what is known, and what was skipped."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from bot.commands import assembled_from, prints_json, reads_knowledge, show_text, width

if TYPE_CHECKING:
    from retrieval.index.reading import Index


class Listed(NamedTuple):
    """A document as it is listed: what it is, how it was read, and when."""

    id: str
    title: str
    source: str
    url: str | None
    language: str
    passages: int
    read: datetime


@click.command()
@reads_knowledge
@prints_json
def documents(knowledge: Path | None, engine: str | None, as_json: bool) -> int:
    """List the documents with title, file, language, passages, and when each was read.

    Files that were skipped are listed below with the reason. In JSON each is one object, a skipped
    one with its `name` and `reason`.

    \b
    Examples:
      footnote documents --knowledge notes/
      footnote documents --json --knowledge notes/
    """
    assembled = assembled_from(knowledge, engine)
    for listed in _listed(assembled.index):
        if as_json:
            from retrieval.records import DocumentRecord

            record = DocumentRecord(
                document=listed.id,
                title=listed.title,
                source=listed.source,
                url=listed.url,
                language=listed.language,
                passages=listed.passages,
                read=listed.read,
            )
            show_text(record.model_dump_json())
        else:
            from bot.rendering import document_text

            show_text(document_text(listed, width()))
    if as_json:
        from retrieval.records import SkippedRecord

        for skipped in assembled.report.skipped:
            record_ = SkippedRecord(name=skipped.name, reason=skipped.reason)
            show_text(record_.model_dump_json())
    else:
        from bot.rendering import counted, skipped_text, wrapped

        manifest = assembled.index.manifest
        passages = counted(manifest.passages, "passage")
        show_text(wrapped(f"{counted(manifest.documents, 'document')}, {passages}.", width()))
        if assembled.report.skipped:
            show_text("\n".join(skipped_text(assembled.report.skipped, width())))
    return 0


def _listed(index: "Index") -> Iterator[Listed]:
    """The documents, in order, each when its passages are read."""
    for path in index.files():
        read = datetime.fromtimestamp(index.manifest.files[path].read).astimezone()
        of_file = groupby(index.of_file(path), key=lambda entry: entry.passage.document_id)
        for id_, entries in of_file:
            first = next(entries)
            yield Listed(
                id_,
                first.passage.title,
                index.source_of(first),
                index.url_of(first),
                first.passage.language,
                1 + sum(1 for _ in entries),
                read,
            )
