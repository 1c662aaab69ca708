"""What a running bot shows whoever monitors it, asked over HTTP."""

import asyncio
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import yaml
from importing import imported
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from bot.discord import failures
from bot.library import read_library
from bot.limits import Limits
from bot.metrics import Metrics, metrics_of
from bot.prometheus import PrometheusMetrics
from bot.service import Service
from bot.settings import Settings, SettingsError
from tests.bot_process import QUESTION, ROOT, answered, ended, logged, started, stopped
from tests.discord_world import OFF_TOPIC
from tests.loopback import BOT, Loopback

pytestmark = pytest.mark.slow

Samples = dict[str, float]
"""The numbers of a page, by their names and labels as the page has them."""


@dataclass
class Monitored:
    """A bot that runs, and its pages."""

    process: asyncio.subprocess.Process
    session: aiohttp.ClientSession

    async def page(self, path: str) -> tuple[int, str]:
        """The status and the text of a page."""
        async with self.session.get(path) as response:
            return response.status, await response.text()

    async def until(self, path: str, look: Callable[[int, str], bool]) -> str:
        """The first text of a page that is as it should be."""
        while not look(*(seen := await self.page(path))):
            await asyncio.sleep(0.01)
        return seen[1]

    async def ready(self) -> None:
        """Wait until the bot says that it is."""
        await self.until("/readyz", lambda status, _: status == 200)

    async def counted(self, name: str, value: float) -> Samples:
        """The numbers once one of them, which may be missing until then, is this."""
        text = await self.until("/metrics", lambda _, text: samples(text).get(name) == value)
        return samples(text)


def samples(text: str) -> Samples:
    """The numbers of a page that Prometheus can read."""
    families = text_string_to_metric_families(text)
    return {_name(sample): sample.value for family in families for sample in family.samples}


def _name(sample: Sample) -> str:
    return " ".join([sample.name, *(f"{key}={value}" for key, value in sample.labels.items())])


@asynccontextmanager
async def monitored(fake: Loopback, data: Path, **more: str) -> AsyncIterator[Monitored]:
    """A bot with pages on a port of its own."""
    process = await started(fake.url, data, FOOTNOTE_METRICS="0", **more)
    address = (await logged(process, "monitoring at ")).split()[-1]
    async with aiohttp.ClientSession(address) as session:
        yield Monitored(process, session)


async def test_ready_once_the_documents_are_read(fake: Loopback, tmp_path: Path) -> None:
    """Connected is not enough; alive it is meanwhile."""
    may_read = tmp_path / "may-read"
    async with monitored(fake, tmp_path, READ_AFTER=str(may_read)) as bot:
        await fake.connected()
        assert await bot.page("/healthz") == (200, "ok\n")
        assert await bot.page("/readyz") == (503, "the documents are being read\n")
        seen = samples((await bot.page("/metrics"))[1])
        assert seen["footnote_ready"] == 0
        assert "footnote_index_passages" not in seen
        may_read.touch()
        await bot.ready()
        assert samples((await bot.page("/metrics"))[1])["footnote_ready"] == 1
        await stopped(bot.process)


async def test_ready_as_long_as_discord_is_connected(fake: Loopback, tmp_path: Path) -> None:
    """Neither before the first connection, nor while a lost one is made again."""
    fake.opens.clear()
    nothing = "there is no connection to Discord\n"
    async with monitored(fake, tmp_path) as bot:
        await bot.until("/readyz", lambda _, text: text == nothing)
        fake.opens.set()
        await bot.ready()
        fake.opens.clear()
        await fake.drop(4000)
        await bot.until("/readyz", lambda status, text: (status, text) == (503, nothing))
        assert (await bot.page("/healthz"))[0] == 200
        fake.opens.set()
        await bot.ready()
        await stopped(bot.process)


async def test_a_bot_that_stops_is_not_ready(fake: Loopback, tmp_path: Path) -> None:
    """It says so while it sends the last answers."""
    async with monitored(fake, tmp_path) as bot:
        await bot.ready()
        fake.takes.clear()
        token = await fake.ask(QUESTION)
        await fake.until(lambda: fake.sent(token))
        bot.process.send_signal(signal.SIGTERM)
        await bot.until(
            "/readyz", lambda status, text: (status, text) == (503, "the bot is stopping\n")
        )
        fake.takes.set()
        code, _, log = await ended(bot.process)
        assert code == 0, log
        assert fake.answered[token].is_set()


async def test_a_question_counts_once(fake: Loopback, tmp_path: Path) -> None:
    """By where it was asked and by its verdict, with each time that it took."""
    command, message = (
        {verdict: f"footnote_questions_total front_end={by} verdict={verdict}" for verdict in BOTH}
        for by in ("command", "message")
    )
    async with monitored(fake, tmp_path) as bot:
        await bot.ready()
        before = samples((await bot.page("/metrics"))[1])
        assert all(before[name] == 0 for name in (*command.values(), *message.values()))
        assert before["footnote_index_passages"] == 24
        assert before["footnote_queue_length"] == 0
        assert before["footnote_index_timestamp_seconds"] > before["process_start_time_seconds"]

        await answered(fake, await fake.ask(QUESTION))
        after = await bot.counted(command["answered"], 1)
        assert after["footnote_question_duration_seconds_count"] == 1
        assert after["footnote_stage_duration_seconds_count stage=queue"] == 1
        assert after["footnote_stage_duration_seconds_count stage=answer"] == 1
        assert after["footnote_stage_duration_seconds_sum stage=answer"] > 0

        await answered(fake, await fake.ask(OFF_TOPIC))
        after = await bot.counted(command["declined"], 1)
        assert after[command["answered"]] == 1

        text = f"<@{BOT}> {QUESTION}"
        heard = {**fake._message({"content": text}), "guild_id": "200"}
        author = {**heard["author"], "id": "300", "bot": False}
        await fake.dispatch("MESSAGE_CREATE", {**heard, "author": author})
        after = await bot.counted(message["answered"], 1)
        assert after["footnote_question_duration_seconds_count"] == 3
        assert not [name for name in after if name.startswith(("footnote_errors", "footnote_ref"))]
        await stopped(bot.process)


