"""Pictures of citations that were opened in a browser, in docs/pictures/: a page of a PDF, words.

Needs Debian's packages chromium, xvfb and imagemagick. Run it from the project's folder:
`.venv/bin/python docs/opening.py`.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import footnote  # noqa: E402

SAMPLES = ROOT / "tests" / "data" / "formats"
PICTURES = ROOT / "docs" / "pictures"
OPENED = {
    "opened-page": ("report.pdf", "How many pounds did the library take in and spend?"),
    "opened-words": ("handbook-pandoc.html", "What hangs inside the clock case of the cupboard?"),
}
LOADING = 10
"""Seconds after which a page is shown."""


def address(name: str, question: str, base_url: str, cache: Path) -> str:
    """Where the first citation of an answer opens."""
    collection = footnote.open(SAMPLES / name, cache=cache, base_url=base_url)
    found = collection.ask(question).citations[0].address
    assert found is not None
    return found


def picture(opened: str, target: Path) -> None:
    """Take a picture of an address in a browser of its own."""
    chromium = shutil.which("chromium") or "chromium-browser"
    with tempfile.TemporaryDirectory() as profile:
        options = ["--no-sandbox", "--no-first-run", "--window-size=1000,760"]
        command = [chromium, *options, "--window-position=0,0", f"--user-data-dir={profile}"]
        taken = 'import -window root -crop 1000x616+0+144 +repage "$TARGET"'
        script = f'"$@" & sleep "$0"; {taken}; kill $!; wait'
        subprocess.run(
            [
                *("xvfb-run", "-a", "-s", "-screen 0 1000x760x24", "env", f"TARGET={target}"),
                *("sh", "-c", script, str(LOADING), *command, opened),
            ],
            check=False,
            stderr=subprocess.DEVNULL,
        )
        subprocess.run(["mogrify", "-colors", "64", str(target)], check=True)
        # The browser still writes to its profile.
        time.sleep(1)


def main() -> None:
    """Serve the samples, ask, and take a picture of where each citation opens."""
    quiet = partial(SimpleHTTPRequestHandler, directory=str(SAMPLES))
    with ThreadingHTTPServer(("127.0.0.1", 0), quiet) as server, tempfile.TemporaryDirectory() as c:
        Thread(target=server.serve_forever, daemon=True).start()
        base_url = f"http://127.0.0.1:{server.server_port}"
        for name, (file, question) in OPENED.items():
            opened = address(file, question, base_url, Path(c))
            print(opened)
            picture(opened, PICTURES / f"{name}.png")
        server.shutdown()


if __name__ == "__main__":
    main()
