"""The commands as Discord gets them: checked against its limits, and sent when they changed."""

import asyncio
import hashlib
import json
import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from discord import app_commands

from bot.discord.database import Database
from bot.discord.translating import CommandTranslator

_log = logging.getLogger(__name__)

# https://discord.com/developers/docs/interactions/application-commands
_MOST = {1: 100, 2: 15, 3: 15}
"""Commands of each type: typed, of a member, of a message."""

_LONGEST = 8_000
"""Characters of names, descriptions and values in one command, each in its longest language."""

_NAME = re.compile(r"[-_\w]{1,32}")


async def payload(
    tree: app_commands.CommandTree[Any], translator: app_commands.Translator
) -> list[dict[str, Any]]:
    """All commands as they are sent, with their translations."""
    commands = tree.get_commands()
    return [await command.get_translated_payload(tree, translator) for command in commands]


def problems(commands: Sequence[Mapping[str, Any]]) -> list[str]:
    """What Discord would refuse, a sentence each."""
    found: list[str] = []
    for kind, most in _MOST.items():
        alike = [command for command in commands if command.get("type", 1) == kind]
        found += _clashes(alike, "")
        if len(alike) > most:
            found.append(f"{len(alike)} commands of type {kind}, at most {most} are allowed")
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
    names = [name for choice in choices for name in _everywhere(choice, "name")]
    if len(choices) > 25 or any(not 1 <= len(name) <= 100 for name in names):
        yield f"{path}: at most 25 choices of 1 to 100 characters are allowed"
    yield from _clashes(options, f"{path} ")
    yield from _clashes(choices, f"{path} ")
    for option in options:
        yield from _problems(option, f"{path} {option['name']}")


def _everywhere(part: Mapping[str, Any], key: str) -> list[str]:
    """A text in English and in the other languages."""
    return [str(part.get(key, "")), *(part.get(f"{key}_localizations") or {}).values()]


def _clashes(parts: Sequence[Mapping[str, Any]], path: str) -> Iterator[str]:
    """Names that two commands, options or choices would have in one language."""
    translated = [part.get("name_localizations") or {} for part in parts]
    for locale in sorted({"en", *(locale for names in translated for locale in names)}):
        pairs = zip(parts, translated, strict=True)
        counts = Counter(str(names.get(locale, part["name"])) for part, names in pairs)
        for name, count in counts.items():
            if count > 1:
                yield f"{path}{name}: {count} have this name in the language {locale}"


def _typed_text(part: Mapping[str, Any], path: str) -> Iterator[str]:
    """What is wrong with the name and description of what people type."""
    for name in _everywhere(part, "name"):
        if not _NAME.fullmatch(name) or name != name.lower():
            yield f"{path}: a name must have 1 to 32 lowercase letters, digits, - and _: {name}"
    for description in _everywhere(part, "description"):
        if not 1 <= len(description) <= 100:
            yield f"{path}: a description must have 1 to 100 characters: {description}"


def _shown_text(part: Mapping[str, Any], path: str) -> Iterator[str]:
    """What is wrong with the name of what people pick from a menu; it has no description."""
    for name in _everywhere(part, "name"):
        if not 1 <= len(name) <= 32:
            yield f"{path}: a name must have 1 to 32 characters: {name}"


def _length(part: Mapping[str, Any]) -> int:
    own = sum(max(map(len, _everywhere(part, key))) for key in ("name", "description", "value"))
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
    translator = CommandTranslator()
    await tree.set_translator(translator)
    hashed = payload_hash(await payload(tree, translator))
    if await asyncio.to_thread(database.synced, application) == hashed:
        return False
    await tree.sync()
    await asyncio.to_thread(database.set_synced, application, hashed)
    _log.info("commands were sent to Discord")
    return True
