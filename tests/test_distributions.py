"""What is released: the code and its data, and nothing that only lies beside them."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("bot", "footnote", "knowledge", "retrieval")

DATA = {
    "bot/translations/de.po",
    "bot/translations/es.po",
    "bot/translations/fr.po",
    "bot/translations/pt.po",
    "footnote/py.typed",
    "knowledge/material/SOURCES.md",
    "knowledge/material/mexico-palestine-relations.md",
    "knowledge/questions/mexico-palestine-relations.jsonl",
    "retrieval/SOURCES.md",
    "retrieval/evaluation/report.html.jinja",
    "retrieval/evaluation/report.js",
    "retrieval/scoring/weights.json",
    "retrieval/text/lexicon.txt",
}
"""All that is no code: what is added is added here, too."""

LARGEST = 5_000_000
"""Bytes of the wheel."""


def built(folder: Path, target: str) -> Path:
    """A distribution, as the build backend makes it."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (made,) = folder.iterdir()
    return made


def kept(*folders: str) -> set[str]:
    """The files that belong to the project; skips where it is no repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--", *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("what belongs to the project is known only in its repository")
    return set(listed.stdout.splitlines())


def test_the_wheel_has_the_packages_and_nothing_else(tmp_path: Path) -> None:
    """No tests, no settings of whoever built it, no file that is in no repository."""
    wheel = built(tmp_path, "wheel")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        about = {Path(name).name for name in archive.namelist() if ".dist-info/" in name}
    assert names == kept(*PACKAGES)
    assert {name for name in names if not name.endswith(".py")} == DATA
    assert about == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "LICENSE"}
    assert wheel.stat().st_size < LARGEST


def test_the_source_distribution_has_what_is_in_the_repository(tmp_path: Path) -> None:
    """With the tests and documents, and without the history, an environment or secrets."""
    with tarfile.open(built(tmp_path, "sdist")) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    made = {"PKG-INFO"}
    assert names - made <= kept(".")
    assert {"README.md", "LICENSE", "pyproject.toml", "bot/settings.py"} <= names
    assert {".env", ".git", ".venv"}.isdisjoint(Path(name).parts[0] for name in names - made)
