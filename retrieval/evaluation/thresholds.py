"""Where fitted thresholds are kept: one file for each knowledge path, in the folder of data."""

import hashlib
from pathlib import Path

from knowledge.errors import FootnoteError
from knowledge.loading import real_path


class StoreError(FootnoteError):
    """A calibration that cannot be read or written."""


def stored_threshold(data: Path, knowledge: Path) -> float | None:
    """The threshold that was fitted for these documents; None where none was.

    StoreError where the file is there and cannot be used.
    """
    path = _path(data, knowledge)
    if not path.is_file():
        return None
    from pydantic import ValidationError

    from retrieval.evaluation.threshold_file import CalibrationRecord

    try:
        record = CalibrationRecord.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise StoreError(f"{path}: is no calibration; delete it, or calibrate anew") from error
    return record.threshold


def store_threshold(data: Path, knowledge: Path, threshold: float) -> Path:
    """Keep a threshold for these documents, all or nothing; the file that it is in."""
    from retrieval.evaluation.threshold_file import CalibrationRecord

    path = _path(data, knowledge)
    record = CalibrationRecord(knowledge=real_path(knowledge), threshold=threshold)
    beside = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(record.model_dump_json(indent=1) + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror})") from error
    return path


def _path(data: Path, knowledge: Path) -> Path:
    digest = hashlib.sha256(real_path(knowledge).encode(errors="surrogateescape")).hexdigest()
    return data / "calibrations" / f"{digest[:32]}.json"
