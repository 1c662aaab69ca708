"""The systems that `peers.py` compares, each behind the same function: texts in, a search out."""

import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from retrieval.text.tokens import terms  # noqa: E402

Search = Callable[[str], Sequence[int]]
"""The numbers of the best ten texts for a question."""


def rank_bm25(texts: list[str], folder: Path) -> Search:
    """The library called directly, as Footnote's engine does."""
    import numpy as np
    from rank_bm25 import BM25Okapi

    index = BM25Okapi([terms(text) for text in texts], k1=1.2, b=0.75)
    return lambda question: [
        int(n) for n in np.argsort(-index.get_scores(terms(question)), kind="stable")[:10]
    ]


def bm25s(backend: str) -> Callable[[list[str], Path], Search]:
    """bm25s in numpy or numba."""

    def build(texts: list[str], folder: Path) -> Search:
        import bm25s as library

        index = library.BM25(method="lucene", k1=1.2, b=0.75, backend=backend)
        index.index([terms(text) for text in texts], show_progress=False)
        limit = min(10, len(texts))
        vocabulary = index.vocab_dict

        def search(question: str) -> Sequence[int]:
            known = [term for term in terms(question) if term in vocabulary]
            if not known:
                return []
            found, _ = index.retrieve([known], k=limit, show_progress=False, n_threads=1)
            return [int(n) for n in found[0]]

        return search

    return build


def tantivy(texts: list[str], folder: Path) -> Search:
    """Tantivy alone, on the same terms, with nothing but the number stored."""
    import tantivy as library

    builder = library.SchemaBuilder()
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field("number", stored=True)
    schema = builder.build()
    index = library.Index(schema, str(folder))
    writer = index.writer(64_000_000, 1)
    for number, text in enumerate(texts):
        writer.add_document(library.Document(terms=" ".join(terms(text)), number=number))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(question: str) -> Sequence[int]:
        clauses = [
            (
                library.Occur.Should,
                library.Query.term_query(schema, "terms", term, index_option="freq"),
            )
            for term in terms(question)
        ]
        hits = searcher.search(library.Query.boolean_query(clauses), 10, count=False).hits
        return [searcher.doc(address).get_first("number") for _, address in hits]

    return search


def fts5(texts: list[str], folder: Path) -> Search:
    """SQLite's full-text index, on the same terms."""
    connection = sqlite3.connect(folder / "fts.sqlite3")
    connection.execute("create virtual table passages using fts5(terms, content='')")
    numbered = ((number, " ".join(terms(text))) for number, text in enumerate(texts))
    connection.executemany("insert into passages (rowid, terms) values (?, ?)", numbered)
    connection.commit()
    query = "select rowid from passages where passages match ? order by rank limit 10"

    def search(question: str) -> Sequence[int]:
        asked = " OR ".join(f'"{term}"' for term in terms(question))
        return [row[0] for row in connection.execute(query, (asked,))] if asked else []

    return search


def footnote(part: str, engine: str = "auto") -> Callable[[list[str], Path], Search]:
    """Footnote over an index on disk: its search alone, or the whole answer, by words."""

    def build(texts: list[str], folder: Path) -> Search:
        from retrieval.index.engines import build_engine
        from retrieval.opening import open_collection

        collection = open_collection(
            folder / "corpus.jsonl",
            engine=engine,
            reader="words",
            data=folder,
            cache=folder / "cache",
        )
        if part == "answer":
            return lambda question: [_number(h.passage) for h in collection.ask(question).hits]
        built = build_engine(collection.engine, collection.index)
        return lambda question: [
            _number(hit.passage) for hit in built.search(list(dict.fromkeys(terms(question))), 10)
        ]

    return build


def _number(passage: Any) -> int:
    return int(passage.document_id)


SYSTEMS: dict[str, Callable[[list[str], Path], Search]] = {
    "footnote search": footnote("search"),
    "footnote search (rank-bm25)": footnote("search", "rank-bm25"),
    "footnote answer": footnote("answer"),
    "rank-bm25": rank_bm25,
    "bm25s": bm25s("numpy"),
    "bm25s + numba": bm25s("numba"),
    "tantivy": tantivy,
    "sqlite fts5": fts5,
}
MOST = {"rank-bm25": 100_000, "footnote search (rank-bm25)": 100_000}
"""Passages above which a system would take the whole run."""
