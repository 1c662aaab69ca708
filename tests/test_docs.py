"""What the documents say is true of the code."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import click
import discord
import pytest
from discord.app_commands import Group
from transcripts import printed_by, transcripts_in

from bot.discord.moderation import Moderation
from bot.settings import Settings, variable_of
from bot.terminal.cli import footnote, main
from knowledge.formats import FORMATS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MODULES = [
    path
    for package in ("footnote", "bot", "knowledge", "retrieval")
    for path in (ROOT / package).rglob("*.py")
]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.parametrize(("command", "expected"), transcripts_in(README))
def test_transcripts_are_real(
    command: str, expected: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command of a transcript prints what the README says."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")
    program, *arguments = shlex.split(command)
    assert program == "footnote"
    assert main(arguments) in (0, 1)
    assert capsys.readouterr().out.rstrip() == expected


def test_there_are_transcripts() -> None:
    """The README shows an answer and a refusal."""
    assert {main(shlex.split(command)[1:]) for command, _ in transcripts_in(README)} == {0, 1}


@pytest.mark.slow
def test_the_tutorial_is_real(tmp_path: Path) -> None:
    """The commands of the tutorial, in order and over its files, print what it says."""
    tutorial = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    expected = transcripts_in(tutorial)
    assert len(expected) > 15
    printed = printed_by(tutorial, tmp_path)
    assert [(command, next(printed)) for command, _ in expected] == expected


def test_the_readme_is_short() -> None:
    """Nobody reads more than 150 lines before the first answer."""
    assert len(README.splitlines()) <= 150


def test_the_start_commands_exist() -> None:
    """The two commands of "Start" name scripts of the project."""
    start = README.split("## Start")[1].split("\n## ")[0]
    commands = re.findall(r"^sh (scripts/\w+)", start, re.M)
    assert commands == ["scripts/run", "scripts/test"]
    assert all((ROOT / script).is_file() for script in commands)


def _commands(group: click.Group, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """Each command with its name, those within groups too."""
    for inner, command in group.commands.items():
        yield f"{name}{inner}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{name}{inner} ")


ALL = dict(_commands(footnote))


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_command_is_documented(name: str) -> None:
    """A command is in the table, has help with examples, and help for each option."""
    command = ALL[name]
    assert re.search(rf"^\| `footnote {name}\b", COMMANDS, re.M)
    assert command.help
    examples = re.findall(r"^ *(?:.*\| )?(footnote .*)$", command.help, re.M)
    assert examples
    for option in command.params:
        assert isinstance(option, click.Argument) or option.help


def _commands_in(text: str) -> list[str]:
    return re.findall(r"^\s*(?:[^|\n]*\| )?(footnote \w+[^\n]*)$", text, re.M)


EXAMPLES = sorted(
    {line.strip() for command in ALL.values() for line in _commands_in(command.help or "")}
    | {
        line.strip()
        for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
        for block in re.findall(r"```sh\n(.*?)```", document.read_text(encoding="utf-8"), re.S)
        for line in _commands_in(block)
    }
)


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_parse(example: str) -> None:
    """Every example of the help and the documents has commands and options that exist."""
    _, name, *arguments = shlex.split(example, comments=True)
    arguments = arguments[: arguments.index("<")] if "<" in arguments else arguments
    if isinstance(ALL[name], click.Group):
        name, arguments = f"{name} {arguments[0]}", arguments[1:]
    with ALL[name].make_context(name, arguments) as context:
        assert context.params


def test_the_table_names_real_files() -> None:
    """Each path in "to change X, edit Y" is there."""
    table = CONTRIBUTING.split("| to change | edit |")[1].split("\n\n")[0]
    paths = re.findall(r"`([\w./]+\.py|[\w./]+/|\.env\.example)`", table)
    assert len(paths) >= 10
    assert all((ROOT / path).exists() for path in paths)


def test_the_architecture_names_real_files() -> None:
    """Each path in docs/architecture.md is there, and each folder of the code is in its table."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    paths = set(re.findall(r"`(\w+/(?:[\w.-]+/?)*)`", text))
    assert len(paths) >= 40
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []
    folders = {f"{path.parent.relative_to(ROOT).as_posix()}/" for path in MODULES}
    assert folders - {"knowledge/readers/", "retrieval/"} <= paths


