"""What several test modules share."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture
def given_article() -> Path:
    """The Wikipedia extract that the packaged article retells; skips where it is not there."""
    path = SHARED / "material" / "mexico-palestine-relations.txt"
    if not path.is_file():
        pytest.skip("the given article does not lie beside the project")
    return path
