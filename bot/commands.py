"""What the commands share: their options, what they read, and how they print."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.assembly import Assembled
    from bot.settings import Settings


def reads_knowledge(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that name the documents and the engine."""
    for option in (
        click.option("--engine", metavar="NAME", help="The search engine (default: rank-bm25)."),
        click.option(
            "--knowledge",
            metavar="PATH",
            type=click.Path(path_type=Path),
            help="A file or a folder of documents (default: the packaged article).",
        ),
    ):
        command = option(command)
    return command


prints_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")


def assembled_from(
    knowledge: Path | None, engine: str | None, *, says_skipped: bool = False
) -> "Assembled":
    """What the options name, and the settings where they name nothing.

    That files were skipped is said here, unless the command itself says which.
    """
    from bot.assembly import assemble

    settings = settings_here()
    assembled = assemble(knowledge or settings.knowledge, engine or settings.engine, settings.data)
    if assembled.skipped and not says_skipped:
        count = len(assembled.skipped)
        what = "1 file was" if count == 1 else f"{count:,} files were"
        click.echo(f"footnote: {what} skipped; see: footnote index", err=True)
    return assembled


def settings_here() -> "Settings":
    """The settings of the environment and of the folder that the command runs in."""
    from bot.settings import read_settings

    return read_settings(os.environ, Path(".env"))


def valid(text: str) -> str:
    """The text without the halves of characters that stand for undecodable bytes in arguments."""
    return text.encode(errors="replace").decode()


def width() -> int:
    """The columns of the terminal; 80 where there is none."""
    return shutil.get_terminal_size().columns


def show_text(text: str) -> None:
    """Print and flush; styles only for a terminal, and for none where NO_COLOR is set."""
    from bot.settings import forbids_colour

    click.echo(text, color=False if forbids_colour(os.environ) else None)
    sys.stdout.flush()
