"""Every regular expression of the product, found by itself, and texts that are hard for each.

Found are the patterns that modules hold, also in tuples and dicts, those that their cached
functions make, and those of calls such as re.sub("...", ...).
"""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from types import ModuleType
from typing import Any

PACKAGES = ("bot", "footnote", "knowledge", "retrieval")
_METHODS = {"match", "search", "fullmatch", "findall", "finditer", "sub", "subn", "split"}
_CATEGORIES = {"DIGIT": "1", "SPACE": " ", "WORD": "a"}
_parser = re._parser  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Found:
    """A pattern, where it stands, and the methods that it is used with."""

    place: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]


def modules() -> Iterator[ModuleType]:
    """All modules of the product."""
    for name in PACKAGES:
        package = importlib.import_module(name)
        yield package
        for info in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not info.name.endswith("__main__"):
                yield importlib.import_module(info.name)


def patterns(built: Mapping[str, str]) -> list[Found]:
    """All patterns; `built` gives an example for each call that makes one of what it is given.

    LookupError where a call makes one that has no example.
    """
    sources = {module: inspect.getsource(module) for module in modules()}
    anywhere = _methods_in("\n".join(sources.values()))
    found: dict[tuple[Any, int], Found] = {}
    for module, source in sources.items():
        here = _methods_in(source)
        others = frozenset().union(
            *(here[name] for name in here if name.islower() and name != "re")
        )
        for name, value in vars(module).items():
            used = here if name.startswith("_") else anywhere
            for pattern in _held(value):
                place, key = f"{module.__name__}.{name}", (pattern.pattern, pattern.flags)
                before = found[key].methods if key in found else frozenset()
                # Those of a tuple are used by another name.
                found[key] = Found(place, pattern, used.get(name, others) | before)
        for place, pattern, method in _called(module, ast.parse(source), built):
            key = (pattern.pattern, pattern.flags)
            found.setdefault(key, Found(place, pattern, frozenset({method} & _METHODS)))
    return list(found.values())


def _methods_in(source: str) -> dict[str, frozenset[str]]:
    """The methods that each name is used with."""
    used: dict[str, set[str]] = {}
    for name, method in re.findall(r"\b(\w+)(?:\(\))?\.(\w+)\(", source):
        if method in _METHODS:
            used.setdefault(name, set()).add(method)
    return {name: frozenset(methods) for name, methods in used.items()}


def _held(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """The patterns that a value of a module is, holds or makes."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 4 and isinstance(value, dict):
        yield from _held([*value.keys(), *value.values()], depth + 1)
    elif depth < 4 and isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _held(one, depth + 1)
    elif hasattr(value, "cache_info") and "Pattern" in str(inspect.signature(value)):
        parameters = inspect.signature(value).parameters
        if not parameters:
            yield from _held(value(), depth + 1)


def _called(
    module: ModuleType, tree: ast.AST, built: Mapping[str, str]
) -> Iterator[tuple[str, re.Pattern[Any], str]]:
    """The patterns of the calls of functions of `re`, each with the function."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="re"), attr=method), args=[first, *_]
            ) if method in _METHODS | {"compile"}:
                written = ast.unparse(first)
                try:
                    code = compile(ast.Expression(first), "-", "eval")
                    given = eval(code, vars(module))  # noqa: S307 (of our own module)
                except NameError:
                    place = f"{module.__name__}: {written}"
                    if place not in built:
                        if method == "compile":  # the module holds what it makes
                            continue
                        problem = f"{place}: made of what it is given; give an example"
                        raise LookupError(problem) from None
                    given = built[place]
                flags = re.NOFLAG
                for flag in re.findall(r"re\.([A-Z]+)\b", ast.unparse(node)):
                    flags |= re.RegexFlag[flag]
                if isinstance(given, str | bytes):
                    yield f"{module.__name__}: {written}", re.compile(given, flags), method


def hard_texts(pattern: re.Pattern[Any], seed: int = 1) -> list[str]:
    """Pieces that a pattern goes on with for long: what it repeats, and what it nearly matches."""
    random = Random(seed)
    written = pattern.pattern
    text = written.decode("latin-1") if isinstance(written, bytes) else written
    tree = _parser.parse(text, pattern.flags & ~re.UNICODE & ~re.DEBUG)
    wholes = [one for _ in range(3) if (one := _sample(tree, random, {}))]
    bodies = list(dict.fromkeys(one for one in _bodies(tree, random) if one))[:6]
    pieces = [*bodies, *wholes, *(one[:-1] for one in wholes)]
    pieces += [f"{one}{other}" for one in bodies[:3] for other in bodies[:3] if one != other]
    pieces += [
        f"{whole[: len(whole) // 2]}\0\0{body}" for whole in wholes[:1] for body in bodies[:3]
    ]
    pieces += [f"{body}\1\1!" for body in bodies[:3]] + [" ", "\n", "a"]
    return list(dict.fromkeys(one for one in pieces if one.rpartition("\0\0")[2]))


def _bodies(tree: Iterable[Any], random: Random) -> Iterator[str]:
    """A sample of what each repetition repeats."""
    for operation, argument in tree:
        name = str(operation)
        if name.endswith("_REPEAT"):
            yield _sample(argument[2], random, {})
            yield from _bodies(argument[2], random)
        elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
            yield from _bodies(argument[-1] if name == "SUBPATTERN" else argument, random)
        elif name == "BRANCH":
            for branch in argument[1]:
                yield from _bodies(branch, random)
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from _bodies(argument[1], random)


def _sample(tree: Iterable[Any], random: Random, groups: dict[int, str]) -> str:
    """A text that part of a pattern matches, but for what it asserts."""
    return "".join(_sample_of(str(op), argument, random, groups) for op, argument in tree)


def _sample_of(name: str, argument: Any, random: Random, groups: dict[int, str]) -> str:
    match name:
        case "LITERAL":
            return chr(argument)
        case "NOT_LITERAL":
            return "b" if argument == ord("a") else "a"
        case "ANY":
            return "x"
        case "IN":
            return _member(argument, random)
        case "BRANCH":
            return _sample(random.choice(argument[1]), random, groups)
        case "SUBPATTERN":
            groups[argument[0]] = shown = _sample(argument[-1], random, groups)
            return shown
        case "ATOMIC_GROUP":
            return _sample(argument, random, groups)
        case "GROUPREF":
            return groups.get(argument, "")
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, body = argument
            count = min(int(most), max(int(least), random.choice((0, 1, 2))))
            return "".join(_sample(body, random, groups) for _ in range(count))
    return ""


def _member(members: list[Any], random: Random) -> str:
    """A character of a class."""
    if str(members[0][0]) == "NEGATE":
        excluded = re.compile(_as_class(members[1:]))
        return next((one for one in "a1 .-x\n*" if not excluded.match(one)), "é")
    operation, argument = random.choice(members)
    match str(operation):
        case "LITERAL":
            return chr(argument)
        case "RANGE":
            return chr(random.choice((argument[0], argument[1])))
        case "CATEGORY":
            for category, one in _CATEGORIES.items():
                if str(argument).endswith(category):
                    return "." if "NOT" in str(argument) else one
    return ""


def _as_class(members: list[Any]) -> str:
    parts = []
    for operation, argument in members:
        match str(operation):
            case "LITERAL":
                parts.append(re.escape(chr(argument)))
            case "RANGE":
                parts.append(f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}")
            case "CATEGORY":
                sign = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[str(argument).rpartition("_")[2]]
                parts.append(f"\\{sign.upper() if 'NOT' in str(argument) else sign}")
    return f"[{''.join(parts)}]"
