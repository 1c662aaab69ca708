"""Where fitted thresholds are kept, in the folder of data: one file for each knowledge path and
reader, since each reader is sure in its own way."""

import hashlib
from contextlib import suppress
from pathlib import Path

from knowledge.errors import FootnoteError
from knowledge.loading import real_path
from retrieval.meaning.loading import WORDS


class StoreError(FootnoteError):
    """A calibration that cannot be read or written."""


def stored_threshold(data: Path, knowledge: Path, reader: str = WORDS) -> float | None:
    """The threshold that was fitted for these documents and a reader; None where none was.

    StoreError where the file is there and cannot be used.
    """
    path = _path(data, knowledge, reader)
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be read ({error.strerror}); set FOOTNOTE_DATA to a folder that you can"
            " read"
        ) from error
    from pydantic import ValidationError

    from retrieval.evaluation.threshold_file import CalibrationRecord

    try:
        record = CalibrationRecord.model_validate_json(content)
    except ValidationError as error:
        raise StoreError(f"{path}: is no calibration; delete it, or calibrate anew") from error
    return record.threshold


def store_threshold(data: Path, knowledge: Path, threshold: float, reader: str = WORDS) -> Path:
    """Keep a threshold for these documents and a reader, all or nothing; the file that it is in."""
    from retrieval.evaluation.threshold_file import CalibrationRecord

    path = _path(data, knowledge, reader)
    record = CalibrationRecord(knowledge=real_path(knowledge), threshold=threshold, reader=reader)
    beside = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(record.model_dump_json(indent=1) + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise StoreError(
            f"{path}: cannot be written ({error.strerror}); free some space, or set FOOTNOTE_DATA"
            " to a folder that you can write to"
        ) from error
    return path


def _path(data: Path, knowledge: Path, reader: str) -> Path:
    # That of words alone is where it was before there were readers. No path has a NUL.
    named = real_path(knowledge) if reader == WORDS else f"{real_path(knowledge)}\0{reader}"
    digest = hashlib.sha256(named.encode(errors="surrogateescape")).hexdigest()
    return data / "calibrations" / f"{digest[:32]}.json"
