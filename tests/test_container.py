"""The container: its file, whose steps are run here by an ordinary user, and compose.yaml."""

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from bot.settings import Settings, variable_of
from knowledge.loading import MATERIAL
from tests.bot_process import QUESTION, ROOT, answered
from tests.loopback import TOKEN, Loopback

OWNER = 10_001
"""The user of the container."""

PORT = "9464"

FOLDERS = ("opt/footnote", "src", "data", "cache", "documents")
"""Those that the image has and a machine need not."""


@dataclass(frozen=True)
class Step:
    """An instruction of the file."""

    name: str
    text: str

    @property
    def words(self) -> list[str]:
        """The words behind the instruction, a list in JSON or words of a shell."""
        start = self.text.find("[")
        if start >= 0 and self.name != "RUN":
            return list(json.loads(self.text[start:]))
        return shlex.split(self.text)


def steps() -> list[Step]:
    """The instructions of the file, in order."""
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    whole = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.M))
    return [Step(*line.split(maxsplit=1)) for line in whole.splitlines() if line]


STEPS = steps()
LAST = STEPS[max(number for number, step in enumerate(STEPS) if step.name == "FROM") :]
COPIED = [word for step in STEPS if step.name == "COPY" for word in step.words[:-1]]


def the(name: str) -> Step:
    """The one instruction of this name in the last stage."""
    (step,) = (step for step in LAST if step.name == name)
    return step


def variables() -> dict[str, str]:
    """The environment of the image."""
    return dict(word.split("=", 1) for step in LAST if step.name == "ENV" for word in step.words)


def test_what_runs_is_an_ordinary_user() -> None:
    """By number, so that a cluster can see that it is not root, and behind all that root does."""
    assert the("USER").text == f"{OWNER}:{OWNER}"
    names = [step.name for step in LAST]
    assert "RUN" not in names[names.index("USER") :]


def test_nothing_is_installed_in_the_last_stage() -> None:
    """What builds stays behind; even pip goes."""
    commands = "\n".join(step.text for step in LAST if step.name == "RUN")
    assert not re.search(r"\b(apt|apt-get|gcc|pip install)\b", commands)
    assert "pip uninstall" in commands


