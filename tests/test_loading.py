"""From a path to documents: what is read, in which order, and what is skipped and why."""

import hashlib
import os
from pathlib import Path

import pytest
from corpora import documents_at
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from knowledge.documents import Document
from knowledge.errors import FootnoteError, ReadError
from knowledge.formats import FORMATS, format_of
from knowledge.loading import MATERIAL, Skipped
from retrieval.collection import Collection
from retrieval.opening import open_collection
from tests.rights import ordinary_rights

# Any characters that a text file may hold, and often those that mean something in a format.
# A byte order mark stands at the beginning only; tests/test_lines.py treats others.
TEXT = st.lists(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")
    | st.sampled_from([*" \t\n\r#>-*=|`~<:_.1)[](ab", "\r\n", "\n\n", "\u2028", "\x0c"])
    | st.sampled_from(["\n- ", "\n  - ", "\n1. ", "\n# T\n", "\n---\n", "\n===\n", "\n> "])
    | st.sampled_from(["\n```\n", "\n    ", "\n|a|b|\n|-|-|\n", "<!--", "-->", "[a]: b"])
    | st.sampled_from(["= T =\n", "\n== S ==\n", "e\u0301", "👩‍👩‍👧", "عربي", "漢字", "words "]),
    max_size=40,
).map("".join)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place for the files that a property is tried with."""
    return tmp_path_factory.mktemp("loading")


def _write(folder: Path, *names: str, content: bytes = b"Text.\n") -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def load(path: Path) -> Collection:
    """A collection of the documents at a path."""
    return open_collection(path)


def _ids(path: Path) -> list[str]:
    return [document.id for document in documents_at(path)]


def _one(path: Path) -> Document:
    (document,) = documents_at(path)
    return document


# The text of their documents is the file, whatever it holds.
TEXT_SUFFIXES = sorted(s for s, f in FORMATS.items() if f.is_text and not f.in_parts)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", TEXT_SUFFIXES)
@example("", "```\na\x0cb")
@given(st.sampled_from(["", "\ufeff"]), TEXT)
@settings(max_examples=200)
def test_a_document_is_the_decoded_file(folder: Path, suffix: str, start: str, text: str) -> None:
    """The text is the file as Python decodes it, and its blocks lie in it in order."""
    assume(text.encode().strip())
    path = folder / f"file{suffix}"
    path.write_bytes((start + text).encode())
    document = _one(path)
    with path.open(encoding="utf-8", newline="") as file:
        assert document.text == file.read()
    end = 0
    for block in document.blocks:
        literal = block.span.of(document.text)
        assert literal == literal.strip() != ""
        assert end <= block.span.start
        end = block.span.end
    assert end <= len(document.text)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_suffix_is_known_in_any_case(suffix: str) -> None:
    """Upper and lower case mean the same format."""
    assert format_of(f"a{suffix.upper()}") is format_of(f"a{suffix}") is not None


@pytest.mark.parametrize("suffix", ["", ".", ".doc", "md", ".md.bak"])
def test_other_suffixes_have_no_reader(suffix: str) -> None:
    """Only the suffixes of the table are read."""
    assert format_of(f"a{suffix}") is None


def test_the_packaged_article_can_be_read() -> None:
    """The default document has its title, and its id is its name."""
    document = _one(MATERIAL)
    assert document.title == "Mexico–Palestine relations"
    assert document.id == "mexico-palestine-relations.md"


def test_a_single_file_is_known_by_its_name(tmp_path: Path) -> None:
    """The id of a file given by name is the name alone, its source the path as given."""
    _write(tmp_path, "deep/A file.TXT")
    document = _one(tmp_path / "deep" / "A file.TXT")
    assert document.id == "A file.TXT"
    assert document.source == str(tmp_path / "deep" / "A file.TXT")


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf# T\r\n\r\nText.\r\n", b"Text", b"a\rb\n\n"])
@pytest.mark.parametrize("suffix", [".md", ".txt"])
def test_the_checksum_is_that_of_the_bytes(tmp_path: Path, suffix: str, content: bytes) -> None:
    """Byte order mark and line ends count: the checksum is the one that sha256sum prints."""
    _write(tmp_path, f"a{suffix}", content=content)
    assert _one(tmp_path / f"a{suffix}").checksum == hashlib.sha256(content).hexdigest()


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    """The error says which path is not there."""
    path = tmp_path / "gone.md"
    with pytest.raises(ReadError) as error:
        load(path)
    assert error.value.name == str(path)
    assert error.value.reason == "does not exist; check the path"


def test_a_name_that_cannot_be_is_an_error(tmp_path: Path) -> None:
    """A path that is too long for the system is told like any other that is not there."""
    with pytest.raises(ReadError):
        load(tmp_path / ("a" * 300 + ".md"))


def test_errors_can_be_caught_as_one(tmp_path: Path) -> None:
    """A reading error is an error of the project and one sentence with the name and the reason."""
    with pytest.raises(FootnoteError, match=r"gone\.md: does not exist; check the path$"):
        load(tmp_path / "gone.md")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "is empty"),
        ("a.md", b"\xef\xbb\xbf \r\n\t\n", "is empty"),
        ("a.jsonl", b"\n\n", "is empty"),
        ("a.txt", b"\x0c\r\n", "is empty"),
        ("a.txt", b"PK\x03\x04\0\0", "is a binary file"),
        ("a.txt", "Caf\xfd".encode("latin-1"), "is not UTF-8 (byte 0xfd at position 3)"),
        ("a.md", b"\xfd\xfeA", "is not UTF-8 (byte 0xfd at position 0)"),
        ("a.jsonl", b"Text.", "line 1 is not a document"),
        ("a.doc", b"Text.", "has an unknown format"),
        ("a", b"Text.", "has an unknown format"),
    ],
)
def test_a_bad_file_is_an_error_by_name_and_skipped_in_a_folder(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    """The same reason is given where the file was named, where it is alone, and where it is not."""
    _write(tmp_path, name, content=content)
    with pytest.raises(ReadError) as error:
        load(tmp_path / name)
    assert error.value.name == str(tmp_path / name)
    assert error.value.reason.startswith(reason)

    with pytest.raises(ReadError) as alone:
        load(tmp_path)
    assert alone.value.name == str(tmp_path)
    assert f"{name} {reason}" in alone.value.reason

    _write(tmp_path, "good.txt")
    knowledge = load(tmp_path)
    assert [document.id for document in knowledge.documents.values()] == ["good.txt"]
    assert knowledge.report.skipped == (Skipped(name, error.value.reason, error.value.obstacle),)


def test_a_letter_of_the_bytes_of_the_mark_is_text(tmp_path: Path) -> None:
    """The Arabic word "ﻻ" (no) is no empty file, though its bytes are those of the mark."""
    _write(tmp_path, "a.txt", content="ﻻ".encode())
    assert _one(tmp_path / "a.txt").text == "ﻻ"


def test_the_known_formats_are_named(tmp_path: Path) -> None:
    """Who gives another format learns what to convert it to."""
    _write(tmp_path, "a.doc")
    with pytest.raises(
        ReadError, match=r"convert it to one of \.adoc, \.asciidoc, \.csv, \.docx, .*, \.xml$"
    ):
        load(tmp_path / "a.doc")


@pytest.mark.skipif(
    not Path("/proc/self/mem").exists(), reason="needs a file that fails to be read"
)
def test_a_file_that_fails_to_be_read_is_an_error(tmp_path: Path) -> None:
    """The error says what the system said."""
    (tmp_path / "a.txt").symlink_to("/proc/self/mem")
    with pytest.raises(ReadError, match=r"a\.txt: cannot be read \(Input/output error\)"):
        load(tmp_path / "a.txt")


def test_a_forbidden_file_is_skipped(tmp_path: Path) -> None:
    """A file that one may not read is named with the reason, and the others are read."""
    _write(tmp_path, "a.txt", "b.txt")
    (tmp_path / "a.txt").chmod(0)
    with ordinary_rights():
        knowledge = load(tmp_path)
    assert [document.id for document in knowledge.documents.values()] == ["b.txt"]
    ((name, reason),) = [(skipped.name, skipped.reason) for skipped in knowledge.report.skipped]
    assert name == "a.txt"
    assert reason.startswith("cannot be read (Permission denied)")


def test_a_closed_folder_is_named(tmp_path: Path) -> None:
    """Its documents are missing for a reason; where all is closed, that is the error."""
    _write(tmp_path, "a.txt", "closed/b.txt")
    (tmp_path / "closed").chmod(0)
    with ordinary_rights():
        knowledge = load(tmp_path)
        ((name, reason),) = [(skipped.name, skipped.reason) for skipped in knowledge.report.skipped]
        assert (name, reason) == ("closed", "is a folder that cannot be opened; check its rights")
        assert _ids(tmp_path) == ["a.txt"]
        with pytest.raises(
            ReadError, match=r"cannot be read \(Permission denied\); check that you"
        ):
            load(tmp_path / "closed")
    (tmp_path / "closed").chmod(0o700)
    assert _ids(tmp_path) == ["a.txt", "closed/b.txt"]


def test_a_folder_without_files_is_an_error(tmp_path: Path) -> None:
    """Empty folders and hidden files hold nothing."""
    (tmp_path / "empty").mkdir()
    _write(tmp_path, ".hidden.txt")
    with pytest.raises(ReadError, match=r"contains no files; add some \(\.adoc, "):
        load(tmp_path)


def test_a_folder_with_nothing_readable_is_an_error(tmp_path: Path) -> None:
    """The error names the first file and its reason, and counts the others."""
    _write(tmp_path, "a.doc", "b.doc", "c.doc")
    with pytest.raises(ReadError, match=r"a\.doc has an unknown format.*, and 2 more$") as error:
        load(tmp_path)
    assert error.value.name == str(tmp_path)


def test_order_and_ids_do_not_depend_on_how_the_files_came(tmp_path: Path) -> None:
    """Documents come in the order of their paths, and ids are paths within the folder."""
    names = ["B.txt", "a.txt", "c/d/e.md", "c/f.MD", "é.markdown"]
    _write(tmp_path / "one", *names)
    _write(tmp_path / "elsewhere" / "two", *reversed(names))
    assert _ids(tmp_path / "one") == _ids(tmp_path / "elsewhere" / "two") == names


def test_ids_have_slashes_however_deep_the_folders(tmp_path: Path) -> None:
    """The id of a file in folders is its path in POSIX form, without the folder's own."""
    name = "/".join(f"folder {depth}" for depth in range(30)) + "/a.txt"
    _write(tmp_path, name)
    assert _one(tmp_path).id == name
    assert _one(tmp_path).source == str(tmp_path / name)


