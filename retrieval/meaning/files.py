"""The files of a reader, what is wrong with them, and the name of the file of its vectors."""

import hashlib
from pathlib import Path

from knowledge.errors import FootnoteError

MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"

VECTORS_FILE = "vectors"
"""The file in the folder of an index with the vectors that a reader made."""


class ReaderError(FootnoteError):
    """A reader that there is not, or that cannot be used."""


def checked_folder(folder: Path) -> Path:
    """A folder with the files of a reader; ReaderError where one is missing."""
    for name in (MODEL, TOKENIZER):
        if not (folder / name).is_file():
            raise ReaderError(
                f"{folder}: has no {name}; a reader is a folder with {MODEL} and {TOKENIZER}"
            )
    return folder


def identity_of(folder: Path) -> str:
    """The SHA-256 of a reader's files, on both of which its vectors depend."""
    digest = hashlib.sha256()
    for name in (MODEL, TOKENIZER):
        with (folder / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
