"""One writer of an index at a time: a document in the cluster that is its, as long as it lives.

No clock is compared with another: whoever waits sees whether the document changes, and takes it
over when it has not for a while. Whoever holds it knows by its own clock that it may have lost it.
"""

import threading
import time
import uuid
from types import TracebackType
from typing import Any

from knowledge.errors import FootnoteError
from retrieval.cluster.connection import Answer, Connection, RefusedError
from retrieval.index.refreshing import PATIENCE, IndexBusyError

INDEX = "footnote-locks"

BEAT = 2.0
"""Seconds between two signs of life."""

LEASE = 15.0
"""Seconds without a sign of life after which another writer takes over."""

_SAFE = 2 / 3
"""Of the lease, after which nothing is written any more without a sign of life."""

_Version = tuple[int, int]
"""What tells one writing of a document from the next."""


class Lock:
    """The right to write the index with a name, to be used in a `with` statement.

    IndexBusyError where another process keeps it.
    """

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._name = name
        self._owner = uuid.uuid4().hex
        self._version: _Version = (0, 0)
        self._beaten = 0.0
        self._is_lost = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="lock", daemon=True)

    def __enter__(self) -> "Lock":
        self._make_index()
        self._take()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()
        try:
            self._connection.ask("DELETE", f"/{INDEX}/_doc/{self._name}", **self._if_unchanged())
        except (RefusedError, FootnoteError):
            return  # another one's by now, or will be when the lease ends

    def check(self) -> None:
        """IndexBusyError where another process may be writing by now."""
        if self._is_lost or time.monotonic() > self._beaten + _SAFE * LEASE:
            raise self._busy("has taken over")

    def _make_index(self) -> None:
        body = {
            "settings": {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}},
            "mappings": {
                "dynamic": "strict",
                "properties": {"owner": {"type": "keyword"}, "beat": {"type": "long"}},
            },
        }
        try:
            self._connection.ask("PUT", f"/{INDEX}", body, seconds=30.0)
        except RefusedError as error:
            if error.status != 400:  # it is there
                raise

    def _take(self) -> None:
        seen: _Version | None = None
        start = since = time.monotonic()
        while True:
            if self._put(op_type="create"):
                return
            held = self._held()
            now = time.monotonic()
            if held is not None and held != seen:
                if seen is not None and now - start > PATIENCE:
                    raise self._busy("is writing")
                seen, since = held, now
            elif held is not None and now - since > LEASE:
                if self._put(if_seq_no=held[0], if_primary_term=held[1]):
                    return
                seen = None
            time.sleep(0.2)

    def _put(self, **parameters: Any) -> bool:
        """Write a sign of life; False where the document is another one's."""
        beaten = time.monotonic()
        body = {"owner": self._owner, "beat": 0}
        try:
            answer = self._connection.ask("PUT", f"/{INDEX}/_doc/{self._name}", body, **parameters)
        except RefusedError as error:
            if error.status != 409:
                raise
            # A first try may have succeeded whose answer was lost.
            version = self._own_version()
            if version is None:
                return False
        else:
            version = (answer["_seq_no"], answer["_primary_term"])
        self._version, self._beaten = version, beaten
        return True

    def _held(self) -> _Version | None:
        """The version of the document; None where there is none."""
        found = self._read()
        return None if found is None else (found["_seq_no"], found["_primary_term"])

    def _own_version(self) -> _Version | None:
        found = self._read()
        if found is None or found["_source"]["owner"] != self._owner:
            return None
        return found["_seq_no"], found["_primary_term"]

    def _read(self) -> Answer | None:
        try:
            return self._connection.ask("GET", f"/{INDEX}/_doc/{self._name}")
        except RefusedError as error:
            if error.status != 404:
                raise
            return None

    def _if_unchanged(self) -> dict[str, int]:
        number, term = self._version
        return {"if_seq_no": number, "if_primary_term": term}

    def _beat(self) -> None:
        while not self._ended.wait(BEAT):
            try:
                if not self._put(**self._if_unchanged()):
                    self._is_lost = True
                    return
            except (RefusedError, FootnoteError):
                continue  # what is written next says how long that went on

    def _busy(self, what: str) -> IndexBusyError:
        return IndexBusyError(
            f"{self._name}: another process {what} the index; try again when it is done"
        )
