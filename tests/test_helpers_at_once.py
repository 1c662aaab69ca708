"""Presses and forms that come at the same time, over real connections: one of them counts."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.discord import delivering
from bot.discord.database import Database, opened
from bot.discord.handed import HandedOn, HandedOnStore, Helpers
from bot.discord.helping import pass_on_late
from bot.discord.taught_store import TaughtStore
from bot.metrics import Metrics
from tests.bot_process import started, stopped
from tests.discord_laws import broken_by, texts_in
from tests.loopback import APPLICATION, CHANNEL, HELD, MEMBER, SERVER, Loopback, interaction

HELPERS, DECLINE, POST = 203, 70, 500
ASKED = HandedOn(
    message=DECLINE, server=SERVER, channel=CHANNEL, user=MEMBER, reply_to=DECLINE,
    question="Who cooks?", press=71, post_channel=HELPERS,
)  # fmt: skip
DECLINED = [{"type": 17, "components": [{"type": 10, "content": "### Who cooks?\nNo answer."}]}]


def database_in(folder: Path) -> Database:
    """The database of the bot, with helpers."""
    database = opened(None, folder)
    database.application = APPLICATION
    HandedOnStore(database).set_helpers(SERVER, Helpers(HELPERS))
    return database


def pressing(number: int, kind: int, data: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A moderator's button (3) or form (5)."""
    made = interaction(number, f"press-{number}-", "ask", [], SERVER)
    made["member"] |= {"permissions": "32", **more}
    return {**made, "type": kind, "data": data}


def form_of(number: int, custom_id: str, **typed: str) -> dict[str, Any]:
    """A form that a moderator sends."""
    rows = [
        {"type": 18, "component": {"type": 4, "custom_id": name, "value": value}}
        for name, value in typed.items()
    ]
    return pressing(number, 5, {"custom_id": custom_id, "components": rows})


async def replies_to(fake: Loopback, count: int) -> list[str]:
    """What is said privately to each of so many presses."""

    def texts() -> list[str]:
        found = []
        for number in range(1, count + 1):
            bodies = [request.body or {} for request in fake.sent(f"press-{number}-")]
            found += [b["components"] for b in bodies if "components" in b]
        return [texts_in(components) for components in found]

    return await fake.until(lambda: texts() if len(texts()) == count else [])


@pytest.mark.slow
async def test_one_of_many_answers(fake: Loopback, tmp_path: Path) -> None:
    """The member is told once, one entry is taught, and the others read who was faster; after a
    restart nothing is answered again."""
    database = database_in(tmp_path)
    store = HandedOnStore(database)
    store.claim(ASKED)
    store.posted(ASKED, POST)
    process = await started(fake.url, tmp_path)
    await fake.connected()
    for number in range(1, 6):
        form = form_of(number, f"footnote:lesson:{DECLINE}", question="Who cooks?", answer="Ann.")
        await fake.dispatch("INTERACTION_CREATE", form)
    texts = await replies_to(fake, 5)
    assert sum("The answer is taught." in text for text in texts) == 1
    assert sum("was faster" in text and "> Ann." in text for text in texts) == 4
    told = [r for r in fake.said() if "Ann." in texts_in(r.body["components"])]
    assert len(told) == 1
    (entry,) = TaughtStore(database).entries(SERVER)
    assert (entry.question, entry.answer) == ("Who cooks?", "Ann.")
    await stopped(process)
    process = await started(fake.url, tmp_path)
    await fake.connected(2)
    form = form_of(6, f"footnote:reply:{DECLINE}", answer="Ben.")
    await fake.dispatch("INTERACTION_CREATE", form)
    await fake.until(lambda: len(fake.sent("press-6-")) > 1)
    log = await stopped(process)
    assert "Traceback" not in log
    assert "Ann." not in log
    assert not any("Ben." in texts_in(r.body["components"]) for r in fake.said())
    assert [broken_by(r.method, r.path, r.body) for r in fake.said()] == [[]] * len(fake.said())
    database.close()


async def test_one_of_many_presses_hands_on(fake: Loopback, tmp_path: Path) -> None:
    """The helpers get one message, and the member reads that the question has arrived."""
    database = database_in(tmp_path)
    process = await started(fake.url, tmp_path)
    await fake.connected()
    message = {**fake._message({}), "id": str(DECLINE), "components": DECLINED}
    data = {"custom_id": f"footnote:person:{MEMBER}", "component_type": 2}
    for number in range(1, 6):
        press = pressing(number, 3, data)
        press["member"]["user"]["id"] = str(MEMBER)
        await fake.dispatch("INTERACTION_CREATE", {**press, "message": message})
    texts = await replies_to(fake, 5)
    assert sum("People of this server have your question" in text for text in texts) == 1
    assert sum("handed on already" in text for text in texts) == 4
    sent = [r for r in fake.requests if r.path == f"/channels/{HELPERS}/messages"]
    assert [texts_in(r.body["components"]).partition("\n")[0] for r in sent] == ["### Who cooks?"]
    assert broken_by("POST", sent[0].path, sent[0].body) == []
    assert "Traceback" not in await stopped(process)
    kept = HandedOnStore(database).of_message(SERVER, DECLINE)
    assert kept is not None
    assert kept.question == "Who cooks?"
    assert kept.post
    database.close()


