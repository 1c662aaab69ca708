"""The command that runs the Discord bot."""

from dataclasses import replace
from pathlib import Path

import click

from bot.terminal.options import reads_knowledge, settings_here, show_text

UNREACHABLE = 75
"""The exit code for what may work later, as in sysexits.h (EX_TEMPFAIL)."""


@click.command()
@reads_knowledge
@click.option("--check", "is_check", is_flag=True, help="Only check that it could run.")
@click.option("--verbose", is_flag=True, help="Log what Discord sends too, with people's words.")
def bot(knowledge: Path | None, engine: str | None, is_check: bool, verbose: bool) -> int:
    """Run the Discord bot, with the token in DISCORD_TOKEN, until it is told to stop.

    docs/deployment.md says how to make a bot, invite it, and keep it running. Exits with 0 when
    SIGTERM or Ctrl-C stops it, after answers that are running; with 2 if something has to be mended
    before it can start; with 75 if Discord cannot be reached, so that it may start later. --check
    looks at the settings, the documents and the commands without connecting.

    \b
    Examples:
      footnote bot --check --knowledge docs/
      footnote bot --knowledge docs/
    """
    from bot.discord.running import UnreachableError, check, run

    settings = settings_here()
    settings = replace(
        settings, knowledge=knowledge or settings.knowledge, engine=engine or settings.engine
    )
    if is_check:
        show_text(check(settings))
        return 0
    try:
        return run(settings, is_verbose=verbose)
    except UnreachableError as error:
        click.echo(f"footnote: {error}", err=True)
        return UNREACHABLE
