"""Read documents again and again as a bot does: `reading_again.py FOLDER TIMES`.

Prints the resident bytes after each reading of 3,000 passages, of which some have changed.
"""

import asyncio
import os
import random
import sys
from functools import partial
from pathlib import Path

from bot import reloading
from bot.library import read_library
from bot.limits import Limits, Origin
from bot.memory import share_memory
from bot.service import Service
from bot.settings import Settings

_WORDS = [f"{first}{second}" for first in "bdfglmnprst" for second in ("ara", "elo", "imu")]


def write(folder: Path) -> None:
    """Documents whose words say nothing."""
    folder.mkdir()
    chosen = random.Random(1)
    for number in range(150):
        sections = (
            f"## {' '.join(chosen.choices(_WORDS, k=3))}\n\n"
            + " ".join(f"{' '.join(chosen.choices(_WORDS, k=12)).capitalize()}." for _ in range(8))
            for _ in range(20)
        )
        text = f"# Document {number}\n\n" + "\n\n".join(sections)
        (folder / f"{number}.md").write_text(text, encoding="utf-8")


async def read(folder: Path, times: int) -> None:
    """Print what is resident after each reading."""
    settings = Settings(knowledge=folder / "docs", cache=folder / "cache", reader="words")
    service = Service(partial(read_library, settings), Limits(0, 0, 0))
    for number in range(times):
        text = f"# Document 0\n\n{' '.join(_WORDS)} {number}.\n"
        (settings.knowledge / "0.md").write_text(text, encoding="utf-8")
        assert (await service.reload(Origin(1, 1))).passages > 2_900
        await service.ask("What is the bara delo?", Origin(1, 1, 1))
        pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
        sys.stdout.write(f"{pages * os.sysconf('SC_PAGE_SIZE')}\n")


if __name__ == "__main__":
    share_memory()
    reloading.RELOAD_AFTER = 0
    write(Path(sys.argv[1]) / "docs")
    asyncio.run(read(Path(sys.argv[1]), int(sys.argv[2])))
