"""Settings come from the environment and `.env`, and nowhere else."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from bot.admission import Admission
from bot.settings import PREFIX, Settings, SettingsError, read_settings, variable_of, wants_colour
from knowledge.loading import MATERIAL
from retrieval.collection import MOST_VECTORS

ROOT = Path(__file__).resolve().parents[1]


def test_defaults_apply_where_nothing_is_set(tmp_path: Path) -> None:
    """Without variables and without a file, every setting has its default."""
    assert read_settings({}, tmp_path / ".env") == Settings()


def test_vectors_are_made_for_as_many_passages_as_in_programs() -> None:
    """The setting has the default of Python's parameter."""
    assert Settings().vectors == MOST_VECTORS


def test_texts_alone_are_read_as_beside_a_number(tmp_path: Path) -> None:
    """Where a number is set too, pydantic reads them all."""
    special = {
        "database": "postgresql://a:b@c/d",
        "servers": "1,2",
        "users": "3",
        "base_url": "http://e",
        "collections": "mills=/m",
        "collection_servers": "mills=1",
        "metrics": "9464",
    }
    texts = {
        variable_of(field.name): special.get(field.name, f"/a b/ö {field.name}")
        for field in fields(Settings)
        if field.type not in (int, bool) and field.name not in ("shard_ids", "log")
    }
    assert len(texts) > 15
    read = read_settings(texts, tmp_path / ".env")
    assert read == read_settings({**texts, "FOOTNOTE_SHARDS": "0"}, tmp_path / ".env")
    assert (read.knowledge, read.engine) == (Path("/a b/ö knowledge"), "/a b/ö engine")


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    """`FOOTNOTE_ENGINE=` does not name an engine."""
    assert read_settings({"FOOTNOTE_ENGINE": ""}, tmp_path / ".env") == Settings()


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    """A variable in the environment overrides the same one in `.env`, and only that one."""
    file = tmp_path / ".env"
    file.write_text("FOOTNOTE_ENGINE=from-file\nFOOTNOTE_KNOWLEDGE='a b'\nOTHER=1\n")
    settings = read_settings({"FOOTNOTE_ENGINE": "from-environment"}, file)
    assert settings == Settings(knowledge=Path("a b"), engine="from-environment")


def test_the_file_is_read_as_it_stands(tmp_path: Path) -> None:
    """Nothing in `.env` is expanded: a value with a dollar sign is that value."""
    file = tmp_path / ".env"
    file.write_text("FOOTNOTE_KNOWLEDGE=$HOME/${USER}\n")
    assert read_settings({}, file).knowledge == Path("$HOME/${USER}")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    """A `.env` that is not UTF-8 gets one sentence."""
    file = tmp_path / ".env"
    file.write_bytes(b"FOOTNOTE_ENGINE=\xff\n")
    with pytest.raises(SettingsError, match=r"\.env: cannot be read"):
        read_settings({}, file)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", None),
        ("NO_COLOR=1", False),
        ("NO_COLOR=", None),
        ("NO_COLOR=1 FORCE_COLOR=1", False),
        ("FORCE_COLOR=1", True),
        ("FORCE_COLOR=1 TERM=dumb", True),
        ("FORCE_COLOR=0", False),
        ("FORCE_COLOR=", None),
        ("CLICOLOR_FORCE=1", True),
        ("CLICOLOR_FORCE=0", False),
        ("CLICOLOR_FORCE=1 CLICOLOR=0", True),
        ("CLICOLOR=0", False),
        ("CLICOLOR=1", None),
        ("TERM=dumb", False),
        ("TERM=xterm-256color", None),
    ],
)
def test_variables_of_colour_are_obeyed(given: str, expected: bool | None) -> None:
    """As other programs read them: what forbids comes first, then what forces."""
    pairs = (one.partition("=") for one in given.split())
    assert wants_colour({name: value for name, _, value in pairs}) is expected


