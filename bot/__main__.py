"""`python -m bot` is the command `footnote`."""

import sys

from bot.cli import main

sys.exit(main())
