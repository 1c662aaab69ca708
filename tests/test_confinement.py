"""Code that runs where files are read: it reaches no other file, no network and no process."""

import json
import logging
import os
import pickle
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from operator import attrgetter
from pathlib import Path
from struct import iter_unpack

import pytest

from knowledge import confinement, isolation
from knowledge.confinement import CALLS, FILES, confine
from knowledge.errors import ReadError, WorkerEndedError
from knowledge.formats import FORMATS, reader_of
from knowledge.isolation import IsolatedReader, isolated
from knowledge.loading import read_content
from knowledge.source import SourceFile
from knowledge.workers import Worker

ROOT = Path(__file__).resolve().parents[1]
FORMATS_HERE = ROOT / "tests" / "data" / "formats"


def _can_confine() -> bool:
    """Whether this system can, found out in another way than by trying it."""
    libc = confinement._libc()
    if libc is None or confinement._machine() is None:
        return False
    return confinement._landlock_version(libc) > 0 and libc.prctl(21, 0, 0, 0, 0) >= 0


CAN_CONFINE = _can_confine()
can_confine = pytest.mark.skipif(not CAN_CONFINE, reason="this system cannot confine")

FILE_CALLS = [
    "open('/etc/passwd')",
    "open('/proc/self/environ')",
    f"open({str(ROOT / '.env.example')!r})",
    f"os.listdir({str(ROOT)!r})",
    "open(os.path.join(FOLDER, 'new'), 'w')",
    "open(os.path.join(FOLDER, 'there'), 'r+')",
    "os.mkdir(os.path.join(FOLDER, 'new'))",
    "os.remove(os.path.join(FOLDER, 'there'))",
    "os.symlink('/etc/passwd', os.path.join(FOLDER, 'new'))",
    "os.truncate(os.path.join(FOLDER, 'there'), 0)",
    "os.chmod(os.path.join(FOLDER, 'there'), 0o777)",
    "os.utime(os.path.join(FOLDER, 'there'))",
]
OTHER_CALLS = [
    "__import__('socket').create_connection(('127.0.0.1', PORT), 5)",
    "__import__('socket').socket(1)",
    "__import__('socket').socketpair()",
    "__import__('subprocess').run(['true'])",
    "os.execv('/bin/true', ['true'])",
    "os.posix_spawn('/bin/true', ['true'], {})",
    "os.fork()",
    "os.kill(os.getppid(), 0)",
    "os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)",
    "__import__('resource').prlimit(os.getppid(), 0)",
    "os.sched_setscheduler(os.getpid(), os.SCHED_OTHER, os.sched_param(0))",
    "os.sched_setparam(os.getpid(), os.sched_param(0))",
    "__import__('fcntl').fcntl(0, 8, os.getppid())",
    "__import__('fcntl').fcntl(0, 10, 0)",
    "__import__('fcntl').fcntl(0, 15, __import__('struct').pack('ii', 1, os.getppid()))",
]

BY_NUMBER = {
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "fsetxattr": (190, 7), "setxattrat": (463, 463), "removexattrat": (466, 466),
    "file_setattr": (469, 469), "sched_setattr": (314, 274), "ioprio_set": (251, 30),
    "msgctl": (71, 187), "msgsnd": (69, 189), "msgrcv": (70, 188), "semctl": (66, 191),
    "semop": (65, 193), "semtimedop": (220, 192), "shmctl": (31, 195), "mq_unlink": (241, 181),
}  # fmt: skip
"""Calls that Python has no name for."""


@pytest.fixture(scope="module")
def reader() -> Iterator[IsolatedReader]:
    """The process that reads files."""
    reader = IsolatedReader(600)
    yield reader
    reader.close()


BELOW_6 = (
    "from knowledge import confinement; confinement._landlock_version = lambda _: 5;"
    " confinement.confine()"
)


@pytest.fixture(scope="module", params=["", BELOW_6], ids=["this kernel", "below Linux 6.12"])
def confined(request: pytest.FixtureRequest) -> Iterator[Worker]:
    """A confined process: by all that this system can, or by what older ones can."""
    begin = partial(exec, request.param) if request.param else confine
    worker = Worker(begin, is_trusted=False)
    yield worker
    worker.close()


