"""From settings to the collection that they name."""

from typing import TYPE_CHECKING

import footnote
from bot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from footnote import Collection


def opened(
    settings: Settings,
    progress: "Callable[[int, int, str], None] | None" = None,
    *,
    refresh: bool | None = None,
    rebuild: bool = False,
) -> "Collection":
    """The collection over the documents of the settings; FootnoteError where it cannot be had.

    An index that is shared is brought up to date only where that is asked for.
    """
    cluster = None
    if settings.is_shared:
        # Imported here since most indexes are on disk.
        from footnote.cluster import cluster_at

        address = settings.opensearch or ""
        cluster = cluster_at(address, settings.opensearch_key, settings.opensearch_ca)
    return footnote.open(
        settings.knowledge,
        engine=settings.engine,
        reader=settings.reader,
        cache=settings.cache,
        data=settings.data,
        weights=settings.weights,
        base_url=settings.base_url,
        cluster=cluster,
        progress=progress,
        refresh=not settings.is_shared if refresh is None else refresh,
        rebuild=rebuild,
    )
