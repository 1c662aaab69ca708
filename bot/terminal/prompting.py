"""Asking the person at a terminal: one key for each answer, and lines that can be edited."""

import os
import select
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import click

from bot.presentation import harmless
from bot.terminal.options import show_text
from bot.terminal.wrapping import BOLD, PLAIN, wrapped
from footnote import FootnoteError

_END = "\x04"
"""Ctrl-D."""

_KEPT = "\u00a0"
"""A blank at which no line is broken."""


class NoTerminalError(FootnoteError):
    """What asks a person needs one."""


def require_terminal() -> None:
    """NoTerminalError where nobody can press a key or read what is asked."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        raise NoTerminalError("this asks for a key after each question; run it in a terminal")


def key_for(choices: Mapping[str, str], width: int) -> str:
    """The key that was pressed, one of `choices`, with what each does; "q" at Ctrl-D.

    Those that say nothing do what the next one says.
    """
    parts = (f"{BOLD}{key}{PLAIN}{_said(what)}" for key, what in choices.items())
    text = " ".join(parts).rstrip()
    with _without_lines():
        show_text(wrapped(text, width).replace(_KEPT, " "))
        while True:
            key = _pressed().lower()
            if key in choices:
                return key
            if key == _END:
                return "q"
            click.echo(wrapped(f"Press one of: {', '.join(choices)}.", width))


def _said(what: str) -> str:
    """What a key does, behind it on the same line, and apart from the next."""
    return f"{_KEPT}{what.replace(' ', _KEPT)} " if what else ""


@contextmanager
def _without_lines() -> Iterator[None]:
    """Let the terminal give each key at once, and none that was pressed before it was asked for.

    Else a key that is held down would decide about questions that nobody has seen.
    """
    try:
        import termios
        import tty
    except ImportError:  # Windows
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin, termios.TCSAFLUSH)
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _pressed() -> str:
    """The next key; arrows and the like are one key."""
    try:
        import termios  # noqa: F401 (tells whether keys come without their lines)
    except ImportError:
        return click.getchar()
    file = sys.stdin.fileno()
    key = os.read(file, 1)
    while key[:1] >= b"\x7f" or key[:1] == b"\x1b":
        # The rest of a letter that has several bytes, or of a sequence, comes with its beginning.
        if not select.select([file], [], [], 0.02)[0]:
            break
        key += os.read(file, 1)
    return key.decode(errors="replace") if key else _END


def edited(text: str, prompt: str) -> str | None:
    """A line that was typed, at first `text`; None where nothing is left of it, or at Ctrl-C."""
    with suppress(ImportError):
        import readline

        readline.set_startup_hook(lambda: readline.insert_text(harmless(text)))
    try:
        return " ".join(input(prompt).encode(errors="replace").decode().split()) or None
    except (EOFError, KeyboardInterrupt):
        click.echo()
        return None
    finally:
        with suppress(ImportError):
            import readline

            readline.set_startup_hook()
