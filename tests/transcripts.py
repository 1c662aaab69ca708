"""The console blocks of documents: their commands, and what these print.

`python tests/transcripts.py README.md docs/tutorial.md` writes what they print now, once a change
of it is meant.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

_BLOCK = re.compile(r"^```console\n(?P<body>.*?)^```", re.M | re.S)
_FILE = re.compile(r"^`(?P<name>[\w./-]+)`:\n\n```\w*\n(?P<text>.*?)^```", re.M | re.S)

# What is another one each time, and what the documents say in its place.
_SETTLED = (
    (re.compile(r"\b[0-9a-f]{32}\b"), "5b0c3a7c9ee64f3f8a8d1f0a6d2c4e17"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"), "2026-03-14 10:00"),
)


def files_in(text: str) -> dict[str, str]:
    """The files that a document shows in full: a name in a line of its own, then a block."""
    return {found["name"]: found["text"] for found in _FILE.finditer(text)}


def transcripts_in(text: str) -> list[tuple[str, str]]:
    """The commands of the console blocks, each with what is printed below it."""
    return [pair for found in _BLOCK.finditer(text) for pair in _commands_of(found["body"])]


def _commands_of(body: str) -> list[tuple[str, str]]:
    parts = (part.partition("\n") for part in re.split(r"^\$ ", body, flags=re.M)[1:])
    return [(command, printed.rstrip()) for command, _, printed in parts]


def printed_by(text: str, folder: Path) -> Iterator[str]:
    """What each command of a document prints, errors included, in a folder with its files."""
    for name, content in files_in(text).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    environment = {
        # What stands there does not hang on what is installed beside it.
        "FOOTNOTE_READER": "words",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "COLUMNS": "80",
        # Folders of these very names: paths are as long as on a machine of somebody's.
        "FOOTNOTE_CACHE": "~/.cache/footnote",
        "FOOTNOTE_DATA": "~/.local/share/footnote",
    }
    for command, _ in transcripts_in(text):
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        yield settled(done.stdout)


def settled(printed: str) -> str:
    """What was printed, with constants for what is another one each time."""
    for pattern, constant in _SETTLED:
        printed = pattern.sub(constant, printed)
    return printed.rstrip()


def rewritten(text: str, outputs: Iterator[str]) -> str:
    """A document with outputs, in order, in the place of those of its commands."""

    def block(found: re.Match[str]) -> str:
        parts = [
            f"$ {command}\n{f'{output}{chr(10)}' if (output := next(outputs)) else ''}"
            for command, _ in _commands_of(found["body"])
        ]
        return f"```console\n{chr(10).join(parts)}```"

    return _BLOCK.sub(block, text)


def main() -> None:
    """Rewrite the documents named."""
    for name in sys.argv[1:]:
        page = Path(name)
        text = page.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            page.write_text(rewritten(text, printed_by(text, Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
