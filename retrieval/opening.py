"""How a collection is opened: of files, of documents in memory, or of texts."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.documents import Document
from knowledge.loading import MATERIAL, read_text
from retrieval.collection import Asking, Collection, reading_with
from retrieval.evaluation.thresholds import stored_threshold
from retrieval.index.engines import AUTO, OPENSEARCH, chosen
from retrieval.index.folders import data_folder, index_folder
from retrieval.index.manifest import IndexUseError
from retrieval.index.origins import InMemory, OnDisk, Origin
from retrieval.index.progress import Progress
from retrieval.meaning.loading import AUTO as AUTO_READER
from retrieval.meaning.loading import reader_folder
from retrieval.scoring.weights import read_weights, shipped

if TYPE_CHECKING:
    from retrieval.cluster.address import Cluster


def open_collection(
    path: Path | str = MATERIAL,
    *,
    engine: str = AUTO,
    reader: str = AUTO_READER,
    cache: Path | str | None = None,
    data: Path | str | None = None,
    weights: Path | str | None = None,
    base_url: str | None = None,
    cluster: "Cluster | str | None" = None,
    progress: Progress | None = None,
    refresh: bool = True,
    rebuild: bool = False,
) -> Collection:
    """The documents of a file or a folder, by default the packaged article.

    Their index is made, or brought up to date, below the folder `cache`, and a threshold that was
    calibrated for them is read from the folder `data`; both default to the platform's places.
    `reader` is "auto", "words", "small" or the path of a folder with a model that reads.
    `weights` is a file that training/train.py wrote, to use instead of those that are shipped.
    Documents that name no address of their own have one below `base_url`. The engine "opensearch"
    keeps the index in the `cluster`, whose address may have a user and a password. Without
    `refresh` the index is opened as it is; with `rebuild` every file is read again. FootnoteError
    where there is nothing to read, no engine or reader of that name, the weights cannot be read, or
    the index cannot be used or written, among them UnavailableError where the cluster does not
    answer.
    """
    knowledge = Path(path)
    # Before a long reading, since a name may be wrong.
    chosen(engine, 0)
    given = None if weights is None else read_weights(Path(weights))
    stored = stored_threshold(
        data_folder(data), knowledge, reading_with(reader, given or shipped())
    )
    asking = Asking(engine, stored, given, reader)
    origin: Origin = (
        _in_cluster(knowledge, cluster, base_url)
        if engine == OPENSEARCH
        else OnDisk(knowledge, index_folder(cache, knowledge), base_url)
    )
    if not (refresh or rebuild):
        return Collection.opened(origin, asking)
    index, report = origin.refreshed(progress, rebuild=rebuild)
    return Collection(origin, asking, index, report)


def collection_of(
    documents: Iterable[Document], engine: str = AUTO, reader: str = AUTO_READER
) -> Collection:
    """Documents that are in memory; ReadError where two have one id, or there are none."""
    if engine == OPENSEARCH:
        raise IndexUseError("the engine opensearch serves no documents in memory; leave it out")
    chosen(engine, 0)
    reader_folder(reader)
    return Collection.opened(InMemory(tuple(documents)), Asking(engine, reader=reader))


def from_texts(
    texts: Mapping[str, str], *, engine: str = AUTO, reader: str = AUTO_READER
) -> Collection:
    """Texts in memory by their names, each read as a file of that name would be ("faq.md").

    ReadError where one holds nothing to quote, UnknownEngineError, ReaderError.
    """
    documents = (document for name, text in texts.items() for document in read_text(name, text))
    return collection_of(documents, engine, reader)


def _in_cluster(knowledge: Path, cluster: "Cluster | str | None", base_url: str | None) -> Origin:
    # Imported here since most indexes are on disk.
    from retrieval.cluster.address import cluster_at
    from retrieval.cluster.origin import InCluster

    found = cluster_at(cluster or "") if cluster is None or isinstance(cluster, str) else cluster
    return InCluster(knowledge, found, base_url)
