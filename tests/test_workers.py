"""Processes of our own: none outlives the one that started it, and none answers for another."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from knowledge.errors import WorkerEndedError
from knowledge.workers import Worker, in_processes

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are found there")

LONG, PATIENCE = 600, 60
"""Seconds that a task takes, and that its end is waited for."""

TASKS = {
    "sleeps": "partial(time.sleep, LONG)",
    "lets no other thread run": "partial(sum, range(10**13))",
    "waits for a process of its own": "partial(Worker().run, partial(time.sleep, LONG))",
}

PARENT = f"""
import sys, time
from functools import partial
from knowledge.workers import Worker, in_processes
LONG = {LONG}
list(in_processes([TASK] * 3, 2, ahead=8))
"""


class Family:
    """A process that has others at work, with all of them told by a name in their environment."""

    def __init__(self, task: str, size: int) -> None:
        self._name = f"FOOTNOTE_FAMILY={os.getpid()}.{time.monotonic_ns()}"
        name, _, value = self._name.partition("=")
        self.process = subprocess.Popen(
            [sys.executable, "-c", PARENT.replace("TASK", task)],
            env={**os.environ, name: value},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        # Some may have begun no task yet, as it may be when somebody loses patience.
        assert _is_soon(lambda: len(self.alive()) == size)

    def alive(self) -> list[int]:
        """The processes that are left."""
        return [
            int(folder.name)
            for folder in Path("/proc").iterdir()
            if folder.name.isdigit() and self._name.encode() in _environment(folder)
        ]

    def end(self) -> None:
        """End what is left."""
        for number in self.alive():
            os.kill(number, signal.SIGKILL)
        self.process.communicate()


def _environment(folder: Path) -> list[bytes]:
    try:
        return (folder / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _is_soon(test: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while not test():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture(params=TASKS)
def family(request: pytest.FixtureRequest) -> Iterator[Family]:
    """A process and its two workers, each at a task."""
    made = Family(TASKS[request.param], 5 if "own" in request.param else 3)
    yield made
    made.end()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_the_process_that_started_them(
    family: Family, number: signal.Signals
) -> None:
    """Whatever ends it and whatever they do; and nobody who reads its output waits for them."""
    family.process.send_signal(number)
    assert family.process.communicate() == (b"", b"")
    assert _is_soon(lambda: not family.alive())


def test_an_interruption_ends_the_workers(family: Family) -> None:
    """Ctrl-C, which a terminal sends to all of them."""
    os.killpg(family.process.pid, signal.SIGINT)
    assert b"KeyboardInterrupt" in family.process.communicate()[1]
    assert _is_soon(lambda: not family.alive())


def test_a_task_that_was_interrupted_does_not_answer_for_the_next() -> None:
    """Its answer comes from a process that is gone by then."""
    worker = Worker()
    worker.begun()
    previous = signal.signal(signal.SIGALRM, _interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(KeyboardInterrupt):
            worker.run(partial(time.sleep, 1))
    finally:
        signal.signal(signal.SIGALRM, previous)
    assert worker.run(partial(int, "5")) == 5
    worker.end()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_worker_that_was_closed_starts_no_process() -> None:
    """Not even for the thread that was about to give it a task when an interruption came."""
    worker = Worker()
    worker.close()
    with pytest.raises(WorkerEndedError):
        worker.run(partial(int, "5"))


def test_workers_end_by_themselves() -> None:
    """Once there are no more tasks, and with what each gave in the order of the tasks."""
    tasks = (partial(int, str(number)) for number in range(9))
    assert list(in_processes(tasks, 2, ahead=4)) == list(range(9))
