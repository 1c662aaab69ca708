"""The documents that moderators brought, in the database.

Each command is one change of a server's documents; the changes are counted, so that the last one
can be undone. What was removed stays for a week.
"""

import secrets
from collections.abc import Container, Sequence
from itertools import count

from bot.discord import words
from bot.discord.database import Database
from bot.discord.store import Transaction
from bot.discord.uploads import (
    MEGABYTE,
    MOST_PASSAGES,
    Kept,
    Kind,
    Undone,
    Upload,
    UploadError,
    UploadLimits,
)
from bot.discord.written import without
from bot.texts import gettext, number

_WEEK = 7 * 86_400
"""Seconds."""

_ADD = (
    "insert into uploads (application, id, server, name, kind, content, size, passages, link,"
    " added_by, adder, added_at, added_in) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_PRESENT = (
    "select id, name, kind, passages, link, adder, added_at, added_in from uploads"
    " where application = ? and server = ? and removed_in = 0"
)
_CONTENT = "select content from uploads where application = ? and server = ? and id = ?"
_REMOVE = (
    "update uploads set removed_at = ?, removed_in = ?"
    " where application = ? and server = ? and id = ?"
)
_LAST = (
    "select added_in, added_at from uploads where application = ? and server = ?"
    " union all select removed_in, removed_at from uploads"
    " where application = ? and server = ? and removed_in > 0 order by 1 desc limit 1"
)
_SUMS = (
    "select count(*), coalesce(sum(size), 0), coalesce(sum(passages), 0) from uploads"
    " where application = ? and server = ? and removed_in = 0"
)
_REMOVED = (
    "select size, removed_in from uploads where application = ? and server = ? and removed_in > 0"
    " order by removed_in desc"
)
_SETTLE = (
    "delete from uploads"
    " where application = ? and server = ? and removed_in > 0 and removed_in <= ?",
    "update uploads set added_in = 0 where application = ? and server = ? and added_in <= ?",
)
_ADDED_IN = "select name from uploads where application = ? and server = ? and added_in = ?"
_REMOVED_IN = "select name from uploads where application = ? and server = ? and removed_in = ?"
_UNDO = (
    "delete from uploads where application = ? and server = ? and added_in = ?",
    "update uploads set removed_at = null, removed_in = 0"
    " where application = ? and server = ? and removed_in = ?",
)
_DELETE = "delete from uploads where application = ? and removed_in > 0 and removed_at < ?"
_FORGET = (
    "update uploads set added_by = 0, adder = ''"
    " where application = ? and server = ? and added_by = ?"
)
_WRITTEN = "select id, content from uploads where application = ? and server = ? and kind <> 'file'"
_REWRITE = "update uploads set content = ? where application = ? and server = ? and id = ?"


