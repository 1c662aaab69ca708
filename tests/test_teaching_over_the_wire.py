"""Taught answers over real connections: kept by one process, quoted by the next, nowhere else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.discord.database import Database
from bot.discord.taught_store import TaughtStore
from tests.bot_process import started, stopped
from tests.discord_laws import broken_by, texts_in
from tests.loopback import (
    APPLICATION,
    CHANNEL,
    MEMBER,
    SERVER,
    SERVERS,
    Loopback,
    interaction,
    user,
)

QUESTION, OTHER_WORDS = "How do I reset my password?", "password reset?"
ANSWER = "Open Settings, choose Account and press **Reset**."


def context_menu(fake: Loopback, permissions: str) -> dict[str, Any]:
    """Somebody's "Teach this" on a member's message, which replies to another."""
    asked = {**fake._message({"content": QUESTION}), "author": user(MEMBER)}
    answer = {
        **fake._message({"content": ANSWER}), "author": user(MEMBER + 1), "type": 19,
        "message_reference": {
            "message_id": asked["id"], "channel_id": str(CHANNEL), "guild_id": str(SERVER),
        },
        "referenced_message": asked,
    }  # fmt: skip
    made = interaction(1, f"teach-{permissions}-", "Teach this", [], SERVER)
    made["member"]["permissions"] = permissions
    target = {"target_id": answer["id"], "resolved": {"messages": {answer["id"]: answer}}}
    return {**made, "data": {"id": "1", "name": "Teach this", "type": 3, **target}}


def sent_form(modal: dict[str, Any], permissions: str) -> dict[str, Any]:
    """A form as it was opened, sent."""
    rows = [
        {
            "type": 18,
            "component": {"type": 4, **{k: row["component"][k] for k in ("custom_id", "value")}},
        }
        for row in modal["components"]
    ]
    made = interaction(2, f"form-{permissions}-", "ask", [], SERVER)
    made["member"]["permissions"] = permissions
    return {**made, "type": 5, "data": {"custom_id": modal["custom_id"], "components": rows}}


async def text_of(fake: Loopback, token: str) -> str:
    """What an interaction was answered with."""

    def found() -> str:
        bodies = [request.body or {} for request in fake.sent(token)]
        shown = [body.get("data") or body for body in bodies]
        return "".join(texts_in(body["components"]) for body in shown if "components" in body)

    return await fake.until(found)


@pytest.mark.slow
async def test_a_taught_answer_outlasts_the_process(
    fake: Loopback, open_database: Callable[[], Database], address: str | None, tmp_path: Path
) -> None:
    """A member cannot open nor send the form; what a moderator sends is quoted in that server by
    this process and the next, not in another server, and not in direct messages."""
    more = {"FOOTNOTE_DATABASE": address} if address else {}
    process = await started(fake.url, tmp_path, **more)
    await fake.connected()
    await fake.dispatch("INTERACTION_CREATE", context_menu(fake, "2048"))
    assert "Only members with the permission Manage Server" in await text_of(fake, "teach-2048-")
    await fake.dispatch("INTERACTION_CREATE", context_menu(fake, "32"))
    (opened,) = await fake.until(lambda: fake.sent("teach-32-"))
    assert broken_by("POST", opened.path, opened.body) == []
    modal = opened.body["data"]
    values = [row["component"]["value"] for row in modal["components"]]
    assert values == [QUESTION, ANSWER]
    await fake.dispatch("INTERACTION_CREATE", sent_form(modal, "2048"))
    assert "Only members with the permission Manage Server" in await text_of(fake, "form-2048-")
    await fake.dispatch("INTERACTION_CREATE", sent_form(modal, "32"))
    assert "Taught" in await text_of(fake, "form-32-")
    for times in (1, 2):
        text = await text_of(fake, await fake.ask(OTHER_WORDS))
        assert "> Open Settings, choose Account and press Reset." in text
        assert "taught by user302 on 20" in text
        if times == 1:
            assert "Traceback" not in await stopped(process)
            process = await started(fake.url, tmp_path, **more)
            await fake.connected(2)
    option = {"name": "question", "type": 3, "value": QUESTION}
    other = interaction(9, "other-", "ask", [option], SERVERS[1])
    await fake.dispatch("INTERACTION_CREATE", other)
    assert "not answer" in await text_of(fake, "other-")
    private = {"id": "400", "type": 1, "recipients": [user(MEMBER)]}
    direct = interaction(10, "direct-", "ask", [option], SERVER)
    direct |= {"user": direct.pop("member")["user"], "channel_id": "400", "channel": private}
    del direct["guild_id"]
    await fake.dispatch("INTERACTION_CREATE", {**direct, "context": 1})
    assert "not answer" in await text_of(fake, "direct-")
    log = await stopped(process)
    assert "Traceback" not in log
    assert "password" not in log
    database = open_database()
    database.application = APPLICATION
    assert [entry.answer for entry in TaughtStore(database).entries(SERVER)] == [ANSWER]
