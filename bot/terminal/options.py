"""What the commands share: their options, what they read, and how they print."""

import os
import shlex
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.terminal.links import Links, links_here

if TYPE_CHECKING:
    from bot.settings import Settings
    from footnote import Collection
    from footnote.vectors import Made


@dataclass(frozen=True, slots=True)
class Chosen:
    """The documents, the engine and the reader that options name; None where none names one."""

    knowledge: Path | None = None
    engine: str | None = None
    reader: str | None = None

    @property
    def repeated(self) -> list[str]:
        """The options as they were given, for a command that is to be pasted."""
        given = {
            "--knowledge": self.knowledge,
            "--engine": self.engine,
            "--reader": self.reader,
        }
        return [
            text
            for name, value in given.items()
            if value is not None
            for text in (name, str(value))
        ]

    def over(self, settings: "Settings") -> "Settings":
        """What the options name, and the settings where they name nothing."""
        return replace(
            settings,
            knowledge=self.knowledge or settings.knowledge,
            engine=self.engine or settings.engine,
            reader=self.reader or settings.reader,
        )


def _named(_: click.Context, __: click.Parameter, name: str | None) -> Path | None:
    """The path that is named; an empty one would be the current folder."""
    if name == "":
        raise click.BadParameter("it is empty; name a file or a folder.")
    return None if name is None else Path(name)


def reads_knowledge(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that name the documents, the engine and the reader; one value, `chosen`."""

    @wraps(command)
    def choosing(
        *, knowledge: Path | None, engine: str | None, reader: str | None, **others: Any
    ) -> Any:
        return command(chosen=Chosen(knowledge, engine, reader), **others)

    for option in (
        click.option(
            "--reader",
            metavar="NAME",
            help="What understands questions: auto, words, small, or a folder (default: auto).",
        ),
        click.option("--engine", metavar="NAME", help="Search engine (default: auto)."),
        click.option(
            "--knowledge",
            metavar="PATH",
            type=click.Path(),
            callback=_named,
            help="File or folder of documents (default: the packaged article).",
        ),
    ):
        choosing = option(choosing)
    return choosing


takes_limit = click.option(
    "--limit",
    type=click.IntRange(1, 10),
    default=10,
    show_default=True,
    help="Maximum number of hits.",
)

prints_json = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object per line."
)


def opened_collection(
    chosen: Chosen,
    *,
    says_what: bool = False,
    refresh: bool | None = None,
    rebuild: bool = False,
) -> "Collection":
    """What the options name, and the settings where they name nothing.

    What was done to the index is said here, unless the command itself says it.
    """
    from bot.assembly import opened
    from bot.terminal.progress import Progress

    settings = chosen.over(settings_here())
    with Progress(can_draw=is_drawn_over()) as progress:
        collection = opened(settings, progress.advance, refresh=refresh, rebuild=rebuild)
    report = collection.report
    if report.damaged:
        _say_damage(collection)
    elif not says_what:
        _say_what_was_done(collection)
        if report.is_new and collection.gets_vectors(settings.vectors):
            command = shlex.join(["footnote", "index", *chosen.repeated])
            say(f"to find more by meaning, make vectors once: {command}")
    # It may prove to be damaged only when it is read.
    click.get_current_context().call_on_close(
        lambda: None if collection.report is report else _say_damage(collection)
    )
    return collection


def made_vectors(collection: "Collection") -> "Made | None":
    """What came of making the vectors that passages lack; None where no reader gives any."""
    from bot.terminal.progress import Progress

    with Progress(can_draw=is_drawn_over()) as progress:
        return collection.make_vectors(progress.make, settings_here().vectors)


def _say_damage(collection: "Collection") -> None:
    """That an index was made anew, and why."""
    what = f"the index was damaged ({collection.report.damaged}) and was built again"
    say(f"{what} in {collection.place}")


def _say_what_was_done(collection: "Collection") -> None:
    """That an index was made or brought up to date, and that more files were skipped."""
    from bot.presentation import counted

    report = collection.report
    if report.is_new:
        documents = counted(len(collection.documents), "document")
        say(f"built an index of {documents} in {collection.place}")
    elif not report.is_nothing:
        files = len(report.added) + len(report.changed) + len(report.removed) + len(report.renamed)
        say(f"updated the index: {counted(files, 'file')} changed")
    if report.skips_more:
        from bot.terminal.skipped import skipped_line

        say(skipped_line(report.skipped))


def settings_here() -> "Settings":
    """The settings of the environment and of the folder that the command runs in."""
    from bot.settings import read_settings

    return read_settings(os.environ, Path(".env"))


def is_drawn_over() -> bool:
    """Whether standard error is a terminal that can draw over what it shows."""
    from bot.settings import can_draw

    return sys.stderr is not None and sys.stderr.isatty() and can_draw(os.environ)


def spare_memory() -> None:
    """Let numpy start no threads: what is computed here gains nothing by them."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def valid(text: str) -> str:
    """The text without the halves of characters that stand for undecodable bytes in arguments."""
    return text.encode(errors="replace").decode()


def width() -> int:
    """The columns of the terminal; 80 where there is none."""
    return shutil.get_terminal_size().columns


def links() -> Links:
    """How the addresses of web pages are shown where this prints."""
    return links_here(os.environ, is_terminal=sys.stdout.isatty())


def say(sentence: str) -> None:
    """Say what is no answer, on standard error."""
    try:
        from bot.presentation import harmless

        shown = harmless(sentence)
    except (ImportError, MemoryError):  # where there is no memory to load it
        shown = ascii(sentence)[1:-1]
    with suppress(OSError):  # the exit code says it still
        click.echo(f"footnote: {shown}", err=True)


def show_text(text: str) -> None:
    """Print and flush; with styles on a terminal, unless the environment says otherwise."""
    from bot.settings import wants_colour

    click.echo(text, color=wants_colour(os.environ))
    sys.stdout.flush()
