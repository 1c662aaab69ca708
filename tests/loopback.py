"""A Discord on 127.0.0.1: its HTTP and its gateway, as far as the bot as a process needs them.

It knows nothing of permissions; what it takes and answers is what Discord's documentation says, and
nothing here was compared with Discord itself.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

from aiohttp import WSMsgType, web

APPLICATION, BOT, SERVER, CHANNEL, MEMBER = 100, 101, 200, 201, 300
ROLE = 202
"""That Discord made for the bot."""
SERVERS = (SERVER, 1 << 22 | SERVER)
"""Of two shards, each has one."""
TOKEN = "a.good.token"
REVOKED = 4004  # Discord's code where the token is none any more

DROPPED, LOST, HELD, DONE_BUT_502 = 0, 1, 2, 3
"""Instead of a status: the connection ends before something is done, or after; no answer comes;
what is done is answered with 502, as by a proxy that has lost the answer."""

T = TypeVar("T")


@dataclass(frozen=True)
class Request:
    """What the bot sent, and when by the clock of time.monotonic()."""

    at: float
    method: str
    path: str
    body: Any


@dataclass
class Loopback:
    """The fake; `requests` is all that came in, `gateway` how often the bot came to the gateway,
    and `sessions` how often it identified.

    The bot is that of `application_id`, and is in `servers`; of those in `outages`, only that.
    Members have Discord in the language `locale`, and servers prefer `guild_locale`.

    Responses to interactions are taken once `takes` is set, connections to the gateway once `opens`
    is and greeted once `greets` is, and what comes over it is taken once `hears` is; all are.
    `fails` has, by the end of a path, the statuses of the next requests; `bodies`: their JSON, by
    status. `messages` are those that there are, by their ids.
    """

    url: str = ""
    application_id: int = APPLICATION
    servers: tuple[int, ...] = SERVERS
    outages: tuple[int, ...] = ()
    locale: str = "en-US"
    guild_locale: str = "en-US"
    requests: list[Request] = field(default_factory=list)
    sessions: int = 0
    takes: asyncio.Event = field(default_factory=asyncio.Event)
    opens: asyncio.Event = field(default_factory=asyncio.Event)
    greets: asyncio.Event = field(default_factory=asyncio.Event)
    hears: asyncio.Event = field(default_factory=asyncio.Event)
    fails: dict[str, list[int]] = field(default_factory=dict)
    bodies: dict[int, Any] = field(default_factory=dict)
    messages: dict[str, Any] = field(default_factory=dict)
    gateway: int = 0
    resumed: int = 0
    close_codes: list[int | None] = field(default_factory=list)
    is_revoked: bool = False
    answered: dict[str, asyncio.Event] = field(default_factory=dict)
    _sockets: dict[int, web.WebSocketResponse] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _nonces: dict[str, str] = field(default_factory=dict)
    _originals: dict[str, str] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(1))
    _ids: Any = field(default_factory=lambda: count(10_000))

    def __post_init__(self) -> None:
        self.takes.set()
        self.opens.set()
        self.greets.set()
        self.hears.set()

    async def until(self, look: Callable[[], T]) -> T:
        """Wait until there is something to see, and give it; it is looked for after each event."""
        while not (seen := look()):
            self._news.clear()
            await self._news.wait()
        return seen

    async def connected(self, times: int = 1) -> None:
        """Wait until the bot has identified so often."""
        await self.until(lambda: self.sessions >= times)

    def has_session(self, shard: int = 0) -> bool:
        """Whether a bot is connected for a shard, as far as is known here."""
        return shard in self._sockets and not self._sockets[shard].closed

    async def dispatch(self, event: str, data: dict[str, Any], shard: int = 0) -> None:
        """An event of the gateway."""
        event_ = {"op": 0, "t": event, "s": next(self._numbers), "d": data}
        await self._sockets[shard].send_json(event_)

    async def ask(self, question: str, *, private: bool = False, shard: int = 0) -> str:
        """A member's /ask; its token, by which its answers are found."""
        options = {"question": (3, question), "private": (5, private)}
        return await self.command("ask", shard, **options)

    async def command(self, name: str, shard: int = 0, **options: tuple[int, object]) -> str:
        """A member's command, each of its options with the number of its kind; its token."""
        given = [{"name": n, "type": kind, "value": v} for n, (kind, v) in options.items()]
        return await self._command_given(name, given, shard, "2048")

    async def moderate(self, name: str, **options: tuple[int, object]) -> str:
        """A moderator's `/footnote` command; its token."""
        given = [{"name": n, "type": kind, "value": v} for n, (kind, v) in options.items()]
        inner = [{"name": name, "type": 1, "options": given}]
        return await self._command_given("footnote", inner, 0, "32")

    async def _command_given(
        self, name: str, options: list[dict[str, Any]], shard: int, permissions: str
    ) -> str:
        number = next(self._ids)
        token = f"token-{number}"
        self.answered[token] = asyncio.Event()
        data = interaction(number, token, name, options, SERVERS[shard])
        data["member"]["permissions"] = permissions
        data |= {"locale": self.locale, "guild_locale": self.guild_locale}
        await self.dispatch("INTERACTION_CREATE", data, shard)
        return token

    async def say(self, text: str, author: int = MEMBER, **more: Any) -> str:
        """A member's message in the channel; its id."""
        message = self._message({"content": text})
        about = {"author": user(author), "guild_id": str(SERVER), **more}
        await self.dispatch("MESSAGE_CREATE", {**message, **about})
        return str(message["id"])

    def replies(self, *ids: str) -> list[Request]:
        """The messages of the bot in the channel that reply to some others."""
        return [r for r in self.said() if str(r.body["message_reference"]["message_id"]) in ids]

    def said(self) -> list[Request]:
        """The messages of the bot in the channel."""
        return [each for each in self.requests if each.path == f"/channels/{CHANNEL}/messages"]

    def sent(self, token: str) -> list[Request]:
        """What the bot sent for an interaction."""
        return [request for request in self.requests if f"/{token}" in request.path]

    def original(self, token: str) -> str:
        """The id of the first response to an interaction."""
        return self._originals[token]

    def application(self) -> web.Application:
        """The routes."""
        app = web.Application(client_max_size=1 << 24)
        app.router.add_get("/gateway", self._gateway)
        app.router.add_route("*", "/{path:.*}", self._rest)
        return app

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        path = "/" + request.match_info["path"]
        text = await request.text() if request.can_read_body else ""
        is_json = request.content_type == "application/json"
        body = json.loads(text) if text and is_json else None
        self.requests.append(Request(time.monotonic(), request.method, path, body))
        self._news.set()
        # Interactions and what follows them carry a token of their own.
        is_authorized = request.headers.get("Authorization") == f"Bot {TOKEN}"
        if not (is_authorized or path.startswith(("/interactions", "/webhooks"))):
            return _json({"message": "401: Unauthorized", "code": 0}, 401)
        if path.endswith("/callback"):
            await self.takes.wait()
        failure = self._failure(path)
        if failure == HELD:
            await asyncio.Event().wait()
        if failure in (None, LOST, DONE_BUT_502):
            response = self._answer(request.method, path, body)
            if failure == DONE_BUT_502:
                response = _json({"message": "x", "code": 0}, 502)
        elif failure != DROPPED:
            response = _json(self.bodies.get(failure, {"message": "x", "code": 0}), failure)
        if failure in (DROPPED, LOST) and request.transport is not None:
            request.transport.abort()
        return response if failure != DROPPED else web.Response()

    def _failure(self, path: str) -> int | None:
        """What the next answer to a path is to be instead of what it would be."""
        for end, statuses in self.fails.items():
            if path.endswith(end) and statuses:
                return statuses.pop(0)
        return None

    def _answer(self, method: str, path: str, body: Any) -> web.StreamResponse:
        if path == "/users/@me":
            return _json(user(BOT, is_bot=True))
        if path == "/oauth2/applications/@me":
            return _json({**APPLICATION_INFO, "id": str(self.application_id)})
        if path == "/gateway/bot":
            limit = {"total": 1, "remaining": 1, "reset_after": 1, "max_concurrency": 1}
            socket = self.url.replace("http", "ws") + "/gateway"
            return _json({"url": socket, "shards": 1, "session_start_limit": limit})
        if path == f"/applications/{self.application_id}/commands":
            return _json([self._command(command) for command in body])
        if path.endswith("/callback"):
            return self._called_back(path.split("/")[-2], body)
        if path.startswith("/webhooks/"):
            return self._followed_up(method, path.split("/")[3], body)
        if path.endswith("/messages"):
            return _json(self._posted(body))
        return _json({"message": "404: Not Found", "code": 0}, 404)

    def _followed_up(self, method: str, token: str, body: Any) -> web.StreamResponse:
        if method == "GET":
            return _json(self.messages[self._originals[token]])
        if method == "DELETE":
            is_there = self.messages.pop(self._originals[token], None) is not None
            return _json({}) if is_there else _json({"message": "x", "code": 10008}, 404)
        self._done(token)
        message = self._message(body)
        if method == "PATCH":
            message["id"] = self._originals[token]
        self.messages[message["id"]] = message
        return _json(message)

    def _posted(self, body: Any) -> dict[str, Any]:
        """A message; one that is there already by its nonce is not made twice."""
        nonce = body.get("nonce") if body.get("enforce_nonce") else None
        if nonce in self._nonces:
            return self.messages[self._nonces[nonce]]
        message = self._message(body)
        self.messages[message["id"]] = message
        if nonce is not None:
            self._nonces[nonce] = message["id"]
        return message

    def _called_back(self, token: str, body: Any) -> web.StreamResponse:
        if token in self._originals:
            return _json(
                {"message": "Interaction has already been acknowledged.", "code": 40060}, 400
            )
        if body["type"] == 4:
            self._done(token)
        message = self._message(body.get("data") or {})
        self._originals[token] = message["id"]
        if body["type"] in (4, 5):
            self.messages[message["id"]] = message
        about = {"id": "1", "type": 2, "response_message_id": message["id"]}
        return _json({"interaction": about, "resource": {"type": body["type"], "message": message}})

    def _done(self, token: str) -> None:
        if token in self.answered:
            self.answered[token].set()

    def _command(self, command: dict[str, Any]) -> dict[str, Any]:
        identity = {"id": str(next(self._ids)), "application_id": str(self.application_id)}
        return {"description": "", **command, "version": "1", **identity}

    def _message(self, body: Any) -> dict[str, Any]:
        body = body or {}
        return {
            "id": str(next(self._ids)), "channel_id": str(CHANNEL),
            "author": user(BOT, is_bot=True), "content": body.get("content") or "",
            "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None, "tts": False, "mention_everyone": False, "mentions": [],
            "mention_roles": [], "attachments": [], "embeds": [], "pinned": False, "type": 0,
            "components": body.get("components") or [], "flags": body.get("flags") or 0,
        }  # fmt: skip

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        self.gateway += 1
        self._news.set()
        await self.opens.wait()
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await self.greets.wait()
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 45_000}})
        while True:
            await self.hears.wait()
            message = await socket.receive()
            if message.type is not WSMsgType.TEXT:
                break
            await self._received(socket, json.loads(message.data))
        self.close_codes.append(socket.close_code)
        self._news.set()
        return socket

    async def _received(self, socket: web.WebSocketResponse, payload: dict[str, Any]) -> None:
        if payload["op"] == 1:
            await socket.send_json({"op": 11})
        elif self.is_revoked:
            await socket.close(code=REVOKED)
        elif payload["op"] == 6:
            # Only where there is one shard.
            self._sockets[0] = socket
            await self.dispatch("RESUMED", {})
            self.resumed += 1
            self._news.set()
        elif payload["op"] == 2:
            if payload["d"]["intents"] & 1 << 15:
                await socket.close(code=4014)
                return
            shard, count = payload["d"]["shard"]
            self._sockets[shard] = socket
            servers = [server for server in self.servers if (server >> 22) % count == shard]
            await self.dispatch("READY", ready(self.url, servers, (shard, count)), shard)
            for server in set(servers).difference(self.outages):
                about = {"id": str(server), "preferred_locale": self.guild_locale}
                await self.dispatch("GUILD_CREATE", {**GUILD, **about}, shard)
            self.sessions += 1
            self._news.set()

    async def drop(self, code: int) -> None:
        """Close the gateway's connection with a code, as Discord does now and then.

        The bot may see another code, where the server of this fake is faster than the handler; a
        token that was revoked opens no session any more.
        """
        self.is_revoked = code == REVOKED
        await self._sockets[0].close(code=code)


