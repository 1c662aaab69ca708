"""Electronic books: their chapters in reading order, each a page of HTML."""

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError
from zipfile import BadZipFile, ZipFile

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from knowledge.documents import Document
from knowledge.errors import Obstacle, ReadError
from knowledge.readers.archives import checked
from knowledge.readers.extract import Extract
from knowledge.readers.html import parsed, take
from knowledge.source import SourceFile, checksum

_CHAPTERS = {"application/xhtml+xml", "text/html"}
_FONTS = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
"""Ways to lock fonts, which books do that are not locked themselves."""


def read(file: SourceFile) -> Iterator[Document]:
    """The book as one document; ReadError where it is locked or broken."""
    content = file.read_bytes()
    archive = checked(content, file)
    extract = Extract()
    try:
        if _is_locked(archive):
            raise ReadError(
                file.name, "is protected by DRM; use a copy without it", Obstacle.LOCKED
            )
        package = _root_path(archive)
        root = fromstring(archive.read(package))
        held = set(archive.namelist())
        for chapter in _chapters(root, posixpath.dirname(package)):
            # A book may list a chapter that it lost.
            if chapter in held:
                page = parsed(archive.read(chapter).decode(errors="replace"))
                take(page, extract, prefix=f"{posixpath.basename(chapter)}#")
    except (BadZipFile, KeyError, ParseError, DefusedXmlException, OSError) as error:
        raise ReadError(file.name, "is not a valid EPUB book; get it again") from error
    title = next((t.text for t in _named(root, "title") if t.text), None)
    yield extract.document(file, checksum(content), title=title and " ".join(title.split()))


def _is_locked(archive: ZipFile) -> bool:
    if "META-INF/encryption.xml" not in archive.namelist():
        return False
    methods = _named(fromstring(archive.read("META-INF/encryption.xml")), "EncryptionMethod")
    return any(method.get("Algorithm") not in _FONTS for method in methods)


def _root_path(archive: ZipFile) -> str:
    """The path of the file that lists what is in the book."""
    container = fromstring(archive.read("META-INF/container.xml"))
    return next((path for f in _named(container, "rootfile") if (path := f.get("full-path"))), "")


def _chapters(package: Element, folder: str) -> Iterator[str]:
    """The paths of the chapters, in reading order, without the table of contents."""
    items = {item.get("id"): item for item in _named(package, "item")}
    for reference in _named(package, "itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _CHAPTERS:
            continue
        if "nav" not in (item.get("properties") or "").split():
            yield posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))


def _named(root: Element, name: str) -> Iterator[Element]:
    """The elements of a name, in whatever namespace."""
    return (element for element in root.iter() if element.tag.rpartition("}")[2] == name)
