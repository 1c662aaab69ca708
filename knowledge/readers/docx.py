"""Word documents, read by way of the HTML that mammoth makes of them."""

from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile

from knowledge.documents import Document
from knowledge.errors import ReadError
from knowledge.readers.archives import checked
from knowledge.readers.extract import Extract
from knowledge.readers.extras import extra
from knowledge.readers.html import parsed, take
from knowledge.source import SourceFile, checksum

# What its writers call the title; the rest is mammoth's own.
_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"


def read(file: SourceFile) -> Iterator[Document]:
    """The file as one document; ReadError where it is locked or broken."""
    mammoth = extra("mammoth", file)
    content = file.read_bytes()
    checked(content, file)
    try:
        converted = mammoth.convert_to_html(BytesIO(content), style_map=_STYLES)
    except (BadZipFile, KeyError, ValueError, SyntaxError, OSError) as error:
        raise ReadError(file.name, "is not a valid Word document") from error
    extract = Extract()
    # A list that goes on behind a picture or some text is another one to mammoth, so that its items
    # would be numbered anew.
    unnumbered = converted.value.replace("<ol>", "<ul>").replace("</ol>", "</ul>")
    take(parsed(unnumbered), extract)
    yield extract.document(file, checksum(content))
