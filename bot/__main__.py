"""`python -m bot` is the command `footnote`."""

import sys

_INTERRUPTED = 130
"""That of bot/terminal/cli.py, which may not be imported yet."""


def run() -> int:
    """The command with the process's arguments; Ctrl-C ends it while it is still imported too."""
    try:
        from bot.terminal.cli import main

        return main()
    except KeyboardInterrupt:
        return _INTERRUPTED


if __name__ == "__main__":  # processes of an evaluation import this module
    sys.exit(run())
