"""Limits by the clock: who may ask again when, and who is told so."""

import pytest

from bot.limits import WINDOW, Limits, Origin, Refusal, Told, Window

ALICE, BOB = 1, 2


class Clock:
    """A time that tests set, in seconds."""

    now = 1_000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """It stands still until a test says otherwise."""
    return Clock()


def test_a_minute_slides(clock: Clock) -> None:
    """Each question is let go of a minute after it was asked, not all at once."""
    window = Window(Limits(2, 0, 0), clock)
    asker = Origin(ALICE, 5)
    assert window.refusal(asker) is None
    clock.now += 50
    assert window.refusal(asker) is None
    clock.now += 9
    assert window.refusal(asker) == Refusal("user", 1)
    clock.now += 1
    assert window.refusal(asker) is None
    assert window.refusal(asker) == Refusal("user", 50)


def test_what_is_refused_counts_for_nobody(clock: Clock) -> None:
    """Who asks too much neither waits longer for it nor takes the channel's share of others."""
    window = Window(Limits(1, 2, 0), clock)
    assert window.refusal(Origin(ALICE, 5)) is None
    for _ in range(10):
        clock.now += 1
        assert window.refusal(Origin(ALICE, 5)) is not None
    assert window.refusal(Origin(BOB, 5)) is None
    clock.now += WINDOW - 10
    assert window.refusal(Origin(ALICE, 5)) is None


def test_the_longest_wait_is_the_one_that_is_said(clock: Clock) -> None:
    """Where two limits are passed, asking again at the time that was said is answered."""
    window = Window(Limits(1, 2, 0), clock)
    assert window.refusal(Origin(BOB, 5)) is None
    clock.now += 20
    assert window.refusal(Origin(ALICE, 5)) is None
    assert window.refusal(Origin(ALICE, 5)) == Refusal("user", 60)
    clock.now += 40
    assert window.refusal(Origin(3, 5)) is None
    refusal = window.refusal(Origin(ALICE, 5))
    assert refusal == Refusal("channel", 20) or refusal == Refusal("user", 20)
    clock.now += 20
    assert window.refusal(Origin(ALICE, 5)) is None


def test_of_two_limits_the_later_end_counts(clock: Clock) -> None:
    """Whichever of them it is."""
    window = Window(Limits(1, 1, 0), clock)
    assert window.refusal(Origin(ALICE, 5)) is None
    clock.now += 30
    assert window.refusal(Origin(BOB, 6)) is None
    assert window.refusal(Origin(ALICE, 6)) == Refusal("channel", 60)
    assert window.refusal(Origin(BOB, 5)) == Refusal("user", 60)


def test_letting_go_of_the_old_forgets_nothing_of_the_last_minute(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many ask, a member whose minute is not over waits."""
    monkeypatch.setattr("bot.limits._MOST_KEYS", 3)
    window = Window(Limits(1, 0, 0), clock)
    for user in range(10, 20):
        assert window.refusal(Origin(user, 5)) is None
    clock.now += 30
    assert window.refusal(Origin(ALICE, 5)) is None
    clock.now += 30
    assert window.refusal(Origin(BOB, 5)) is None
    assert len(window._asked) == 2
    assert window.refusal(Origin(ALICE, 5)) == Refusal("user", 30)


def test_a_refusal_is_news_once_a_minute(clock: Clock) -> None:
    """For each member; hearing of it again and again does not put off the next time."""
    told = Told(clock)
    assert told.is_news(ALICE)
    clock.now += 40
    assert not told.is_news(ALICE)
    assert told.is_news(BOB)
    clock.now += 20
    assert told.is_news(ALICE)
    assert not told.is_news(ALICE)
    assert not told.is_news(BOB)


def test_who_installed_the_bot_alone_has_no_home_there() -> None:
    """A guest is not answered from what the server's moderators added."""
    assert Origin(ALICE, 5, 7).home == 7
    assert Origin(ALICE, 5, 7, is_guest=True).home is None
    assert Origin(ALICE, 5).home is None
