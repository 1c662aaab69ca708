"""What is counted for Prometheus, and what is looked up whenever it asks.

Labels are words of the code: nothing that anybody wrote, and no id of a person or a server.
"""

import platform
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from time import perf_counter
from typing import TypeVar, get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.metrics import FrontEnd, Metrics
from bot.monitoring import monitored
from bot.service import Service
from footnote import Verdict

T = TypeVar("T")
V = TypeVar("V")


class PrometheusMetrics(Metrics):
    """Counts in a registry of its own, which `host` and `port` show while the bot runs."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self._registry = registry = CollectorRegistry()
        self._questions = Counter(
            "footnote_questions",
            "Questions whose answer was shown.",
            ("front_end", "verdict"),
            registry=registry,
        )
        self._whole = Histogram(
            "footnote_question_duration_seconds",
            "From the arrival of a question until its answer is shown.",
            registry=registry,
        )
        self._stages = Histogram(
            "footnote_stage_duration_seconds",
            "What a question or a search takes: waiting in the queue, then being worked out.",
            ("stage",),
            registry=registry,
        )
        self._refusals = Counter(
            "footnote_refusals",
            "What people were told to do differently or later, by the name of the error.",
            ("kind",),
            registry=registry,
        )
        self._errors = Counter(
            "footnote_errors",
            "What went wrong, by the name of the error.",
            ("kind",),
            registry=registry,
        )
        Info("footnote_build", "What runs.", registry=registry).info(
            {"version": version("footnote-bot"), "python": platform.python_version()}
        )
        ProcessCollector(registry=registry)
        # What has not happened yet is 0: a series that appears with a 1 has no increase.
        for front_end in get_args(FrontEnd):
            for verdict in Verdict:
                self._questions.labels(front_end, verdict.value)

    def asked(self, front_end: FrontEnd) -> Callable[[Verdict], None]:
        """Begin a question; what comes back counts it, with the time since now."""
        begun = perf_counter()

        def shown(verdict: Verdict) -> None:
            self._questions.labels(front_end, verdict.value).inc()
            self._whole.observe(perf_counter() - begun)

        return shown

    def timed(self, work: Callable[[V], T]) -> Callable[[V], T]:
        """The same work; how long it waited from now on is counted, and how long it took."""
        queued = perf_counter()

        def run(asked: V) -> T:
            begun = perf_counter()
            self._stages.labels("queue").observe(begun - queued)
            with self._stages.labels("answer").time():
                return work(asked)

        return run

    def refused(self, error: BaseException) -> None:
        """Count by the name of the error."""
        self._refusals.labels(type(error).__name__).inc()

    def failed(self, error: BaseException) -> None:
        """Count by the name of the error."""
        self._errors.labels(type(error).__name__).inc()

    @asynccontextmanager
    async def shown(
        self, service: Service, why_not_ready: Callable[[], str | None]
    ) -> AsyncIterator[None]:
        """Answer on the address; MonitoringError where that cannot be."""
        self._registry.register(_State(service, why_not_ready))
        async with monitored(self._address, why_not_ready, self.page):
            yield

    def page(self) -> bytes:
        """What Prometheus reads."""
        return generate_latest(self._registry)


class _State(Collector):
    """What is so at the moment; what depends on the documents only once they are read."""

    def __init__(self, service: Service, why_not_ready: Callable[[], str | None]) -> None:
        self._service = service
        self._why_not_ready = why_not_ready

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges; they cost no search and no reading."""
        yield GaugeMetricFamily(
            "footnote_ready",
            "1 where the bot is connected and the documents are read, else 0.",
            value=float(self._why_not_ready() is None),
        )
        yield GaugeMetricFamily(
            "footnote_queue_length",
            "Questions and searches that wait or are being worked out.",
            value=self._service.waiting,
        )
        library = self._service.ready
        if library is None:
            return
        yield GaugeMetricFamily(
            "footnote_index_timestamp_seconds",
            "When the documents were last read, in seconds since 1970.",
            value=library.read_at,
        )
        yield GaugeMetricFamily(
            "footnote_index_passages", "Passages that are searched.", value=library.passages
        )
