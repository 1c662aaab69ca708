"""A PostgreSQL server of the tests' own, from the system's package, in a temporary folder."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

PASSWORD = "s3cret@w/ord"
_QUOTED = "s3cret%40w%2Ford"
_DEBIAN = Path("/usr/lib/postgresql")


class PostgresServer:
    """A server on a socket in `folder`; it refuses root, so that root starts it as `postgres`."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder = folder
        self._programs = programs
        self._databases = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
            self._user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        password = folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        self._run(
            "initdb", "--username=footnote", f"--pwfile={password}", "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", f"--pgdata={folder / 'data'}",
        )  # fmt: skip

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            check=True, capture_output=True, cwd=self._folder, **self._user,
        )  # fmt: skip

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        self._run(
            "pg_ctl", "start", "--wait", "--silent", f"--pgdata={self._folder / 'data'}",
            f"--log={self._folder / 'log'}", "--timeout=300", "--options",
            f"-k {self._folder} -c listen_addresses= -c fsync=off -c full_page_writes=off",
        )  # fmt: skip

    def stop(self) -> None:
        """Stop it, whoever is connected."""
        self._run(
            "pg_ctl", "stop", "--wait", "--silent", "--mode=fast", "--timeout=300",
            f"--pgdata={self._folder / 'data'}",
        )  # fmt: skip

    def address(self, database: str, password: str = _QUOTED) -> str:
        """The address of a database."""
        return f"postgresql://footnote:{password}@/{database}?host={self._folder}"

    def new_database(self, encoding: str = "UTF8") -> str:
        """The address of an empty database."""
        name = f"test_{next(self._databases)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            statement = (
                f"create database {name} template template0 encoding '{encoding}' locale 'C'"
            )
            connection.execute(statement.encode())
        return self.address(name)

    @staticmethod
    def tables(address: str) -> set[str]:
        """The names of the tables in a database."""
        statement = "select tablename from pg_tables where schemaname = 'public'"
        with psycopg.connect(address) as connection:
            return {name for (name,) in connection.execute(statement).fetchall()}


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A running server; skips where PostgreSQL is not installed."""
    folders = sorted(_DEBIAN.glob("*/bin"), key=lambda path: float(path.parent.name))
    found = shutil.which("initdb")
    programs = Path(found).parent if found else folders[-1] if folders else None
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    # Not a folder of pytest's, which another user may not enter, and whose path may be too long
    # for a socket.
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        Path(folder).chmod(0o755)
        server = PostgresServer(Path(folder), programs)
        server.start()
        try:
            yield server
        finally:
            server.stop()
