"""The settings, read once from the environment and `.env`; nothing else reads either."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bot.admission import Admission
from footnote import MATERIAL, FootnoteError

if TYPE_CHECKING:
    from dotenv.parser import Original

_DATABASE = re.compile(r"postgres(ql)?://.")
_SHARDS = re.compile(r"\d+(,\d+)*")
_IDS = re.compile(r"\d{1,20}(\s*,\s*\d{1,20})*", re.ASCII)
_ADDRESS = re.compile(r"https?://[\w.-]+(?::\d+)?(?:/[^\s<>]*)?")

_COLLECTION = re.compile(r"(?!default=)[a-z0-9-]{1,50}=.+")
_SERVERS = re.compile(r"[a-z0-9-]{1,50}=\d{1,20}(?:\+\d{1,20})*", re.ASCII)

_LISTENER = re.compile(r"(?:([\w.-]+|\[[0-9a-fA-F:.]+\]):)?(\d{1,5})", re.ASCII)
"""A port, or a host and a port; an IPv6 address has brackets."""

_LAST_PORT = 65_535

PREFIX = "FOOTNOTE_"

_NEAR = 0.75
"""How much of a name must be that of a setting, so that it is taken for that one, misspelt."""

_OF_KUBERNETES = re.compile(r"_(?:SERVICE_HOST|SERVICE_PORT|PORT)(?:_|$)")
"""It sets FOOTNOTE_OPENSEARCH_PORT and the like where a service is called footnote-opensearch."""

_OFF = ("0", "false")

_AS_GIVEN: Mapping[object, Callable[[str], str | Path]] = {
    str: str,
    str | None: str,
    Path: Path,
    Path | None: Path,
}
"""The types of settings that any text can be, with what makes one of it."""


class SettingsError(FootnoteError):
    """A setting whose value cannot be used, or a variable whose name is nearly that of one."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default; the environment variable is the name with FOOTNOTE_.

    Only the token's is `DISCORD_TOKEN`, as other Discord bots have it; no secret is in a `repr`.
    Limits are questions a minute, and 0 is none. `vectors` are made for up to so many passages.
    `days_after_leaving` are the days on which a bot runs and still keeps what belongs to a server
    that it has left, `days_of_records` those for which questions and ratings are kept.
    A file that moderators add has up to `upload_mb` megabytes, a server up to `upload_documents`
    documents, of `upload_server_mb` megabytes together.
    `servers` and `users` are the ids of those that the bot answers.
    `collections` are NAME=PATH and `collection_servers` NAME=ID+ID, each divided by commas.
    `shards` are all of the bot, `shard_ids` those of this process. `metrics` is a port, or a host
    and a port.
    """

    knowledge: Path = MATERIAL
    engine: str = "auto"
    reader: str = "auto"
    data: Path | None = None
    cache: Path | None = None
    weights: Path | None = None
    vectors: int = 20_000
    opensearch: str | None = field(default=None, repr=False)
    opensearch_key: str | None = field(default=None, repr=False)
    opensearch_ca: Path | None = None
    discord_token: str | None = field(default=None, repr=False)
    database: str | None = field(default=None, repr=False)
    days_after_leaving: int = 30
    days_of_records: int = 90
    servers: str | None = None
    users: str | None = None
    shards: int = 0
    shard_ids: str | None = None
    questions: Path | None = None
    collections: str | None = None
    collection_servers: str | None = None
    base_url: str | None = None
    message_content: bool = False
    upload_mb: int = 10
    upload_documents: int = 100
    upload_server_mb: int = 50
    limit_user: int = 20
    limit_channel: int = 60
    limit_server: int = 300
    metrics: str | None = None
    log: Literal["text", "json"] = "text"

    def __post_init__(self) -> None:
        nothing = dict.fromkeys(("limit_user", "limit_channel", "limit_server"), "no limit")
        others = {
            "vectors": "none",
            "days_after_leaving": "delete at once",
            "days_of_records": "keep for good",
            "shards": "as many as Discord recommends",
            "upload_mb": "none",
            "upload_documents": "none",
            "upload_server_mb": "none",
        }
        for name, zero in {**nothing, **others}.items():
            if (value := getattr(self, name)) < 0:
                raise SettingsError(f"{variable_of(name)} is {value}: set 0 ({zero}) or more")
        if self.database and not _DATABASE.match(self.database):
            # Not shown: it may have a password.
            raise SettingsError(
                f"{variable_of('database')} is no address of a PostgreSQL database: set"
                " postgresql://USER:PASSWORD@HOST/DATABASE, or nothing for SQLite"
            )
        self._check_shards()
        self._check_collections()
        if self.base_url and not _ADDRESS.fullmatch(self.base_url):
            name = variable_of("base_url")
            raise SettingsError(
                f"{name} is {self.base_url!r}: set an address that starts with https://"
            )
        _ = self.metrics_address, self.admission

    @property
    def metrics_address(self) -> tuple[str, int] | None:
        """The host and the port of `metrics`; this machine alone where only a port is given."""
        if self.metrics is None:
            return None
        match = _LISTENER.fullmatch(self.metrics)
        if match is None or int(match[2]) > _LAST_PORT:
            name = variable_of("metrics")
            raise SettingsError(
                f"{name} is {self.metrics!r}: set a port, such as 9464, or an address with a port,"
                " such as 127.0.0.1:9464"
            )
        return (match[1] or "127.0.0.1").strip("[]"), int(match[2])

    @property
    def admission(self) -> Admission:
        """Whom the bot answers."""
        return Admission(self._ids("servers"), self._ids("users"))

    def _ids(self, name: str) -> frozenset[int]:
        given: str | None = getattr(self, name)
        if given is None:
            return frozenset()
        if not _IDS.fullmatch(given.strip()):
            raise SettingsError(
                f"{variable_of(name)} is {given!r}: set ids with commas between them, which Discord"
                " copies for you in its Developer Mode (right-click, Copy ID)"
            )
        return frozenset(int(number) for number in given.split(","))

    @property
    def is_shared(self) -> bool:
        """Whether the index is in a cluster, where others ask it too."""
        return self.engine == "opensearch"

    def _check_shards(self) -> None:
        name = variable_of("shard_ids")
        if self.shard_ids is None:
            return
        if not _SHARDS.fullmatch(self.shard_ids):
            raise SettingsError(f"{name} is {self.shard_ids!r}: set numbers, such as 0,1")
        if max(self.own_shards) >= self.shards:
            raise SettingsError(
                f"{name} is {self.shard_ids!r}: set {variable_of('shards')} to the number of all"
                " shards, and here some of the numbers from 0 to one less"
            )

    @property
    def named_collections(self) -> dict[str, Path]:
        """The paths of the collections that have a name."""
        given = (one.partition("=") for one in _parts(self.collections))
        return {name: Path(path) for name, _, path in given}

    @property
    def servers_of_collections(self) -> dict[str, frozenset[int]]:
        """The servers of the collections that are for some servers only."""
        given = (one.partition("=") for one in _parts(self.collection_servers))
        return {name: frozenset(map(int, ids.split("+"))) for name, _, ids in given}

    def _check_collections(self) -> None:
        for name, pattern, form in (
            ("collections", _COLLECTION, "NAME=PATH,NAME=PATH, where a name has lower-case letters,"
             " digits and hyphens, and is not default"),
            ("collection_servers", _SERVERS, "NAME=ID+ID,NAME=ID, with the ids of servers"),
        ):  # fmt: skip
            value = getattr(self, name)
            names = [one.partition("=")[0] for one in _parts(value)]
            variable = variable_of(name)
            if not all(map(pattern.fullmatch, _parts(value))):
                raise SettingsError(f"{variable} is {value!r}: set {form}")
            for twice in sorted({one for one in names if names.count(one) > 1}):
                raise SettingsError(f"{variable} has the name {twice} twice; leave one out")
        for name in self.servers_of_collections.keys() - self.named_collections.keys():
            raise SettingsError(
                f"{variable_of('collection_servers')} has the name {name}, which is not in"
                f" {variable_of('collections')}; add it there, or leave it out"
            )

    @property
    def own_shards(self) -> tuple[int, ...]:
        """The numbers of this process's shards, those of all where none are set."""
        if self.shard_ids is None:
            return tuple(range(self.shards or 1))
        return tuple(sorted({int(number) for number in self.shard_ids.split(",")}))


