"""Targets of tests/fuzzing.py: what reads files, and what is made of their documents.

What cannot be read is refused by the project's own error. Of what is read, passages, units and
citations are slices of the document's text, and reading again gives the same.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import islice, pairwise
from pathlib import Path

from knowledge.chunking import passages_of
from knowledge.documents import Block, BlockKind, Document
from knowledge.errors import ReadError
from knowledge.formats import format_of, reader_of
from knowledge.loading import in_its_language
from knowledge.sentences import sentence_spans, trimmed
from knowledge.source import SourceFile
from knowledge.unmarking import readable
from retrieval.index.entries import document_of, entries_of, stored
from retrieval.text.tokens import located_terms, unpacked
from tests.fuzzing import Target, one_sentence, place_of
from tests.pdf_files import text_pdf

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "tests" / "data" / "formats"
LANGUAGES = ("en", "de", "fr", "es", "ja", "th", "ar", "ru", "hi", "lo")
_MANY = 20
"""Entries that are compared of each document: all would take longer than reading."""

CONTENTS = {".docx": "word/document.xml", ".odt": "content.xml", ".epub": None}
"""Formats that are archives, each with the part that holds the text."""


def read(name: str, content: bytes) -> None:
    """Read a file of a name."""
    file = SourceFile(Path(name), name, content)
    format_ = format_of(name)
    assert format_ is not None
    try:
        documents = list(map(in_its_language, reader_of(format_)(file)))
    except ReadError as error:
        one_sentence(error)
        return
    except Exception as error:
        # The isolated process says so of whatever a library raises; what we raise is a mistake.
        if format_.is_trusted or place_of(error).startswith(str(ROOT / "knowledge")):
            raise
        return
    for document in documents:
        check(document)
        if format_.is_text and document.line is None:
            assert document.text == content.decode(document.encoding or "utf-8")
    if len(content) % 8 == 0:
        assert list(map(in_its_language, reader_of(format_)(file))) == documents


def check(document: Document) -> None:
    """Whether the laws of a document and its passages hold."""
    text = document.text
    for block in document.blocks:
        assert block.span.end <= len(text)
    passages = list(passages_of(document))
    assert len({passage.id for passage in passages}) == len(passages)
    for passage in passages:
        assert passage.text == passage.span.of(text)
        assert passage.units
        for unit in passage.units:
            quote = passage.quote(unit.span)
            assert quote == unit.span.of(text) == quote.strip() != ""
            if unit.lead is not None:
                assert passage.quote(unit.lead) == unit.lead.of(text)
        for one, other in pairwise(passage.units):
            assert one.span.end <= other.span.start
    entries = [stored(entry.body) for entry in entries_of(document, document.source, 0)]
    for entry, passage in islice(zip(entries, passages, strict=True), _MANY):
        assert entry.passage == passage
        assert unpacked(list(entry.steps), entry.packed) == located_terms(
            passage.text, passage.language
        )
        assert entry.row >= 1
        readable(passage.text, document.source)
    if entries:
        assert document_of(entries, document.source).text == text


def read_records(content: bytes) -> None:
    """Read records: a file of them, or one whose fields stand behind a 0 each."""
    mark, *fields = content.split(b"\0")
    if not mark and fields:
        texts = (field.decode(errors="surrogateescape") for field in fields)
        record = dict(zip(("_id", "text", "title", "url"), texts, strict=False))
        content = json.dumps(record).encode()
    read("a.jsonl", content)


def read_archive(name: str, content: bytes) -> None:
    """Read an archive: its bytes, or one whose first part with text is what stands behind a 0."""
    mark, _, part = content.partition(b"\0")
    read(name, _archive(name, part) if not mark else content)


def _archive(name: str, part: bytes) -> bytes:
    """The sample of a format with another text."""
    rewritten = io.BytesIO()
    with (
        zipfile.ZipFile(SAMPLES / f"handbook{Path(name).suffix}") as sample,
        zipfile.ZipFile(rewritten, "w") as archive,
    ):
        for one in sample.namelist():
            archive.writestr(one, part if one == _part_of(name) else sample.read(one))
    return rewritten.getvalue()


@cache
def _part_of(name: str) -> str:
    """The part that holds the text."""
    suffix = Path(name).suffix
    with zipfile.ZipFile(SAMPLES / f"handbook{suffix}") as sample:
        names = [one for one in sample.namelist() if one.endswith("html") and "nav" not in one]
    return CONTENTS[suffix] or names[0]


def chunk(content: bytes) -> None:
    """Cut a text whose lines are blocks of any kind, nested anyhow, in any language."""
    text = content[2:].decode(errors="replace")
    kinds, seed = list(BlockKind), sum(content[:2])
    blocks, start = [], 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        span = trimmed(text, start, start + len(line))
        start += len(line)
        if span is not None:
            turn = seed + len(line)
            kind = kinds[turn * (number + 1) % len(kinds)]
            section = number // (1 + seed % 7)
            is_quotable = turn % 5 > 0
            blocks.append(Block(kind, span, (), turn % 20, section, None, is_quotable))
    language = LANGUAGES[seed % len(LANGUAGES)]
    check(Document("a.txt", "A", "a.txt", text, "", tuple(blocks), language=language))
    whole = trimmed(text, 0, len(text))
    if whole is not None:
        end = whole.start
        for sentence in sentence_spans(text, whole, language):
            assert end <= sentence.start
            end = sentence.end
        assert end <= whole.end


def samples(*suffixes: str) -> list[bytes]:
    """The sample files with these endings."""
    found = (path for path in sorted(SAMPLES.rglob("*")) if path.suffix in suffixes)
    return [content for path in found if 0 < len(content := path.read_bytes()) < 200_000]


def _in_parts(suffix: str) -> list[bytes]:
    """Archives of a format, whole and as the part with the text."""
    name = f"a{suffix}"
    with zipfile.ZipFile(SAMPLES / f"handbook{suffix}") as sample:
        return [b"\0" + sample.read(_part_of(name)), *samples(suffix)]


def _texts() -> list[bytes]:
    return [b"\1\2" + one for one in samples(".txt", ".md", ".rst", ".csv")]


def _records() -> list[bytes]:
    records = [
        {
            "_id": "1",
            "title": "Mill",
            "text": "# The mill\n\nIt burned in 1884.",
            "url": "https://a.b",
        },
        {"_id": "2", "title": "\ud800", "text": "a,b\n1,2", "metadata": {"url": "x"}},
    ]
    fields = (b"\x001\0" + one + b"\0Mill\0https://a.b" for one in samples(".md", ".csv"))
    return ["\n".join(map(json.dumps, records)).encode(), *fields]


_MARKS = (
    b"= Title =\n== Section ==\nText.\n=== Sub ===\n* item\n",
    b"NAME\n       ls - list\n\nOPTIONS\n       -a, --all\n              do not ignore\n",
    b"= Book\n:toc:\n\n== One\n\nterm:: it\n\n|===\n|a |b\n\n|1 |2\n|===\n\n----\ncode\n----\n",
    b'!!! note "Title"\n    Text.\n\nTerm\n: Meaning.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n',
    b"> [!NOTE]\n> Text.\n\n::: tip\nText[^1].\n:::\n\n[^1]: A note.\n\n```c\ncode\n```\n",
    b"Title\n=====\n\n.. note:: Text.\n\n.. list-table::\n\n   * - a\n     - b\n\n::\n\n  code\n",
)
_WIKI = (
    b"<mediawiki><page><title>A</title><ns>0</ns><revision><text>== H ==\n{| class=x\n! a\n|-\n"
    b"| b\n|}\n* i\n; t : d\n[[File:x.png|y]] {{t|a=b}} <ref>n</ref> '''b''' [http://a.b c]"
    b"</text></revision></page></mediawiki>"
)


def _seeds(*suffixes: str) -> Callable[[], Sequence[bytes]]:
    return lambda: [*samples(*suffixes), *_MARKS]


def targets() -> Iterator[Target]:
    """The reader of each format, and the cutting into passages."""
    yield Target("text", partial(read, "a.txt"), _seeds(".txt"))
    yield Target("markdown", partial(read, "a.md"), _seeds(".md"))
    yield Target("asciidoc", partial(read, "a.adoc"), _seeds(".adoc"))
    yield Target("rst", partial(read, "a.rst"), _seeds(".rst"))
    yield Target("csv", partial(read, "a.csv"), _seeds(".csv", ".tsv"))
    yield Target("records", read_records, _records)
    yield Target("html", partial(read, "a.html"), lambda: samples(".html", ".xhtml"))
    yield Target("mediawiki", partial(read, "a.xml"), lambda: [_WIKI, *samples(".xml")])
    yield Target("pdf", partial(read, "a.pdf"), lambda: [text_pdf("It burned."), *samples(".pdf")])
    for suffix in CONTENTS:
        run = partial(read_archive, f"a{suffix}")
        yield Target(suffix[1:], run, partial(_in_parts, suffix))
    yield Target("chunking", chunk, _texts)
