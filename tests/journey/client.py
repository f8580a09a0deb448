"""A client of the public interface: what a browser, a backend or an operator's script would send, and no more."""

import http.client
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

import urllib3
from websockets.sync.client import ClientConnection, connect

PATIENCE = 45.0
Value = TypeVar("Value")


@dataclass(frozen=True)
class Answer:
    """A response, its body decoded if it was JSON."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def is_to_be_tried_again(self) -> bool:
        """Whether the line is not kept yet, or the emulator's process took longer to start than its function has."""
        return self.status == 503 or (self.status == 502 and "Sandbox.Timedout" in str(self.body))


class Api:
    """One front address."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._pool = urllib3.PoolManager(
            retries=False, timeout=urllib3.Timeout(connect=5, read=40), maxsize=32, block=False
        )

    def call(self, method: str, path: str, *, token: str | None = None, body: Any = None, **headers: str) -> Answer:
        """One request; `path` may be a whole address."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        raw = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        address = path if path.startswith("http") else self.url + path
        reply = self._pool.request(method, address, body=raw, headers=sent, redirect=False)
        text = reply.data.decode()
        parsed = json.loads(text) if text and "json" in reply.headers.get("content-type", "") else text
        return Answer(reply.status, {k.lower(): v for k, v in reply.headers.items()}, parsed)

    def raw(self, path: str, token: str) -> int:
        """The status of a GET whose path is sent as it stands: other clients tidy it up first."""
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=40)
        try:
            connection.putrequest("GET", path, skip_accept_encoding=True)
            connection.putheader("authorization", f"Bearer {token}")
            connection.endheaders()
            return connection.getresponse().status
        finally:
            connection.close()


class Operator:
    """Creates and changes onsales over the admin routes."""

    def __init__(self, api: Api, token: str) -> None:
        self.api = api
        self.token = token
        self.made: list[Onsale] = []

    def call(self, method: str, path: str = "", body: Any = None) -> Answer:
        """One request under `/v1/admin/onsales`."""
        return self.api.call(method, f"/v1/admin/onsales{path}", token=self.token, body=body)

    def onsale(self, *, starts_in: float = -1, **policy: Any) -> "Onsale":
        """A new onsale with its lobby open; the sale begins `starts_in` seconds from now."""
        now = datetime.now(UTC)
        values = {
            "onsale": f"t-{secrets.token_hex(5)}",
            "name": "A test",
            "lobby_opens_at": iso(now - timedelta(minutes=1)),
            "sale_starts_at": iso(now + timedelta(seconds=starts_in)),
            "closes_at": iso(now + timedelta(hours=1)),
            "rate_per_minute": 6_000,
            "max_active": 1_000,
            **policy,
        }
        made = self.call("POST", body=values)
        assert made.status == 201, made
        self.made.append(Onsale(self, made.body["onsale"], made.body["completion_key"]))
        return self.made[-1]

    def lasting(self) -> "Onsale":
        """A new onsale that is not closed with those of the test."""
        onsale = self.onsale()
        self.made.remove(onsale)
        return onsale


