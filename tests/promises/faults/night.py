"""The night of a sale: fans who come, ask and buy through the handlers from many threads, and all they were told."""

import importlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from redis import Redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.retry import Retry

from fairline import wiring
from fairline.domain.errors import FairlineError
from fairline.domain.estimate import Polls
from fairline.domain.place import Place
from fairline.domain.session import Start
from tests.handlers.events import http_event
from tests.races.test_two_tickers import threads, until
from tests.support.clock import HostClock
from tests.support.sale import Sale
from tests.support.stores import redis_store

FANS, THREADS, ARRIVALS_A_SECOND = 120, 4, 60
POLICY: dict[str, Any] = {"rate_per_minute": 3_000, "max_active": 40}
PAUSE_SECONDS, TICK_SECONDS = 0.006, 0.05
SETTLING_MS = 50
"""An answer that was on its way when the store broke is told within this time."""


def impatient(port: int, seconds: float = 0.3) -> "Redis":
    """A client as functions have it, though it gives up sooner."""
    retry = Retry(ExponentialWithJitterBackoff(base=0.02, cap=0.2), retries=1)
    return Redis(port=port, decode_responses=True, retry=retry, socket_timeout=seconds, socket_connect_timeout=seconds)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class Told:
    """One answer, when it was asked for, and when it was there."""

    asked_ms: int
    at_ms: int
    status: int
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """From when on the store was not as before, and by when every answer of before had been told."""

    began_ms: int
    over_ms: int


@dataclass
class Fan:
    """One browser. It comes until it has a place, then asks; one that buys does so when it is let in."""

    sale: Sale
    number: int
    comes_at_ms: int
    away: bool = False
    token: str = ""
    told: list[Told] = field(default_factory=list)

    @property
    def places(self) -> list[Told]:
        """The answers that told of a place."""
        return [told for told in list(self.told) if "position" in told.body]

    @property
    def place(self) -> Place:
        """The place that the token names."""
        return self.sale.claims(self.token).place

    @property
    def state(self) -> str:
        """The last it was told."""
        return str(self.places[-1].body["state"]) if self.places else "unknown"

    def acts(self) -> None:
        """The next thing this fan does."""
        if self.away or now_ms() < self.comes_at_ms or self.state == "completed":
            return
        if not self.token:
            self.token = self.comes().body.get("visitor_token", "")
        elif self.asks().body.get("state") == "admitted" and self.number % 2:
            self.send("complete", "POST", f"sessions/{self.place.id}/completion", token=self.sale.completion_key)

    def comes(self) -> Told:
        """Register, with the key that this browser has had from the beginning."""
        key = {"idempotency-key": f"browser-of-the-fan-{self.number:06}"}
        return self.send("register", "POST", "registrations", headers=key)

    def asks(self) -> Told:
        """Ask for the place."""
        return self.send("place", "GET", "place", token=self.token)

    def send(self, function: str, method: str, what: str, **options: Any) -> Told:
        """What a handler answers."""
        event = http_event(method, f"/v1/onsales/{self.sale.name}/{what}", **options)
        asked_ms = now_ms()
        answer = importlib.import_module(f"lambdas.{function}.handler").handler(event, None)
        body = json.loads(answer["body"]) if "body" in answer else {}
        self.told.append(Told(asked_ms, now_ms(), answer["statusCode"], answer["headers"], body))
        return self.told[-1]


class Night:
    """A sale over one client of a real store, its fans and its two tickers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, client: "Redis", fans: int = FANS, **policy: Any) -> None:
        self.sale = Sale(store=redis_store(client), clock=HostClock(), **POLICY | policy)
        began = now_ms()
        self.fans = [Fan(self.sale, number, began + number * 1000 // ARRIVALS_A_SECOND) for number in range(fans)]
        self.faults: list[Fault] = []
        self.retimed: set[Place] = set()
        self._ticking = [threading.Lock() for _ in range(2)]
        """One for each ticker, held while it ticks: they may do so at the same time."""
        self._serve(monkeypatch)
        self._watch_abandoned()

    def _serve(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the handlers of this process serve the sale."""
        monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "night")
        sale = self.sale
        made = {
            "registrar": sale.registrar,
            "places": sale.places,
            "visitor_tokens": sale.tokens,
            "completion": sale.completion,
            "origin_check": _Edge(),
            "polls": Polls.of("1-60"),
        }
        for name, thing in made.items():
            monkeypatch.setattr(wiring, name, _giving(thing))

    def _watch_abandoned(self) -> None:
        """Note whose admission began later than it was taken: its start does not tell when it was called."""
        retime = self.sale.admissions.inner.retime

        def watched(starts: Sequence[Start]) -> list[Start]:
            began: list[Start] = retime(starts)
            self.retimed |= {start.place for start in began}
            return began

        self.sale.admissions.inner.retime = watched

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Everybody does what they do while the block runs."""
        crowd = [_each(self.fans[number::THREADS]) for number in range(THREADS)]
        with threads(*(self._ticker(held) for held in self._ticking), *crowd):
            yield

    @contextmanager
    def still(self) -> Iterator[None]:
        """Nobody ticks while the block runs."""
        with ExitStack() as held:
            for each in self._ticking:
                held.enter_context(each)
            yield

    def _ticker(self, ticking: threading.Lock) -> Callable[[], None]:
        admitter = self.sale.another_ticker()

        def tick() -> None:
            time.sleep(TICK_SECONDS)
            with ticking, suppress(FairlineError):
                admitter.tick(self.sale.name)

        return tick

    @contextmanager
    def breaks(self) -> Iterator[None]:
        """Meanwhile the store breaks: what was told before does not say who is in the line."""
        began_ms = now_ms()
        yield
        self.faults.append(Fault(began_ms, now_ms() + SETTLING_MS))

    def answers(self, function: Callable[[Told], bool], since: int = 0) -> int:
        """How many answers there were of a kind."""
        return sum(function(told) for fan in self.fans for told in list(fan.told) if told.at_ms >= since)

    def registered(self) -> int:
        """How many have a place."""
        return sum(bool(fan.token) for fan in self.fans)


class _Edge:
    """Whoever asks came through the CDN."""

    def require(self, _sent: str | None) -> None:
        """Let it pass."""


def _giving(thing: object) -> Callable[[], object]:
    return lambda: thing


def _each(fans: Sequence[Fan]) -> Callable[[], None]:
    def act() -> None:
        for fan in fans:
            fan.acts()
            time.sleep(PAUSE_SECONDS)

    return act


def in_full_swing(night: Night) -> None:
    """Wait until many are in, and more are waiting."""
    until(lambda: len(night.sale.starts()) >= 30 and night.registered() >= 50)


def comes_to_its_end(night: Night) -> None:
    """Those who were away come back, and as many are inside as may be. Then the cap is raised, and all turns come."""
    for fan in night.fans:
        fan.away = False
    until(lambda: night.registered() == len(night.fans))
    until(lambda: len(night.sale.running()) >= min(night.sale.onsale.max_active, len(night.fans) // 2))
    ticked = night.sale.records.read(night.sale.name).tick
    until(lambda: night.sale.records.read(night.sale.name).tick > ticked + 5)
    night.sale.changes(max_active=1_000)
    until(lambda: len(night.sale.starts()) == len(night.fans))
    until(lambda: all(fan.state in ("admitted", "completed") for fan in night.fans))


def refused(told: Told) -> bool:
    """An answer that nothing can be served."""
    return told.status == 503


def new(told: Told) -> bool:
    """An answer that there is a new place."""
    return told.status == 201
