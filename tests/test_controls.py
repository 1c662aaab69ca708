"""Custom ids that are not what the bot writes: each is refused in a sentence, or left alone."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.controls import Action, BrokenControlError, Control, control_of
from tests.bot_process import started, stopped
from tests.discord_laws import texts_in
from tests.loopback import MEMBER, SERVER, Loopback, interaction

KEY = "abcdEF-_"
BARE = {Action.WRONG, Action.FORGET}
"""They need nothing."""

BROKEN = [
    "footnote",
    "footnote:",
    f"footnote:an-action-of-a-later-version:{KEY}",
    *(f"footnote:{action}" for action in Action if action not in BARE),
    *(f"footnote:{action}:" for action in Action if action not in BARE),
    *(f"footnote:{action}:'); drop table feedback; --" for action in Action),
    *(f"footnote:{action}:{KEY}:1:2:3" for action in Action),
    *(f"footnote:{action}:-1:{KEY}" for action in Action),
    "footnote:read:short",
    f"footnote:read:{KEY}:5",
    f"footnote:read:{KEY}:5:5",
    f"footnote:read:{KEY}:9:5",
    f"footnote:read:{KEY}:x:y",
    f"footnote:read:{KEY}:٣:٤",
    f"footnote:read:{KEY}\n",
    "footnote:turn:← Previous",
    f"footnote:list:1:{KEY}",
    f"footnote:list:²:{KEY * 3}",
    f"footnote:leaf:0:{KEY}x",
    f"footnote:leaf:←:{KEY}",
    "footnote:helpful:nobody",
    f"footnote:unhelpful:{'9' * 80}",
    "footnote:wrong:1",
    "footnote:helpful:1\0",
    "footnote:teach:1",
    "footnote:amend:1:2",
    *(f"footnote:{action}:{2**63}" for action in ("amend", "reply", "lesson", "dismiss")),
]
"""Each has the bot's prefix."""

SOUND = [f"footnote:read:{KEY}:1:999999999999", f"footnote:turn:{KEY}", f"footnote:list:0:{KEY}"]
"""They lead to passages that are not in the documents."""

PARTS = st.one_of(
    st.sampled_from([*Action, "", KEY, 10 * KEY, "0", "1", "9", "-1", "²", "\0", "footnote"]),
    st.text(max_size=20),
    st.integers().map(str),
)


@given(st.one_of(st.text(), st.lists(PARTS).map(lambda parts: ":".join(["footnote", *parts]))))
def test_whatever_a_custom_id_is_it_is_a_control_or_none(custom_id: str) -> None:
    """What is read is what was written, and what is not is refused for the member to see."""
    with suppress(BrokenControlError):
        control = control_of(custom_id)
        assert control is None or control.custom_id == custom_id.removesuffix(":")


@pytest.mark.parametrize("custom_id", BROKEN)
def test_what_an_action_needs_is_there(custom_id: str) -> None:
    """Numbers are numbers, spans have a length, and positions are those of passages."""
    with pytest.raises(BrokenControlError):
        control_of(custom_id)


@pytest.mark.parametrize(
    "control",
    [
        Control(Action.READ, (KEY,)),
        Control(Action.READ, (KEY, "0", "5")),
        Control(Action.LEAF, ("1", 2 * KEY)),
        Control(Action.HELPFUL, ("7", "8")),
        Control(Action.WRONG),
        Control(Action.TEACH, ("7", str(2**63 - 1))),
        Control(Action.PERSON, ("7", "8")),
    ],
)
def test_what_the_bot_writes_it_reads(control: Control) -> None:
    """With and without what may be left out."""
    assert control_of(control.custom_id) == control


@pytest.mark.slow
async def test_broken_buttons_are_refused_over_the_wire(fake: Loopback, tmp_path: Path) -> None:
    """Each is answered, privately and in a sentence, and the log has no place in the code."""
    process = await started(fake.url, tmp_path, FOOTNOTE_LIMIT_USER="0", FOOTNOTE_LIMIT_CHANNEL="0")
    await fake.connected()
    pressed = [*BROKEN, *SOUND, "footnote:wrong"]
    for number, custom_id in enumerate(pressed):
        await fake.dispatch("INTERACTION_CREATE", pressing(fake, number, custom_id))
    for number, custom_id in enumerate(pressed):
        sent = await fake.until(lambda number=number: answers(fake, number))
        assert fake.sent(f"press-{number}-")[0].body["data"]["flags"] & 64, custom_id
        expected = "documents have changed" if custom_id in SOUND else "does not work any more"
        assert expected in texts_in(sent[0]["components"])
    log = await stopped(process)
    assert "Traceback" not in log
    assert "ERROR" not in log


async def test_each_of_several_members_may_rate(fake: Loopback, tmp_path: Path) -> None:
    """A button may name more than one; who is not named may not."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    said = []
    for number, who in enumerate((f"{MEMBER}:1", f"1:{MEMBER + 1}", "1:2")):
        pressed = pressing(fake, number, f"footnote:helpful:{who}")
        await fake.dispatch("INTERACTION_CREATE", pressed)
        sent = await fake.until(lambda number=number: answers(fake, number))
        said.append(texts_in(sent[0]["components"]))
    assert said[:2] == ["Thank you."] * 2
    assert "Only the person who asked" in said[2]
    assert "Traceback" not in await stopped(process)


def pressing(fake: Loopback, number: int, custom_id: str) -> dict[str, Any]:
    """A member's press of a button."""
    token = f"press-{number}-"
    pressed = {"custom_id": custom_id, "component_type": 2}
    message = fake._message({})
    return {
        **interaction(number, token, "ask", [], SERVER),
        "type": 3,
        "data": pressed,
        "message": message,
    }


def answers(fake: Loopback, number: int) -> list[dict[str, Any]]:
    """The messages that were sent for a press."""
    bodies = [request.body for request in fake.sent(f"press-{number}-")]
    return [body for body in (body.get("data") or body for body in bodies) if "components" in body]
