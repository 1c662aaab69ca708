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
    refresh: bool = True,
    rebuild: bool = False,
) -> "Collection":
    """The collection over the documents of the settings; FootnoteError where it cannot be had."""
    return footnote.open(
        settings.knowledge,
        engine=settings.engine,
        reader=settings.reader,
        cache=settings.cache,
        data=settings.data,
        weights=settings.weights,
        base_url=settings.base_url,
        progress=progress,
        refresh=refresh,
        rebuild=rebuild,
    )