def _parts(value: str | None) -> list[str]:
    return [part.strip() for part in value.split(",")] if value else []


def read_settings(environment: Mapping[str, str], env_file: Path) -> Settings:
    """The settings from `env_file`, where it is there, overridden by `environment`.

    A variable that is empty counts as not set. SettingsError names the variable that is wrong.
    """
    given = {**_read_env_file(env_file), **environment}
    _refuse_misspelt(given)
    values = {
        field.name: value
        for field in fields(Settings)
        if (value := given.get(variable_of(field.name)))
    }
    return _validated(values) if values else Settings()


def _refuse_misspelt(given: Iterable[str]) -> None:
    """SettingsError where a name is nearly that of a setting, which would go without its value."""
    known = {variable_of(field.name): field.name for field in fields(Settings)}
    for name in given:
        if not name.upper().startswith(PREFIX) or name in known or _OF_KUBERNETES.search(name):
            continue
        # Imported here since hardly anybody misspells one.
        from difflib import get_close_matches

        bare = name[len(PREFIX) :].lower()
        for near in get_close_matches(bare, known.values(), n=1, cutoff=_NEAR):
            raise SettingsError(f"{name} is no setting; did you mean {variable_of(near)}?")


def _validated(values: dict[str, str]) -> Settings:
    types = {field.name: field.type for field in fields(Settings)}
    if all(types[name] in _AS_GIVEN for name in values):
        made: dict[str, Any] = {name: _AS_GIVEN[types[name]](text) for name, text in values.items()}
        return Settings(**made)
    # Imported here since most people set nothing else, and it takes longer than an answer.
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(Settings).validate_python(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = variable_of(str(first["loc"][0]))
        remedies = {
            "int_parsing": "set a whole number",
            "bool_parsing": "set true or false",
            "literal_error": f"set {first.get('ctx', {}).get('expected')}",
        }
        remedy = remedies.get(first["type"], first["msg"])
        raise SettingsError(f"{name} is {first['input']!r}: {remedy}") from error


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    return "DISCORD_TOKEN" if name == "discord_token" else PREFIX + name.upper()


def wants_colour(environment: Mapping[str, str]) -> bool | None:
    """Whether styles are printed by what many programs obey; None: on a terminal, else not.

    NO_COLOR forbids them, FORCE_COLOR and CLICOLOR_FORCE print them into files and pipes too, and
    CLICOLOR=0 and TERM=dumb are for a terminal that shall not or cannot show them.
    """
    if environment.get("NO_COLOR"):
        return False
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE"):
        if value := environment.get(name):
            return value.lower() not in _OFF
    is_off = environment.get("CLICOLOR", "").lower() in _OFF or not can_draw(environment)
    return False if is_off else None


def can_draw(environment: Mapping[str, str]) -> bool:
    """Whether a terminal can draw over what it shows; that of an editor may not."""
    return environment.get("TERM") != "dumb"


def _read_env_file(path: Path) -> dict[str, str]:
    try:
        if not path.is_file():
            return {}
        # Imported here since most people have no such file.
        from dotenv.parser import parse_stream

        with path.open(encoding="utf-8") as file:
            bindings = list(parse_stream(file))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path}: cannot be read; check that it is UTF-8 and that you may read it"
        ) from error
    for one in bindings:
        if one.error:
            # The line itself is not shown: it may hold the token.
            raise SettingsError(f"{path}: line {_line_of(one.original)} is not NAME=VALUE")
    return {one.key: one.value for one in bindings if one.key and one.value is not None}


def _line_of(original: "Original") -> int:
    """The line of what was read, behind the empty ones before it."""
    empty = len(original.string) - len(original.string.lstrip("\n"))
    return original.line + empty