def test_only_what_is_copied_is_sent_to_the_builder() -> None:
    """`.dockerignore` leaves out all else, above all `.env`."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    assert rules[0] == "*"
    sources = {word.removeprefix("./") for word in COPIED if not word.startswith(("-", "/"))}
    assert {rule[1:] for rule in rules if rule.startswith("!")} == sources
    assert all((ROOT / source).exists() for source in sources)


def test_the_image_has_settings_that_exist() -> None:
    """And every extra that a bot can use."""
    known = {variable_of(name) for name in Settings.__dataclass_fields__}
    assert set(variables()) <= known
    (extras,) = re.findall(r"'\.\[([\w,]+)\]'", "\n".join(step.text for step in STEPS))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    offered = set(project["optional-dependencies"]) - {"dev", "training"}
    assert set(extras.split(",")) == offered


@dataclass
class Machine:
    """A folder that stands for the container's file system, and the user of the container."""

    folder: Path
    port: str
    owner: int
    here: Path = field(init=False)

    def __post_init__(self) -> None:
        self.here = self.folder

    def at(self, text: str) -> str:
        """A text of the file, for this machine."""
        below = rf"(?<![\w.])/({'|'.join(FOLDERS)})\b"
        text = re.sub(below, lambda match: f"{self.folder}/{match[1]}", text)
        return text.replace(PORT, self.port).replace(str(OWNER), str(self.owner))

    @property
    def environment(self) -> dict[str, str]:
        """What the user of the container sees, who has no folder of their own."""
        path = f"{self.folder}/python/bin:/usr/local/bin:/usr/bin:/bin"
        own = {name: self.at(value) for name, value in variables().items()}
        return {"PATH": path, "HOME": "/", **own}

    @property
    def user(self) -> dict[str, Any]:
        """For `subprocess`: who runs it; nobody else can be chosen but by root."""
        if os.getuid():
            return {}
        return {"user": self.owner, "group": self.owner, "extra_groups": []}

    def take(self, step: Step) -> None:
        """Do what an instruction says, as whoever runs the tests."""
        match step.name:
            case "WORKDIR":
                self.here = Path(self.at(step.text))
                self.here.mkdir(parents=True, exist_ok=True)
            case "COPY":
                self._copy(step.words)
            case "RUN":
                command = ["sh", "-euc", self.at(step.text)]
                env = {**os.environ, "PATH": self.environment["PATH"]}
                subprocess.run(command, cwd=self.here, env=env, check=True)

    def _copy(self, words: list[str]) -> None:
        # What comes from another stage is in its place already.
        if words[0].startswith("--from="):
            return
        *sources, target = words
        for source in sources:
            if (ROOT / source).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / source, self.here / target, ignore=ignored)
            else:
                shutil.copy(ROOT / source, self.here / target)

    def run(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        """A command of the container, by its user."""
        return subprocess.run(
            [self.at(word) for word in words],
            cwd=self.folder / "data",
            env=self.environment,
            capture_output=True,
            text=True,
            **self.user,
        )

    def written(self) -> set[str]:
        """The folders in which the user has written anything, or could."""
        found = set()
        for path in self.folder.rglob("*"):
            place = path.relative_to(self.folder).parts[0]
            status = path.lstat()
            may = status.st_uid == self.owner and status.st_mode & 0o200 and not path.is_symlink()
            if may or (status.st_mode & 0o002 and not path.is_symlink()):
                found.add(place)
        return found


def interpreter(machine: Machine) -> str:
    """A Python that the user may run; that of the tests may lie in a folder of another's."""
    looks = "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"
    for name in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        with suppress(OSError):
            if not subprocess.run([name, "-c", looks], cwd="/", **machine.user).returncode:
                return name
    pytest.skip("there is no Python 3.11 that another user may run")


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A machine on which the image was built, and nothing but its volumes can be written to."""
    # Not in pytest's folder, which only its owner may enter.
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0)) as free:
        folder = Path(name)
        folder.chmod(0o755)
        port = str(free.getsockname()[1])
        free.close()
        machine = Machine(folder, port, os.getuid() or OWNER)
        subprocess.run([interpreter(machine), "-m", "venv", folder / "python"], check=True)
        shutil.copytree(MATERIAL.parent, folder / "documents")
        for step in STEPS:
            machine.take(step)
        for place in ("python", "opt", "src", "documents"):
            subprocess.run(["chmod", "-R", "a-w", folder / place], check=True)
        yield machine
        subprocess.run(["chmod", "-R", "u+w", folder], check=True)


@pytest.mark.slow
async def test_the_image_runs(machine: Machine, fake: Loopback) -> None:
    """By an ordinary user, who reads with the model, and writes to nothing but the volumes."""
    assert [*the("ENTRYPOINT").words, *the("CMD").words] == ["/opt/footnote/bin/footnote", "bot"]
    done = machine.run([*the("ENTRYPOINT").words, "ask", "--reader", "small", QUESTION])
    assert done.returncode == 0, done.stderr
    assert "Monterrey" in done.stdout
    await bot_runs(machine, fake)
    assert machine.written() == {"data", "cache"}


async def bot_runs(machine: Machine, fake: Loopback) -> None:
    """The bot is healthy once it runs, answers, and stops when it is told."""
    check = the("HEALTHCHECK").words
    assert machine.run(check).returncode != 0
    program = shutil.copy(ROOT / "tests" / "loopback_bot.py", machine.folder)
    Path(program).chmod(0o644)
    process = await asyncio.create_subprocess_exec(
        # What is installed, and not what lies beside the program.
        *(f"{machine.folder}/opt/footnote/bin/python", "-P", program, fake.url),
        cwd=machine.folder / "data",
        env={**machine.environment, "DISCORD_TOKEN": TOKEN, "AT_ONCE": "500", "PATIENCE": "500"},
        **machine.user,
    )
    try:
        while machine.run(check).returncode:
            assert process.returncode is None
            await asyncio.sleep(0.1)
        async with aiohttp.ClientSession(f"http://127.0.0.1:{machine.port}") as session:
            while (await session.get("/readyz")).status != 200:
                await asyncio.sleep(0.1)
        assert "**Monterrey**" in await answered(fake, await fake.ask(QUESTION))
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")


def test_images_have_a_version() -> None:
    """Another day gives the same image, or a correction of it."""
    images = [step.words[0] for step in STEPS if step.name == "FROM"]
    images += [service["image"] for service in SERVICES.values() if "build" not in service]
    assert len(images) == 4
    assert all(re.fullmatch(r"docker\.io/[\w/]+:\d+\.\d+[\w.-]*", image) for image in images)
    (search,) = (image for image in images if "opensearch" in image)
    assert tuple(map(int, search.split(":")[1].split("."))) >= (2, 19)


@pytest.mark.parametrize("name", SERVICES)
def test_services_may_do_as_little_as_they_can(name: str) -> None:
    """Only OpenSearch writes to its own file system, once, and only loopback is listened on."""
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("read_only", False) is (name != "opensearch")
    assert "/tmp" in service.get("tmpfs", []) or name == "opensearch"  # noqa: S108 (a path of an image)
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert not {"privileged", "network_mode", "pid"} & set(service)


def test_what_compose_names_is_there() -> None:
    """Volumes, services and files of the project, and the settings of the bot."""
    for service in SERVICES.values():
        sources = [volume.split(":")[0] for volume in service["volumes"]]
        named = {source for source in sources if not source.startswith(".")}
        assert named <= set(COMPOSE["volumes"])
        assert set(service.get("depends_on", ())) <= set(SERVICES)
    build = SERVICES["footnote"]["build"]
    assert (ROOT / build["context"] / build["dockerfile"]).is_file()
    known = {variable_of(name) for name in Settings.__dataclass_fields__}
    assert set(SERVICES["footnote"]["environment"]) <= known


def test_the_variables_of_compose_are_documented_and_hold_every_secret() -> None:
    """Each is in `.env.example`, compose stops where it is not set, and no password is written."""
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    used = re.findall(r"(?<!\$)\$\{(\w+)(.*?)\}", text)
    assert {rest for _, rest in used} == {":?set it in .env"}
    names = {name for name, _ in used}
    assert names == set(re.findall(r"^# ([A-Z_]*PASSWORD)=$", EXAMPLE, re.M))
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            if "PASSWORD" in name:
                assert value.startswith("${")
            if "://" in str(value):
                assert re.search(r"://\w+:\$\{\w+:\?[^}]*\}@", value)


@pytest.mark.slow
def test_certificates_are_those_that_clients_check(tmp_path: Path) -> None:
    """A client that is strict finds the names of the service, and only the owner reads the key."""
    (tmp_path / "scripts").mkdir()
    script = shutil.copy(ROOT / "scripts" / "certificates", tmp_path / "scripts")
    subprocess.run(["sh", script], check=True)
    made = tmp_path / "certificates"
    assert {path.name for path in made.iterdir()} == {"ca.pem", "node.pem", "node.key"}
    assert (made / "node.key").stat().st_mode & 0o077 == 0
    (host,) = re.findall(r"@(\w+):9200", SERVICES["footnote"]["environment"]["FOOTNOTE_OPENSEARCH"])
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(made / "node.pem", made / "node.key")
    for name in (host, "localhost"):
        assert shaken(served, made / "ca.pem", name)
    with pytest.raises(ssl.SSLCertVerificationError):
        shaken(served, made / "ca.pem", "elsewhere")
    again = subprocess.run(["sh", script], capture_output=True, text=True)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)


def shaken(served: ssl.SSLContext, authority: Path, name: str) -> bool:
    """Whether a client that trusts an authority alone takes a server for that of a name."""
    trusting = ssl.create_default_context(cafile=authority)
    trusting.verify_flags |= ssl.VERIFY_X509_STRICT
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(down, up, server_hostname=name)
    server = served.wrap_bio(up, down, server_side=True)
    is_done = False
    for _ in range(5):
        for side in (client, server):
            with suppress(ssl.SSLWantReadError):
                side.do_handshake()
                is_done = side is client or is_done
    return is_done
