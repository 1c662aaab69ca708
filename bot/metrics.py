"""What a running bot tells whoever monitors it: nothing, unless a setting asks for it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, TypeVar

from bot.settings import Settings, SettingsError, variable_of
from footnote import Verdict

if TYPE_CHECKING:
    from bot.service import Service

T = TypeVar("T")
V = TypeVar("V")

FrontEnd = Literal["command", "message"]


class Metrics:
    """Counts nothing, and shows nothing to anybody."""

    def asked(self, front_end: FrontEnd) -> Callable[[Verdict], None]:
        """Begin a question; what comes back is to be called once its answer is shown."""
        return lambda verdict: None

    def timed(self, work: Callable[[V], T]) -> Callable[[V], T]:
        """The same work, of which is known how long it waited from now on, and then took."""
        return work

    def refused(self, error: BaseException) -> None:
        """Somebody was told what to do."""

    def failed(self, error: BaseException) -> None:
        """Something went wrong that only the operator can do something about."""

    def shown(
        self, service: "Service", why_not_ready: Callable[[], str | None]
    ) -> AbstractAsyncContextManager[None]:
        """Show what was counted, and whether the bot is alive and ready, as long as it runs.

        `why_not_ready` gives a line that says it, or None where the bot is ready.
        """
        return nullcontext()


def metrics_of(settings: Settings) -> Metrics:
    """What the settings ask for; SettingsError where what that needs is not installed."""
    if settings.metrics_address is None:
        return Metrics()
    if find_spec("prometheus_client") is None:
        raise SettingsError(
            f"{variable_of('metrics')} needs the extra metrics: run pip install"
            " 'footnote-bot[metrics]'"
        )
    from bot.prometheus import PrometheusMetrics

    return PrometheusMetrics(*settings.metrics_address)
