"""The door for programs: what it lists, what it imports, and when."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import footnote

ROOT = Path(__file__).resolve().parents[1]
TREE = ast.parse((ROOT / "footnote" / "__init__.py").read_text(encoding="utf-8"))


def _typed() -> Iterator[tuple[str, str, str]]:
    """The module, the name in it, and the name here of what a type checker sees imported."""
    for node in TREE.body:
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name):
            assert node.test.id == "TYPE_CHECKING"
            for line in node.body:
                assert isinstance(line, ast.ImportFrom)
                for alias in line.names:
                    yield line.module or "", alias.name, alias.asname or alias.name


def test_what_is_typed_listed_and_imported_agrees() -> None:
    """`__all__`, the imports for type checkers and the table of modules name the same things."""
    typed = list(_typed())
    assert sorted(name for _, _, name in typed) == sorted(footnote.__all__) == dir(footnote)
    for module, inner, name in typed:
        assert footnote._CALLED.get(name, name) == inner
        assert footnote._MODULE_OF[inner] == module
    assert footnote._MODULE_OF.keys() == {inner for _, inner, _ in typed}


@pytest.mark.parametrize("name", footnote.__all__)
def test_every_name_can_be_imported(name: str) -> None:
    """Each name is what its module has under it."""
    module, inner = next((m, i) for m, i, given in _typed() if given == name)
    assert getattr(footnote, name) is getattr(import_module(module), inner)


def test_other_names_are_not_there() -> None:
    """A name that is not listed raises AttributeError, even where the table has it."""
    for name in ("nothing", "open_collection"):
        with pytest.raises(AttributeError, match=name):
            getattr(footnote, name)


def test_importing_it_imports_no_library() -> None:
    """Neither numpy, pydantic nor tantivy is imported before something is opened."""
    code = (
        "import sys, footnote;"
        "print(sorted({'numpy', 'pydantic', 'tantivy', 'discord', 'click'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_it_is_typed() -> None:
    """The package says that it has types."""
    assert (ROOT / "footnote" / "py.typed").is_file()
