"""`python -m bot` is the command `footnote`."""

import sys

from bot.terminal.cli import main

if __name__ == "__main__":  # processes of an evaluation import this module
    sys.exit(main())
