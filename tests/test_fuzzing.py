"""Inputs that nobody would write: what they found once stays found, and some more at every run."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz_targets import TARGETS
from tests.fuzzing import Target, failure, fuzz, inputs

FOUND = [
    ("words", b"\0\xef\xb1\xa3"),  # a letter that is made of a blank and marks
    ("words", b"\1Es sind twenty one Tage"),  # a number of two words, in another language
    ("text", b"\xff\xfec\xfc"),  # the first again, in UTF-16
    ("asking", b"\xb3"),  # no UTF-8, as a terminal hands it on
    ("manifests", b'{"format":7,"columns":[""],"files":{}}'),
    ("manifests", b'{"format":7,"columns":["obstacle","x"],"files":{"a":[null,1]}}'),
    ("manifests", b"[]"),
    ("names", b"<\x1c\xbf w"),  # two blanks, once what stood between was gone
    ("names", b"# #"),
    ("names", b". #general"),
]
"""What each target failed over."""

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(("name", "content"), FOUND)
def test_what_was_found_is_mended(name: str, content: bytes) -> None:
    """Each input that a target once failed over is read, or refused with a sentence."""
    assert failure(TARGETS[name], content) is None


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_inputs_that_nobody_would_write(name: str) -> None:
    """No target fails over real inputs that were changed by chance, and none takes too long."""
    course = fuzz(TARGETS[name], 120, seed=20)
    assert course.inputs == 120
    assert not course.findings


@given(st.dictionaries(st.sampled_from(["knowledge", "columns", "files"]), JSON))
def test_any_json_is_a_manifest_or_none(data: dict[str, object]) -> None:
    """What is well-formed and of this format may still be no manifest."""
    content = json.dumps({"format": 7, **data}).encode()
    assert failure(TARGETS["manifests"], content) is None


def test_a_failure_is_found_and_shortened() -> None:
    """What fails is kept once, with a short input; the same seed makes the same inputs."""

    def fail(content: bytes) -> None:
        assert b"??" not in content

    target = Target("planted", fail, lambda: [b"Who? What?", b"When? Where?"])
    course = fuzz(target, 3_000, seed=1)
    (finding,) = course.findings.values()
    assert finding.content == b"??"
    assert finding.error.startswith("AssertionError")
    first, second = (inputs(target.seeds(), 7) for _ in range(2))
    assert [next(first) for _ in range(50)] == [next(second) for _ in range(50)]


def test_what_takes_too_long_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the processor's time, not by the clock on the wall, and what never ends is stopped."""
    monkeypatch.setattr("tests.fuzzing.SECONDS", 0.01)

    def hang(_: bytes) -> None:
        while True:
            pass

    def wait(_: bytes) -> None:
        time.sleep(0.05)

    assert failure(Target("hangs", hang, list), b"") == "takes too long"
    assert failure(Target("waits", wait, list), b"") is None
