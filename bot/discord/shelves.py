"""The documents that moderators brought, read: what their servers are answered from, too."""

import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.discord.upload_store import Uploads
from bot.discord.uploads import Kept, Kind
from bot.discord.written import document_of_message, document_of_thread
from footnote import Document, ReadError
from footnote.contents import read_content
from footnote.documents import collection_of

_log = logging.getLogger(__name__)

_MOST_SERVERS = 20
"""Servers whose documents are held in memory: the last that were asked for."""

LONGEST = 2_000_000
"""Characters of a file's text."""


class Shelves:
    """The documents of each server, read once until they change; its methods block."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads
        self._read: OrderedDict[int, dict[str, list[Document]]] = OrderedDict()

    def documents(self, server: int) -> list[Document]:
        """All documents of a server; those that cannot be read any more are left out."""
        before = self._read.get(server, {})
        present = self._uploads.present(server)
        found = {kept.id: before.get(kept.id) or self._of(server, kept) for kept in present}
        self._keep(server, found)
        return [document for documents in found.values() for document in documents]

    def hold(self, server: int, documents: Mapping[str, list[Document]]) -> None:
        """Let what was read just now, by the ids of what is kept, be read no second time."""
        self._keep(server, {**self._read.get(server, {}), **documents})

    def forget(self, server: int) -> None:
        """Read the documents of a server again when they are asked for."""
        self._read.pop(server, None)

    def _keep(self, server: int, documents: dict[str, list[Document]]) -> None:
        self._read[server] = documents
        self._read.move_to_end(server)
        while len(self._read) > _MOST_SERVERS:
            self._read.popitem(last=False)

    def _of(self, server: int, kept: Kept) -> list[Document]:
        content = self._uploads.content(server, kept.id)
        if content is None:
            return []
        try:
            return documents_of(kept.name, kept.kind, content, kept.link)
        except ReadError as error:
            # What it is called is none of the log's business.
            _log.warning("guild=%d: document %s is left out: %s", server, kept.id, error.reason)
            return []


def documents_of(name: str, kind: Kind, content: bytes, link: str) -> list[Document]:
    """The documents in what was brought; ReadError where it cannot be read, or is too long."""
    if kind is Kind.MESSAGE:
        return [document_of_message(name, link, content)]
    if kind is Kind.THREAD:
        return [document_of_thread(name, link, content)]
    documents = read_content(name, content)
    if sum(len(document.text) for document in documents) > LONGEST:
        raise ReadError(name, f"has more than {LONGEST:,} characters of text; split it")
    if len(documents) == 1:
        return [replace(documents[0], id=name)]
    # Records of two files may have one id.
    return [replace(document, id=f"{name}/{document.id}") for document in documents]


def passages_in(documents: Sequence[Document]) -> int:
    """How many passages some documents have; ReadError where nothing in them can be quoted."""
    # All that is done later is done once before: no document may spoil the others.
    return collection_of(documents, reader="words").passages
