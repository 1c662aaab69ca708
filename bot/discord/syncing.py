"""The commands as Discord gets them: checked against its limits, and sent when they changed."""

import asyncio
import hashlib
import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from discord import app_commands

from bot.discord.database import Database

_log = logging.getLogger(__name__)

# https://discord.com/developers/docs/interactions/application-commands
_MOST = {1: 100, 2: 15, 3: 15}
"""Commands of each type: typed, of a member, of a message."""

_LONGEST = 8_000
"""Characters of names, descriptions and values in one command."""

_NAME = re.compile(r"[-_\w]{1,32}")


def payload(tree: app_commands.CommandTree[Any]) -> list[dict[str, Any]]:
    """All commands as they are sent."""
    return [command.to_dict(tree) for command in tree.get_commands()]


def problems(commands: Sequence[Mapping[str, Any]]) -> list[str]:
    """What Discord would refuse, a sentence each."""
    found = []
    for kind, most in _MOST.items():
        count = sum(command.get("type", 1) == kind for command in commands)
        if count > most:
            found.append(f"{count} commands of type {kind}, at most {most} are allowed")
    for command in commands:
        found += _problems(command, str(command["name"]), is_typed=command.get("type", 1) == 1)
        length = _length(command)
        if length > _LONGEST:
            found.append(
                f"{command['name']}: {length:,} characters, at most {_LONGEST:,} are allowed"
            )
    return found


def _problems(part: Mapping[str, Any], path: str, *, is_typed: bool = True) -> Iterator[str]:
    yield from _typed_text(part, path) if is_typed else _shown_text(part, path)
    options: Sequence[Mapping[str, Any]] = part.get("options") or ()
    if len(options) > 25:
        yield f"{path}: {len(options)} options, at most 25 are allowed"
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        yield f"{path}: a required option follows an optional one"
    choices: Sequence[Mapping[str, Any]] = part.get("choices") or ()
    if len(choices) > 25 or any(not 1 <= len(str(c["name"])) <= 100 for c in choices):
        yield f"{path}: at most 25 choices of 1 to 100 characters are allowed"
    for option in options:
        yield from _problems(option, f"{path} {option['name']}")


def _typed_text(part: Mapping[str, Any], path: str) -> Iterator[str]:
    """What is wrong with the name and description of what people type."""
    name = str(part["name"])
    if not _NAME.fullmatch(name) or name != name.lower():
        yield f"{path}: a name must have 1 to 32 lowercase letters, digits, - and _"
    if not 1 <= len(str(part.get("description", ""))) <= 100:
        yield f"{path}: a description must have 1 to 100 characters"


def _shown_text(part: Mapping[str, Any], path: str) -> Iterator[str]:
    """What is wrong with the name of what people pick from a menu; it has no description."""
    if not 1 <= len(str(part["name"])) <= 32:
        yield f"{path}: a name must have 1 to 32 characters"


def _length(part: Mapping[str, Any]) -> int:
    own = sum(len(str(part.get(key, ""))) for key in ("name", "description", "value"))
    inner = [*(part.get("options") or ()), *(part.get("choices") or ())]
    return own + sum(_length(each) for each in inner)


def payload_hash(commands: Sequence[Mapping[str, Any]]) -> str:
    """The same for the same commands, in whatever order."""
    ordered = sorted(commands, key=lambda c: (c.get("type", 1), c["name"]))
    return hashlib.sha256(json.dumps(ordered, sort_keys=True).encode()).hexdigest()


async def sync_if_changed(
    tree: app_commands.CommandTree[Any], application: int, database: Database
) -> bool:
    """Send the commands unless they were sent before; whether they were.

    Discord counts what is created in a day, so a bot that restarts often must not send them often.
    """
    hashed = payload_hash(payload(tree))
    if await asyncio.to_thread(database.synced, application) == hashed:
        return False
    await tree.sync()
    await asyncio.to_thread(database.set_synced, application, hashed)
    _log.info("commands were sent to Discord")
    return True
