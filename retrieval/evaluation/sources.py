"""Links from a page in a folder to where a quote stands."""

import os
from pathlib import Path
from urllib.parse import quote

from knowledge.addresses import address_at
from knowledge.formats import format_of
from retrieval.answer.answer import Citation


def source_link(citation: Citation, folder: Path) -> str | None:
    """The address of a citation, or else its file as it is reached from a folder.

    None where the document is nowhere to be read.
    """
    if citation.address is not None:
        return citation.address
    path = Path(citation.source)
    if not path.is_file():
        return None
    format_ = format_of(citation.source)
    # A browser shows a file of text as it is, marks and all.
    is_text = format_ is not None and format_.is_text
    words = citation.quote if is_text else citation.shown
    url = _relative(path, folder)
    return address_at(url, citation.page, citation.anchor, words, citation.source)


def _relative(path: Path, folder: Path) -> str:
    """The path from the folder, which holds wherever both are moved together."""
    try:
        relative = Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive
        return path.absolute().as_uri()
    # A colon in the first part would make it a scheme.
    return quote(relative if relative.startswith("../") else f"./{relative}", errors="replace")