class Onsale:
    """One onsale, as its operator and its fans see it."""

    def __init__(self, operator: Operator, name: str, completion_key: str) -> None:
        self.operator = operator
        self.api = operator.api
        self.name = name
        self.completion_key = completion_key
        self.path = f"/v1/onsales/{name}"

    def change(self, **values: Any) -> Answer:
        """Change the policy from its latest version."""
        return self.operator.call("PATCH", f"/{self.name}", {"expected_version": self.version(), **values})

    def act(self, action: str, **values: Any) -> Answer:
        """Pause, resume, close or notice."""
        return self.operator.call("POST", f"/{self.name}/{action}", {"expected_version": self.version(), **values})

    def begin(self) -> None:
        """Let the sale start now, however long what came before took on this machine."""
        changed = self.change(sale_starts_at=iso(datetime.now(UTC)))
        assert changed.status == 200, changed

    def version(self) -> int:
        """The latest version."""
        version: int = self.operator.call("GET", f"/{self.name}").body["version"]
        return version

    def metrics(self) -> dict[str, Any]:
        """How the line goes."""
        body: dict[str, Any] = self.operator.call("GET", f"/{self.name}/metrics").body
        return body

    def describe(self) -> dict[str, Any]:
        """The public description."""
        body: dict[str, Any] = self.api.call("GET", self.path).body
        return body

    def status(self) -> dict[str, Any]:
        """The status document, once a machine that is busy serves it."""
        url = self.describe()["status_url"]
        body: dict[str, Any] = eventually(lambda: self.api.call("GET", url), lambda got: got.status == 200).body
        return body

    def register(self, key: str | None = None) -> Answer:
        """One registration with an idempotency key."""
        return self.api.call("POST", f"{self.path}/registrations", idempotency_key=key or secrets.token_hex(16))

    def join(self, key: str | None = None) -> "Fan":
        """Register, and as the page does again with the same key when it is to be tried again."""
        key = key or secrets.token_hex(16)
        answer = eventually(lambda: self.register(key), lambda got: not got.is_to_be_tried_again)
        assert answer.status in (200, 201), answer
        return Fan(self, key, answer.body["visitor_token"], answer.body["position"])


@dataclass(frozen=True)
class Fan:
    """A visitor with a place."""

    onsale: Onsale
    key: str
    token: str
    position: int

    def place(self) -> Answer:
        """Read the place."""
        return self.onsale.api.call("GET", f"{self.onsale.path}/place", token=self.token)

    def leave(self) -> Answer:
        """Leave the line, or give the session back."""
        return self.onsale.api.call("DELETE", f"{self.onsale.path}/place", token=self.token)

    def extend(self) -> Answer:
        """Ask for more time."""
        return self.onsale.api.call("POST", f"{self.onsale.path}/place/extension", token=self.token)

    def admitted(self) -> dict[str, Any]:
        """Wait for the turn by polling; the place with its access token."""
        answer = eventually(self.place, lambda got: got.status == 200 and got.body["state"] == "admitted")
        body: dict[str, Any] = answer.body
        return body

    def enter(self, access_token: str, method: str, what: str, body: Any = None) -> Answer:
        """One request to the booking backend."""
        return self.onsale.api.call(method, f"{self.onsale.path}/booking/{what}", token=access_token, body=body)

    def buy(self, access_token: str, seat: str) -> Answer:
        """Hold a seat and buy it."""
        held = self.enter(access_token, "POST", "holds", {"seat": seat})
        assert held.status == 201, held
        return self.enter(access_token, "POST", "purchases", {})

    @contextmanager
    def socket(self) -> Iterator[ClientConnection]:
        """An open WebSocket. As a browser's, it sends no pings of its own."""
        query = urlencode({"onsale": self.onsale.name, "visitor_token": self.token})
        address = f"{self.onsale.describe()['websocket_url']}?{query}"
        with connect(address, open_timeout=20, ping_interval=None) as opened:
            yield opened


def ask(socket: ClientConnection, action: str) -> dict[str, Any]:
    """Send an action; its answer, past whatever is pushed meanwhile."""
    socket.send(json.dumps({"action": action}))
    while (message := hear(socket))["type"] in ("admitted", "session_ended"):
        pass
    return message


def hear(socket: ClientConnection) -> dict[str, Any]:
    """The next message."""
    message: dict[str, Any] = json.loads(socket.recv(timeout=PATIENCE))
    return message


def hear_the_end(socket: ClientConnection) -> dict[str, Any]:
    """The next message but for the turn: its push may come after the answer that told of it."""
    message = hear(socket)
    return hear(socket) if message["type"] == "admitted" else message


def eventually(look: Callable[[], Value], good: Callable[[Value], bool]) -> Value:
    """What `look` gives once it is good. Fails with what it gave last."""
    deadline = time.monotonic() + PATIENCE
    while True:
        value = look()
        if good(value):
            return value
        assert time.monotonic() < deadline, f"never came about; last: {value}"
        time.sleep(0.2)


def iso(moment: datetime) -> str:
    """As on the wire."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
