"""The nodes of a search cluster, asked one after the other until one answers."""

import json
import logging
import os
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit

from knowledge.errors import UnavailableError
from retrieval.cluster.address import Cluster, ClusterError

PATIENCE = 3.5
"""Seconds after which nothing is tried again, unless a node may take longer."""

REST = 5.0
"""Seconds for which a node that failed is passed over, and a cluster of such nodes is not asked."""

_LAST = 1.0
"""Seconds that the last node to be tried may take."""

_PROBE = 0.25
_BRIEF = 0.05
_FULL = 429
"""What a node answers that has too much to do: another one may, or the same one soon."""

Answer = Any
"""What a node answers, as JSON gives it."""


class RefusedError(Exception):
    """A request that a node understood and did not do; `status` is that of HTTP."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"status {status}, {reason}")
        self.status = status


class _LaterError(Exception):
    """A request that may succeed at another node, or a moment later."""


class Connection:
    """A connection to each node, kept for many requests; threads may share it.

    UnavailableError where no node answers: then for some seconds without asking one. ClusterError
    where the cluster refuses who asks. RefusedError where it refuses what is asked.
    """

    def __init__(self, cluster: Cluster, clock: Callable[[], float] = time.monotonic) -> None:
        self.cluster = cluster
        self._clock = clock
        self._nodes = [_Node(cluster, address) for address in cluster.nodes]
        self._asked = 0
        self._closed_until = 0.0

    @cached_property
    def version(self) -> int:
        """The first number of the cluster's version."""
        return int(self.ask("GET", "/")["version"]["number"].partition(".")[0])

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        seconds: float | None = None,
        **parameters: object,
    ) -> Answer:
        """What the first node answers that can, within some seconds or those of the cluster.

        `body` is JSON, or lines of it as bytes. It is asked again where a node fails, so it must be
        something that may happen twice.
        """
        seconds = seconds or self.cluster.seconds
        start, patience = self._clock(), max(PATIENCE, seconds)
        if start < self._closed_until:
            raise self._unavailable("no node answered a moment ago")
        pause = _BRIEF
        while True:
            node = self._next()
            try:
                answer = node.perform(method, path, body, seconds, self._with(path, parameters))
            except _LaterError as error:
                reason = str(error)
                self._look_after(node, reason)
            else:
                self._closed_until = 0.0
                return answer
            left = patience - (self._clock() - start)
            if left <= 0:
                self._closed_until = self._clock() + REST
                raise self._unavailable(reason)
            # Another node is asked at once; one that answers, but cannot do it now, needs a moment.
            if not node.rests or all(other.rests for other in self._nodes):
                time.sleep(pause)
                pause = min(2 * pause, 0.5)
            seconds = min(seconds, max(left, _LAST))

    def _next(self) -> "_Node":
        """The node that is next in turn, one that failed only where all did."""
        for node in self._nodes:
            if node.rests and self._clock() >= node.rested_until:
                self._probe(node)
        fit = [node for node in self._nodes if not node.rests] or self._nodes
        self._asked += 1
        return fit[self._asked % len(fit)]

    def _look_after(self, node: "_Node", reason: str) -> None:
        """Pass over the nodes that do not answer: it need not be the one that was asked."""
        for one in self._nodes if reason == _TOO_LONG else [node]:
            self._probe(one)

    def _probe(self, node: "_Node") -> None:
        """Pass over a node for a while, unless it answers at once."""
        node.rests = not node.answers()
        node.rested_until = self._clock() + REST

    def _with(self, path: str, parameters: Mapping[str, object]) -> dict[str, str]:
        """The parameters of a request; a search prefers the nodes that do not rest."""
        given = {name: _written(value) for name, value in parameters.items()}
        fit = [node.id for node in self._nodes if not node.rests and node.id]
        if path.endswith("/_search") and fit and len(fit) < len(self._nodes):
            given["preference"] = f"_prefer_nodes:{','.join(fit)}"
        return given

    def _unavailable(self, reason: str) -> UnavailableError:
        where = ", ".join(self.cluster.nodes)
        return UnavailableError(
            f"the search cluster does not answer ({where}: {reason}); try again in a minute"
        )


_TOO_LONG = "takes too long"


class _Node:
    """One node: whether it is passed over since it failed, and until when it is not even tried."""

    def __init__(self, cluster: Cluster, address: str) -> None:
        self.rests = False
        self.rested_until = 0.0
        self.id = ""
        self._cluster, self._address = cluster, address
        self._connect()

    def _connect(self) -> None:
        self._errors, connection = _library()
        # They would log the words of questions, and what is refused on purpose.
        for name in ("opensearch", "opensearchpy.trace"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        cluster, parts = self._cluster, urlsplit(self._address)
        self._process = os.getpid()
        self._connection = connection(
            host=parts.hostname,
            port=parts.port,
            url_prefix=parts.path,
            use_ssl=parts.scheme == "https",
            ca_certs=str(cluster.authority) if cluster.authority else None,
            http_auth=cluster.login,
            headers={"authorization": f"ApiKey {cluster.key}"} if cluster.key else None,
            pool_maxsize=4,
        )

    def answers(self) -> bool:
        """Whether it answers at once; its id is kept, by which searches may prefer it."""
        try:
            found = self.perform(
                "GET", "/_nodes/_local", None, _PROBE, {"filter_path": "nodes.*.name"}
            )
        except (_LaterError, RefusedError, ClusterError):
            return False
        self.id = next(iter(found.get("nodes", ())), self.id)
        return True

    def perform(
        self, method: str, path: str, body: object, timeout: float, parameters: Mapping[str, str]
    ) -> Answer:
        """What it answers; _LaterError where it cannot now."""
        if self._process != os.getpid():
            # A forked process would get the answers to its parent's questions.
            self._connect()
        content = None
        if body is not None:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = "application/x-ndjson" if isinstance(body, bytes) else "application/json"
        try:
            _, _, text = self._connection.perform_request(
                method,
                quote(path, safe="/*,-_.~%"),
                params=parameters,
                body=content,
                timeout=timeout,
                headers={"content-type": kind},
            )
        except self._errors.SSLError as error:
            raise ClusterError(
                "the certificate of the search cluster cannot be checked; set"
                " FOOTNOTE_OPENSEARCH_CA to a file with that of its authority"
            ) from error
        except self._errors.ConnectionTimeout as error:
            raise _LaterError(_TOO_LONG) from error
        except self._errors.ConnectionError as error:
            raise _LaterError("cannot be reached") from error
        except self._errors.TransportError as error:
            raise _refusal(error.status_code, str(error.error)) from error
        return json.loads(text) if text else {}


def _refusal(status: object, kind: str) -> Exception:
    if status in (401, 403):
        return ClusterError(
            f"the search cluster refuses access (status {status}); check user, password or key in"
            " FOOTNOTE_OPENSEARCH"
        )
    # A shard whose node has just died is an error of the server, too.
    if not isinstance(status, int) or status == _FULL or status >= 500:
        return _LaterError(f"status {status}")
    return RefusedError(status, kind)


def _library() -> tuple[Any, Any]:
    """The errors and the connection of opensearch-py; ClusterError where it is not installed."""
    try:
        from opensearchpy import Urllib3HttpConnection, exceptions
    except ModuleNotFoundError as error:
        if error.name != "opensearchpy":
            raise
        raise ClusterError(
            "the engine opensearch needs the extra cluster: run pip install 'footnote-bot[cluster]'"
        ) from error
    return exceptions, Urllib3HttpConnection


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
