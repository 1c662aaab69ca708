"""The command that runs the Discord bot."""

import signal
import sys

import click

from bot.terminal.options import Chosen, reads_knowledge, settings_here, show_text


@click.command()
@reads_knowledge
@click.option("--check", "is_check", is_flag=True, help="Check everything without connecting.")
@click.option("--verbose", is_flag=True, help="Also log what Discord sends, including messages.")
def bot(chosen: Chosen, is_check: bool, verbose: bool) -> int:
    """Run the Discord bot until it is stopped.

    Set its token in DISCORD_TOKEN. docs/deployment.md explains how to create a bot, invite it and
    keep it running. --check tests the settings, the documents and the commands without connecting.

    Exits with 0 when SIGTERM or Ctrl-C stops it (running answers are finished first), 2 if you have
    to fix something before it can start or go on (such as a token that was reset), 75 if Discord,
    the database or the search cluster cannot be reached and a later start may succeed.

    \b
    Examples:
      footnote bot --check --knowledge docs/
      footnote bot --knowledge docs/
    """
    if not is_check:
        # Until the bot takes signals itself: what is imported below takes a moment.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    from bot.discord.running import check, run

    settings = chosen.over(settings_here())
    if is_check:
        show_text(check(settings))
        return 0
    return run(settings, is_verbose=verbose)
