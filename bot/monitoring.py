"""Pages for whoever monitors the bot, from its own event loop: no thread, no connection to Discord.

/healthz answers as long as the event loop does, /readyz whether questions can be answered.
"""

import errno
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.settings import SettingsError, variable_of

_PATIENCE = 1.0
"""Seconds that a page may take to be sent when the bot stops."""

_METRICS = "text/plain; version=0.0.4; charset=utf-8"
"""The form that every version of Prometheus reads."""

_log = logging.getLogger(__name__)


class MonitoringError(SettingsError):
    """An address that cannot be listened on."""


@asynccontextmanager
async def monitored(
    address: tuple[str, int],
    why_not_ready: Callable[[], str | None],
    metrics: Callable[[], bytes],
) -> AsyncIterator[None]:
    """Answer on a host and a port, where 0 is any that is free; MonitoringError where it fails."""

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_: web.Request) -> web.Response:
        reason = why_not_ready()
        return web.Response(text=f"{reason or 'ready'}\n", status=503 if reason else 200)

    async def counted(_: web.Request) -> web.Response:
        return web.Response(body=metrics(), headers={"Content-Type": _METRICS})

    application = web.Application()
    application.router.add_get("/healthz", healthz)
    application.router.add_get("/readyz", readyz)
    application.router.add_get("/metrics", counted)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=_PATIENCE)
    await runner.setup()
    try:
        await _listen(runner, *address)
        yield
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        name = f"{variable_of('metrics')} names {host}, port {port}"
        if error.errno == errno.EADDRINUSE:
            reason = f"{name}, where another program listens already; set another port"
        else:
            reason = f"{name}, where nothing can listen; set an address and a port of this machine"
        raise MonitoringError(reason) from error
    host, port, *_ = runner.addresses[0]
    _log.info("monitoring at http://%s:%d", f"[{host}]" if ":" in host else host, port)