def test_links_lead_somewhere() -> None:
    """Every relative link in a document of the project leads to a file."""
    for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        text = document.read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", text):
            assert (document.parent / link).exists(), f"{document.name}: {link}"


def test_every_format_is_in_the_readme() -> None:
    """The formats that can be read are those that the README lists."""
    formats = README.split("Formats: ")[1].split("\n")[0]
    assert set(re.findall(r"`(\.\w+)`", formats)) == set(FORMATS)


def test_every_dependency_has_its_reason() -> None:
    """docs/decisions.md has a row for each dependency, and for no other."""
    decisions = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    table = decisions.split("| package | why |")[1].split("\n\n")[0]
    rows = re.findall(r"^\| ([^|]+?) \|", table, re.M)
    listed = {name.strip().lower() for row in rows for name in row.split(",")}
    wanted = PROJECT["dependencies"] + [
        requirement for extra in PROJECT["optional-dependencies"].values() for requirement in extra
    ]
    assert listed == {re.split(r"[<>=\[]", requirement)[0].lower() for requirement in wanted}


def test_versions_agree() -> None:
    """The installed version is the project's, and the changelog knows it or has unreleased work."""
    assert version("footnote-bot") == PROJECT["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", changelog, re.M)
    assert headings[0] == "Unreleased"
    # Before a first release nothing can have changed for anybody.
    kinds = re.findall(r"^### (.+)$", changelog, re.M)
    assert len(headings) > 1 or kinds == ["Added"]


DEPLOYMENT = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")


def test_the_invite_asks_for_the_permissions_in_the_table() -> None:
    """The number in the link is that of the five permissions, no more and no less."""
    table = DEPLOYMENT.split("| permission | for |")[1].split("\n\n")[0]
    names = re.findall(r"^\| ([A-Z][\w ]+?) \|", table, re.M)
    flags = {name.lower().replace(" ", "_").replace("channels", "channel") for name in names}
    wanted = discord.Permissions(**dict.fromkeys(flags, True))
    assert set(re.findall(r"permissions=(\d+)", DEPLOYMENT)) == {str(wanted.value)}


def test_every_command_of_moderators_is_documented() -> None:
    """The table has each subcommand of /footnote, and no other."""
    listed = set(re.findall(r"^\| `/(footnote [\w ]+)` \|", DEPLOYMENT, re.M))
    commands = Moderation().walk_commands()
    assert listed == {c.qualified_name for c in commands if not isinstance(c, Group)}


def test_limits_are_documented_with_their_defaults() -> None:
    """The tables of limits are those of the settings."""
    named = r"^\| `(FOOTNOTE_(?:LIMIT|UPLOAD)_\w+)` \| (\d+) \|"
    listed = dict(re.findall(named, DEPLOYMENT, re.M))
    limits = [name for name in Settings.__slots__ if name.startswith(("limit_", "upload_"))]
    assert listed == {variable_of(name): str(getattr(Settings(), name)) for name in limits}


def test_what_can_go_wrong_is_what_is_said() -> None:
    """Each sentence in the table of remedies stands in the code."""
    parts = (
        ROOT / "bot" / "discord" / name for name in ("running.py", "endings.py", "failures.py")
    )
    code = "".join(part.read_text(encoding="utf-8") for part in parts)
    table = DEPLOYMENT.split("| message or symptom | what to do |")[1]
    said = re.findall(r"`((?:no token|DISCORD_TOKEN|Discord|Something)[^`]*)`", table)
    assert len(said) == 7
    assert all(sentence in code for sentence in said)


@pytest.mark.slow
def test_performance_has_the_ratios_that_are_checked() -> None:
    """The page has each ratio as continuous integration compares it."""
    # Imported here since it needs what benchmarks need.
    from benchmarks.ratios import REACHED

    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    for name, value in REACHED.items():
        own, peer = name.split(", ")
        assert f"\n| {own} | {peer} | {value:.1f} |\n" in page
