"""The catalogues in bot/translations/, brought up to date with the texts of the code.

Run it from the project's folder: `.venv/bin/python docs/catalogues.py [LANGUAGE]`. New texts are
added, to be translated, and those that the code has no more are removed. A language that has no
catalogue gets one.
"""

import ast
import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import polib
from discord import app_commands

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from bot.discord.client import build_tree  # noqa: E402
from bot.discord.syncing import payload  # noqa: E402
from bot.discord.translating import is_typed  # noqa: E402
from bot.texts import CATALOGUES, NAME, languages  # noqa: E402

MARKS = {"gettext": 1, "gettext_noop": 1, "ngettext": 2, "pgettext": 2}
"""The functions of `bot/texts.py` that mark texts, and how many texts each takes."""

WIDTH = 100


@dataclass(frozen=True)
class Text:
    """A text in English, with its plural form and its context where it has one."""

    message: str
    plural: str = ""
    context: str | None = None


class UnmarkedError(Exception):
    """A text that is put together before it is translated, so that no catalogue can have it."""


def marked_texts() -> dict[Text, list[str]]:
    """All texts of the code that have translations, each with the files that it stands in."""
    found: dict[Text, list[str]] = {}
    for text in command_texts():
        found.setdefault(text, ["commands"])
    for path in sorted((ROOT / "bot").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for text in texts_in(ast.parse(path.read_text("utf-8")), name):
            places = found.setdefault(text, [])
            if name not in places:
                places.append(name)
    return found


def texts_in(tree: ast.AST, name: str) -> Iterator[Text]:
    """The texts that a module marks; UnmarkedError where one is not a plain text."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = node.args[: MARKS.get(node.func.id, 0)]
        constants = [each.value for each in texts if isinstance(each, ast.Constant)]
        if texts and len(constants) == len(texts):
            yield _text(node.func.id, *constants)
        elif any(_says_something(each) for each in texts):
            raise UnmarkedError(f"{name}:{node.lineno}: {ast.unparse(node)}")


def _says_something(node: ast.AST) -> bool:
    """Whether an expression has a text of its own, other than those that are marked within it."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
        return False
    return isinstance(node, ast.Constant) or any(map(_says_something, ast.iter_child_nodes(node)))


def _text(function: str, first: str, second: str = "") -> Text:
    if function == "pgettext":
        return Text(second, context=first)
    return Text(first, plural=second)


class _Collector(app_commands.Translator):
    """Notes each text of commands that it is asked for."""

    def __init__(self) -> None:
        self.texts: list[Text] = []

    async def translate(
        self, string: app_commands.locale_str, _: discord.Locale, context: Any
    ) -> None:
        text = Text(string.message, context=NAME if is_typed(context) else None)
        # Discord's dots for an option without a description.
        if string.message != "…":
            self.texts.append(text)


def command_texts() -> list[Text]:
    """The names and descriptions of commands, of their options and choices."""
    collector = _Collector()
    commands_with(collector)
    return list(dict.fromkeys(collector.texts))


def commands_with(translator: app_commands.Translator) -> list[dict[str, Any]]:
    """The commands as they are sent, translated by some translator."""

    client: Any = discord.Client(intents=discord.Intents.none())
    return asyncio.run(payload(build_tree(client), translator))


def updated(path: Path, texts: dict[Text, list[str]]) -> polib.POFile:
    """A catalogue with all texts of the code, in their order, and the translations it has."""
    old = polib.pofile(str(path), encoding="utf-8") if path.exists() else _begun(path.stem)
    kept = {(entry.msgctxt, entry.msgid, entry.msgid_plural): entry for entry in old}
    new = polib.POFile(wrapwidth=WIDTH)
    new.header, new.metadata = old.header, old.metadata
    for text, places in texts.items():
        key = (text.context, text.message, text.plural)
        entry = kept.get(key) or polib.POEntry(
            msgctxt=text.context, msgid=text.message, msgid_plural=text.plural
        )
        if text.plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: "", 1: ""}
        entry.occurrences = [(place, "") for place in places]
        entry.flags = ["python-brace-format"] if "{" in text.message else []
        new.append(entry)
    return new


def _begun(language: str) -> polib.POFile:
    catalogue = polib.POFile()
    catalogue.header = f"The texts of Footnote in the language {language}; see CONTRIBUTING.md."
    catalogue.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return catalogue


if __name__ == "__main__":
    found = marked_texts()
    for language in sorted({*languages(), *sys.argv[1:]}):
        file = CATALOGUES / f"{language}.po"
        catalogue = updated(file, found)
        catalogue.save(str(file))
        lacking = len(catalogue.untranslated_entries())
        print(f"{file.relative_to(ROOT)}: {len(catalogue)} texts, {lacking} to translate")
