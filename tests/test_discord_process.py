"""`footnote bot` as a process: questions, signals, and what keeps it from starting."""

import signal
from pathlib import Path

import pytest

from bot import service
from bot.discord import replies
from knowledge.loading import MATERIAL
from tests.bot_process import QUESTION, answered, ended, logged, started, stopped
from tests.discord_laws import texts_in
from tests.loopback import BOT, ROLE, SERVER, Loopback


async def test_a_question_over_the_wire_and_a_clean_end(fake: Loopback, tmp_path: Path) -> None:
    """The answer is the response itself; SIGTERM closes the connection as a client should."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    token = await fake.ask(QUESTION)
    assert "**Monterrey**" in await answered(fake, token)
    (sent,) = fake.sent(token)
    assert sent.body["type"] == 4
    log = await stopped(process)
    assert fake.close_codes == [1000]
    assert "Monterrey" not in log
    assert "twinned" not in log
    assert "/ask guild=200 channel=201 took=" in log


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_running_answers_finish_before_the_end(
    fake: Loopback, tmp_path: Path, number: signal.Signals
) -> None:
    """A question that waits for the index when the signal comes is announced, and answered."""
    may_read = tmp_path / "may-read"
    process = await started(fake.url, tmp_path, READ_AFTER=str(may_read), AT_ONCE="0.1")
    await fake.connected()
    token = await fake.ask(QUESTION, private=True)
    await fake.until(lambda: fake.sent(token))
    process.send_signal(number)
    await logged(process, "stopping")
    may_read.touch()
    assert "**Monterrey**" in await answered(fake, token)
    code, _, log = await ended(process)
    assert code == 0, log
    announced, sent = fake.sent(token)
    assert announced.body == {"type": 5, "data": {"flags": 64}}
    assert "components" in sent.body


def test_what_is_announced_is_announced_in_time() -> None:
    """Discord waits for three seconds, of which the way there and back takes some."""
    assert replies.AT_ONCE <= 1


@pytest.mark.slow
async def test_answers_that_are_being_sent_are_sent(fake: Loopback, tmp_path: Path) -> None:
    """A signal between the answer and its arrival at Discord does not lose it."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    fake.takes.clear()
    token = await fake.ask(QUESTION)
    await fake.until(lambda: fake.sent(token))
    process.send_signal(signal.SIGTERM)
    await logged(process, "stopping")
    assert not fake.answered[token].is_set()
    fake.takes.set()
    code, _, log = await ended(process)
    assert code == 0, log
    assert fake.answered[token].is_set()
    assert "took=" in log


async def test_a_reading_that_takes_long_does_not_hold_up_the_end(
    fake: Loopback, tmp_path: Path
) -> None:
    """Running answers have five seconds, whatever goes on; here a moment, and it never ends."""
    assert service._PATIENCE == 5
    never = str(tmp_path / "never")
    process = await started(fake.url, tmp_path, READ_AFTER=never, PATIENCE="0.1")
    await fake.connected()
    await fake.ask(QUESTION)
    process.send_signal(signal.SIGTERM)
    code, _, log = await ended(process)
    assert code == 0, log


@pytest.mark.slow
async def test_an_end_while_documents_are_read(fake: Loopback, tmp_path: Path) -> None:
    """A library in the middle of its work is not torn down, which would abort the process."""
    first = await started(fake.url, tmp_path, READ_ON="1", PATIENCE="0.1")
    await fake.connected()
    second = await started(fake.url, tmp_path, READ_ON="1", WAIT="2")
    code, _, log = await ended(second)
    assert code == 2, log
    assert "runs this bot already" in log.splitlines()[-1]
    await stopped(first)


@pytest.mark.slow
async def test_commands_are_sent_once(fake: Loopback, tmp_path: Path) -> None:
    """A second start with the same commands sends none."""
    for number in (1, 2):
        process = await started(fake.url, tmp_path)
        await fake.connected(number)
        await stopped(process)
    puts = [request for request in fake.requests if request.method == "PUT"]
    assert len(puts) == 1
    assert fake.sessions == 2


