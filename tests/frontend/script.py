"""What the stand-in room says next, as one object that a test holds and the server reads."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket

from fairline.domain.status import iso


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class Owed:
    """A failure owed to the next request whose path ends in `path`; `lost` does the work and loses the answer."""

    path: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False


@dataclass
class Script:
    """What the stand-in says next about its one visitor, and what it has heard.

    A test changes it from its own thread while the server reads it from another: every field is replaced whole.
    """

    phase: str = "on_sale"
    opens_in_ms: int = -60_000
    starts_in_ms: int = -30_000
    serving: int = 0
    skipped: list[list[int]] = field(default_factory=list)
    epoch: int = 1
    rate: int = 600
    notice: str | None = None
    position: int = 500
    """The position the next new visitor gets."""
    state: str = "waiting"
    session_ms: int = 180_000
    extended: bool = False
    may_rejoin: bool = True
    taken: tuple[str, ...] = ("A-3", "B-7")
    yours: dict[str, Any] | None = None
    socket_refused: bool = False
    frozen: dict[str, Any] | None = None
    """A status document that no longer changes."""
    owed: tuple[Owed, ...] = ()
    identity: str = "guest"
    sign_in: dict[str, str] = field(default_factory=dict)
    branding: dict[str, Any] = field(default_factory=dict)
    visitors: dict[str, int] = field(default_factory=dict)
    """Idempotency key -> position."""
    heard: tuple[str, ...] = ()
    admitted_ms: int = 0
    loop: asyncio.AbstractEventLoop | None = None
    """The server's, once a socket is open."""
    sockets: tuple[WebSocket, ...] = ()

    @property
    def token(self) -> str:
        return f"token-{self.position}"

    def count(self, request: str) -> int:
        return self.heard.count(request)

    def admit(self, *, push: bool) -> None:
        """Calls the visitor; the push is sent from the server's own loop."""
        self.admitted_ms = now_ms()
        self.serving = max(self.serving, self.position)
        self.state = "admitted"
        if push:
            assert self.loop is not None
            asyncio.run_coroutine_threadsafe(self._push(), self.loop).result(10)

    async def _push(self) -> None:
        for socket in self.sockets:
            await socket.send_json({"type": "admitted", **self.session()})

    def session(self) -> dict[str, Any]:
        return {
            "access_token": f"access-{self.position}-{self.extended}",
            "session_expires_at": iso(self.expires_ms),
            "booking_url": "/v1/onsales/demo/booking",
        }

    def take_owed(self, path: str) -> Owed | None:
        """The failure owed to this request, once."""
        owed = next((owed for owed in self.owed if path.endswith(owed.path)), None)
        self.owed = tuple(other for other in self.owed if other is not owed)
        return owed

    @property
    def expires_ms(self) -> int:
        return self.admitted_ms + self.session_ms * (2 if self.extended else 1)

    @property
    def standing(self) -> str:
        return "expired" if self.state == "admitted" and now_ms() >= self.expires_ms else self.state

    def place(self) -> dict[str, Any]:
        ahead = max(0, self.position - 1 - self.serving)
        seconds = ahead * 60 // self.rate
        body: dict[str, Any] = {
            "visitor_token": self.token,
            "position": self.position,
            "ahead": ahead,
            "state": self.standing,
            "epoch": self.epoch,
            "estimated_wait_seconds": {"low": seconds, "high": seconds * 2},
            "poll_after_seconds": 5,
        }
        if self.standing == "admitted":
            body |= {**self.session(), "extension_available": not self.extended}
        return body

    def onsale(self) -> dict[str, Any]:
        return {
            "onsale": "demo",
            "name": "The Night Trains, live in Lisbon",
            "phase": self.phase,
            "lobby_opens_at": iso(now_ms() + self.opens_in_ms),
            "sale_starts_at": iso(now_ms() + self.starts_in_ms),
            "closes_at": iso(now_ms() + 3_600_000),
            "server_time": iso(now_ms()),
            "websocket_url": "",
            "status_url": "/status/demo.json",
            "branding": self.branding,
            "identity": self.identity,
            "sign_in": self.sign_in,
        }

    def freeze(self) -> None:
        self.frozen = self.status()

    def status(self) -> dict[str, Any]:
        return self.frozen or {
            "onsale": "demo",
            "epoch": self.epoch,
            "phase": self.phase,
            "serving": self.serving,
            "issued": self.position + 40,
            "skipped": self.skipped,
            "waiting": 40,
            "active": 20,
            "rate_per_minute": self.rate,
            "notice": self.notice,
            "updated_at": iso(now_ms()),
        }
