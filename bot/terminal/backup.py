"""The commands that copy what the Discord bot keeps, and put it back."""

from pathlib import Path

import click

from bot.terminal.options import settings_here, show_text
from footnote import FootnoteError

_takes_file = click.argument("file", type=click.Path(path_type=Path))


class OtherDatabaseError(FootnoteError):
    """A database that has commands of its own for this."""


@click.command()
@_takes_file
def backup(file: Path) -> int:
    """Copy the Discord bot's database to FILE.

    The bot may be running: the copy is that of one moment. It is checked, and has all of the
    database in one file that only you can read. It exits with 2 if FILE is there already.

    \b
    Examples:
      footnote backup discord-backup.sqlite3
    """
    from bot.discord.backups import back_up
    from bot.presentation import harmless

    back_up(_folder("pg_dump"), file)
    show_text(f"Backed up to {harmless(str(file))}.")
    return 0


@click.command()
@_takes_file
def restore(file: Path) -> int:
    """Restore the bot's database from FILE.

    Stop the bot first. FILE is checked before anything is replaced and, if an earlier version
    wrote it, brought up to date. What the database had that FILE has not is lost.

    \b
    Examples:
      footnote restore discord-backup.sqlite3
    """
    from bot.discord.backups import restore as put_back
    from bot.presentation import harmless

    aside = put_back(_folder("pg_restore"), file)
    show_text(f"Restored from {harmless(str(file))}.")
    if aside is not None:
        show_text(f"The database that was there is damaged; it is now {harmless(str(aside))}.")
    return 0


def _folder(program: str) -> Path:
    """Where the database is; OtherDatabaseError where it is on a server, with its own `program`."""
    # Imported here, since every command would wait for it.
    from footnote.index import data_folder

    settings = settings_here()
    if settings.database:
        raise OtherDatabaseError(
            f"FOOTNOTE_DATABASE names a PostgreSQL database; use {program}, which comes with"
            " PostgreSQL"
        )
    return data_folder(settings.data)
