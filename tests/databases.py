"""The bot's database as each version of Footnote left it: one dump for each step of migration.

`python tests/databases.py` writes the dump of the present version, which a new step needs; those of
earlier ones stay as they are.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.discord.migrations import MIGRATIONS

FOLDER = Path(__file__).resolve().parent / "data" / "databases"

APPLICATION, SERVER, CHANNEL, USER, MESSAGE = (10**17 + number for number in range(1, 6))

_AT = "2026-01-02T03:04:05+00:00"
_VALUES: dict[str, object] = {
    "application": APPLICATION, "server": SERVER, "channel": CHANNEL, "user": USER,
    "message": MESSAGE, "id": 7, "mode": "every", "reply": "thread", "asked_at": _AT,
    "question": "Who planted the oak? 🌳", "answer": "Anna Berg did; it's old.",
    "verdict": "declined", "confidence": 0.25, "is_helpful": 1, "comment": "thanks",
    "given_at": _AT, "payload_hash": "0f" * 20, "shard": 0, "shards": 1, "holder": "ab" * 16,
    "place": "process 12 on host", "expires_at": 1_700_000_000.5, "days": 3, "counted_on": 20_000,
    "name": "notes.md", "kind": "file", "content": b"# Garden\n\nThe oak is old.\0\xff",
    "size": 27, "passages": 1, "link": "", "added_by": USER, "adder": "anna",
    "added_at": 1_700_000_000.5, "added_in": 1, "removed_at": None, "removed_in": 0,
    "taught_by": USER, "taught_at": _AT, "edited_at": "", "role": 0, "reply_to": 0,
    "handed_at": _AT, "press": MESSAGE + 1, "post_channel": CHANNEL, "post": MESSAGE + 2,
    "closing": 0, "closed_by": 0, "closed_name": "", "language": "de",
}  # fmt: skip
"""What is in a column of a name, in each table that has it."""

_LEFT = {**_VALUES, "server": SERVER + 100}
"""Of a server that was left nothing is shown."""

Rows = dict[str, list[dict[str, Any]]]
"""The rows of each table, by the names of their columns."""


def dump_of(version: int) -> Path:
    """The file with the statements that make the database of a version."""
    return FOLDER / f"{version}.sql"


def made(version: int, path: Path | str = ":memory:") -> sqlite3.Connection:
    """A database of a version, with a row in each table, made by the steps of migration."""
    connection = sqlite3.connect(path)
    for step in MIGRATIONS[:version]:
        connection.executescript(step)
    for table, columns in columns_of(connection).items():
        names = ", ".join(f'"{name}"' for name in columns)
        places = ", ".join("?" * len(columns))
        values = [(_LEFT if table == "left_servers" else _VALUES)[name] for name in columns]
        connection.execute(f"insert into {table} ({names}) values ({places})", values)  # noqa: S608 (names of ours)
    connection.commit()
    connection.execute(f"pragma user_version = {version}")
    return connection


def written(version: int, path: Path) -> None:
    """Write the database of a version to a file, from its dump."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(dump_of(version).read_text(encoding="utf-8"))


def columns_of(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """The names of the columns of each table."""
    tables = connection.execute("select name from sqlite_master where type = 'table' order by name")
    return {
        table: [row[1] for row in connection.execute(f"pragma table_info({table})")]
        for (table,) in tables.fetchall()
    }


def rows_of(connection: sqlite3.Connection) -> Rows:
    """The rows of each table."""
    return {
        table: [
            dict(zip(columns, row, strict=True))
            for row in connection.execute(f"select * from {table}")  # noqa: S608 (names of ours)
        ]
        for table, columns in columns_of(connection).items()
    }


def schema_of(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """The names of tables and indexes with the statements that made them, without their layout."""
    rows = connection.execute("select name, sql from sqlite_master where sql is not null")
    return sorted((name, " ".join(sql.split())) for name, sql in rows)


def dump(version: int) -> str:
    """The statements that make the database of a version."""
    with closing(made(version)) as connection:
        lines = [*connection.iterdump(), f"PRAGMA user_version = {version};"]
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    last = len(MIGRATIONS)
    dump_of(last).write_text(dump(last), encoding="utf-8")