def test_the_example_lists_every_setting_with_its_default() -> None:
    """`.env.example` has each variable once, with its default, and no other."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8").split("# For compose.yaml alone")[0]
    listed = dict(re.findall(r"^# ([A-Z_]+)=(.*)$", text, re.M))
    # Defaults that depend on the installation and the platform, and those of None, are words.
    defaults = {
        variable_of(field.name): "" if field.default in (None, MATERIAL) else str(field.default)
        for field in fields(Settings)
    }
    assert listed == defaults
    assert len(re.findall(r"[A-Z_]+=", text)) == len(listed)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("9464", ("127.0.0.1", 9464)),
        ("0.0.0.0:9464", ("0.0.0.0", 9464)),  # noqa: S104 (only read)
        ("localhost:1", ("localhost", 1)),
        ("[::1]:65535", ("::1", 65_535)),
    ],
)
def test_where_metrics_are_shown(tmp_path: Path, given: str, expected: tuple[str, int]) -> None:
    """A port alone is one of this machine, which no other can reach."""
    settings = read_settings({"FOOTNOTE_METRICS": given}, tmp_path / ".env")
    assert settings.metrics_address == expected


@pytest.mark.parametrize(
    ("given", "shards"),
    [({}, (0,)), ({"SHARDS": "3"}, (0, 1, 2)), ({"SHARDS": "3", "SHARD_IDS": "2,0"}, (0, 2))],
)
def test_the_shards_of_a_process(
    tmp_path: Path, given: dict[str, str], shards: tuple[int, ...]
) -> None:
    """Those that are named, or all there are."""
    environment = {f"FOOTNOTE_{name}": value for name, value in given.items()}
    assert read_settings(environment, tmp_path / ".env").own_shards == shards


def test_whom_the_bot_answers(tmp_path: Path) -> None:
    """Ids with commas between them, and blanks where people put some."""
    chosen = {"FOOTNOTE_SERVERS": " 1, 22,333", "FOOTNOTE_USERS": "5"}
    admission = read_settings(chosen, tmp_path / ".env").admission
    assert admission == Admission(frozenset({1, 22, 333}), frozenset({5}))
    assert Settings().admission == Admission()


def test_the_token_is_never_shown(tmp_path: Path) -> None:
    """The token is read from DISCORD_TOKEN, and no `repr` has it."""
    settings = read_settings({"DISCORD_TOKEN": "s3cret"}, tmp_path / ".env")
    assert settings.discord_token == "s3cret"
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    ("variable", "setting"),
    [
        ("FOOTNOTE_KNOWLEGDE", "FOOTNOTE_KNOWLEDGE"),
        ("FOOTNOTE_Knowledge", "FOOTNOTE_KNOWLEDGE"),
        ("footnote_knowledge", "FOOTNOTE_KNOWLEDGE"),
        ("FOOTNOTE_DATABASE_URL", "FOOTNOTE_DATABASE"),
        ("FOOTNOTE_SHARD_ID", "FOOTNOTE_SHARD_IDS"),
        ("FOOTNOTE_LIMITS_USER", "FOOTNOTE_LIMIT_USER"),
        ("FOOTNOTE_DISCORD_TOKEN", "DISCORD_TOKEN"),
    ],
)
@pytest.mark.parametrize("value", ["", "s3cret"])
@pytest.mark.parametrize("is_in_file", [True, False])
def test_a_misspelt_setting_is_named(
    tmp_path: Path, variable: str, setting: str, value: str, is_in_file: bool
) -> None:
    """With the one that was meant, wherever it stands, and without its value."""
    file = tmp_path / ".env"
    file.write_text(f"{variable}={value}\n" if is_in_file else "")
    with pytest.raises(SettingsError) as caught:
        read_settings({} if is_in_file else {variable: value}, file)
    assert str(caught.value) == f"{variable} is no setting; did you mean {setting}?"


@pytest.mark.parametrize(
    "line", ["FOOTNOTE_KNOWLEDGE ../docs", "FOOTNOTE_KNOWLEDGE: ../docs", "DISCORD_TOKEN='s3cret"]
)
def test_a_line_that_sets_nothing_is_told(tmp_path: Path, line: str) -> None:
    """By its number alone: it may hold the token."""
    file = tmp_path / ".env"
    file.write_text(f"# Mine\n\nFOOTNOTE_ENGINE=auto\n\n{line}\nFOOTNOTE_LOG=json\n")
    with pytest.raises(SettingsError) as caught:
        read_settings({}, file)
    assert str(caught.value) == f"{file}: line 5 is not NAME=VALUE"


@pytest.mark.parametrize("name", [variable_of(field.name) for field in fields(Settings)])
def test_every_setting_is_found_by_one_letter_less(tmp_path: Path, name: str) -> None:
    """Whichever is lacking, unless what is left is another setting."""
    known = {variable_of(field.name) for field in fields(Settings)}
    bare = name.removeprefix(PREFIX)
    misspelt = {f"{PREFIX}{bare[:at]}{bare[at + 1 :]}" for at in range(len(bare))} - known
    for each in misspelt:
        with pytest.raises(SettingsError, match=f"did you mean {name}"):
            read_settings({each: "1"}, tmp_path / ".env")


@pytest.mark.parametrize(
    "name",
    [
        "FOOTNOTE_SERVICE_HOST",
        "FOOTNOTE_PORT",
        "FOOTNOTE_PORT_9464_TCP_ADDR",
        "FOOTNOTE_OPENSEARCH_PORT",
        "FOOTNOTE_OPENSEARCH_SERVICE_PORT_HTTP",
        "FOOTNOTE_HOME",
        "_FOOTNOTE_COMPLETE",
        "KNOWLEGDE",
    ],
)
def test_variables_of_others_are_left_alone(tmp_path: Path, name: str) -> None:
    """Kubernetes sets some by the names of services, and others may have a prefix like ours."""
    assert read_settings({name: "1"}, tmp_path / ".env") == Settings()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("FOOTNOTE_LIMIT_USER", "-1"),
        ("FOOTNOTE_VECTORS", "-1"),
        ("FOOTNOTE_VECTORS", "some"),
        ("FOOTNOTE_SHARDS", "-1"),
        ("FOOTNOTE_SHARD_IDS", "0"),
        ("FOOTNOTE_SHARD_IDS", "0-3"),
        ("FOOTNOTE_SHARD_IDS", "all"),
        ("FOOTNOTE_LIMIT_SERVER", "many"),
        ("FOOTNOTE_DAYS_OF_RECORDS", "-1"),
        ("FOOTNOTE_SERVERS", "my server"),
        ("FOOTNOTE_SERVERS", "1,,2"),
        ("FOOTNOTE_USERS", "-5"),
        ("FOOTNOTE_BASE_URL", "javascript:alert(1)"),
        ("FOOTNOTE_BASE_URL", "https://"),
        ("FOOTNOTE_BASE_URL", "https://x y"),
        ("FOOTNOTE_BASE_URL", "https://["),
        ("FOOTNOTE_COLLECTIONS", "rules"),
        ("FOOTNOTE_COLLECTIONS", "rules="),
        ("FOOTNOTE_COLLECTIONS", "Rules=a"),
        ("FOOTNOTE_COLLECTIONS", "rules=a,"),
        ("FOOTNOTE_COLLECTIONS", "default=a"),
        ("FOOTNOTE_COLLECTION_SERVERS", "rules"),
        ("FOOTNOTE_COLLECTION_SERVERS", "rules=1,2"),
        ("FOOTNOTE_COLLECTION_SERVERS", "rules=١"),
        ("FOOTNOTE_MESSAGE_CONTENT", "perhaps"),
        ("FOOTNOTE_METRICS", "true"),
        ("FOOTNOTE_METRICS", "65536"),
        ("FOOTNOTE_METRICS", "-1"),
        ("FOOTNOTE_METRICS", "localhost"),
        ("FOOTNOTE_METRICS", "::1:9464"),
        ("FOOTNOTE_METRICS", "http://localhost:9464"),
        ("FOOTNOTE_METRICS", "٩٤٦٤"),
        ("FOOTNOTE_LOG", "xml"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(tmp_path: Path, variable: str, value: str) -> None:
    """The sentence has the variable and the value."""
    with pytest.raises(SettingsError, match=f"{variable} is '?{re.escape(value)}"):
        read_settings({variable: value}, tmp_path / ".env")


def test_collections_have_names_and_some_are_for_some_servers(tmp_path: Path) -> None:
    """Paths may have an equals sign; spaces around a comma mean nothing."""
    given = {
        "FOOTNOTE_COLLECTIONS": "rules=/srv/a=b, wiki-2=docs",
        "FOOTNOTE_COLLECTION_SERVERS": "rules=1+22",
    }
    settings = read_settings(given, tmp_path / ".env")
    assert settings.named_collections == {"rules": Path("/srv/a=b"), "wiki-2": Path("docs")}
    assert settings.servers_of_collections == {"rules": frozenset({1, 22})}
    assert Settings().named_collections == {}


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("FOOTNOTE_COLLECTIONS", "a=b,a=c", "has the name a twice"),
        ("FOOTNOTE_COLLECTION_SERVERS", "b=1,b=2", "has the name b twice"),
        ("FOOTNOTE_COLLECTION_SERVERS", "z=1", "has the name z, which is not in"),
    ],
)
def test_names_of_collections_are_checked(
    tmp_path: Path, variable: str, value: str, reason: str
) -> None:
    """A name stands once, and has a collection."""
    given = {"FOOTNOTE_COLLECTIONS": "b=docs", variable: value}
    with pytest.raises(SettingsError, match=f"{variable} {reason}"):
        read_settings(given, tmp_path / ".env")


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("limit_user", "1.5", "set a whole number"),
        ("limit_user", "many", "set a whole number"),
        ("message_content", "maybe", "set true or false"),
        ("log", "xml", "set 'text' or 'json'"),
    ],
)
def test_what_is_no_number_or_decision_is_named_with_what_to_set(
    tmp_path: Path, name: str, value: str, remedy: str
) -> None:
    """In the words of this project."""
    with pytest.raises(SettingsError) as raised:
        read_settings({variable_of(name): value}, tmp_path / ".env")
    assert str(raised.value) == f"{variable_of(name)} is {value!r}: {remedy}"
