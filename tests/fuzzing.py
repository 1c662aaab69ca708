"""Inputs that nobody would write: made of real ones, given to a target, cut where it fails."""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from types import FrameType

from knowledge.errors import FootnoteError

TOKEN = "MTE1.secret.of-the-bot"
"""What no error may show."""

LARGEST = 100_000
"""Bytes of the largest input."""

SECONDS = 3.0
"""Seconds of processor time that any input may take, in all that a target does with it: what reads
a file reads it twice, cuts it into passages, and makes entries of them."""

_USUAL = 1_000
"""Bytes that nearly all inputs have at most."""

_ONE_IS_LARGE = 1_000
"""One of so many inputs is a piece repeated up to LARGEST bytes."""

_PIECES = (
    *(b"\0", b"\r", b"\n", b"\r\n", b"\n\n", b"\t", b" ", b"    ", b"# ", b"* ", b"1. ", b"> "),
    *(b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc2\xad", b"\xe2\x80\x8b", b"\xe2\x80\xae"),
    *(b"\xcc\x81", b"\xf0\x9f\x98\x80", b"\xe6\x97\xa5", b"\xed\xa0\x80", b"\\ud800", b"\\u0000"),
    *b"- -- --- === ``` ~~~ | || |---| : :: [ ]( ) < > </p> <td> <!-- --> &amp; &#0; {{ }}".split(),
    *b"[[ ]] ''' \" \"\" \\ / ../ ? ! . ... , ; 0 -1 1e999 NaN null true {} [] @everyone".split(),
    *b"` _ ** ~~ = # $ %s https://x.y/ discord.gg/ 99999999999999999999".split(),
)


def one_sentence(error: FootnoteError) -> None:
    """Whether an error of the project's own says something, and no secret."""
    assert str(error).strip()
    assert TOKEN not in str(error)


class SlowError(AssertionError):
    """An input that takes more time than any may."""


@dataclass(frozen=True)
class Target:
    """What inputs are given to: it raises nothing, whatever it is given.

    `seeds` are real inputs, of which others are made.
    """

    name: str
    run: Callable[[bytes], object]
    seeds: Callable[[], Sequence[bytes]]


@dataclass
class Finding:
    """An input that a target failed over, and how."""

    content: bytes
    error: str


@dataclass
class Course:
    """What came of many inputs."""

    inputs: int = 0
    slowest: float = 0.0
    findings: dict[str, Finding] = field(default_factory=dict)


def fuzz(target: Target, count: int, seed: int, last: Callable[[bytes], object] = len) -> Course:
    """Give a target so many inputs; `last` is told each before.

    A failure is kept once for each place in the code, with the shortest input for it.
    """
    course = Course()
    for content in islice(inputs(target.seeds(), seed), count):
        last(content)
        began = time.process_time()
        error = failure(target, content)
        course.inputs += 1
        course.slowest = max(course.slowest, time.process_time() - began)
        if error is not None and error not in course.findings:
            course.findings[error] = Finding(shortened(target, content, error), error)
    return course


def inputs(seeds: Sequence[bytes], seed: int) -> Iterator[bytes]:
    """The seeds, and without end what can be made of them."""
    random = Random(seed)
    yield from seeds
    while True:
        content = random.choice(seeds)
        if len(content) > _USUAL and random.random() < 0.9:
            start = random.randrange(len(content) - _USUAL)
            content = content[start : start + _USUAL]
        for _ in range(random.choice((1, 1, 2, 3, 5, 8))):
            content = _changed(content, random, seeds)
        if not random.randrange(_ONE_IS_LARGE):
            piece = _slice(content, random) or random.choice(_PIECES)
            content = piece * (LARGEST // len(piece))
        yield content[:LARGEST]


def _changed(content: bytes, random: Random, seeds: Sequence[bytes]) -> bytes:
    """Content with one change: something deleted, repeated, exchanged or put in."""
    start = random.randrange(len(content) + 1)
    end = min(len(content), start + random.choice((0, 0, 1, 1, 2, 4, 16, 64)))
    piece = content[start:end]
    match random.randrange(6):
        case 0:
            new = b""
        case 1:
            new = piece * random.choice((2, 3, 10, 50))
        case 2:
            new = random.randbytes(random.choice((1, 1, 2, 4)))
        case 3:
            new = _slice(random.choice(seeds), random)
        case 4:
            new = piece + random.choice(_PIECES) * random.choice((1, 1, 2, 4, 30))
        case _:
            new = piece + random.choice(_PIECES)
    return content[:start] + new + content[end:]


def _slice(content: bytes, random: Random) -> bytes:
    start = random.randrange(len(content) + 1)
    return content[start : start + random.choice((1, 2, 4, 8, 16, 64, 256))]


def failure(target: Target, content: bytes) -> str | None:
    """What a target fails with, and where; None where it does not."""
    began = time.process_time()
    try:
        with stopped_after(5 * SECONDS):
            target.run(content)
        seconds = time.process_time() - began
        if seconds > SECONDS:
            # The machine may have been to blame: the best of three counts.
            seconds = min(seconds, _seconds_of(target, content), _seconds_of(target, content))
        if seconds > SECONDS:
            raise SlowError(f"takes {seconds:.1f} s for {len(content):,} bytes")
    except SlowError:
        return "takes too long"
    except (Exception, RecursionError) as error:
        return f"{type(error).__name__} {place_of(error)}"
    return None


def _seconds_of(target: Target, content: bytes) -> float:
    began = time.process_time()
    with suppress(SlowError), stopped_after(5 * SECONDS):
        target.run(content)
    return time.process_time() - began


def place_of(error: BaseException) -> str:
    """Where an error was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"


class stopped_after:  # noqa: N801 (read as a statement)
    """Raises SlowError in what takes more than so many seconds of processor time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        signal.signal(signal.SIGVTALRM, _stop)
        signal.setitimer(signal.ITIMER_VIRTUAL, self._seconds)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _stop(_: int, __: FrameType | None) -> None:
    raise SlowError


def shortened(target: Target, content: bytes, error: str) -> bytes:
    """A shorter input over which a target fails in the same way."""
    if error == "takes too long":
        return content
    step, tries = max(len(content) // 2, 1), 400
    while step and tries:
        start = 0
        while start < len(content) and tries:
            shorter = content[:start] + content[start + step :]
            tries -= 1
            if failure(target, shorter) == error:
                content = shorter
            else:
                start += step
        step //= 2
    return content
