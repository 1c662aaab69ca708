"""The rules of the house, as far as a program can check them."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importing import imported

from retrieval.meaning.loading import installed_folder

ROOT = Path(__file__).resolve().parents[1]
LAYERS = {
    "knowledge": {"knowledge"},
    "retrieval": {"knowledge", "retrieval"},
    "footnote": {"knowledge", "retrieval", "footnote"},
    # The bot is one of the programs that come in by the door.
    "bot": {"footnote", "bot"},
}
FOLDERS = (
    "knowledge",
    "knowledge/readers",
    "retrieval/text",
    "retrieval/questions",
    "retrieval/search",
    "retrieval/index",
    "retrieval/cluster",
    "retrieval/scoring",
    "retrieval/meaning",
    "retrieval/answer",
    "retrieval/evaluation",
    "retrieval",
    "footnote",
    "bot",
    "bot/discord",
    "bot/terminal",
)
"""Each imports only itself and those before it."""

ENTRY = "bot/__main__.py"
"""Where everything begins."""

MODULES = sorted(path for package in LAYERS for path in (ROOT / package).rglob("*.py"))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""


def _folder(module: str) -> str:
    """The folder of a module, or of a package itself."""
    path = ROOT.joinpath(*module.split("."))
    folder = path if path.is_dir() else path.parent
    return folder.relative_to(ROOT).as_posix()


def _inner(path: Path) -> set[str]:
    """The modules of the project that a module imports, `from package import module` too."""
    tree = ast.parse(path.read_text("utf-8"))
    named = {name for name in _imported(tree) if name.split(".")[0] in LAYERS}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in named:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            named |= {name for name in inside if (ROOT / f"{name.replace('.', '/')}.py").is_file()}
    return named


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_down(path: Path) -> None:
    """A package imports itself and those below it, and the bot only the door."""
    allowed = LAYERS[path.relative_to(ROOT).parts[0]]
    assert {name.split(".")[0] for name in _inner(path)} <= allowed


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_folders_follow_each_other(path: Path) -> None:
    """No folder imports one that comes after it, so that none imports one that imports it back."""
    if path.relative_to(ROOT).as_posix() == ENTRY:
        return
    own = FOLDERS.index(path.parent.relative_to(ROOT).as_posix())
    for name in _inner(path):
        assert FOLDERS.index(_folder(name)) <= own, name


def test_every_folder_has_its_place() -> None:
    """The order names each folder with modules, and no other."""
    folders = {path.parent.relative_to(ROOT).as_posix() for path in MODULES}
    assert folders == set(FOLDERS)


def test_no_function_is_complex() -> None:
    """Cyclomatic complexity, as radon counts it, is at most 15."""
    from radon.visitors import ComplexityVisitor

    for path in MODULES:
        visitor = ComplexityVisitor.from_code(path.read_text("utf-8"))
        for block in (*visitor.functions, *(m for c in visitor.classes for m in c.methods)):
            assert block.complexity <= 15, f"{path}: {block.name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_one_module_hands_on_the_environment(path: Path) -> None:
    """`bot/settings.py` reads what `bot/terminal/options.py` hands it, and nobody else does.

    `knowledge/workers.py` only withholds it from processes that read what strangers send.
    """
    handing = ("bot/terminal/options.py", "knowledge/workers.py")
    if path.relative_to(ROOT).as_posix() not in handing:
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


@pytest.mark.parametrize("names", [[], ["CACHE", "DATA", "KNOWLEDGE"]])
def test_an_answer_imports_only_what_it_needs(tmp_path: Path, names: list[str]) -> None:
    """Asking imports neither pydantic, discord nor dotenv, each slower than the answer, also where
    paths are set."""
    (tmp_path / "a.md").write_text("# Office\n\nMexico opened its office in 2005.\n")
    settings = {f"FOOTNOTE_{name}": str(tmp_path) for name in names}
    _, modules = imported(
        ["ask", "When did Mexico open its office?"],
        {"pydantic", "discord", "dotenv", "asyncio", "opensearchpy"},
        {"PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": str(tmp_path / "cache"), **settings},
    )
    assert modules == []


@pytest.mark.skipif(installed_folder() is None, reason="Footnote's own model is not installed")
def test_an_answer_that_words_are_sure_of_loads_no_model(tmp_path: Path) -> None:
    """Nothing of what it runs with is imported."""
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(150):
        (docs / f"{number}.md").write_text(f"# Hut {number}\n\nHut {number} has {number} beds.\n")
    (docs / "kiln.md").write_text("# Kiln of Dorva\n\nThe kiln of Dorva was built in 1912.\n")
    printed, modules = imported(
        ["ask", "--json", "--knowledge", str(docs), "When was the kiln of Dorva built?"],
        {"numpy", "onnxruntime", "kitoken"},
        {"PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": str(tmp_path)},
    )
    answer = json.loads(printed)
    assert (answer["text"], answer["reader"]) == ("The kiln of Dorva was built in 1912.", "words")
    assert modules == []


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
