"""The file formats by how a file's name ends, and the modules in readers/ that read them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath

from knowledge.documents import Document
from knowledge.source import SourceFile

Reader = Callable[[SourceFile], Iterator[Document]]


@dataclass(frozen=True, slots=True)
class Format:
    """How files of a format are read.

    `reader` names a module in readers/, since its library is imported only when a file is read.
    `is_text` is whether a document's text is that of the file, so that lines count, `has_anchors`
    whether the file opens at the anchor of a section, and `is_page` whether a browser shows what is
    at a document's address as a page of text. `library` is what the extra `formats`
    installs for it. What is not
    `is_trusted` is read in a process with limits. `in_parts` is a format of many documents a file,
    whose module also offers `parts(file)`, which cuts a file into parts that can be read apart, and
    `read_part(file, part)`.
    """

    reader: str
    is_text: bool = False
    has_anchors: bool = False
    is_page: bool = True
    is_trusted: bool = False
    library: str | None = None
    in_parts: bool = False


_MARKDOWN = Format("markdown", is_text=True, is_trusted=True)
_HTML = Format("html", has_anchors=True)

_ASCIIDOC = Format("asciidoc", is_text=True, is_trusted=True)

FORMATS = {
    ".adoc": _ASCIIDOC,
    ".asciidoc": _ASCIIDOC,
    ".csv": Format("table", is_text=True, is_trusted=True),
    ".docx": Format("docx", is_page=False, library="mammoth"),
    ".epub": Format("epub", is_page=False),
    ".htm": _HTML,
    ".html": _HTML,
    ".jsonl": Format("beir", is_text=True, is_trusted=True, in_parts=True),
    ".markdown": _MARKDOWN,
    ".md": _MARKDOWN,
    ".odt": Format("odt", is_page=False, library="odfdo"),
    ".pdf": Format("pdf", is_page=False, library="pypdfium2"),
    ".rst": Format("rst", is_text=True, library="docutils"),
    ".tsv": Format("table", is_text=True, is_trusted=True),
    ".txt": Format("text", is_text=True, is_trusted=True),
    ".xhtml": _HTML,
    ".xml": Format("mediawiki", library="mwparserfromhell"),
}

NO_DOCUMENTS = frozenset((
    ".avif", ".bmp", ".gif", ".heic", ".ico", ".jpeg", ".jpg", ".png", ".svg", ".tif", ".tiff",
    ".webp", ".css", ".less", ".sass", ".scss", ".js", ".map", ".mjs", ".eot", ".otf", ".ttf",
    ".woff", ".woff2", ".avi", ".flac", ".m4a", ".mkv", ".mov", ".mp3", ".mp4", ".ogg", ".wav",
    ".webm",
))  # fmt: skip
"""How the names of files end that stand beside documents and are never any."""


def format_of(path: PurePath | str) -> Format | None:
    """The format of a file, by how its name ends; None where it is none that is known."""
    return FORMATS.get(PurePath(path).suffix.lower())


def reader_of(format_: Format) -> Reader:
    """The function that reads files of a format."""
    reader: Reader = import_module(f"knowledge.readers.{format_.reader}").read
    return reader