BOTH = ("answered", "declined")


async def test_refusals_are_no_errors(fake: Loopback, tmp_path: Path) -> None:
    """Who asks too much is counted by what was said; nothing shows who that was, or their words."""
    async with monitored(fake, tmp_path, FOOTNOTE_LIMIT_SERVER="1") as bot:
        await bot.ready()
        for _ in range(2):
            await answered(fake, await fake.ask(QUESTION))
        after = await bot.counted("footnote_refusals_total kind=LimitError", 1)
        assert after["footnote_questions_total front_end=command verdict=answered"] == 1
        _, page = await bot.page("/metrics")
        assert "Bethlehem" not in page
        families = text_string_to_metric_families(page)
        labels = {label for each in families for one in each.samples for label in one.labels}
        assert labels == {"front_end", "verdict", "stage", "kind", "le", "version", "python"}
        await stopped(bot.process)


async def test_a_scrape_does_not_wait_for_a_long_question(fake: Loopback, tmp_path: Path) -> None:
    """The pages come from the event loop, which gets its turn while an answer is worked out.

    The quickest of some, since how busy the machine is decides over each.
    """
    may_end = tmp_path / "may-end"
    clock = asyncio.get_running_loop().time
    async with monitored(fake, tmp_path, BUSY_UNTIL=str(may_end)) as bot:
        await bot.ready()
        token = await fake.ask(QUESTION)
        await bot.counted("footnote_queue_length", 1)
        took = []
        for _ in range(20):
            begun = clock()
            status, text = await bot.page("/metrics")
            took.append(clock() - begun)
            assert status == 200
            assert samples(text)["footnote_queue_length"] == 1
        assert not fake.sent(token)
        assert min(took) < 0.1
        may_end.touch()
        await answered(fake, token)
        await bot.counted("footnote_queue_length", 0)
        await stopped(bot.process)


async def test_a_port_that_is_taken(fake: Loopback, tmp_path: Path) -> None:
    """One sentence, before anything is sent to Discord."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        process = await started(fake.url, tmp_path, FOOTNOTE_METRICS=str(port))
        code, _, log = await ended(process)
    assert code == 2
    assert log.splitlines()[-1] == (
        f"footnote: FOOTNOTE_METRICS names 127.0.0.1, port {port}, where another program listens"
        " already; set another port"
    )
    assert fake.requests == []


async def test_an_address_of_another_machine(fake: Loopback, tmp_path: Path) -> None:
    """One sentence; the address is one that documents use, and no machine has."""
    process = await started(fake.url, tmp_path, FOOTNOTE_METRICS="192.0.2.1:9464")
    code, _, log = await ended(process)
    assert code == 2
    assert "where nothing can listen; set an address" in log.splitlines()[-1]


def test_the_extra_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library, the setting says what to install, and other settings need none."""
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(SettingsError, match=r"pip install 'footnote-bot\[metrics\]'"):
        metrics_of(Settings(metrics="9464"))
    assert type(metrics_of(Settings())) is Metrics


def test_nothing_is_imported_without_the_setting(tmp_path: Path) -> None:
    """A bot that shows no metrics starts as before."""
    environment = {"PATH": "/usr/bin:/bin", "DISCORD_TOKEN": "a.b.c", "HOME": str(tmp_path)}
    names = {"prometheus_client", "aiohttp.web", "bot.prometheus", "bot.monitoring"}
    for more, expected in (({}, []), ({"FOOTNOTE_METRICS": "9464"}, sorted(names))):
        assert imported(["bot", "--check"], names, {**environment, **more})[1] == expected


def test_what_went_wrong_is_counted_by_its_name() -> None:
    """Whatever an error says stays out of it."""
    metrics = PrometheusMetrics("127.0.0.1", 0)
    failures.log(RuntimeError("the words of a question"), "somewhere", metrics)
    page = metrics.page().decode()
    assert samples(page)["footnote_errors_total kind=RuntimeError"] == 1
    assert "the words of" not in page


async def test_every_metric_is_documented() -> None:
    """The table has each metric that is shown, and no other; the alerts name only those."""
    text = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(footnote_\w+)` \|", text, re.M))
    metrics = PrometheusMetrics("127.0.0.1", 0)
    service = Service(lambda: read_library(Settings()), Limits(), metrics=metrics)
    await service.library()
    async with metrics.shown(service, lambda: None):
        page = metrics.page().decode()
    types = dict(re.findall(r"^# TYPE (footnote_\w+) (\w+)$", page, re.M))
    # The library adds when each counter and histogram began.
    assert listed == {name for name in types if not name.endswith("_created")}
    (alerts,) = re.findall(r"```yaml\n(groups:.*?)```", text, re.S)
    rules = [rule for group in yaml.safe_load(alerts)["groups"] for rule in group["rules"]]
    assert len(rules) == 3
    used = {name for rule in rules for name in re.findall(r"footnote_\w+", rule["expr"])}
    assert {name.removesuffix("_bucket") for name in used} <= listed
