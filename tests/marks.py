"""What of a module's texts members read, found in its syntax tree."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from discord import app_commands

from docs.catalogues import MARKS, commands_with

OTHERWISE = {"command", "describe", "Choice", "context_menu", "compile", *MARKS}
"""Calls whose texts are translated, or are shown to nobody."""

LABELLED = {"button", "Button", "Label", "Modal", "TextInput"}
"""Calls that show even a single word."""

PROSE = re.compile(r"[^\W\d_]{2,}[,;:.]? [a-z]{2,}(?![=\w])")
SQL = re.compile(r"(?:select|insert|update|delete|where|order|from|and|server not in)\b")

OTHER_READERS = {
    "assembly", "backups", "client", "daemon", "database", "departures", "endings", "handed",
    "leases", "metrics", "migrations", "monitoring", "postgres", "presentation", "prometheus",
    "running", "settings", "sqlite", "syncing", "taught_store", "texts",
}  # fmt: skip
"""Modules whose texts are for operators, for the terminal or for databases."""

FOR_PROGRAMS = {"not helpful", "day or question"}
"""Words in CSV files, which are the same in every language."""


def unmarked_in(source: str) -> Iterator[tuple[int, str]]:
    """The texts, each with its line, that look like something to read and are not marked."""
    yield from _unmarked(ast.parse(source), is_label=False)


def _unmarked(node: ast.AST, *, is_label: bool) -> Iterator[tuple[int, str]]:
    if _is_for_others(node):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        is_word = is_label and re.search(r"[^\W\d_]{2}", node.value)
        is_prose = PROSE.search(node.value) and not SQL.match(node.value.strip())
        if (is_word or is_prose) and node.value not in FOR_PROGRAMS:
            yield node.lineno, node.value
        return
    if isinstance(node, ast.Call):
        is_label = _name(node.func) in LABELLED
    for child in ast.iter_child_nodes(node):
        yield from _unmarked(child, is_label=is_label)


def _is_for_others(node: ast.AST) -> bool:
    """Whether what stands in a part of the code is for nobody, for the log or for operators."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return True  # a docstring
        case ast.keyword(arg="description" | "custom_id"):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id="_log"))):
            return True
        case ast.Call(func=func):
            return _name(func) in OTHERWISE or _name(func) in _operators()
    return False


def _name(func: ast.expr) -> str:
    match func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


@cache
def _operators() -> frozenset[str]:
    """Errors that members never read."""
    import footnote
    from bot import settings
    from bot.discord import endings, leases, store
    from bot.errors import MemberError
    from footnote import FootnoteError

    modules = (footnote, settings, endings, leases, store)
    errors = [getattr(module, name) for module in modules for name in dir(module)]
    return frozenset(
        each.__name__
        for each in errors
        if isinstance(each, type)
        and issubclass(each, FootnoteError)
        and not issubclass(each, MemberError)
    )


def command_names(text: str) -> Iterator[tuple[str, ...]]:
    """The commands that a text names, each with its groups: of `/footnote record`, both."""
    for words in re.findall(r"(?<![\w/])/([a-z-]+(?: [a-z-]+)*)", text):
        names, inner = [], _tree()
        for word in words.split():
            if word not in inner:
                break
            names.append(word)
            inner = inner[word]
        if names:
            yield tuple(names)


@cache
def _tree() -> dict[str, Any]:
    return _names(commands_with(app_commands.Translator()))


def _names(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """The names of commands, with those within a group."""
    return {
        part["name"]: _names([o for o in part.get("options", []) if o["type"] in (1, 2)])
        for part in parts
    }