@pytest.mark.slow
async def test_a_dropped_connection_is_resumed(fake: Loopback, tmp_path: Path) -> None:
    """The session goes on, and questions are answered."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    await fake.drop(4000)
    await fake.until(lambda: fake.resumed == 1)
    token = await fake.ask(QUESTION)
    assert "**Monterrey**" in await answered(fake, token)
    assert fake.sessions == 1
    await stopped(process)


async def test_a_refused_token(fake: Loopback, tmp_path: Path) -> None:
    """One sentence with the remedy, without the token, also while the documents are read."""
    never = str(tmp_path / "never")
    process = await started(fake.url, tmp_path, token="another.secret.token", READ_AFTER=never)
    code, _, log = await ended(process)
    assert code == 2
    assert log.splitlines()[-1].startswith("footnote: Discord rejected the token; reset it at")
    assert "another.secret.token" not in log


async def test_the_privilege_that_was_not_granted(fake: Loopback, tmp_path: Path) -> None:
    """One sentence with both remedies."""
    process = await started(fake.url, tmp_path, FOOTNOTE_MESSAGE_CONTENT="true")
    code, _, log = await ended(process)
    assert code == 2
    assert "turn on Message Content Intent" in log.splitlines()[-1]


async def test_no_network(tmp_path: Path) -> None:
    """One sentence, and an exit code that says that it may work later."""
    process = await started("http://127.0.0.1:9", tmp_path)
    code, _, log = await ended(process)
    assert code == 75
    assert "Discord cannot be reached" in log.splitlines()[-1]


async def test_no_documents(fake: Loopback, tmp_path: Path) -> None:
    """A folder that is not there ends the bot, also where it is connected already."""
    process = await started(fake.url, tmp_path, "--knowledge", str(tmp_path / "none"))
    code, _, log = await ended(process)
    assert code == 2
    assert "does not exist" in log.splitlines()[-1]


@pytest.mark.parametrize(
    ("token", "sentence"),
    [("", "no token: create a bot at"), ("to ken", "DISCORD_TOKEN is not a token")],
)
async def test_what_is_no_token(tmp_path: Path, token: str, sentence: str) -> None:
    """One sentence, without the token."""
    process = await started("http://127.0.0.1:9", tmp_path, token=token)
    code, _, log = await ended(process)
    assert code == 2
    assert sentence in log
    assert "to ken" not in log


@pytest.mark.slow
async def test_check_does_not_connect(fake: Loopback, tmp_path: Path) -> None:
    """It says what would run."""
    process = await started(fake.url, tmp_path, "--check")
    code, out, _ = await ended(process)
    assert code == 0
    assert "1 document with 24 passages, 0 files skipped" in out
    assert "9, all valid for Discord" in out
    assert f"Documents: {MATERIAL}." in out
    assert fake.requests == []


@pytest.mark.slow
async def test_a_mention_over_the_wire(fake: Loopback, tmp_path: Path) -> None:
    """A message that mentions the bot is answered by a message that notifies nobody."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    message = fake._message({"content": f"<@{BOT}> {QUESTION}"})
    author = {**message["author"], "id": "300", "bot": False}
    await fake.dispatch("MESSAGE_CREATE", {**message, "author": author, "guild_id": "200"})
    sent = await fake.until(
        lambda: [r for r in fake.requests if r.path == "/channels/201/messages"]
    )
    assert sent[0].body["allowed_mentions"] == {"parse": [], "replied_user": False}
    assert "Monterrey" in texts_in(sent[0].body["components"])
    await stopped(process)


@pytest.mark.slow
async def test_a_mention_of_the_bots_role_is_one(fake: Loopback, tmp_path: Path) -> None:
    """Discord makes a role of the bot's name, and suggests it to who types that name; another role
    is none. Where its words are not shown to the bot, it says so."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    roles = {"mention_roles": [str(ROLE)]}
    other = {"mention_roles": [str(SERVER)]}
    await fake.say(f"<@&{SERVER}> {QUESTION}", **other)
    await fake.say(f"<@&{ROLE}> {QUESTION}", **roles)
    await fake.say("", **roles)
    sent = await fake.until(lambda: fake.said()[1:] and fake.said())
    assert len(sent) == 2
    assert "Monterrey" in texts_in(sent[0].body["components"])
    assert "mention only my role" in texts_in(sent[1].body["components"])
    await stopped(process)


@pytest.mark.slow
async def test_a_command_of_another_version_is_told_to_be_reloaded(
    fake: Loopback, tmp_path: Path
) -> None:
    """One that is not there, and one that lacks an option: a sentence, and a line in the log."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    for token in (await fake.command("gone"), await fake.command("ask")):
        assert "reload Discord (Ctrl+R)" in await answered(fake, token)
    log = await stopped(process)
    assert "refused: CommandNotFound" in log
    assert "refused: CommandSignatureMismatch" in log
    assert "Traceback" not in log
