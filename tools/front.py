"""The front address as a client sees it: each call with a timeout, each retry with a bound, back-off and jitter."""

import asyncio
import json
import resource
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import aiohttp

from tools.tally import LOST, Tally
from tools.target import Targets

CALL_SECONDS = 10.0
TRIES = 8
LONGEST_PAUSE_SECONDS = 120.0
BACK_OFF_SECONDS, LONGEST_BACK_OFF_SECONDS = 0.5, 10.0
SUCCESS = range(200, 300)
COME_BACK = (429, 503)
TRY_AGAIN = (LOST, 500, 502, 504)
OPEN_FILES_BESIDE_FANS = 200


class RefusedError(Exception):
    """A call that got no useful answer in the tries it had, or an answer that leaves nothing to do."""

    def __init__(self, call: str, answer: "Answer") -> None:
        super().__init__(f"{call}: {answer.status} {answer.problem}".rstrip())
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `status` is 0 and `problem` the kind of loss if nothing did; `retry_after` is in seconds."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    retry_after: float | None = None

    @property
    def ok(self) -> bool:
        """Whether the call did what it asked for."""
        return self.status in SUCCESS


@dataclass(frozen=True, slots=True)
class Call:
    """One request: its `name` in the figures, the bearer token it shows, and how often it may be tried."""

    name: str
    method: str
    url: str
    token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    tries: int = TRIES


class Front:
    """Sends calls over one pool of connections and tallies what became of them."""

    def __init__(self, http: aiohttp.ClientSession, targets: Targets, tally: Tally) -> None:
        self.http = http
        self.tally = tally
        self._targets = targets

    async def send(self, call: Call, rng: Random) -> Answer:
        """The answer to `call`, retried while the interface says that helps; the last one when tries run out.

        Every request of the interface may be repeated: a registration carries its key, a hold and a purchase
        belong to their session. Raises ForeignAddressError.
        """
        self._targets.check(call.url)
        answer = await self._attempt(call)
        for attempt in range(1, call.tries):
            if answer.status not in (*COME_BACK, *TRY_AGAIN):
                break
            await asyncio.sleep(pause_seconds(answer, attempt, rng))
            answer = await self._attempt(call)
        return answer

    async def connect(self, url: str, query: dict[str, str]) -> aiohttp.ClientWebSocketResponse:
        """An open WebSocket. Raises ForeignAddressError, and aiohttp's errors, OSError or TimeoutError as they come."""
        self._targets.check(url)
        async with asyncio.timeout(CALL_SECONDS):
            return await self.http.ws_connect(
                url, params=query, max_msg_size=128 * 1024, timeout=aiohttp.ClientWSTimeout(ws_close=2)
            )

    async def _attempt(self, call: Call) -> Answer:
        started = time.perf_counter()
        try:
            answer = await self._exchange(call)
        except (aiohttp.ClientError, OSError, TimeoutError) as lost:
            answer = Answer(LOST, problem=type(lost).__name__)
        if answer.ok:
            self.tally.took(call.name, time.perf_counter() - started)
        else:
            self.tally.failed(call.name, answer.status, answer.problem)
        return answer

    async def _exchange(self, call: Call) -> Answer:
        headers = call.headers | ({"Authorization": f"Bearer {call.token}"} if call.token else {})
        async with self.http.request(
            call.method, call.url, headers=headers, json=call.body, allow_redirects=False
        ) as response:
            body = _object(await response.read())
            return Answer(
                response.status,
                body,
                "" if response.ok else _slug(body),
                _seconds(response.headers.get("Retry-After")),
            )


def pause_seconds(answer: Answer, attempt: int, rng: Random) -> float:
    """How long to wait before the next try: as told, 2 to 10 s if told nothing, or exponential after a loss."""
    if answer.status in COME_BACK:
        if answer.retry_after is None:
            return rng.uniform(2, 10)
        return min(answer.retry_after, LONGEST_PAUSE_SECONDS) + rng.uniform(0, 1)
    return rng.uniform(0.5, 1) * min(LONGEST_BACK_OFF_SECONDS, BACK_OFF_SECONDS * 2.0 ** (attempt - 1))


@asynccontextmanager
async def open_front(targets: Targets, tally: Tally, fans: int) -> AsyncIterator[Front]:
    """A front for up to `fans` at once, each with a connection for its calls and one for its socket."""
    connections = 2 * fans
    _allow_open_files(connections + OPEN_FILES_BESIDE_FANS)
    connector = aiohttp.TCPConnector(limit=connections, keepalive_timeout=30)
    timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
    # Fans share a session here but not a browser: a cookie of one would be taken for the other's.
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=jar) as http:
        yield Front(http, targets, tally)


def _allow_open_files(wanted: int) -> None:
    """Raise the soft limit as far as the hard one lets us; beyond it calls fail and are tallied as lost."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


def _object(content: bytes) -> dict[str, Any]:
    """The JSON object in `content`, or an empty one: a body we cannot read tells us nothing."""
    try:
        body = json.loads(content) if content else {}
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _slug(body: dict[str, Any]) -> str:
    return str(body.get("type", "")).rpartition(":")[2]


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else None
