"""Files that are made to harm: none stops the run, reads outside, or takes all time or memory."""

import os
import re
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from corpora import answerer_over, documents_at
from patience import LONG
from pdf_files import pdf, stream
from work import calls

from knowledge.errors import ReadError
from knowledge.formats import format_of, reader_of
from knowledge.isolation import MEMORY, IsolatedReader
from knowledge.source import SourceFile
from retrieval.answer.answer import Answer

SECRET = "root:x:0:0"
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="c.opf"/></rootfiles></container>'
)
PAGE = (
    "<mediawiki><page><title>A</title><ns>0</ns><revision><text>{}</text></revision></page>"
    "</mediawiki>"
)

LARGEST = f"""
import resource, sys
from pathlib import Path
from knowledge.errors import ReadError
from knowledge.isolation import IsolatedReader
from knowledge.source import SourceFile

reader = IsolatedReader({LONG})
try:
    reader.read(SourceFile(Path(sys.argv[1]), "a.pdf"))
except ReadError as error:
    print(error)
reader.close()
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def _file(path: Path, content: bytes | str) -> SourceFile:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return SourceFile(path, path.name)


def _archive(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def _entities(root: str) -> str:
    """An XML document whose entities grow tenfold each, ten times."""
    tenfold = (
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(10)
    )  # "b" is ten of "a", and so on
    return f'<!DOCTYPE x [<!ENTITY a "lol">{"".join(tenfold)}]><{root}>&k;</{root}>'


def _forms(depth: int) -> bytes:
    """A page that shows a form ten times, which shows another one ten times, and so on."""
    forms = []
    for number in range(depth):
        is_last = number + 1 == depth
        shown = b"BT /F 12 Tf (Hello.) Tj ET" if is_last else b"/X Do " * 10
        inner = b"" if is_last else b"/XObject<</X %d 0 R>>" % (7 + number)
        entries = (
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F 5 0 R>>%b>>" % inner
        )
        forms.append(stream(shown, entries))
    return pdf(stream(b"/X Do"), *forms)


@pytest.mark.slow
def test_a_parser_that_hangs_is_ended(tmp_path: Path) -> None:
    """A file that takes too long is named, and the next one is read by a new process."""
    reader = IsolatedReader(seconds=1)
    with pytest.raises(ReadError, match="took too long to read"):
        reader.read(_file(tmp_path / "nested.html", "<div>" * 1_000_000))
    reader._seconds = LONG
    (document,) = reader.read(_file(tmp_path / "good.html", "<p>The mill burned in 1884.</p>"))
    assert document.text == "The mill burned in 1884."
    reader.close()


def test_a_file_has_ten_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file anew, unless the reader is told another time."""
    told = []

    class StoppedClock:
        def __init__(self, seconds: float, stop: object) -> None:
            told.append(seconds)

        def nothing(self) -> None:
            pass

        start = cancel = join = nothing

    monkeypatch.setattr("knowledge.isolation.Timer", StoppedClock)
    for reader in (IsolatedReader(), IsolatedReader(seconds=3)):
        for _ in range(2):
            reader.read(_file(tmp_path / "good.html", "<p>The mill burned in 1884.</p>"))
        reader.close()
    assert told == [10, 10, 3, 3]


@pytest.mark.slow
@pytest.mark.parametrize("depth", [9, 30])
def test_a_pdf_that_unfolds_without_end_is_named(tmp_path: Path, depth: int) -> None:
    """Neither time nor memory is taken without limit, and the process is replaced."""
    reader = IsolatedReader(seconds=3)
    with pytest.raises(ReadError, match=r"too long|crashes its reader|too much memory"):
        reader.read(_file(tmp_path / "a.pdf", _forms(depth)))
    reader.close()


