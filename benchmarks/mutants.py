"""How many small errors in the code the tests notice, by what the code decides.

    python benchmarks/mutants.py [GROUP ...] [--sample 60] [--seed 20] [--folder FOLDER]

mutmut makes copies of the code with one change each (mutants); one that fails a test is killed.
Of each group a random sample is tried, one at a time, in a copy of this checkout, by those of the
group's tests that run the changed function. Prints the names of what survived, and a table; with
--folder the copies stay there, where `mutmut show NAME` says what was changed.
mutmut leaves decorated functions and what stands outside of functions as they are. It is needed
here alone: pip install mutmut==3.8.1.
"""

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import chdir
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MUTMUT = Path(sys.executable).with_name("mutmut")
PACKAGES = ("bot", "footnote", "knowledge", "retrieval")
DETECTED = ("killed", "timeout", "segfault")
"""What a mutant comes to that a test run does not pass with."""


@dataclass(frozen=True)
class Group:
    """What decides one thing: modules, or functions of them (patterns), and the tests of it."""

    code: dict[str, tuple[str, ...]]
    tests: tuple[str, ...]

    def holds(self, name: str) -> bool:
        """Whether a mutant, by its name, is one of a function that decides here."""
        module, _, function = name.rpartition(".")
        return any(fnmatch(function, f"*{each}__mutmut_*") for each in self.code.get(module, ()))


WHOLE = ("",)
GROUPS = {
    "answering": Group(
        {
            "retrieval.answer.answering": WHOLE,
            "retrieval.answer.joining": WHOLE,
            "retrieval.answer.quoting": WHOLE,
            "retrieval.answer.selection": WHOLE,
        },
        (
            "test_answering.py",
            "test_deciding.py",
            "test_extraction.py",
            "test_nearest.py",
            "test_not_answers.py",
            "test_several.py",
            "test_understanding.py",
        ),
    ),
    "confidence": Group(
        {"retrieval.answer.confidence": WHOLE},
        ("test_confidence.py",),
    ),
    "citations": Group(
        {
            "knowledge.documents": WHOLE,
            "retrieval.answer.answer": WHOLE,
            "retrieval.answer.citing": WHOLE,
        },
        ("test_answering.py", "test_citing.py", "test_documents.py", "test_not_answers.py"),
    ),
    "permissions": Group(
        {
            "bot.admission": WHOLE,
            "bot.discord.grants": WHOLE,
            "bot.discord.helping": ("open_form", "_require_helper", "_helps"),
            "bot.discord.moderation": WHOLE,
            "bot.discord.moderators": WHOLE,
            "bot.discord.presses": ("_rate",),
            "bot.discord.rules": ("why_not", "turn_rules", "remove_rule"),
        },
        (
            "test_discord_admission.py",
            "test_discord_buttons.py",
            "test_discord_moderation.py::test_members_neither_see_nor_use_the_commands",
            "test_discord_moderation.py::test_modes_that_cannot_work_are_refused",
            "test_discord_moderation.py::test_modes_that_need_the_privilege_say_so",
            "test_discord_rules.py",
            "test_discord_setup.py::test_each_permission_that_is_missing_is_named",
            "test_handing_on.py::test_only_helpers_answer",
            "test_moderators.py",
            "test_who_may.py",
        ),
    ),
    "limits": Group(
        {
            "bot.lanes": WHOLE,
            "bot.limits": WHOLE,
            "bot.service": ("count", "_searched", "_opened"),
            "bot.discord.upload_store": ("_check", "_make_room"),
        },
        (
            "test_discord_safety.py::test_each_limit_counts_what_it_is_for",
            "test_discord_safety.py::test_no_limit",
            "test_discord_safety.py::test_who_asked_long_ago_is_forgotten",
            "test_discord_service.py",
            "test_libraries.py",
            "test_limits.py",
            "test_uploads.py",
        ),
    ),
}


def copied(folder: Path, group: Group) -> None:
    """The checkout, with what mutmut is to change and to run, in a folder."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    names = {name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    others = {name.split("/")[0] for name in names} - {
        *PACKAGES,
        "tests",
        "models",
        "pyproject.toml",
    }
    lists = {
        "source_paths": PACKAGES,
        "only_mutate": [f"{module.replace('.', '/')}.py" for module in group.code],
        "also_copy": sorted(others),
        "pytest_add_cli_args": ["-m", "not slow and not cluster and not postgres", "-n", "0"],
        "pytest_add_cli_args_test_selection": [f"tests/{name}" for name in group.tests],
    }
    lines = ["[mutmut]", "use_git_change_detection = false"]
    # Forks of a process that has run tests probably share the processes that it reads files in.
    lines.append("process_isolation = forkserver")
    for option, values in lists.items():
        lines += [f"{option} =", *(f"    {value}" for value in values)]
    (folder / "setup.cfg").write_text("\n".join(lines) + "\n", encoding="utf-8")


def mutmut(folder: Path, *arguments: str) -> str:
    """What a command of mutmut prints."""
    done = subprocess.run(
        [MUTMUT, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        sys.exit(f"mutmut {arguments[0]} failed:\n{done.stdout}")
    return done.stdout


def sample(folder: Path, group: Group, most: int, seed: int) -> tuple[list[str], int]:
    """The mutants to try, and of how many."""
    # Imported here since whoever lacks it is told so first.
    from mutmut.mutation.file_mutation import mutate_file_contents

    names = []
    for module in group.code:
        path = f"{module.replace('.', '/')}.py"
        # Where its settings are.
        with chdir(folder):
            mutated = mutate_file_contents(path, Path(path).read_text(encoding="utf-8"))
        names += [f"{module}.{name}" for name in mutated.mutant_names]
    names = sorted(name for name in names if group.holds(name))
    return sorted(random.Random(seed).sample(names, min(most, len(names)))), len(names)


def survivors(folder: Path, names: Sequence[str]) -> list[str]:
    """The mutants that no test notices."""
    mutmut(folder, "run", "--max-children", "1", *names)
    results = re.findall(r"(\S+): (.+)", mutmut(folder, "results", "--all", "true"))
    outcome = dict(results)
    return [name for name in names if outcome[name] not in DETECTED]


def tried(name: str, group: Group, folder: Path, most: int, seed: int) -> str:
    """A row of the table."""
    copied(folder, group)
    names, among = sample(folder, group, most, seed)
    survived = survivors(folder, names)
    for each in survived:
        print(each, flush=True)
    killed = len(names) - len(survived)
    return f"| {name} | {len(names)} of {among} | {killed} | {killed / len(names):.0%} |"


def main() -> None:
    """Try the groups that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("groups", nargs="*", metavar="GROUP", choices=[[], *GROUPS])
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--folder", type=Path, help="keep the copies here")
    given = parser.parse_args()
    if not MUTMUT.exists():
        sys.exit("mutmut is missing: pip install mutmut==3.8.1")
    rows = ["| group | mutants | killed | share |", "|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as temporary:
        for name in given.groups or GROUPS:
            folder = (given.folder or Path(temporary)).resolve() / name
            folder.mkdir(parents=True, exist_ok=True)
            rows.append(tried(name, GROUPS[name], folder, given.sample, given.seed))
    print("\n".join(rows))


if __name__ == "__main__":
    main()
