"""New indexes in a cluster, and how one takes the place of another."""

import time
import uuid
from collections.abc import Mapping
from typing import Any

from retrieval.cluster.connection import Answer, Connection, RefusedError
from retrieval.cluster.layout import STATE, State, index_body, writing_alias
from retrieval.cluster.similarity import similarities

_TIMEOUT = 120.0
"""Seconds that a step may take that works on all shards."""

_COPYING = 3_600.0
"""Seconds that copies of the shards may take."""

_GLANCE = 20
"""Seconds of it between two looks at whether one is under way."""

_NOT_YET = 408


class Building:
    """The indexes behind an alias, of which one is what it leads to."""

    def __init__(self, connection: Connection, alias: str) -> None:
        self._connection = connection
        self._alias = alias
        found: Mapping[str, Any] = self._ask("GET", f"/{alias}-*/_alias")
        self._numbers = {name: _number(name, alias) for name in found}
        self._current = next((n for n, one in found.items() if alias in one["aliases"]), None)

    def create(self) -> str:
        """Make an empty index that nobody sees yet; what an interrupted writer left is removed."""
        latest = self._numbers.get(self._current or "", 0)
        self.delete([name for name, number in self._numbers.items() if number > latest])
        health = self._ask("GET", "/_cluster/health")
        # Another one than any before, since a writer that was thought dead may still be writing.
        name = f"{self._alias}-{latest + 1:06d}-{uuid.uuid4().hex[:8]}"
        body = index_body(max(1, health["number_of_data_nodes"]))
        self._ask("PUT", f"/{name}", {**body, "aliases": {writing_alias(name): {}}})
        return name

    def complete(self, name: str, state: State) -> None:
        """Write the state of a new index, and copy its shards where there are other nodes."""
        self._ask("PUT", f"/{name}/_doc/{STATE}", {"body": state.to_json()})
        self.tune(name, state)
        refresh(self._connection, name)
        settings = {"index": {"auto_expand_replicas": "0-1", "translog.durability": "request"}}
        self._ask("PUT", f"/{name}/_settings", settings)
        end = time.monotonic() + _COPYING
        while not self._is_copied(name) and time.monotonic() < end:
            pass

    def _is_copied(self, name: str) -> bool:
        """Whether all copies are made that can be, after a while."""
        path = f"/_cluster/health/{name}"
        try:
            self._ask("GET", path, wait_for_status="green", timeout=f"{_GLANCE}s")
        except RefusedError as error:
            if error.status != _NOT_YET:
                raise
            # Where a node is missing, the cluster does what it can.
            return not self._ask("GET", path)["initializing_shards"]
        return True

    def tune(self, name: str, state: State) -> None:
        """Let the lengths of passages count as a state says: that is known when all are written."""
        self._ask("POST", f"/{name}/_flush")
        self._ask("POST", f"/{name}/_close")
        similarity = similarities(state.saturation)
        self._ask("PUT", f"/{name}/_settings", {"index": {"similarity": similarity}})
        self._ask("POST", f"/{name}/_open")

    def swap(self, name: str) -> None:
        """Let the alias lead to an index, at one moment; the one before it is kept, none older."""
        add = {"add": {"index": name, "alias": self._alias}}
        remove = {"remove": {"index": self._current, "alias": self._alias, "must_exist": True}}
        try:
            self._ask("POST", "/_aliases", {"actions": [remove, add] if self._current else [add]})
        except RefusedError:
            # A first try may have succeeded whose answer was lost.
            if name not in self._ask("GET", f"/_alias/{self._alias}"):
                raise
        self.delete([other for other in self._numbers if other != self._current])

    def delete(self, names: list[str]) -> None:
        """Delete some indexes."""
        for name in names:
            self._ask("DELETE", f"/{name}", ignore_unavailable=True)
            self._numbers.pop(name, None)

    def _ask(self, method: str, path: str, body: object = None, **parameters: Any) -> Answer:
        return self._connection.ask(method, path, body, seconds=_TIMEOUT, **parameters)


def refresh(connection: Connection, name: str) -> None:
    """Let what was written to an index be found, on every shard of it."""
    connection.ask("POST", f"/{name}/_refresh", seconds=_TIMEOUT)


def claimed(connection: Connection, name: str) -> str:
    """A new alias to write to an index by, in the place of the last writer's.

    So what that one sends late, thought to be dead, is refused: its numbers are given again.
    """
    alias = f"{writing_alias(name)}-{uuid.uuid4().hex[:8]}"
    earlier = {"remove": {"index": name, "alias": f"{writing_alias(name)}-*"}}
    actions = [earlier, {"add": {"index": name, "alias": alias}}]
    connection.ask("POST", "/_aliases", {"actions": actions}, seconds=_TIMEOUT)
    return alias


def _number(name: str, alias: str) -> int:
    number = name.removeprefix(f"{alias}-").partition("-")[0]
    return int(number) if number.isdecimal() else 0