async def test_an_answer_that_cannot_be_sent_may_be_given_again(
    fake: Loopback, tmp_path: Path
) -> None:
    """Where Discord fails: the question stays open, and nothing is taught."""
    database = database_in(tmp_path)
    store = HandedOnStore(database)
    store.claim(ASKED)
    store.posted(ASKED, POST)
    process = await started(fake.url, tmp_path)
    await fake.connected()
    fake.fails[f"/channels/{CHANNEL}/messages"] = [400]
    for number in (1, 2):
        form = form_of(number, f"footnote:lesson:{DECLINE}", question="Who cooks?", answer="Ann.")
        await fake.dispatch("INTERACTION_CREATE", form)
        texts = await replies_to(fake, number)
    assert "Something went wrong" in texts[0]
    assert "The answer is taught." in texts[1]
    assert len(TaughtStore(database).entries(SERVER)) == 1
    await stopped(process)
    database.close()


@pytest.mark.slow
@pytest.mark.parametrize("is_taken", [False, True], ids=["before it is sent", "after it is sent"])
async def test_an_answer_outlives_a_bot_that_is_killed(
    fake: Loopback, tmp_path: Path, *, is_taken: bool
) -> None:
    """Between the closing of the question and the note that the answer was sent: the next process
    sends it, and once."""
    database = database_in(tmp_path)
    store = HandedOnStore(database)
    store.claim(ASKED)
    store.posted(ASKED, POST)
    process = await started(fake.url, tmp_path, LEASE="3", RENEW="0.5")
    await fake.connected()
    # Discord answers only once the process is gone, and has made the message by then or not.
    fake.fails[f"/channels/{CHANNEL}/messages"] = [HELD]
    form = form_of(1, f"footnote:reply:{DECLINE}", answer="Ann.")
    await fake.dispatch("INTERACTION_CREATE", form)
    (first,) = await fake.until(fake.said)
    if is_taken:
        fake._posted(first.body)
    process.kill()
    await process.communicate()
    process = await started(fake.url, tmp_path)
    (_, second) = await fake.until(lambda: fake.said() if len(fake.said()) > 1 else [])
    edited = await fake.until(lambda: [r for r in fake.requests if r.path.endswith(f"/{POST}")])
    await stopped(process)
    assert "> Ann." in texts_in(second.body["components"])
    assert second.body["allowed_mentions"] == first.body["allowed_mentions"]
    made = [m for m in fake.messages.values() if "Ann." in texts_in(m["components"])]
    assert len(made) == 1
    assert "answered by" in texts_in(edited[0].body["components"])
    assert store.untold() == []
    kept = store.of_message(SERVER, DECLINE)
    assert kept is not None
    assert (kept.closing, len(fake.said())) == (1, 2)
    database.close()


async def test_an_answer_that_cannot_be_passed_on_late_is_tried_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord may fail just when the bot starts again: the words of a person are not lost."""
    database = database_in(tmp_path)
    store = HandedOnStore(database)
    store.claim(ASKED)
    store.close(ASKED, 1, MEMBER, "Anna", "Ann.")

    async def fails(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(delivering, "_told", fails)
    desk: Any = SimpleNamespace(handed_on=store, service=SimpleNamespace(metrics=Metrics()))
    client: Any = None
    (late,) = store.untold()
    await pass_on_late(client, desk, late)
    assert [one.answer for one in store.untold()] == ["Ann."]
    database.close()


@pytest.mark.slow
async def test_who_dismisses_twice_was_no_faster(fake: Loopback, tmp_path: Path) -> None:
    """A second press may come before the button is gone."""
    database = database_in(tmp_path)
    store = HandedOnStore(database)
    store.claim(ASKED)
    store.posted(ASKED, POST)
    process = await started(fake.url, tmp_path)
    await fake.connected()
    message = {**fake._message({}), "id": str(POST)}
    for number in (1, 2):
        data = {"custom_id": f"footnote:dismiss:{DECLINE}", "component_type": 2}
        press = pressing(number, 3, data)
        press["member"]["user"]["id"] = str(MEMBER)
        await fake.dispatch("INTERACTION_CREATE", {**press, "message": message})
        texts = await replies_to(fake, number)
    assert texts == ["Dismissed; nobody is told.", "You have closed this question already."]
    await stopped(process)
    database.close()


async def test_only_a_reply_is_passed_on(fake: Loopback, tmp_path: Path) -> None:
    """What Discord says where somebody pins a question refers to it as well."""
    database = database_in(tmp_path)
    store = HandedOnStore(database)
    store.claim(ASKED)
    store.posted(ASKED, POST)
    process = await started(fake.url, tmp_path)
    await fake.connected()
    about = {
        "channel_id": str(HELPERS),
        "member": {"roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "flags": 0},
        "message_reference": {
            "message_id": str(POST), "channel_id": str(HELPERS), "guild_id": str(SERVER),
        },
    }  # fmt: skip
    await fake.say("", type=6, **about)
    await fake.say("Ann does, on *Mondays*.", type=19, **about)
    await fake.until(fake.said)
    await stopped(process)
    (told,) = fake.said()
    assert "> Ann does, on \\*Mondays\\*." in texts_in(told.body["components"])
    assert [r for r in fake.requests if r.path == f"/channels/{HELPERS}/messages"] == []
    database.close()