@pytest.fixture(scope="module")
def free() -> Iterator[Worker]:
    """A process that is not confined."""
    worker = Worker()
    yield worker
    worker.close()


@pytest.mark.slow
@can_confine
@pytest.mark.parametrize("code", FILE_CALLS + OTHER_CALLS)
def test_the_process_that_reads_reaches_nothing(
    confined: Worker, free: Worker, tmp_path: Path, code: str
) -> None:
    """What another process may do is refused to that one."""
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    with socket.create_server(("127.0.0.1", 0)) as server:

        def runs(folder: Path) -> Callable[[], object]:
            folder.mkdir()
            (folder / "there").write_text("kept")
            names = {"FOLDER": str(folder), "PORT": server.getsockname()[1]}
            return partial(eval, f"str((lambda os: {code})(__import__('os')))", names)

        with pytest.raises(PermissionError):
            confined.run(runs(inside))
        if "os.exec" not in code and "fork" not in code:  # after which there is nobody to answer
            free.run(runs(outside))
    assert [path.name for path in inside.iterdir()] == ["there"]
    assert (inside / "there").read_text() == "kept"


@pytest.mark.slow
@can_confine
@pytest.mark.parametrize("name", BY_NUMBER)
def test_calls_without_a_name_are_refused(confined: Worker, free: Worker, name: str) -> None:
    """To any other process the system says that such arguments make no sense."""
    machine = confinement._machine()
    assert machine is not None
    call = f"c.CDLL(None, use_errno=True).syscall({BY_NUMBER[name][machine[1]]}, *[-1] * 5)"
    failure = partial(eval, f"(lambda c: ({call}, c.get_errno()))(__import__('ctypes'))")
    assert confined.run(failure) == (-1, 1)
    assert free.run(failure) != (-1, 1)


TAKEN = """
from dataclasses import replace
from knowledge import isolation
read = isolation._read
isolation._read = lambda file: read(replace(file, content=b"<p>It burned in 1999.</p>"))
"""


class Taking:
    """Content that takes over the process that reads it."""

    def removeprefix(self, _: bytes) -> bytes:
        """No content is empty."""
        return b"some"

    def __reduce__(self) -> tuple[object, ...]:
        return eval, (f"exec({TAKEN!r}, {{}}) or b'<p>Anything.</p>'",)


@pytest.mark.slow
@pytest.mark.parametrize("is_uploaded", [True, False])
def test_who_takes_it_over_sees_no_file_that_is_uploaded_later(*, is_uploaded: bool) -> None:
    """Each of them has a process of its own, whatever was read before."""
    if is_uploaded:
        read_content("a.html", Taking())  # type: ignore[arg-type]
    else:
        isolated()._worker.run(partial(exec, TAKEN))
    (document,) = read_content("b.html", b"<p>The mill burned in 1884.</p>")
    assert document.text == "The mill burned in 1884."


@pytest.mark.slow
def test_a_folder_is_read_by_one_process(tmp_path: Path, reader: IsolatedReader) -> None:
    """To start one for each of its files would take longer than the files."""
    path = tmp_path / "a.html"
    path.write_text("<p>The mill burned in 1884.</p>")
    told = set()
    for _ in range(2):
        reader.read(SourceFile(path, "a.html"))
        told.add(reader._worker.begun().pid)
    assert len(told) == 1


@pytest.mark.slow
def test_what_is_told_of_an_upload_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """To much less than the process may hold."""
    assert isolation.LARGEST_TOLD == 64_000_000
    monkeypatch.setattr(isolation, "_read", attrgetter("content"))
    monkeypatch.setattr(isolation, "LARGEST_TOLD", 1_000)
    _told(json.dumps({"reason": None}).encode())
    with pytest.raises(ReadError, match="too large"):
        _told(b" " * 1_000 + json.dumps({"reason": None}).encode())