class Uploads:
    """The documents of all servers; its methods block."""

    def __init__(self, database: Database, limits: UploadLimits) -> None:
        self._database = database
        self.limits = limits

    def present(self, server: int) -> list[Kept]:
        """The documents of a server, by their names."""
        rows = self._database.store.read(_PRESENT, self._whose(server))
        found = [Kept(i, n, Kind(k), p, link, who, at) for i, n, k, p, link, who, at, _ in rows]
        return sorted(found, key=lambda kept: (kept.name.casefold(), kept.name))

    def content(self, server: int, id_: str) -> bytes | None:
        """The content of a document; None where it is gone meanwhile."""
        rows = self._database.store.read(_CONTENT, (*self._whose(server), id_))
        return bytes(rows[0][0]) if rows else None

    def add(self, server: int, uploads: Sequence[Upload], user: int, adder: str) -> list[Kept]:
        """Keep documents, instead of files of the same names and the same messages; as what.

        All of them, or UploadError where they are too many or too large.
        """
        ids = [secrets.token_hex(8) for _ in uploads]

        def added(transaction: Transaction) -> list[Kept]:
            at, change = transaction.now(), self._next_change(transaction, server)
            kept = []
            for id_, upload in zip(ids, uploads, strict=True):
                name = self._replace(transaction, server, upload, (at, change))
                values = (
                    self._database.application, id_, server, name, upload.kind, upload.content,
                    len(upload.content), upload.passages, upload.link, user, adder, at, change,
                )  # fmt: skip
                transaction.execute(_ADD, values)
                one = Kept(id_, name, upload.kind, upload.passages, upload.link, adder, at)
                kept.append(one)
            self._check(transaction, server)
            self._make_room(transaction, server)
            return kept

        return self._database.store.write(added, is_alone=True)

    def remove(self, server: int, name: str) -> None:
        """Answer from a document no more; UploadError where there is none of that name."""
        whose = self._whose(server)

        def removed(transaction: Transaction) -> None:
            rows = transaction.execute(_PRESENT, whose).fetchall()
            ids = [row[0] for row in rows if row[1] == name]
            if not ids:
                text = gettext(
                    "This server has no document named {name}; /footnote knowledge list shows them"
                    " all",
                    name=name,
                )
                raise UploadError(text)
            change = transaction.now(), self._next_change(transaction, server)
            for id_ in ids:
                transaction.execute(_REMOVE, (*change, *whose, id_))
            self._make_room(transaction, server)

        self._database.store.write(removed, is_alone=True)

    def undo(self, server: int) -> Undone:
        """Take back the last change of a server; UploadError where it is more than a week old."""
        whose = self._whose(server)

        def undone(transaction: Transaction) -> Undone:
            last = transaction.execute(_LAST, (*whose, *whose)).fetchall()
            change, at = last[0] if last else (0, 0.0)
            if not change or at < transaction.now() - _WEEK:
                raise UploadError(gettext("Nothing was added or removed in the last week"))
            gone, back = (
                tuple(n for (n,) in transaction.execute(names, (*whose, change)).fetchall())
                for names in (_ADDED_IN, _REMOVED_IN)
            )
            for statement in _UNDO:
                transaction.execute(statement, (*whose, change))
            return Undone(gone, back)

        found = self._database.store.write(undone, is_alone=True)
        if found.gone:
            self._database.store.erase()
        return found

    def review(self) -> None:
        """Delete what was removed more than a week ago, in all servers."""
        application = self._database.application

        def deleted(transaction: Transaction) -> int:
            values = (application, transaction.now() - _WEEK)
            return transaction.execute(_DELETE, values).rowcount

        if self._database.store.write(deleted):
            self._database.store.erase()

    def forget(self, server: int, user: int) -> bool:
        """Name somebody no longer, neither for what they brought nor for what they wrote; whether
        they were named."""
        whose = self._whose(server)

        def forgotten(transaction: Transaction) -> bool:
            is_named = transaction.execute(_FORGET, (*whose, user)).rowcount > 0
            for id_, content in transaction.execute(_WRITTEN, whose).fetchall():
                unnamed = without(bytes(content), user)
                if unnamed is not None:
                    transaction.execute(_REWRITE, (unnamed, *whose, id_))
                    is_named = True
            return is_named

        is_named = self._database.store.write(forgotten, is_alone=True)
        if is_named:
            self._database.store.erase()
        return is_named

    def _whose(self, server: int) -> tuple[int, int]:
        return self._database.application, server

    def _next_change(self, transaction: Transaction, server: int) -> int:
        whose = self._whose(server)
        last = transaction.execute(_LAST, (*whose, *whose)).fetchall()
        return int(last[0][0]) + 1 if last else 1

    def _replace(
        self, transaction: Transaction, server: int, upload: Upload, change: tuple[float, int]
    ) -> str:
        """Remove what a document takes the place of; the name that it has from then on."""
        whose = self._whose(server)
        names = set()
        for id_, name, _, _, link, _, _, added_in in transaction.execute(
            _PRESENT, whose
        ).fetchall():
            is_same = link == upload.link if upload.link else name == upload.name
            if not is_same:
                names.add(name)
            elif added_in == change[1]:
                text = gettext("{name} is given twice; give each document once", name=name)
                raise UploadError(text)
            else:
                transaction.execute(_REMOVE, (*change, *whose, id_))
        return _free(upload.name, names)

    def _check(self, transaction: Transaction, server: int) -> None:
        ((documents, size, passages),) = transaction.execute(_SUMS, self._whose(server)).fetchall()
        limits = self.limits
        megabytes, most_passages = number(limits.server), number(MOST_PASSAGES)
        for value, most, what in (
            (documents, limits.documents, words.documents(limits.documents)),
            (
                size,
                limits.server * MEGABYTE,
                gettext("{size} MB of documents", size=megabytes),
            ),
            (
                passages,
                MOST_PASSAGES,
                gettext("documents of {passages} passages in all", passages=most_passages),
            ),
        ):
            if value > most:
                text = gettext(
                    "Nothing was added: a server may have no more than {most}; remove some with"
                    " /footnote knowledge remove",
                    most=what,
                )
                raise UploadError(text)

    def _make_room(self, transaction: Transaction, server: int) -> None:
        """Delete the oldest of what was removed, where it takes more room than may be used.

        What was changed until then can be undone no more.
        """
        whose = self._whose(server)
        removed = size = settled = 0
        for bytes_, change in transaction.execute(_REMOVED, whose).fetchall():
            removed, size = removed + 1, size + bytes_
            if removed > self.limits.documents or size > self.limits.server * MEGABYTE:
                settled = max(settled, change)
        if settled:
            for statement in _SETTLE:
                transaction.execute(statement, (*whose, settled))


def _free(name: str, taken: Container[str]) -> str:
    """The name, with a number where another document has it."""
    if name not in taken:
        return name
    return next(one for n in count(2) if (one := f"{name} ({n})") not in taken)