def test_ids_do_not_depend_on_how_the_folder_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative path, a roundabout one and a link to the folder give the same ids."""
    _write(tmp_path, "notes/a.txt", "notes/b/c.txt")
    (tmp_path / "link").symlink_to(tmp_path / "notes")
    monkeypatch.chdir(tmp_path / "notes")
    for path in (Path(), Path("../notes"), Path("b/.."), tmp_path / "link"):
        assert _ids(path) == ["a.txt", "b/c.txt"]


def test_hidden_files_are_left_out(tmp_path: Path) -> None:
    """What begins with a dot, file or folder, is neither read nor called skipped."""
    _write(tmp_path, "a.txt", ".b.txt", ".git/c.txt", "d/.e/f.txt", ".pdf")
    knowledge = load(tmp_path)
    assert [document.id for document in knowledge.documents.values()] == ["a.txt"]
    assert knowledge.report.skipped == ()


def test_a_hidden_folder_can_be_given(tmp_path: Path) -> None:
    """Only what is hidden below the folder is left out."""
    _write(tmp_path, ".notes/a.txt")
    assert _ids(tmp_path / ".notes") == ["a.txt"]


def test_links_out_of_the_folder_are_left_out(tmp_path: Path) -> None:
    """Nothing outside is read, through links to files, to folders or to links."""
    _write(tmp_path, "outside/secret.txt", "inside/a.txt")
    inside = tmp_path / "inside"
    (inside / "file.txt").symlink_to(tmp_path / "outside" / "secret.txt")
    (inside / "relative.txt").symlink_to("../outside/secret.txt")
    (inside / "folder").symlink_to(tmp_path / "outside")
    (inside / "through.txt").symlink_to("folder/secret.txt")
    (inside / "gone.txt").symlink_to(tmp_path / "outside" / "gone.txt")
    knowledge = load(inside)
    assert [document.id for document in knowledge.documents.values()] == ["a.txt"]
    assert knowledge.report.skipped == ()


def test_links_within_the_folder_are_read(tmp_path: Path) -> None:
    """A link to a file of the folder is a document of its own name, one to nothing is no file."""
    _write(tmp_path, "a/b.txt")
    (tmp_path / "link.txt").symlink_to("a/b.txt")
    (tmp_path / "broken.txt").symlink_to("a/gone.txt")
    knowledge = load(tmp_path)
    assert [document.id for document in knowledge.documents.values()] == ["a/b.txt", "link.txt"]
    assert knowledge.report.skipped == ()


def test_a_circle_of_folders_is_read_once(tmp_path: Path) -> None:
    """A link to a folder above is not followed."""
    _write(tmp_path, "a/b.txt")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    assert _ids(tmp_path) == ["a/b.txt"]


def test_a_link_to_itself_breaks_nothing(tmp_path: Path) -> None:
    """A link that leads nowhere does not keep the other files from being read."""
    _write(tmp_path, "a.txt")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    assert _ids(tmp_path) == ["a.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_named_pipe_is_no_file(tmp_path: Path) -> None:
    """A pipe is an error by name and skipped in a folder, and nobody waits for its writer."""
    _write(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(ReadError, match=r"pipe\.txt: is not a regular file"):
        load(tmp_path / "pipe.txt")
    assert [skipped.name for skipped in load(tmp_path).report.skipped] == ["pipe.txt"]


def test_a_folder_may_be_named_like_a_file(tmp_path: Path) -> None:
    """A folder with the suffix of a format is a folder."""
    _write(tmp_path, "notes.md/a.txt")
    assert _ids(tmp_path / "notes.md") == ["a.txt"]
    knowledge = load(tmp_path)
    assert [document.id for document in knowledge.documents.values()] == ["notes.md/a.txt"]
    assert knowledge.report.skipped == ()


def test_an_id_belongs_to_one_file(tmp_path: Path) -> None:
    """A file with an id that an earlier one has is skipped whole, and both are named."""
    _write(tmp_path, "a.txt")
    records = b'{"_id": "new", "text": "x"}\n{"_id": "a.txt", "text": "y"}\n'
    _write(tmp_path, "corpus.jsonl", content=records)
    knowledge = load(tmp_path)
    assert [document.id for document in knowledge.documents.values()] == ["a.txt"]
    ((name, reason),) = [(skipped.name, skipped.reason) for skipped in knowledge.report.skipped]
    assert name == "corpus.jsonl"
    assert reason == "has the document id 'a.txt', which a.txt has already"


def test_two_corpora_of_a_folder_are_read_together(tmp_path: Path) -> None:
    """Every record of every corpus is a document; a corpus with a bad line is skipped whole."""
    _write(tmp_path, "1.jsonl", content=b'{"_id": "a", "text": "x"}\n{"_id": "b", "text": "x"}')
    _write(tmp_path, "2.jsonl", content=b'{"_id": "c", "text": "x"}')
    _write(tmp_path, "3.jsonl", content=b'{"_id": "d", "text": "x"}\nbad')
    knowledge = load(tmp_path)
    assert [document.id for document in knowledge.documents.values()] == ["a", "b", "c"]
    assert [skipped.name for skipped in knowledge.report.skipped] == ["3.jsonl"]
    assert knowledge.report.skipped[0].reason.startswith("line 2 is not a document")
