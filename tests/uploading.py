"""Attachments of the fake Discords over HTTP, as Discord's own are fetched."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from aiohttp import web

from tests.loopback import Loopback, interaction


class Attachments:
    """What is served below `url`, once `sends` is set; it is.

    `contents` has, by the path of an attachment, what it holds, and `instead`, by the end of a
    name, what is sent instead.
    """

    def __init__(self) -> None:
        self.url = ""
        self.contents: dict[str, bytes] = {}
        self.instead: dict[str, bytes] = {}
        self.asked = asyncio.Event()
        self.sends = asyncio.Event()
        self.sends.set()
        self._numbers = count(900)

    def attach(self, name: str, content: bytes) -> dict[str, Any]:
        """A file, as Discord describes it to the bot."""
        number = next(self._numbers)
        path = f"/attachments/1/{number}/{name}"
        self.contents[path] = content
        address = f"{self.url}{path}"
        return {
            "id": str(number), "filename": name, "size": len(content), "url": address,
            "proxy_url": address, "content_type": "text/plain", "description": None,
        }  # fmt: skip

    async def get(self, request: web.Request) -> web.Response:
        """One file, by the number that it has."""
        self.asked.set()
        await self.sends.wait()
        number, name = request.match_info["number"], request.match_info["name"]
        for end, content in self.instead.items():
            if name.endswith(end):
                return web.Response(body=content)
        found = [content for path, content in self.contents.items() if f"/{number}/" in path]
        return web.Response(body=found[0]) if found else web.Response(status=404)


@asynccontextmanager
async def attachments() -> AsyncIterator[Attachments]:
    """A server of the attachments that tests give."""
    served = Attachments()
    app = web.Application()
    app.router.add_get("/attachments/{channel}/{number}/{name:.*}", served.get)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    (address, *_) = runner.addresses
    served.url = f"http://127.0.0.1:{address[1]}"
    try:
        yield served
    finally:
        await runner.cleanup()


async def upload(fake: Loopback, server: int, attachment: dict[str, Any]) -> str:
    """A moderator's `/footnote knowledge add` with one file; its token."""
    number = int(attachment["id"])
    token = f"upload-{number}"
    fake.answered[token] = asyncio.Event()
    file = {"name": "file", "type": 11, "value": attachment["id"]}
    command = {"name": "add", "type": 1, "options": [file]}
    group = {"name": "knowledge", "type": 2, "options": [command]}
    data = interaction(number, token, "footnote", [group], server)
    data["member"]["permissions"] = "32"
    data["data"]["resolved"] = {"attachments": {attachment["id"]: attachment}}
    await fake.dispatch("INTERACTION_CREATE", data)
    return token
