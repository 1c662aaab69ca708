"""`python -m bot` is the command `footnote`."""

import gc
import sys

# An answer makes thousands of objects and hardly any that hold each other: looking for these as
# often as Python does by itself took a tenth of its time. Processes of an evaluation import this
# module, too.
gc.set_threshold(50_000)

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
