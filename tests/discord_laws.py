"""What everything that is sent to Discord must keep: its own description, and laws of our own.

Discord's OpenAPI description is used where it lies beside the project. It calls itself a preview
and misses some limits; those stand here, from https://discord.com/developers/docs.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.conftest import SHARED

OPENAPI = SHARED / "discord" / "openapi.json"

TEXT, CONTAINER, ROW, BUTTON = 10, 17, 1, 2
_PINGS = re.compile(
    r"@everyone|@here|(?<!\\)<(?:@[!&]?|#|/[\w ]+:|a?:\w+:|t:|id:)[\w:]+>"
    r"|discord(?:app)?\.(?:gg|com/invite)",
    re.I,
)
# Of these, the forms between angle brackets are plain text within a block of code.
_PINGS_IN_CODE = re.compile(r"@everyone|@here|discord(?:app)?\.(?:gg|com/invite)", re.I)
_CODE = re.compile(r"^```\n.*?^```$", re.M | re.S)
_LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(([^)]*)\)")


def broken_by(method: str, path: str, body: Any) -> list[str]:
    """The laws that a request breaks, a sentence each."""
    found = [*_broken_schema(method, path, body)]
    message = _message_in(path, body)
    if message is not None:
        found += _broken_by_message(message)
    if isinstance(body, Mapping) and body.get("type") == 8:
        choices = body["data"]["choices"]
        if len(choices) > 25 or any(not 1 <= len(c["name"]) <= 100 for c in choices):
            found.append("autocomplete has at most 25 choices of 1 to 100 characters")
        if any(not 1 <= len(str(choice["value"])) <= 100 for choice in choices):
            found.append("a choice's value has 1 to 100 characters")
    return found


def _message_in(path: str, body: Any) -> Mapping[str, Any] | None:
    """The message that a request sends or edits, if it does."""
    if not isinstance(body, Mapping):
        return None
    if path.endswith("/callback"):
        data = body.get("data")
        return data if body.get("type") in (4, 7) and isinstance(data, Mapping) else None
    is_message = "/messages" in path or path.startswith("/webhooks")
    return body if is_message and not path.endswith("/threads") else None


def _broken_by_message(message: Mapping[str, Any]) -> Iterator[str]:
    allowed = message.get("allowed_mentions", {})
    if allowed.get("parse") != []:
        yield "no mention may ever be allowed but that of one member or role by its id"
    meant = [f"<@{id_}>" for id_ in allowed.get("users", [])]
    meant += [f"<@&{id_}>" for id_ in allowed.get("roles", [])]
    if len(meant) > 1:
        yield "one member or role is mentioned, who is waiting for that"
    if message.get("allowed_mentions", {}).get("replied_user"):
        yield "the member who is replied to is not notified"
    parts = list(_walk(message.get("components") or []))
    texts = [part["content"] for part in parts if part["type"] == TEXT]
    for text in [*texts, message.get("content") or ""]:
        for mention in meant:
            text = text.replace(mention, "")
        outside = _CODE.sub("", text)
        if match := _PINGS.search(outside) or _PINGS_IN_CODE.search(text):
            yield f"{match[0]!r} is no escaped text"
        for address in _LINK.findall(outside):
            if not re.fullmatch(r"<https?://[^<>\s]+>", address):
                yield f"{address!r} is no address that stays folded"
    if parts and (message.get("content") or message.get("embeds")):
        yield "a message of components has neither content nor embeds"
    if sum(map(len, texts)) > 4000 or any(not text.strip() for text in texts):
        yield "texts are not empty, and have 4000 characters together"
    if len(parts) > 40:
        yield "a message has at most 40 components"
    ids = [part["custom_id"] for part in parts if "custom_id" in part]
    if len(set(ids)) != len(ids) or any(not 1 <= len(custom) <= 100 for custom in ids):
        yield "custom ids have 1 to 100 characters and differ"
    if any(len(part["components"]) > 3 for part in parts if part["type"] == ROW):
        yield "a row has at most 3 buttons, which a phone shows beside each other"
    if len(message.get("content") or "") > 2000:
        yield "content has at most 2000 characters"


def _walk(components: list[Any]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        yield component
        yield from _walk(component.get("components") or [])
        yield from _walk([component["accessory"]] if "accessory" in component else [])


def texts_in(components: list[Any]) -> str:
    """All texts of a message of components, a line each."""
    return "\n".join(p["content"] for p in _walk(components) if p["type"] == TEXT)


def buttons_in(components: list[Any]) -> dict[str, Mapping[str, Any]]:
    """The buttons of a message by their labels, of several with one the first."""
    found: dict[str, Mapping[str, Any]] = {}
    for part in _walk(components):
        if part["type"] == BUTTON:
            found.setdefault(part["label"], part)
    return found


def _broken_schema(method: str, path: str, body: Any) -> Iterator[str]:
    if body is None or not OPENAPI.is_file():
        return
    for broken in _broken_by_text(method.lower(), _template(path), json.dumps(body)):
        yield f"{method} {path}: {broken}"


@lru_cache(maxsize=256)
def _broken_by_text(method: str, template: str, text: str) -> Sequence[str]:
    """What a body breaks of the description: of hundreds of commands, once for all tests that send
    the same ones."""
    validator = _validator(method, template)
    if validator is None:
        return ()
    errors = [best_match([error]) or error for error in validator.iter_errors(json.loads(text))]
    return [f"{one.json_path}: {one.message[:300]}" for one in errors]


@lru_cache
def _description() -> tuple[Any, Any]:
    description = json.loads(OPENAPI.read_text(encoding="utf-8"))
    # discord.py sends ids of references and attachments as numbers, which Discord takes.
    description["components"]["schemas"]["SnowflakeType"] = {"type": ["string", "integer"]}
    # Media channels are documented, and missing here.
    description["components"]["schemas"]["ChannelTypes"]["oneOf"].append({"const": 16})
    resource = Resource.from_contents(description, default_specification=DRAFT202012)
    return description, Registry().with_resource("urn:discord", resource)


@lru_cache
def _templates() -> list[tuple[str, re.Pattern[str]]]:
    """The paths of the description, the most exact first, each with what fits it."""
    paths = sorted(_description()[0]["paths"], key=lambda path: path.count("{"))
    return [(path, re.compile(re.sub(r"\{\w+\}", "[^/]+", path))) for path in paths]


def _template(path: str) -> str:
    """The path of the description that fits; the path itself where none does."""
    return next((template for template, fits in _templates() if fits.fullmatch(path)), path)


@lru_cache
def _validator(method: str, template: str) -> Draft202012Validator | None:
    description, registry = _description()
    operation = description["paths"].get(template, {}).get(method, {})
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    pointer = "/".join(
        part.replace("~", "~0").replace("/", "~1")
        for part in ("paths", template, method, "requestBody", "content", "application/json")
    )
    return Draft202012Validator({"$ref": f"urn:discord#/{pointer}/schema"}, registry=registry)