@asynccontextmanager
async def loopback() -> AsyncIterator[Loopback]:
    """A running fake."""
    fake = Loopback()
    runner = web.AppRunner(fake.application(), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    (address, *_) = runner.addresses
    fake.url = f"http://127.0.0.1:{address[1]}"
    try:
        yield fake
    finally:
        await runner.cleanup()


@asynccontextmanager
async def line_to(fake: Loopback) -> AsyncIterator[asyncio.Event]:
    """A line that bots reach the fake over; nothing comes through while the event is not set."""
    works = asyncio.Event()
    works.set()
    port = int(fake.url.rpartition(":")[2])

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 16):
            await works.wait()
            writer.write(data)
        writer.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        with suppress(ConnectionError):
            await asyncio.gather(forward(reader, inner_writer), forward(inner_reader, writer))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    fake.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield works
    works.set()
    server.close()


def _json(data: Any, status: int = 200) -> web.Response:
    # With a charset in it, discord.py would take the content for text.
    body = json.dumps(data).encode()
    response = web.Response(body=body, status=status, headers={"Via": "loopback"})
    response.headers["Content-Type"] = "application/json"
    return response


def user(id_: int, *, is_bot: bool = False) -> dict[str, Any]:
    """A user."""
    return {
        "id": str(id_), "username": f"user{id_}", "discriminator": "0", "global_name": None,
        "avatar": None, "bot": is_bot, "public_flags": 0,
    }  # fmt: skip