@pytest.mark.slow
@can_confine
def test_limits_hold_for_every_thread(reader: IsolatedReader) -> None:
    """The one that takes tasks was there before the first file, but not before the limits."""
    code = (
        "[t for t in __import__('threading').enumerate() if t.name != 'MainThread']"
        " and __import__('concurrent.futures').futures.ThreadPoolExecutor(1).submit(open,"
        " '/etc/passwd').result()"
    )
    with pytest.raises(PermissionError):
        reader._worker.run(partial(eval, code))
    told = reader._worker.begun()
    tasks = Path(f"/proc/{told.pid}/task")
    filtered = [(task / "status").read_text() for task in tasks.iterdir()]
    assert len(filtered) > 1
    assert all("\nSeccomp:\t2\n" in status for status in filtered)


@pytest.mark.slow
def test_no_secret_is_in_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment holds, it knows what is needed to run, and no more."""
    for name in ("DISCORD_TOKEN", "FOOTNOTE_DATABASE", "PGPASSWORD", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "hush-hush")
    reader = IsolatedReader()
    known = reader._worker.run(partial(eval, "dict(__import__('os').environ)"))
    reader.close()
    assert "PATH" in known
    assert "hush-hush" not in known.values()


class Hostile:
    """What runs a program where it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch '{self._mark}'",)


SPAN = {"start": 5, "end": 2}
DOCUMENT = {"id": "a", "title": "T", "source": "a.html", "text": "x", "checksum": "", "blocks": []}


@pytest.mark.slow
@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"no JSON",
        b"[" * 100_000,
        {"documents": 5},
        {"documents": [{**DOCUMENT, "text": 5}]},
        {"documents": [{**DOCUMENT, "blocks": [{"kind": "paragraph", "span": SPAN}]}]},
        {"documents": [{**DOCUMENT, "source": "another.html"}]},
    ],
)
def test_what_it_tells_is_taken_for_no_more_than_documents(
    monkeypatch: pytest.MonkeyPatch, told: object
) -> None:
    """Whoever has taken it over tells what they like: the content of the file, here."""
    monkeypatch.setattr(isolation, "_read", attrgetter("content"))
    content = told if isinstance(told, bytes) else json.dumps(told).encode()
    with pytest.raises(ReadError, match=r"its reader failed|is empty"):
        _told(content)


@pytest.mark.slow
def test_what_it_tells_runs_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A pickle is no answer."""
    monkeypatch.setattr(isolation, "_read", attrgetter("content"))
    harmful = pickle.dumps((Hostile(tmp_path / "mark"), None))
    with pytest.raises(ReadError, match="its reader failed"):
        _told(harmful)
    assert not (tmp_path / "mark").exists()
    pickle.loads(harmful)  # noqa: S301 (to see that it would do harm)
    assert (tmp_path / "mark").exists()


def _told(content: bytes) -> None:
    reader = IsolatedReader()
    try:
        reader.read(SourceFile(Path("a.html"), "a.html", content))
    finally:
        reader.close()


@pytest.mark.slow
def test_an_answer_without_end_is_not_waited_for() -> None:
    """One that is longer than all the process may hold is none."""
    worker = Worker(is_trusted=False)
    assert worker.told(partial(bytes, 9), 9) == bytes(9)
    with pytest.raises(WorkerEndedError):
        worker.told(partial(bytes, 10), 9)
    worker.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["chromium.pdf", "handbook.docx", "handbook.epub", "handbook.md", "handbook.odt",
     "handbook.rst", "handbook.adoc", "site.html", "wiki.xml", "plots.csv", "utf16.txt",
     "latin1.txt"],
)  # fmt: skip
def test_every_format_is_read_in_confinement(reader: IsolatedReader, name: str) -> None:
    """As well as outside of it, with all that its library imports on the way."""
    path = FORMATS_HERE / name
    file = SourceFile(path, name, path.read_bytes())
    outside = list(reader_of(FORMATS[path.suffix])(file))
    assert reader.read(file) == outside
    assert outside


@pytest.mark.slow
def test_a_program_confines_itself_without_any_package() -> None:
    """It needs nothing but Python, and cannot be undone."""
    code = "from knowledge.confinement import confine; confine(); confine(); open('/etc/passwd')"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    expected = "PermissionError" if CAN_CONFINE else ""
    assert expected in ran.stderr


@pytest.mark.slow
def test_what_could_not_be_done_is_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """In the log of a bot; a command, which shows no such lines, says nothing of it."""
    fails = (
        "from knowledge import confinement; confinement._libc = lambda: None;"
        " from knowledge.isolation import _begin"
    )
    monkeypatch.setattr(isolation, "_begin", partial(eval, f"exec({fails!r}) or _begin()", {}))
    isolation._tell_what_is_lacking.cache_clear()
    with caplog.at_level(logging.INFO):
        for _ in range(2):
            _told(b"<p>The mill burned in 1884.</p>")
    isolation._tell_what_is_lacking.cache_clear()
    (record,) = caplog.records
    assert record.levelname == "INFO"
    assert f"could not be kept from {FILES} and {CALLS}" in record.getMessage()


class NoCalls:
    """A C library of which no call succeeds, as where a container refuses them."""

    def syscall(self, number: int, *arguments: object) -> int:
        """Landlock says its version and makes a ruleset, and refuses to use it."""
        is_version = number == confinement._CREATE_RULESET and arguments[0] is None
        return 5 if is_version else -1

    def prctl(self, *_: object) -> int:
        """Nothing is set."""
        return -1


def test_where_nothing_can_be_done_nothing_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """On other systems, on machines whose calls are not known, and where it fails."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "darwin")
        assert confine() == (FILES, CALLS)
    monkeypatch.setattr(confinement, "_libc", NoCalls)
    monkeypatch.setattr(confinement, "_is_confined", False)
    monkeypatch.setattr(confinement, "_machine", lambda: confinement._MACHINES["x86_64"])
    assert confine() == (FILES, CALLS)
    monkeypatch.setattr(confinement, "_machine", lambda: None)
    assert confine() == (FILES, CALLS)


