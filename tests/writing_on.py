"""What members and moderators have a bot write, by a process that is killed, in numbered steps.

What is kept after so many steps is known without a database, so that whatever a kill leaves can be
compared with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from bot.discord.database import Database, Mode, Policy, Rating, Reply, opened
from bot.discord.retention import Retention
from bot.discord.rule_store import Rules
from bot.discord.taught import Taught
from bot.discord.taught_store import TaughtStore
from bot.discord.upload_store import Uploads
from bot.discord.uploads import Kind, Upload, UploadLimits

SERVER = 1
KEYS = 5
"""Each step overwrites what another one wrote so many steps before."""

_MODES, _REPLIES = tuple(Mode), tuple(Reply)

State = dict[str, object]


@dataclass(frozen=True)
class Writing:
    """Something that is written by steps: `step` does one, `kept` is what a database then has, and
    `expected` what it must have after step 0 to `last`, none of them where that is -1."""

    step: Callable[[Database, int], object]
    kept: Callable[[Database], State]
    expected: Callable[[int], State]


def _latest(last: int) -> dict[int, int]:
    """The last step up to `last` that each key was written by."""
    return {step % KEYS: step for step in range(max(0, last - KEYS + 1), last + 1)}


def _rate(database: Database, step: int) -> None:
    rating = Rating(step % KEYS, SERVER, 10, 7, bool(step % 2), f"step {step} " * 50)
    database.rate(rating)


def _ratings(database: Database) -> State:
    return {
        f"{each.message}": (each.is_helpful, each.comment) for each in database.feedback(SERVER)
    }


def _expected_ratings(last: int) -> State:
    steps = _latest(last).items()
    return {f"{key}": (bool(step % 2), f"step {step} " * 50) for key, step in steps}


def _policy(step: int) -> Policy:
    return Policy(_MODES[step % len(_MODES)], _REPLIES[step % len(_REPLIES)])


def _set(database: Database, step: int) -> None:
    """Settings of a channel, of the server, and for how many days records are kept, in turn."""
    if step % KEYS == 0:
        Retention(database, 90).set_days(SERVER, step)
    else:
        channel = step % KEYS - 1 or None
        Rules(database).decide(SERVER, channel, _policy(step))


def _settings(database: Database) -> State:
    days = Retention(database, -1).days_of(SERVER)
    rules = Rules(database)
    default = rules.defaults()
    return {
        **({} if days == -1 else {"days": days}),
        **({"1": default[SERVER]} if default else {}),
        **{f"{channel + 1}": policy for channel, policy in rules.of(SERVER).items()},
    }


def _expected_settings(last: int) -> State:
    steps = _latest(last)
    days = {"days": steps.pop(0)} if 0 in steps else {}
    return {**days, **{f"{key}": _policy(step) for key, step in steps.items()}}


def _content(step: int) -> bytes:
    return f"# Step {step}\n\n".encode() + bytes([step % 251]) * 20_000


def _uploads(database: Database) -> Uploads:
    return Uploads(database, UploadLimits())


def _upload(database: Database, step: int) -> None:
    """Two documents at once, in the place of those of the same names."""
    both = [
        Upload(f"{step % KEYS}-{name}.md", Kind.FILE, _content(step), 1) for name in ("one", "two")
    ]
    _uploads(database).add(SERVER, both, 7, "anna")


def _uploaded(database: Database) -> State:
    uploads = _uploads(database)
    return {kept.name: uploads.content(SERVER, kept.id) for kept in uploads.present(SERVER)}


def _expected_uploads(last: int) -> State:
    return {
        f"{key}-{name}.md": _content(step)
        for key, step in _latest(last).items()
        for name in ("one", "two")
    }


def _teach(database: Database, step: int) -> None:
    """An entry is taught, edited, and removed when the next one of its key is taught."""
    store = TaughtStore(database)
    number, act = divmod(step, 3)
    if act == 0:
        at = "2026-01-01T00:00:00+00:00"
        store.add(Taught(number, SERVER, f"Question {number}?", "Draft", 7, "anna", at, ""))
    elif act == 1:
        store.edit(SERVER, number, f"Question {number}?", f"Answer {number}. " * 50)
    else:
        store.remove(SERVER, number - KEYS)


def _taught(database: Database) -> State:
    return {f"{entry.id}": entry.answer for entry in TaughtStore(database).entries(SERVER)}


def _expected_taught(last: int) -> State:
    entries: State = {}
    for step in range(max(0, last - 3 * KEYS - 2), last + 1):
        number, act = divmod(step, 3)
        if act == 2:
            entries.pop(f"{number - KEYS}", None)
        else:
            entries[f"{number}"] = f"Answer {number}. " * 50 if act else "Draft"
    return entries


KINDS = {
    "feedback": Writing(_rate, _ratings, _expected_ratings),
    "settings": Writing(_set, _settings, _expected_settings),
    "uploads": Writing(_upload, _uploaded, _expected_uploads),
    "teaching": Writing(_teach, _taught, _expected_taught),
}


def write_on(
    acknowledged: Connection, kind: str, folder: Path, first: int, address: str | None
) -> None:
    """Do one step after the other, until the process is ended; each is said once it is done."""
    database = opened(address, folder)
    for step in count(first):
        KINDS[kind].step(database, step)
        acknowledged.send(step)