def ready(url: str, servers: Sequence[int], shard: tuple[int, int]) -> dict[str, Any]:
    """The first event of a session."""
    return {
        "v": 10, "user": user(BOT, is_bot=True),
        "guilds": [{"id": str(server), "unavailable": True} for server in servers],
        "session_id": "session", "resume_gateway_url": url.replace("http", "ws") + "/gateway",
        "shard": shard, "application": {"id": str(APPLICATION), "flags": 0},
    }  # fmt: skip


def interaction(
    number: int, token: str, name: str, options: list[dict[str, Any]], server: int
) -> dict[str, Any]:
    """A member's command in the channel."""
    return {
        "id": str(number), "application_id": str(APPLICATION), "type": 2, "token": token,
        "version": 1, "guild_id": str(server), "channel_id": str(CHANNEL),
        "channel": {"id": str(CHANNEL), "type": 0, "name": "general", "permissions": "0"},
        "member": {
            "user": user(MEMBER + number), "roles": [], "joined_at": "2026-01-01T00:00:00+00:00",
            "deaf": False, "mute": False, "permissions": "2048", "flags": 0,
        },
        "data": {"id": "1", "name": name, "type": 1, "options": options},
        "app_permissions": "0", "locale": "en-US", "entitlements": [], "attachment_size_limit": 1,
        "authorizing_integration_owners": {}, "context": 0,
    }  # fmt: skip