def _decided(program: bytes, number: int, machine: int, *arguments: int) -> int:
    """What the kernel makes of a filter, for a call with up to two arguments."""
    steps = list(iter_unpack("=HBBI", program))
    first, second = (*arguments, 0, 0)[:2]
    data = {0: number, 4: machine, 16: first, 24: second}
    at = loaded = 0
    while True:
        code, then, otherwise, value = steps[at]
        at += 1
        match code:
            case confinement._LOAD:
                loaded = data[value]
                continue
            case confinement._RETURN:
                return int(value)
            case confinement._IF_EQUAL:
                holds = loaded == value
            case confinement._IF_GREATER:
                holds = loaded >= value
            case confinement._IF_SET:
                holds = bool(loaded & value)
        at += then if holds else otherwise


@pytest.mark.parametrize("name", confinement._MACHINES)
def test_the_filter_decides_about_each_call(name: str) -> None:
    """On each machine, this one or not, with numbers of its own."""
    machine, column = confinement._MACHINES[name]
    program = confinement._filter(machine, column)
    allowed, refused = confinement._ALLOW, confinement._ERROR | confinement._NOT_ALLOWED
    numbers = {pair[column] for pair in confinement._REFUSED.values()} - {None}
    own = {pair[column] for pair in confinement._REFUSED_FOR_OTHERS.values()}
    clone, clone3, fcntl = (
        pair[column] for pair in (confinement._CLONE, confinement._CLONE3, confinement._FCNTL)
    )
    special = {clone, clone3, fcntl, *own}
    assert not numbers & special
    for number in range(500):
        if number not in special:
            expected = refused if number in numbers else allowed
            assert _decided(program, number, machine) == expected, number
    assert _decided(program, clone, machine, confinement._THREAD | 0x100) == allowed
    assert _decided(program, clone, machine, 17) == refused
    assert _decided(program, clone3, machine) & 0xFFFF == confinement._NOT_THERE
    for number in own:
        assert _decided(program, number, machine, 0) == allowed
        assert _decided(program, number, machine, 4711) == refused
    for command in range(1_100):
        expected = refused if command in {8, 10, 15} else allowed
        assert _decided(program, fcntl, machine, 5, command) == expected, command
    assert _decided(program, 0x40000000, machine) == refused
    assert _decided(program, 0, machine + 1) == refused
