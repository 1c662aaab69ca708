"""What moderators brought, read: as a file is, once, and without what cannot be read any more."""

import logging
from pathlib import Path

import pytest
from test_formats import BROKEN, SAMPLES

from bot.discord import shelves
from bot.discord.database import opened
from bot.discord.shelves import Shelves, documents_of, passages_in
from bot.discord.upload_store import Uploads
from bot.discord.uploads import Kind, Upload, UploadLimits
from footnote import ReadError
from knowledge.loading import file_at, read_file

READABLE = sorted(
    path.name
    for path in SAMPLES.iterdir()
    if path.is_file() and path.name not in {*BROKEN, "README.md", "facts.jsonl"}
)


@pytest.mark.slow
@pytest.mark.parametrize("name", READABLE)
def test_every_format_is_read_as_a_file_is(name: str) -> None:
    """The same text, whether it comes from a folder or from Discord."""
    path = SAMPLES / name
    documents = documents_of(name, Kind.FILE, path.read_bytes(), "")
    assert [d.text for d in documents] == [d.text for d in read_file(file_at(path, name))]
    assert passages_in(documents) > 0


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_what_is_broken_is_refused_as_in_a_folder(name: str) -> None:
    """With the same sentence."""
    with pytest.raises(ReadError) as caught:
        documents_of(name, Kind.FILE, (SAMPLES / name).read_bytes(), "")
    assert caught.value.reason.startswith(BROKEN[name])
    assert caught.value.name == name


def test_what_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its text, of which a small file may have much."""
    monkeypatch.setattr(shelves, "LONGEST", 20)
    with pytest.raises(ReadError, match="more than 20 characters of text; split it"):
        documents_of("a.txt", Kind.FILE, b"This text is a little too long.", "")


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    """Two files in a server."""
    uploads = Uploads(opened(None, tmp_path), UploadLimits())
    files = [Upload(name, Kind.FILE, b"The pool opens at nine.", 1) for name in ("a.txt", "b.txt")]
    uploads.add(1, files, 7, "mod")
    return uploads


def test_documents_are_read_once(uploads: Uploads, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what has come since is read; after `forget` all of it."""
    read: list[str] = []

    def reading(*given: object) -> object:
        read.append(str(given[0]))
        return documents_of(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(shelves, "documents_of", reading)
    held = Shelves(uploads)
    assert [document.id for document in held.documents(1)] == ["a.txt", "b.txt"]
    uploads.add(1, [Upload("c.txt", Kind.FILE, b"It closes at ten.", 1)], 7, "mod")
    assert [document.id for document in held.documents(1)] == ["a.txt", "b.txt", "c.txt"]
    assert read == ["a.txt", "b.txt", "c.txt"]
    assert held.documents(2) == []
    held.forget(1)
    held.documents(1)
    assert read[3:] == ["a.txt", "b.txt", "c.txt"]


def test_what_cannot_be_read_any_more_is_left_out(
    uploads: Uploads, caplog: pytest.LogCaptureFixture
) -> None:
    """As where a library is gone; the log says why, and not what it is called."""
    uploads.add(1, [Upload("secret.pdf", Kind.FILE, b"no PDF", 1)], 7, "mod")
    with caplog.at_level(logging.WARNING):
        assert len(Shelves(uploads).documents(1)) == 2
    assert "left out: is not a valid PDF" in caplog.text
    assert "secret" not in caplog.text


def test_few_servers_are_held(uploads: Uploads, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that were asked for last; the others are read again."""
    monkeypatch.setattr(shelves, "_MOST_SERVERS", 1)
    uploads.add(2, [Upload("c.txt", Kind.FILE, b"It closes at ten.", 1)], 7, "mod")
    held = Shelves(uploads)
    (one,) = held.documents(2)
    assert len(held.documents(1)) == 2
    (again,) = held.documents(2)
    assert again == one
    assert again is not one