APPLICATION_INFO: dict[str, Any] = {
    "id": str(APPLICATION), "name": "Footnote", "icon": None, "description": "", "bot_public": True,
    "bot_require_code_grant": False, "owner": user(1), "verify_key": "", "flags": 0,
    "rpc_origins": None, "team": None, "tags": [], "integration_types_config": {},
}  # fmt: skip

GUILD: dict[str, Any] = {
    "id": str(SERVER), "name": "Server", "icon": None, "owner_id": str(MEMBER), "region": "",
    "afk_timeout": 60, "verification_level": 0, "default_message_notifications": 0,
    "explicit_content_filter": 0, "features": [], "mfa_level": 0, "nsfw_level": 0,
    "system_channel_flags": 0, "preferred_locale": "en-US", "premium_tier": 0,
    "premium_progress_bar_enabled": False, "roles": [
        {
            "id": str(SERVER), "name": "@everyone", "color": 0, "colors": {"primary_color": 0},
            "hoist": False, "position": 0, "permissions": "0", "managed": False,
            "mentionable": False, "flags": 0,
        },
        {
            "id": str(ROLE), "name": "Footnote", "color": 0, "colors": {"primary_color": 0},
            "hoist": False, "position": 1, "permissions": "0", "managed": True,
            "mentionable": False, "flags": 0, "tags": {"bot_id": str(BOT)},
        },
    ], "emojis": [], "stickers": [], "member_count": 2, "members": [], "voice_states": [],
    "presences": [], "threads": [], "stage_instances": [], "guild_scheduled_events": [],
    "soundboard_sounds": [], "channels": [
        {
            "id": str(CHANNEL), "type": 0, "name": "general", "position": 0,
            "permission_overwrites": [],
        },
    ],
}  # fmt: skip