@pytest.mark.slow
def test_memory_is_limited(tmp_path: Path) -> None:
    """What unpacks to gigabytes is named, and no process grows beyond its limit."""
    packer = zlib.compressobj(1)
    # A gigabyte, of which never more than a part is in the memory of this process.
    bomb = b"".join(packer.compress(b"0 0 m " * 1_000_000) for _ in range(180)) + packer.flush()
    path = _file(tmp_path / "a.pdf", pdf(stream(bomb, b"/Filter/FlateDecode"))).path
    # In a process of its own, whose one child is the reader: this one had others.
    ran = subprocess.run(
        [sys.executable, "-c", LARGEST, path], capture_output=True, text=True, check=True
    )
    said, largest = ran.stdout.splitlines()
    assert re.search(r"crashes its reader|too much memory", said)
    assert 0 < int(largest) * 1024 <= MEMORY * 1.05


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.epub"])
def test_zip_bombs_are_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What an archive says of its sizes is enough to leave it."""
    path = _archive(tmp_path / name, {"word/document.xml": bytes(400_000_000)})
    with pytest.raises(ReadError, match="unpacks to more than 300 MB"):
        documents_at(path)

    def unpacked(*_: object, **__: object) -> None:
        pytest.fail("nothing of it may be unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "open", unpacked)
    format_ = format_of(path)
    assert format_ is not None
    with pytest.raises(ReadError, match="unpacks to more than 300 MB"):
        list(reader_of(format_)(SourceFile(path, name)))


@pytest.mark.parametrize(
    "content",
    [
        _entities("mediawiki"),
        f'<!DOCTYPE m [<!ENTITY a "{"a" * 100_000}">]><mediawiki>{"&a;" * 10_000}</mediawiki>',
        f'<!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/passwd">]>{PAGE.format("&a;")}',
    ],
)
def test_entities_are_not_read(tmp_path: Path, content: str) -> None:
    """XML that defines entities is left, whether they grow or name a file."""
    with pytest.raises(ReadError, match="defines XML entities"):
        documents_at(_file(tmp_path / "a.xml", content).path)


def test_a_book_reads_nothing_outside_of_itself(tmp_path: Path) -> None:
    """Entities and paths that lead out of an archive lead nowhere."""
    package = (
        '<package><manifest><item id="a" href="../../../../etc/passwd" media-type="text/html"/>'
        '</manifest><spine><itemref idref="a"/></spine></package>'
    )
    for number, inner in enumerate((package, _entities("package"))):
        parts = {"META-INF/container.xml": CONTAINER.encode(), "c.opf": inner.encode()}
        with pytest.raises(ReadError, match=r"not a valid EPUB book|holds no text"):
            documents_at(_archive(tmp_path / f"{number}.epub", parts))


def test_restructuredtext_includes_nothing(tmp_path: Path) -> None:
    """Directives that read files or write HTML have no effect."""
    text = (
        ".. include:: /etc/passwd\n\n.. raw:: html\n   :file: /etc/passwd\n\n"
        ".. csv-table::\n   :file: /etc/passwd\n\n.. literalinclude:: /etc/passwd\n\nThe end.\n"
    )
    (document,) = documents_at(_file(tmp_path / "a.rst", text).path)
    assert document.text == text
    assert [block.span.of(text) for block in document.blocks] == ["The end."]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("deep.html", "<p>Oil came.</p>" + "<b>" * 100_000 + "<p>x"),
        ("tables.html", "Oil came." + "<table><tr><td>x" * 20_000),
        ("line.txt", "Oil came. " + "x" * 1_500_000),
        ("line.md", "Oil came. " + "word " * 300_000),
        ("line.csv", 'Oil came.,b\n"' + "x" * 1_500_000),
        ("marks.md", "Oil came.\n\n" + "[" * 50_000 + "\n\n" + "*a " * 50_000 + "`" * 50_000),
        ("quotes.md", "Oil came.\n\n" + ">" * 50_000),
        ("braces.xml", PAGE.format("Oil came. " + "{{" * 100_000 + "[[" * 100_000)),
        ("lists.rst", "Oil came.\n\n" + "".join(f"{' ' * n}* a\n\n" for n in range(40))),
    ],
)
def test_endless_lines_and_nesting_are_read(tmp_path: Path, name: str, text: str) -> None:
    """However long a line or deep a nesting, an answer takes seconds, and quotes stay short."""
    answers: list[Answer] = []

    def ask() -> None:
        documents = documents_at(_file(tmp_path / name, text).path)
        answers.append(answerer_over(*documents).answer("What came, oil or bread?"))

    # A million take a second; where something grows with the square, it is hundreds of millions.
    assert calls(ask) < 5_000_000
    quotes = answers[0].best_quotes
    assert any("Oil came" in citation.quote for citation in quotes)
    assert all(len(citation.quote) < 10_000 for citation in quotes)


def test_names_of_files_are_harmless(tmp_path: Path) -> None:
    """Names with line ends and turned text are ids like others, and are shown without effect."""
    name = "evil\nname\u202etxt.md"
    _file(tmp_path / name, "The evil file holds 77 apples.")
    (document,) = documents_at(tmp_path)
    assert document.id == name
    html = "page\u2066\n.html"
    _file(tmp_path / html, "<p>The page holds 78 apples.</p>")
    assert [d.id for d in documents_at(tmp_path)] == sorted([name, html])


def test_links_out_of_the_folder_and_in_circles_are_passed_over(tmp_path: Path) -> None:
    """Nothing outside of the folder is read, and no circle is gone round."""
    folder = tmp_path / "folder"
    folder.mkdir()
    _file(folder / "a.html", "<p>Oil came.</p>")
    outside = _file(tmp_path / "b.html", "<p>Bread went.</p>").path
    (folder / "out.html").symlink_to(outside)
    (folder / "up").symlink_to(tmp_path, target_is_directory=True)
    (folder / "loop.html").symlink_to(folder / "loop.html")
    assert [document.id for document in documents_at(folder)] == ["a.html"]


def test_a_file_that_vanishes_while_it_is_read_is_named(tmp_path: Path) -> None:
    """The reader is told that a file is no longer there, whoever reads it."""
    for name in ("a.html", "a.md", "a.pdf"):
        with pytest.raises(ReadError):
            list(documents_at(tmp_path / name))
    reader = IsolatedReader()
    with pytest.raises(ReadError, match="cannot be read"):
        reader.read(SourceFile(tmp_path / "gone.html", "gone.html"))
    reader.close()


def test_a_relative_path_is_that_of_the_folder_of_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the folder was when the process that reads was started."""
    reader = IsolatedReader(LONG)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.html").write_text(f"<h1>Title</h1><p>This is {name}.</p>")
        monkeypatch.chdir(tmp_path / name)
        (document,) = reader.read(SourceFile(Path("a.html"), "a.html"))
        assert f"This is {name}." in document.text
    reader.close()


def test_the_process_ends_with_its_parent() -> None:
    """A reader that is let go of leaves no process behind."""
    reader = IsolatedReader()
    with pytest.raises(ReadError):
        reader.read(SourceFile(Path("nowhere.html"), "nowhere.html"))
    process = reader._worker.begun()
    reader.close()
    assert process.poll() is not None
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


@pytest.mark.parametrize("text", ["<dl><dt>shed key</dt><dd>the key ", "<ul><li>shed key level "])
def test_nesting_without_end_costs_little(tmp_path: Path, text: str) -> None:
    """Lists of terms and of items, nested thousands deep, are read like those nested less."""
    answers: list[Answer] = []

    def ask() -> None:
        documents = documents_at(_file(tmp_path / "deep.html", text * 3_000).path)
        answers.append(answerer_over(*documents).answer("Where is the shed key?"))

    assert calls(ask) < 5_000_000
    assert answers[0].hits
