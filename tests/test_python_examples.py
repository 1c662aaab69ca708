"""The examples of docs/python.md, run in order.

`python tests/test_python_examples.py docs/python.md` runs them without pytest, so that they also
test an installed wheel; with `--write` behind it, the page gets what they print.
"""

import ast
import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

PAGE = Path(__file__).resolve().parents[1] / "docs" / "python.md"

_EXAMPLE = re.compile(
    r"^```python\n(?P<code>.*?)^```\n(?:\n```text\n(?P<output>.*?)^```\n)?", re.M | re.S
)
_SCRIPT = re.compile(r"# (?P<name>\w+\.py)\n")


class Example(NamedTuple):
    """A block of code, with what the page says that it prints."""

    line: int
    code: str
    output: str


def examples_of(text: str) -> Iterator[Example]:
    """The blocks of a page, in order."""
    for found in _EXAMPLE.finditer(text):
        line = text.count("\n", 0, found.start("code")) + 1
        yield Example(line, found["code"], found["output"] or "")


def printed_by(example: Example, page: str, namespace: dict[str, Any]) -> str:
    """What an example prints: a block with the names of those before it, a script by itself."""
    script = _SCRIPT.match(example.code)
    if script:
        Path(script["name"]).write_text(example.code, encoding="utf-8")
        command = [sys.executable, "-W", "error", script["name"]]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = "\n" * (example.line - 1) + example.code  # errors name the line of the page
        exec(compile(code, page, "exec"), namespace)  # noqa: S102 (our own page)
    return printed.getvalue()


def run_all(page: Path) -> Iterator[tuple[Example, str]]:
    """Each example with what it printed, in one empty folder that is deleted afterwards."""
    examples = list(examples_of(page.read_text(encoding="utf-8")))
    before = Path.cwd()
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        # What is kept by default is kept here too.
        for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
            os.environ[name] = folder
        try:
            for example in examples:
                yield example, printed_by(example, str(page), namespace)
        finally:
            os.chdir(before)


def rewritten(text: str, printed: Iterator[str]) -> str:
    """The page with what was printed in the place of its outputs."""

    def with_output(found: re.Match[str]) -> str:
        output = next(printed)
        block = f"```python\n{found['code']}```\n"
        return f"{block}\n```text\n{output}```\n" if output else block

    return _EXAMPLE.sub(with_output, text)


def main(arguments: list[str]) -> int:
    """Run a page; 1 where an example prints something else, or with --write, mend the page."""
    page = Path(arguments[0]).resolve()
    done = list(run_all(page))
    if arguments[1:] == ["--write"]:
        text = rewritten(page.read_text(encoding="utf-8"), iter([output for _, output in done]))
        page.write_text(text, encoding="utf-8")
        return 0
    wrong = [(example, output) for example, output in done if example.output != output]
    for example, output in wrong:
        sys.stderr.write(
            f"{page.name}, line {example.line}: says\n{example.output}and prints\n{output}\n"
        )
    sys.stdout.write(f"{page.name}: {len(done)} examples, {len(wrong)} wrong\n")
    return 1 if wrong or not done else 0


def test_the_examples_print_what_the_page_says(tmp_path: Path) -> None:
    """Each block of docs/python.md runs, in order, and prints the output below it."""
    # The page shows what words alone find, so a reader that is installed is hidden.
    hiding = "from pathlib import Path\n\nFOLDER = Path(__file__).parent\n"
    (tmp_path / "footnote_reader.py").write_text(hiding, encoding="utf-8")
    command = [sys.executable, "-W", "error", __file__, str(PAGE)]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    assert "0 wrong" in done.stdout


def test_a_wrong_output_is_found(tmp_path: Path) -> None:
    """A page that says something else than its example prints fails, and can be mended."""
    page = tmp_path / "page.md"
    page.write_text("```python\nprint(1)\n```\n\n```text\n2\n```\n", encoding="utf-8")
    command = [sys.executable, __file__, str(page)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "line 2" in done.stderr
    subprocess.run([*command, "--write"], check=True)
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_the_page_has_a_notebook_and_a_script() -> None:
    """One example asks several questions and evaluates; one is a script without a guard."""
    examples = list(examples_of(PAGE.read_text(encoding="utf-8")))
    scripts = [example for example in examples if _SCRIPT.match(example.code)]
    assert len(scripts) == 1
    assert "processes=2" in scripts[0].code
    assert not any(isinstance(node, ast.If) for node in ast.walk(ast.parse(scripts[0].code)))
    assert any("evaluate(" in example.code for example in examples if example not in scripts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
