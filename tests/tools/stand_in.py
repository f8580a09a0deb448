"""A stand-in for the public interface, for what a real room cannot be made to do on command: refuse, lose, forget."""

import asyncio
import itertools
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tools.behaviour import STRAIGHT, Behaviour
from tools.fan import Fan, Venue
from tools.front import open_front
from tools.status_desk import StatusDesk
from tools.tally import Tally
from tools.target import Targets

EXPIRES = "2999-01-01T00:00:00.000Z"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Stunt = Callable[[web.Request], web.Response]


def problem(status: int, slug: str, **headers: str) -> Stunt:
    """An answer that refuses."""
    body = {"type": f"urn:fairline:problem:{slug}", "status": status}
    return lambda _: web.json_response(body, status=status, headers=headers)


def lose(request: web.Request) -> web.Response:
    """No answer: the connection breaks."""
    assert request.transport
    request.transport.abort()
    return web.Response()


@dataclass
class StandIn:
    """Answers by its fields; `stunts` are played first, once each, by the name of the call."""

    phase: str = "on_sale"
    identity: str = "guest"
    serving: int = 1_000
    epoch: int = 1
    ahead: int = 0
    wait_seconds: int = 0
    pushes: bool = True
    admits: bool = True
    ended: str = ""
    """The state of every place, once its session is over."""
    websocket_host: str = ""
    taken: list[str] = field(default_factory=lambda: ["A-1"])
    expires: Callable[[int], str] = lambda _: EXPIRES
    """When the session of a position ends."""
    stunts: dict[str, deque[Stunt]] = field(default_factory=lambda: defaultdict(deque))
    asked: Counter[str] = field(default_factory=Counter)
    keys: list[str] = field(default_factory=list)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    base: str = ""

    def app(self) -> web.Application:
        """The routes."""
        routes: list[tuple[str, str, str, Handler]] = [
            ("GET", "", "onsale", self._onsale),
            ("POST", "/registrations", "register", self._register),
            ("GET", "/place", "place", self._place),
            ("DELETE", "/place", "leave", self._leave),
            ("POST", "/place/extension", "extend", self._extend),
            ("GET", "/booking/seats", "seats", self._seats),
            ("POST", "/booking/holds", "hold", self._made),
            ("POST", "/booking/purchases", "purchase", self._made),
        ]
        app = web.Application()
        for method, path, name, handler in routes:
            app.router.add_route(method, f"/v1/onsales/demo{path}", self._played(name, handler))
        app.router.add_get("/status/demo.json", self._played("status", self._status))
        app.router.add_get("/socket", self._played("socket", self._socket))
        return app

    def _played(self, name: str, handler: Handler) -> Handler:
        async def play(request: web.Request) -> web.StreamResponse:
            self.asked[name] += 1
            if name == "register":
                self.keys.append(request.headers["Idempotency-Key"])
            if self.stunts[name]:
                return self.stunts[name].popleft()(request)
            return await handler(request)

        return play

    async def has_heard(self, name: str) -> None:
        """Wait for the first call of that name."""
        while not self.asked[name]:  # noqa: ASYNC110  a counter is what the other tests read
            await asyncio.sleep(0.01)

    async def _onsale(self, _: web.Request) -> web.Response:
        websocket = f"ws://{self.websocket_host}" if self.websocket_host else self.base.replace("http", "ws")
        return web.json_response(
            {
                "phase": self.phase,
                "identity": self.identity,
                "status_url": f"{self.base}/status/demo.json",
                "websocket_url": f"{websocket}/socket",
            }
        )

    async def _register(self, _: web.Request) -> web.Response:
        return web.json_response(self._standing(next(self.numbers)), status=201)

    def _standing(self, position: int) -> dict[str, Any]:
        return {
            "visitor_token": str(position),
            "position": position,
            "ahead": self.ahead,
            "state": "waiting",
            "epoch": self.epoch,
            "estimated_wait_seconds": {"low": self.wait_seconds, "high": self.wait_seconds},
            "poll_after_seconds": 0.02,
        }

    def _entrance(self, position: int) -> dict[str, Any]:
        booking = f"{self.base}/v1/onsales/demo/booking"
        return {"access_token": "t", "session_expires_at": self.expires(position), "booking_url": booking}

    async def _place(self, request: web.Request) -> web.Response:
        position = int(request.headers["Authorization"].removeprefix("Bearer "))
        admitted = {"state": "admitted"} | self._entrance(position) if self.admits else {}
        ended = {"state": self.ended} if self.ended else {}
        return web.json_response(self._standing(position) | admitted | ended)

    async def _leave(self, _: web.Request) -> web.Response:
        return web.Response(status=204)

    async def _extend(self, _: web.Request) -> web.Response:
        return web.json_response({"session_expires_at": EXPIRES})

    async def _seats(self, _: web.Request) -> web.Response:
        return web.json_response({"rows": ["A"], "seats_per_row": 2, "taken": self.taken})

    async def _made(self, _: web.Request) -> web.Response:
        return web.json_response({}, status=201)

    async def _status(self, _: web.Request) -> web.Response:
        body = {"epoch": self.epoch, "phase": self.phase, "serving": self.serving, "rate_per_minute": 60, "skipped": []}
        return web.json_response(body)

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        position = int(request.query["visitor_token"])
        async for _ in socket:
            await socket.send_json({"type": "place"} | self._standing(position))
            if self.pushes:
                await socket.send_json({"type": "admitted"} | self._entrance(position))
        return socket


@asynccontextmanager
async def playing(room: StandIn) -> AsyncIterator[Venue]:
    """`room`, served, with a front for a few fans."""
    server = TestServer(room.app())
    await server.start_server()
    room.base = str(server.make_url("")).rstrip("/")
    try:
        async with open_front(Targets(), Tally(), 10) as front:
            yield Venue(front, StatusDesk(front), room.base, "demo")
    finally:
        await server.close()


def send(room: StandIn, behaviour: Behaviour = STRAIGHT) -> Fan:
    """One fan's whole journey in `room`."""

    async def journey() -> Fan:
        async with playing(room) as venue:
            fan = Fan(venue, behaviour, Random(1))
            async with asyncio.timeout(30):
                await fan.live()
            return fan

    return asyncio.run(journey())
