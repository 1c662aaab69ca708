"""Where things are kept: indexes, which can be made again, and what cannot."""

import hashlib
from pathlib import Path

from knowledge.loading import real_path
from retrieval.index.layout import FORMAT


def index_folder(cache: Path | str | None, knowledge: Path) -> Path:
    """The folder of a path's index: below the setting, or the platform's place for caches."""
    if cache is None:
        from platformdirs import user_cache_path

        cache = user_cache_path("footnote", appauthor=False)
    return Path(cache) / "indexes" / f"{knowledge_key(knowledge)}-{FORMAT}"


def knowledge_key(knowledge: Path) -> str:
    """What the index of a path is named by."""
    digest = hashlib.sha256(real_path(knowledge).encode(errors="surrogateescape"))
    return digest.hexdigest()[:32]


def data_folder(setting: Path | str | None) -> Path:
    """The folder of what cannot be made again: the setting, or the platform's place for it."""
    if setting is not None:
        return Path(setting)
    from platformdirs import user_data_path

    return user_data_path("footnote", appauthor=False)
