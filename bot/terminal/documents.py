"""The command that lists what is known, and what was skipped."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain, groupby
from typing import TYPE_CHECKING

import click

from bot.terminal.options import (
    Chosen,
    opened_collection,
    prints_json,
    reads_knowledge,
    show_text,
    width,
)

if TYPE_CHECKING:
    from footnote.index import Index
    from footnote.json_records import DocumentRecord


@click.command()
@reads_knowledge
@prints_json
def documents(chosen: Chosen, as_json: bool) -> int:
    """List the documents and the skipped files.

    Shows title, file, language, passages and time of reading of each document, its encoding if it
    is not UTF-8, and why a file was skipped. With --json, each document is one object, and each
    skipped file is one with `name` and `reason`.

    \b
    Examples:
      footnote documents --knowledge notes/
      footnote documents --json --knowledge notes/
    """
    collection = opened_collection(chosen)
    listed, skipped = _listed(collection.index), collection.report.skipped
    if as_json:
        from footnote.json_records import SkippedRecord

        records = (SkippedRecord(name=one.name, reason=one.reason) for one in skipped)
        for record in chain(listed, records):
            show_text(record.model_dump_json())
        return 0
    from bot.presentation import counted
    from bot.terminal.rendering import document_text
    from bot.terminal.skipped import skipped_text
    from bot.terminal.wrapping import wrapped

    for document in listed:
        show_text(document_text(document, width()))
    count = counted(len(collection.documents), "document")
    show_text(wrapped(f"{count}, {counted(collection.passages, 'passage')}.", width()))
    if skipped:
        show_text(f"\n{skipped_text(skipped, width(), names_all=True)}")
    return 0


def _listed(index: "Index") -> "Iterator[DocumentRecord]":
    """The documents, in order, each when its passages are read."""
    from footnote.json_records import DocumentRecord

    for path in index.files():
        read = datetime.fromtimestamp(index.manifest.files[path].read).astimezone()
        of_file = groupby(index.of_file(path), key=lambda entry: entry.passage.document_id)
        for id_, entries in of_file:
            first = next(entries)
            yield DocumentRecord(
                document=id_,
                title=first.passage.title,
                source=index.source_of(first),
                url=index.url_of(first),
                encoding=first.encoding,
                language=first.passage.language,
                passages=1 + sum(1 for _ in entries),
                read=read,
            )
