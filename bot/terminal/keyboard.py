"""Lines that somebody types, with a prompt, and with editing and history where Python has them."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.terminal.history import History

_PROMPT = "? "


def typed_lines() -> Iterator[str]:
    """Each line that is typed, until Ctrl-D, or Ctrl-C where nothing is typed.

    Ctrl-C clears a line that is half typed, as shells do.
    """
    history = _history()
    was_cleared = False
    while True:
        try:
            line = _typed_line()
        except EOFError:
            click.echo(err=True)
            return
        except KeyboardInterrupt:
            click.echo(err=True)
            was_typed = _was_typed()
            # Who cannot know whether something was typed ends at the second one.
            if was_typed is False or (was_typed is None and was_cleared):
                return
            was_cleared = True
            continue
        was_cleared = False
        if history is not None:
            history.add(line.strip())
        yield line


def _typed_line() -> str:
    if sys.stdout.isatty():
        return input(_PROMPT)
    # The answers go elsewhere, where a prompt would stand among them.
    click.echo(_PROMPT, err=True, nl=False)
    return input()


def _was_typed() -> bool | None:
    """Whether a line was typed when it was interrupted; None where that cannot be known."""
    readline = sys.modules.get("readline")
    return bool(readline.get_line_buffer()) if readline and sys.stdout.isatty() else None


def _history() -> "History | None":
    """The lines of earlier sessions, brought back by the arrow keys; None without readline."""
    with suppress(ImportError):
        import readline

        from bot.terminal.history import History
        from bot.terminal.options import settings_here
        from footnote.index import data_folder

        history = History(data_folder(settings_here().data) / "history")
        for line in history.lines():
            readline.add_history(line)
        return history
    return None
