"""What a command imports, seen from within a process of its own."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def imported(
    arguments: Sequence[str],
    names: set[str],
    environment: Mapping[str, str] | None = None,
    first: str = "",
) -> tuple[str, list[str]]:
    """What `footnote` prints with some arguments, and which of the modules it has imported then.

    `first` is run before it.
    """
    code = (
        f"import sys\n{first}\nfrom bot.terminal.cli import main\nmain({list(arguments)!r})\n"
        f"import json; print(json.dumps(sorted({names!r} & set(sys.modules))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        cwd=ROOT,
        env=None if environment is None else dict(environment),
    )
    printed, _, modules = done.stdout.rstrip().rpartition("\n")
    return printed, json.loads(modules)
