"""The entries of an index in a cluster, each read when it is asked for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from knowledge.documents import Passage
from retrieval.cluster.connection import Answer, Connection, RefusedError
from retrieval.cluster.engine import OpenSearchEngine
from retrieval.cluster.layout import (
    GENERATION,
    STATE,
    VERSION,
    Query,
    State,
    matching,
    writing_alias,
)
from retrieval.cluster.spellings import ClusterSpellings
from retrieval.index.entries import Stored, stored
from retrieval.index.manifest import IndexGoneError, Manifest, Summary

_KEPT = 1_000
"""Entries that are kept after they were read."""

_MOST_VALUES = 10_000
"""Values of a field that are read, those of the most entries: acronyms may be many more."""

_MOST_AT_ONCE = 512

_IN_ORDER = [{"file": "asc"}, {"place": "asc"}]


class ClusterEntries:
    """The entries of an index as a state of it says.

    `name` is that of the index itself: the alias may lead to another one meanwhile. `version` is
    that of the document with the state. IndexGoneError where the index was deleted since, and the
    errors of `Connection`.
    """

    def __init__(
        self, connection: Connection, name: str, state: State, version: tuple[int, int] = (0, 0)
    ) -> None:
        self.connection = connection
        self.version = version
        self.name = name
        self.state = state
        self._entries: dict[str, Stored] = {}
        self._by_passage: dict[str, Stored] = {}
        self._expected: Mapping[str, Sequence[Stored]] = {}
        self.engine = OpenSearchEngine(self)

    @classmethod
    def at(cls, connection: Connection, alias: str) -> "ClusterEntries | None":
        """The entries of the index that an alias leads to; None where there is none."""
        try:
            found = connection.ask("GET", f"/{alias}/_doc/{STATE}")
        except RefusedError as error:
            if error.status == 404:
                return None
            raise
        state = State.from_json(found["_source"]["body"])
        version = found["_seq_no"], found["_primary_term"]
        return cls(connection, found["_index"], state, version)

    @cached_property
    def manifest(self) -> Manifest:
        """What the entries were made from: it may be long, and who only asks does not need it."""
        ids = [self.state.part_id(number) for number in range(self.state.parts)]
        parts = [self.ask("GET", f"_doc/{id_}")["_source"]["body"] for id_ in ids]
        return Manifest.from_json("".join(parts).encode())

    @property
    def summary(self) -> Summary:
        """How much there is."""
        return self.state.summary

    @property
    def spellings(self) -> ClusterSpellings:
        """How words are written in the passages."""
        return ClusterSpellings(self)

    def matching(self, field: str, value: str) -> Iterator[Stored]:
        """The entries with a value in a field, by their places, each read when it is come to."""
        if field == "document" and value in self._expected:
            return iter(self._expected[value])
        return self._sorted([matching(field, value)], [{"place": "asc"}], 8)

    def all(self) -> Iterator[Stored]:
        """All entries: files in their order, each from top to bottom."""
        return self._sorted([{"exists": {"field": "place"}}], _IN_ORDER, _MOST_AT_ONCE)

    def before(self, entry: Stored) -> Stored | None:
        """The entry before one in the same document; None before the first."""
        beside = [_document_of(entry), {"range": {"place": {"lt": entry.place}}}]
        return next(self._sorted(beside, [{"place": "desc"}], 1), None)

    def after(self, entry: Stored) -> Stored | None:
        """The entry after one in the same document; None after the last."""
        beside = [_document_of(entry), {"range": {"place": {"gt": entry.place}}}]
        return next(self._sorted(beside, [{"place": "asc"}], 1), None)

    def values(self, field: str) -> Mapping[str, int]:
        """The values of a field, with the number of entries that have each."""
        return self.aggregated({"match_all": {}}, {"field": field, "size": _MOST_VALUES})

    def expect(self, terms: Iterable[str], documents: Iterable[str]) -> None:
        """Count the terms, and read the documents, unless they are long."""
        self.engine.learn(terms)
        wanted = list(dict.fromkeys(documents))
        kept = {id_: self._expected[id_] for id_ in wanted if id_ in self._expected}
        ids = [id_ for id_ in wanted if id_ not in kept]
        if len(ids) < 2:
            return
        query = self.visible({"terms": {"document": ids}})
        hits = self.search(query, _MOST_AT_ONCE, _IN_ORDER)
        found: dict[str, list[Stored]] = {}
        for entry in map(self.entry_of, hits):
            found.setdefault(entry.passage.document_id, []).append(entry)
        if len(hits) == _MOST_AT_ONCE:
            found.popitem()  # not all of it was read
        self._expected = {**kept, **found}

    def read_lately(self, passage: Passage) -> Stored | None:
        """The entry of a passage, where it is still kept since it was read."""
        return self._by_passage.get(passage.id)

    def entry_of(self, hit: Answer) -> Stored:
        """The entry that a search found."""
        id_ = hit["_id"]
        entry = self._entries.get(id_)
        if entry is None:
            entry = stored(hit["_source"]["body"])
            if len(self._entries) >= _KEPT:
                self._entries.clear()
                self._by_passage.clear()
            self._entries[id_] = self._by_passage[entry.passage.id] = entry
        return entry

    def search(self, query: Query, limit: int, sort: Sequence[Any], **more: Any) -> list[Answer]:
        """The first `limit` entries that a query matches; never those of some shards alone."""
        body = {
            "query": query,
            "size": limit,
            "sort": sort,
            "track_total_hits": False,
            "_source": ["body"],
            **more,
        }
        answer = self.ask(
            "POST",
            "_search",
            body,
            # What is ranked is ranked by the statistics of all shards.
            search_type="dfs_query_then_fetch" if "_score" in sort[0] else "query_then_fetch",
            filter_path="hits.hits._id,hits.hits._source,hits.hits.sort",
        )
        hits: list[Answer] = answer.get("hits", {}).get("hits", [])
        return hits

    def hidden_passages(self) -> int:
        """How many entries are of dropped versions."""
        dropped: Query = {"terms": {VERSION: self.state.dropped}}
        body = {"size": 0, "track_total_hits": True, "query": dropped}
        found: int = self.ask("POST", "_search", body)["hits"]["total"]["value"]
        return found

    def commit(self, state: State) -> None:
        """Put another state in the place of this one; RefusedError where another one is there."""
        number, term = self.version
        body = {"body": state.to_json()}
        try:
            self.connection.ask(
                "PUT",
                f"/{writing_alias(self.name)}/_doc/{STATE}",
                body,
                require_alias=True,
                if_seq_no=number,
                if_primary_term=term,
            )
        except RefusedError as error:
            # A first try may have succeeded whose answer was lost.
            if error.status != 409 or self.ask("GET", f"_doc/{STATE}")["_source"] != body:
                raise

    def generation_of(self, file: str) -> int | None:
        """The generation in which the entries of a file were written; None where it has none."""
        query = self.visible(matching("file", file))
        hits = self.search(query, 1, [{GENERATION: "desc"}])
        return hits[0]["sort"][0] if hits else None

    def visible(self, query: Query) -> Query:
        """What matches what a query does, without what is not visible."""
        return {"bool": {"filter": [query], "must_not": self.state.hidden()}}

    def aggregated(self, query: Query, terms: Mapping[str, Any]) -> dict[str, int]:
        """The values of a field with their counts, of the visible entries that match a query.

        The counts are exact where there are no more than are asked for.
        """
        # Each shard is asked for as many, or it would leave some of them out.
        aggregation = {"terms": {**terms, "shard_size": terms["size"]}}
        body = {"size": 0, "query": self.visible(query), "aggs": {"values": aggregation}}
        answer = self.ask("POST", "_search", body, filter_path="aggregations.values.buckets")
        buckets = answer.get("aggregations", {}).get("values", {}).get("buckets", ())
        return {bucket["key"]: bucket["doc_count"] for bucket in buckets}

    def counts(self, queries: Sequence[Query]) -> list[int]:
        """How many visible entries each query matches, over all shards."""
        filters = {str(number): query for number, query in enumerate(queries)}
        body = {
            "size": 0,
            # Each entry that this matches is compared with every filter: let there be few.
            "query": self.visible({"bool": {"should": queries}}),
            "aggs": {"counts": {"filters": {"filters": filters}}},
        }
        answer = self.ask("POST", "_search", body, filter_path="aggregations.counts.buckets")
        buckets = answer["aggregations"]["counts"]["buckets"]
        return [buckets[name]["doc_count"] for name in filters]

    def ask(self, method: str, path: str, body: object = None, **parameters: Any) -> Answer:
        """What the cluster answers about the index; IndexGoneError where it is there no more."""
        if path == "_search":
            parameters["allow_partial_search_results"] = False
        try:
            return self.connection.ask(method, f"/{self.name}/{path}", body, **parameters)
        except RefusedError as error:
            if error.status != 404:
                raise
            raise IndexGoneError(self.name) from error

    def _sorted(self, queries: Sequence[Query], sort: list[Any], count: int) -> Iterator[Stored]:
        """The entries that match, in an order; most callers want the first, some want all."""
        query = {"bool": {"filter": queries, "must_not": self.state.hidden()}}
        more: dict[str, Any] = {}
        while True:
            hits = self.search(query, count, sort, **more)
            for hit in hits:
                yield self.entry_of(hit)
            if len(hits) < count:
                return
            more = {"search_after": hits[-1]["sort"]}
            count = min(8 * count, _MOST_AT_ONCE)


def _document_of(entry: Stored) -> Query:
    return matching("document", entry.passage.document_id)
