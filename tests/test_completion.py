"""Completion in the shells themselves, by the lines that docs/commands.md gives for them."""

import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.terminal.cli import footnote

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
LINES = {
    match[2]: match[1].replace("\\|", "|")
    for match in re.finditer(r"`([^`]*_FOOTNOTE_COMPLETE=(\w+)_source[^`]*)`", COMMANDS)
}
SHELLS = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config"],
}


def _environment(home: Path) -> dict[str, str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"])
    return {"PATH": path, "HOME": str(home), "TERM": "dumb", "LANG": "C.UTF-8"}


def _completed(shell: str, typed: str, expected: str, folder: Path) -> str:
    """What the shell makes of a line and the tabulator, up to what is expected."""
    if shell == "fish":
        script = f"{LINES[shell]}; complete -C {typed!r}"
        return subprocess.run(
            [*SHELLS[shell], "-c", script],
            env=_environment(folder),
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        SHELLS[shell],
        env=_environment(folder),
        cwd=folder,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    setup = "autoload -Uz compinit && compinit -u && " if shell == "zsh" else ""
    os.write(controller, f"{setup}{LINES[shell]}; echo re''ady\n".encode())
    try:
        _read_until(controller, "ready")
        os.write(controller, f"{typed}\t".encode())
        return _read_until(controller, expected)
    finally:
        process.kill()
        process.wait()
        os.close(controller)


def _read_until(terminal: int, expected: str) -> str:
    """What a terminal shows until it shows what is expected; a test that hangs is killed."""
    shown = ""
    while expected not in shown:
        shown += os.read(terminal, 10_000).decode(errors="replace")
    return shown


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("footnote cal", "calibrate"),
        ("footnote ask --kn", "--knowledge"),
        ("footnote ask --knowledge hand", "handbook"),
    ],
)
@pytest.mark.parametrize("shell", sorted(SHELLS))
def test_a_shell_completes(shell: str, typed: str, expected: str, tmp_path: Path) -> None:
    """A command, an option, and the path of documents."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "handbook").mkdir()
    assert expected in _completed(shell, typed, expected, tmp_path)


@pytest.mark.parametrize("shell", sorted(SHELLS))
def test_there_is_a_script_for_each_shell(shell: str, tmp_path: Path) -> None:
    """The documented line evaluates what the command prints, which asks the command again."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("footnote"))],
        env={**_environment(tmp_path), "_FOOTNOTE_COMPLETE": f"{shell}_source"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"_FOOTNOTE_COMPLETE={shell}_complete" in done.stdout
    assert LINES[shell].startswith(("eval ", "_FOOTNOTE_COMPLETE="))


@pytest.mark.parametrize("name", sorted(footnote.commands))
def test_a_summary_is_completed_whole(name: str) -> None:
    """Completion shows 45 characters of it, and in fish what stands before a comma."""
    summary = footnote.commands[name].get_short_help_str(limit=200).rstrip(".")
    assert footnote.commands[name].get_short_help_str().rstrip(".") == summary
    assert "," not in summary
