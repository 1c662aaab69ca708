"""Documents on their way into a cluster: in chunks, of which few are under way at a time."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Any

from knowledge.errors import UnavailableError
from retrieval.cluster.connection import Connection, RefusedError
from retrieval.index.refreshing import IndexWriteError

CHUNK = 4_000_000
"""Bytes that are sent at a time."""

_AT_ONCE = 3
"""Chunks under way: as many as keep the cluster busy while more are made."""

_PATIENCE = 120.0
"""Seconds for which a cluster is tried that has too much to do, or does not answer."""

_TIMEOUT = 60.0
_FULL = 429

_Action = tuple[bytes, bytes]


class Bulk:
    """Sends documents to an index, to be used in a `with` statement; `flush` waits for them all.

    `index` is an alias of it, so that none is made where it was deleted. `check` is called before
    anything is sent, and raises where that must not be any more.
    """

    def __init__(self, connection: Connection, index: str, check: Callable[[], None]) -> None:
        self._connection = connection
        self._index = index
        self._check = check
        self._actions: list[_Action] = []
        self._size = 0
        self._under_way: set[Future[None]] = set()
        self._ended = threading.Event()
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="bulk")

    def __enter__(self) -> "Bulk":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._threads.shutdown(cancel_futures=True)

    def add(self, id_: str, document: Mapping[str, Any]) -> None:
        """Send a document, now or with others; waits where too many are under way."""
        action = json.dumps({"index": {"_id": id_}}).encode() + b"\n"
        content = json.dumps(document, ensure_ascii=False).encode() + b"\n"
        self._actions.append((action, content))
        self._size += len(action) + len(content)
        if self._size >= CHUNK:
            self._send()

    def flush(self) -> None:
        """Send what is left, and wait until the cluster has all."""
        self._send()
        self._wait_for(0)

    def _send(self) -> None:
        if not self._actions:
            return
        self._wait_for(_AT_ONCE - 1)
        actions, self._actions, self._size = self._actions, [], 0
        self._under_way.add(self._threads.submit(self._sent, actions))

    def _wait_for(self, most: int) -> None:
        """Wait until at most so many chunks are under way; raises what one of them met."""
        while True:
            done = {one for one in self._under_way if one.done()}
            self._under_way -= done
            for one in done:
                one.result()
            if len(self._under_way) <= most:
                return
            wait(self._under_way, return_when=FIRST_COMPLETED)

    def _sent(self, actions: list[_Action]) -> None:
        """Send a chunk, and again what the cluster had no room for."""
        end = time.monotonic() + _PATIENCE
        pause = 0.25
        while actions := self._refused(actions):
            # Whoever is interrupted does not wait for a cluster that is full.
            if self._ended.wait(pause) or time.monotonic() > end:
                raise IndexWriteError(
                    f"{self._index}: the search cluster takes no more documents; try again when it"
                    " has less to do"
                )
            pause = min(2 * pause, 10.0)

    def _refused(self, actions: list[_Action]) -> list[_Action]:
        """Those of some actions to be sent again; IndexWriteError where that is no use."""
        self._check()
        content = b"".join(part for action in actions for part in action)
        try:
            answer = self._connection.ask(
                "POST",
                f"/{self._index}/_bulk",
                content,
                seconds=_TIMEOUT,
                require_alias=True,
                filter_path="errors,items.*.status,items.*.error.type,items.*.error.reason",
            )
        except UnavailableError:
            return actions
        except RefusedError as error:
            raise IndexWriteError(
                f"{self._index}: the search cluster refuses documents ({error})"
            ) from error
        if not answer["errors"]:
            return []
        again: list[_Action] = []
        for action, item in zip(actions, answer["items"], strict=True):
            result = item["index"]
            if result["status"] in (_FULL, 503):
                again.append(action)
            elif "error" in result:
                error_ = result["error"]
                raise IndexWriteError(
                    f"{self._index}: the search cluster refuses a document ({error_['type']}:"
                    f" {error_['reason'][:200]})"
                )
        return again
