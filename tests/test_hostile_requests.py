"""Requests of strangers to the pages for monitoring: they change nothing and learn nothing."""

import asyncio
import logging

import pytest

from bot.monitoring import monitored

PAGES = ("/healthz", "/readyz", "/metrics")


async def sent(port: int, request: bytes) -> bytes:
    """The first line that is answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    line = await reader.readline()
    writer.close()
    return line.strip()


async def test_nothing_but_three_pages_is_answered(caplog: pytest.LogCaptureFixture) -> None:
    """Neither another method nor another path, nor what is no request; they hold nobody up."""
    with caplog.at_level(logging.INFO, "bot.monitoring"):
        async with monitored(("127.0.0.1", 0), lambda: None, lambda: b"figures 1\n"):
            port = int(caplog.records[-1].getMessage().rpartition(":")[2])
            open_ones = [await asyncio.open_connection("127.0.0.1", port) for _ in range(100)]
            for page in PAGES:
                for method in ("POST", "PUT", "DELETE", "PATCH"):
                    line = f"{method} {page} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
                    assert b" 405 " in await sent(port, line.encode())
            for path in ("/", "/../.env", "/metrics/../../etc/passwd", "//metrics", "/%2e%2e/.env"):
                line = f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n"
                assert b" 404 " in await sent(port, line.encode())
            long = b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n"
            for broken in (b"\0" * 100 + b"\r\n\r\n", b"GET\r\n\r\n", long):
                assert b" 400 " in await sent(port, broken)
            for page in PAGES:
                line = f"GET {page} HTTP/1.1\r\nHost: a\r\n\r\n"
                assert b" 200 " in await sent(port, line.encode())
            for _, writer in open_ones:
                writer.close()
