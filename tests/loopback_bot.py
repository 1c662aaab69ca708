"""Run `footnote bot` against a Discord at another address: `loopback_bot.py URL [OPTIONS]`.

The two addresses are changed, a first response may take long, and what the environment says:
READ_AFTER names a file that the reading of the documents waits for, and READ_ON lets it never end;
AT_ONCE and PATIENCE are the seconds until an answer is announced, and those that running answers
have at the end; LEASE, RENEW and WAIT those of a lease; LAG_FILE names a file for how late the
event loop was, in seconds; BUSY_UNTIL names a file until which an answer keeps Python busy;
NO_NAMES lets names of hosts never be found.
"""

import asyncio
import json
import os
import socket
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
from discord.gateway import DiscordWebSocket
from yarl import URL

from bot import library, service
from bot.discord import client, draining, leases, replies, running, sending
from bot.terminal.cli import main
from footnote import Answer, Collection

_EVERY = 0.005


async def measured(lags: list[tuple[float, float]]) -> None:
    """When, and how late, the event loop comes back to a task, again and again."""
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(_EVERY)
        lags.append((time.time(), time.perf_counter() - begun - _EVERY))


def measure(file: Path) -> None:
    """Measure while the bot runs, and write down what was seen when it stops."""
    lags: list[tuple[float, float]] = []
    open_, close = client.FootnoteBot.setup_hook, client.FootnoteBot.close

    async def setup_hook(self: client.FootnoteBot) -> None:
        self.measuring = asyncio.create_task(measured(lags))  # type: ignore[attr-defined]
        await open_(self)

    async def closing(self: client.FootnoteBot) -> None:
        self.measuring.cancel()  # type: ignore[attr-defined]
        file.write_text(json.dumps(lags))
        await close(self)

    client.FootnoteBot.setup_hook = setup_hook  # type: ignore[method-assign]
    client.FootnoteBot.close = closing  # type: ignore[method-assign]


def wait_for(file: Path) -> None:
    """Read the documents once a file is there."""
    read = library.read_library

    def reading(settings: Any) -> library.Library:
        while not file.exists():
            time.sleep(0.01)
        return read(settings)

    running.read_library = reading


def be_busy_until(file: Path) -> None:
    """Let every answer take until a file is there, and leave the event loop what Python does."""
    ask = Collection.ask

    def asking(self: Collection, question: str, limit: int = 10) -> Answer:
        while not file.exists():
            # To look for a file lets other threads run; answering does so much less often.
            for _ in range(1_000_000):
                pass
        return ask(self, question, limit)

    Collection.ask = asking  # type: ignore[method-assign]


def find_no_names() -> None:
    """Let the system look for every name of a host until it is killed."""

    def getaddrinfo(*_: Any, **__: Any) -> Any:
        sys.stderr.write("looking for a name\n")
        sys.stderr.flush()
        threading.Event().wait()

    socket.getaddrinfo = getaddrinfo


def read_on() -> None:
    """Read the documents for ever, in a library that is written in C++."""
    from rapidfuzz import process

    def reading(settings: Any) -> library.Library:
        while True:
            process.cdist(["a" * 30] * 100, ["b" * 30] * 100)

    running.read_library = reading


if __name__ == "__main__":
    url, *options = sys.argv[1:]
    discord.http.Route.BASE = url
    DiscordWebSocket.DEFAULT_GATEWAY = URL(url.replace("http", "ws") + "/gateway")
    if "READ_AFTER" in os.environ:
        wait_for(Path(os.environ["READ_AFTER"]))
    if "READ_ON" in os.environ:
        read_on()
    if "NO_NAMES" in os.environ:
        find_no_names()
    replies.AT_ONCE = float(os.environ.get("AT_ONCE", replies.AT_ONCE))
    service._PATIENCE = float(os.environ.get("PATIENCE", service._PATIENCE))
    if "BUSY_UNTIL" in os.environ:
        be_busy_until(Path(os.environ["BUSY_UNTIL"]))
    # One that takes long on a busy machine would be sent again.
    sending.RESPONSE = replace(sending.RESPONSE, once=500)
    draining._PATIENCE = float(os.environ.get("PATIENCE", draining._PATIENCE))
    leases.LEASE = float(os.environ.get("LEASE", leases.LEASE))
    leases.RENEW = float(os.environ.get("RENEW", leases.RENEW))
    leases.WAIT = float(os.environ.get("WAIT", leases.WAIT))
    if "LAG_FILE" in os.environ:
        measure(Path(os.environ["LAG_FILE"]))
    sys.exit(main(["bot", *options]))
