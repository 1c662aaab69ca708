"""Processes that do one task after another, each told through a pipe.

Unlike those of `multiprocessing` they do not run the program's main module again, so that a plain
script needs no guard, and they end with their pipes, whatever ended the process that started them.
"""

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from threading import Event, Thread
from typing import IO, Any, TypeVar

from knowledge.errors import WorkerEndedError

T = TypeVar("T")

_START = "import sys; sys.path = sys.argv[1:]; from knowledge.workers import main; main()"


_NEEDED = ("PATH", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT")
_NEEDED_KINDS = ("LC_", "LD_", "DYLD_", "PYTHON", "COVERAGE_")
"""Variables that a process needs that is told nothing else of its surroundings."""

_SIZE = 8
"""Bytes before each answer, which tell its length."""


class Worker:
    """A process that does one task after another; a new one is started when one has ended.

    Tasks are pickled. Each process does `start` before its first task, while it has one thread
    only; `began_with` is what that gave. One that is not `is_trusted` knows no secret that the
    environment may hold.
    """

    def __init__(
        self, start: Callable[[], object] | None = None, *, is_trusted: bool = True
    ) -> None:
        self.began_with: Any = None
        self._start = start
        self._is_trusted = is_trusted
        self._process: subprocess.Popen[bytes] | None = None
        self._is_closed = False

    def run(self, task: Callable[[], T]) -> T:
        """What a task gives, or raises; WorkerEndedError where its process ended."""
        return _given(task, self.told(partial(_done, task)))

    def told(self, task: Callable[[], bytes], largest: int | None = None) -> bytes:
        """The bytes that a task gives, up to so many; WorkerEndedError where its process ended.

        They are only handed on: a process that is not trusted may tell anything.
        """
        return _answer(self.begun(), task, largest)

    def begun(self) -> subprocess.Popen[bytes]:
        """The process, ready for a task."""
        process = self._process
        if process is None or process.poll() is not None:
            process = self._process = _started(None if self._is_trusted else _bare())
            # Looked at behind the line above: another thread may be closing it just now.
            if self._is_closed:
                self.close()
                raise WorkerEndedError
            start = self._start or _nothing
            self.began_with = _given(start, _answer(process, partial(_done, start)))
        return process

    def kill(self) -> None:
        """End the process while another thread waits for it."""
        if self._process is not None:
            self._process.kill()

    def end(self) -> None:
        """Let the process end by itself, which has nothing more to do."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def close(self) -> None:
        """End the process, whatever it is doing, and start no other."""
        self._is_closed = True
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def in_processes(
    tasks: Iterable[Callable[[], T]],
    count: int,
    *,
    ahead: int,
    start: Callable[[], object] | None = None,
) -> Iterator[T]:
    """What tasks give, in their order, done by `count` processes; at most `ahead` are waiting.

    WorkerEndedError where a process was ended from outside.
    """
    workers = [Worker(start) for _ in range(count)]
    free: SimpleQueue[Worker] = SimpleQueue()
    for worker in workers:
        free.put(worker)

    def run(task: Callable[[], T]) -> T:
        worker = free.get()
        try:
            return worker.run(task)
        finally:
            free.put(worker)

    waiting: deque[Future[T]] = deque()
    with ThreadPoolExecutor(count) as threads:
        try:
            for task in tasks:
                waiting.append(threads.submit(run, task))
                if len(waiting) > ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
            for worker in workers:
                worker.end()
        finally:
            for future in waiting:
                future.cancel()
            # All at once, since each takes a while to be gone.
            for worker in workers:
                worker.kill()
            for worker in workers:
                worker.close()


def _started(environment: dict[str, str] | None) -> subprocess.Popen[bytes]:
    # Modules come from where they come from here.
    return subprocess.Popen(  # noqa: S603 (our own module)
        [sys.executable, "-P", "-c", _START, *sys.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # Nothing is written to it: it tells by its end that this process has ended.
        stderr=subprocess.PIPE,
        env=environment,
    )


def _bare() -> dict[str, str]:
    """What of the environment is needed to run, and no secret."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in _NEEDED or name.startswith(_NEEDED_KINDS)
    }


def _nothing() -> None:
    pass


def _answer(
    process: subprocess.Popen[bytes], task: Callable[[], bytes], largest: int | None = None
) -> bytes:
    assert process.stdin is not None and process.stdout is not None  # noqa: S101 (pipes)
    try:
        # Not first as a whole: a task may hold a large file.
        pickle.dump(task, process.stdin)
        process.stdin.flush()
        size = int.from_bytes(_whole(process.stdout, _SIZE))
        if largest is not None and size > largest:
            raise EOFError
        return _whole(process.stdout, size)
    except (EOFError, OSError, ValueError) as error:
        process.kill()
        raise WorkerEndedError from error
    except BaseException:
        # Interrupted: the answer that is still to come must not be taken for that of the next task.
        process.kill()
        process.communicate()
        raise


def _whole(answers: IO[bytes], size: int) -> bytes:
    content = answers.read(size)
    if len(content) < size:
        raise EOFError
    return content


def _done(task: Callable[[], object]) -> bytes:
    """What a task gives and what it raises, pickled."""
    try:
        return pickle.dumps((task(), None))
    except Exception as error:
        return pickle.dumps((None, error))


def _given(task: Callable[[], T], answer: bytes) -> T:
    """What a task gave, or raised, unpickled from the answer."""
    # It runs as the same user: what comes from it is as much ours as this.
    result, error = pickle.loads(answer)  # noqa: S301 (as said above)
    if error is not None:
        raise error
    given: T = result
    return given


def _serve(tasks: IO[bytes], answers: IO[bytes]) -> None:
    """Do the tasks that come, until there are no more."""

    def tell(answer: bytes) -> None:
        answers.write(len(answer).to_bytes(_SIZE))
        answers.write(answer)
        answers.flush()

    # The start: it may set limits that hold for the thread that sets them, and for its own.
    tell(pickle.load(tasks)())  # noqa: S301 (from the process that started this one)
    taken: SimpleQueue[Callable[[], bytes] | None] = SimpleQueue()
    is_busy = Event()
    Thread(target=_take, args=(tasks, taken, is_busy), daemon=True).start()
    while (task := taken.get()) is not None:
        answer = task()
        is_busy.clear()
        tell(answer)


def _take(
    tasks: IO[bytes], taken: "SimpleQueue[Callable[[], bytes] | None]", is_busy: Event
) -> None:
    """Take the tasks as they come; where they end during one, nobody waits for its answer."""
    while True:
        try:
            task = pickle.load(tasks)  # noqa: S301 (from the process that started this one)
        except Exception:  # half a task too is the last
            if is_busy.is_set():
                os._exit(1)
            taken.put(None)
            return
        is_busy.set()
        taken.put(task)


def _end_with(pipe: int) -> None:
    """Let the system end this process when the other end of a pipe closes.

    Within a library that lets no other thread run, nothing else could. Where the system does not
    know how, the process ends when the library is done, or after the time that it may take.
    """
    with suppress(ImportError, AttributeError, OSError):
        import fcntl
        from select import poll

        fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
        # From now on it sends SIGIO, which ends whoever does not handle it.
        fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | fcntl.FASYNC)
        closed = poll()
        closed.register(pipe, 0)
        if closed.poll(0):  # before it could be told
            os._exit(1)


def main() -> None:
    """Serve the process that started this one."""
    # Who presses Ctrl-C means that process, which ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a library prints must not come between the answers, and nobody reads its errors.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    _end_with(os.dup(sys.stderr.fileno()))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())
    _serve(sys.stdin.buffer, answers)
