"""The rules of the house, as far as a program can check them."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = {"knowledge": {"knowledge"}, "retrieval": {"knowledge", "retrieval"}}
LAYERS["footnote"] = {*LAYERS, "footnote"}
LAYERS["bot"] = {"bot", "footnote"}
MODULES = sorted(path for package in LAYERS for path in (ROOT / package).rglob("*.py"))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_down(path: Path) -> None:
    """A package imports itself and those below it; of these the bot only the door, `footnote`."""
    allowed = LAYERS[path.relative_to(ROOT).parts[0]]
    names = {name.split(".")[0] for name in _imported(ast.parse(path.read_text("utf-8")))}
    assert names & LAYERS.keys() <= allowed


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_one_module_hands_on_the_environment(path: Path) -> None:
    """`bot/settings.py` reads what `bot/terminal/options.py` hands it, and nobody else does."""
    if path.relative_to(ROOT).as_posix() != "bot/terminal/options.py":
        assert not re.search(r"\benviron\b|\bgetenv\b", path.read_text("utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    """A module has at most 400 lines, a function at most 60."""
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 60, node.name


def test_an_answer_imports_only_what_it_needs() -> None:
    """Asking imports neither pydantic, discord nor dotenv, each slower than the answer."""
    code = (
        "import sys; from bot.terminal.cli import main;"
        "main(['ask', 'When did Mexico open its office?']);"
        "print(sorted({'pydantic', 'discord', 'dotenv', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin"},
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_starts_without_the_libraries() -> None:
    """`footnote --help` imports no engine."""
    code = (
        "import sys; from bot.terminal.cli import main;"
        "main(['ask', '--help']); print('numpy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines()[-1] == "False"
