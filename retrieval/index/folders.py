"""Where indexes are kept: one folder for each knowledge path, below that for caches."""

import hashlib
from pathlib import Path

from retrieval.index.layout import FORMAT


def index_folder(cache: Path | None, knowledge: Path) -> Path:
    """The folder of a path's index: below the setting, or the platform's place for caches."""
    if cache is None:
        from platformdirs import user_cache_path

        cache = user_cache_path("footnote", appauthor=False)
    digest = hashlib.sha256(str(knowledge.resolve()).encode(errors="surrogateescape")).hexdigest()
    return cache / "indexes" / f"{digest[:32]}-{FORMAT}"
