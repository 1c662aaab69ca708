"""Every byte of an index changed or cut in turn: what is answered from it then?

`python tests/damage.py` tries all of a small index, and `python tests/damage.py --unnoticed` what
neither size nor time tells of, in an index so big that its files are not compared whole. Behind it
a number may stand: only every so manieth is tried, as a test does.
"""

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from retrieval.answer.json_records import AnswerRecord
from retrieval.index import checksums
from retrieval.index.checksums import IndexDamagedError
from retrieval.index.folders import index_folder
from retrieval.index.manifest import IndexUseError
from retrieval.opening import open_collection

QUESTION = "Who planted the oak?"
NOTES = {
    "a.md": "# Lease\n\nThe lease ends in May. The rent is due on Friday.\n",
    "b.md": "# Garden\n\nThe oak was planted in 1987 by Anna Berg.\n",
    "c.txt": "The boiler was serviced in June.\n",
}

WRONG = "WRONG"
"""How the outcomes begin that must not come."""

ENDED = "the process ended"
"""Tantivy asks for more memory than there is, by a length that was changed."""

Damage = tuple[str, int, bytes]
"""A file, a place in it, and what it is from there on, or b"" where it ends there."""


class Damaged:
    """An index of a few notes, whose files are changed one after the other."""

    def __init__(self, place: Path) -> None:
        self.notes = place / "notes"
        self.cache = place / "cache"
        self.notes.mkdir()
        for name, text in NOTES.items():
            (self.notes / name).write_text(text)
        open_collection(self.notes, cache=self.cache, reader="words")
        # A second segment, and a deletion in the first.
        (self.notes / "c.txt").write_text("The boiler was serviced in July, the lamps in August.\n")
        open_collection(self.notes, cache=self.cache, reader="words")
        self.folder = index_folder(self.cache, self.notes)
        self.files = {
            path.name: path.read_bytes() for path in self.folder.iterdir() if path.stat().st_size
        }
        self.expected = self.answer()

    def answer(self) -> str:
        """What is answered from the index as it is."""
        collection = open_collection(
            self.notes, cache=self.cache, engine="tantivy", reader="words", refresh=False
        )
        return AnswerRecord.of(collection.ask(QUESTION)).model_dump_json()

    def places(self) -> Iterator[Damage]:
        """Each byte of each file with a bit, and with all bits, another way, and each cut."""
        for name, content in sorted(self.files.items()):
            for place, byte in enumerate(content):
                for other in (byte ^ 1 << place % 8, byte ^ 0xFF):
                    yield name, place, bytes([other]) + content[place + 1 :]
                yield name, place, b""

    def outcome(self, damage: Damage, *, is_noticed: bool = True) -> str:
        """What comes of a damage, in a word; the index is whole again afterwards."""
        name, place, rest = damage
        _put(self.folder / name, self.files[name][:place] + rest)
        try:
            if is_noticed:
                return self._asked(name)
            self._know()
            return _in_child(lambda: self._asked(name))
        finally:
            self._restore()

    def _asked(self, name: str) -> str:
        try:
            answer = self.answer()
        except IndexDamagedError as error:
            return "named" if name in error.files else "another file named"
        except IndexUseError:
            return "no index"
        except BaseException as error:
            return f"{WRONG}: {type(error).__name__}"
        if answer == self.expected:
            return "same answer"
        return "another answer, exact" if self._is_exact(answer) else f"{WRONG}: another quote"

    def _know(self) -> None:
        """All files are as they were, by what is known of their sizes and times."""
        known = json.loads(self.files[checksums.NAME][checksums.SEAL :])
        for name, one in known["files"].items():
            one["state"] = checksums.state_of(self.folder / name)
        _put(self.folder / checksums.NAME, checksums.sealed(json.dumps(known).encode()))

    def _restore(self) -> None:
        for file in self.folder.iterdir():
            if file.name not in self.files and file.suffix != ".lock":
                file.unlink()
        for name, content in self.files.items():
            file = self.folder / name
            if not file.exists() or file.read_bytes() != content:
                _put(file, content)

    def _is_exact(self, answer: str) -> bool:
        """Whether each quote is what stands at its place."""
        citations = json.loads(answer)["citations"]
        return all(
            (self.notes / each["document"]).read_text()[each["start"] : each["end"]]
            == each["quote"]
            for each in citations
        )


def _in_child(work: Callable[[], str]) -> str:
    """What comes of work in another process, since Tantivy may end the one that it is in."""
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.write(write, work().encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as end:
        said = end.read().decode()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return said or (ENDED if status == -signal.SIGABRT else f"{WRONG}: ended with {status}")


def _put(file: Path, content: bytes) -> None:
    # Cut in its place, a file that Tantivy has mapped would end this process.
    aside = file.with_name("aside")
    aside.write_bytes(content)
    aside.replace(file)


def outcomes(place: Path, every: int = 1, *, is_noticed: bool = True) -> Counter[str]:
    """How often each outcome came of every so manieth damage."""
    damaged = Damaged(place)
    tried = islice(damaged.places(), 0, None, every)
    return Counter(damaged.outcome(damage, is_noticed=is_noticed) for damage in tried)


def main(arguments: list[str]) -> int:
    """Try what the arguments say; 1 where something is wrong."""
    os.environ["FOOTNOTE_READER"] = "words"
    is_noticed = "--unnoticed" not in arguments
    if not is_noticed:
        checksums.SMALL = 0
    numbers = [int(argument) for argument in arguments if argument.isdecimal()]
    with TemporaryDirectory() as folder:
        found = outcomes(Path(folder), *numbers, is_noticed=is_noticed)
    for what, count in found.most_common():
        sys.stdout.write(f"{count:>7,}  {what}\n")
    return int(any(what.startswith(WRONG) for what in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
