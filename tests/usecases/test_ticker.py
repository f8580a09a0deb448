"""The ticker's rounds. Nothing here waits for a time: rounds go on until what a test wants to see has happened."""

import itertools
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from fairline.domain.errors import Unavailable
from fairline.domain.tick import Record
from fairline.usecases.admit import TickReport
from fairline.usecases.ticker import REST_SECONDS, Ticker
from tests.support.sale import Sale

GIVE_UP_SECONDS = 60.0


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fairline.usecases.ticker.PERIOD_SECONDS", 0.001)
    monkeypatch.setattr("fairline.usecases.ticker.LOOK_SECONDS", 0.001)
    monkeypatch.setattr("fairline.usecases.ticker.REST_SECONDS", 0.001)


class Round:
    """Onsales that are live until `done` says so; `on_tick` is what each tick does."""

    def __init__(self, live: Iterable[str], done: Callable[["Round"], bool]) -> None:
        self.names, self.done = list(live), done
        self.ticked: Counter[str] = Counter()
        self.looks = 0
        self.failures: list[tuple[str, Exception]] = []
        self.reports: list[tuple[TickReport, float]] = []
        self.on_tick: Callable[[str], Any] = lambda _: None
        self.on_look: Callable[[], None] = lambda: None
        self.ticker = Ticker(
            cast("Any", self),
            cast("Any", self),
            clock=time.monotonic,
            now=lambda: 7,
            report=lambda report, seconds: self.reports.append((report, seconds)),
            failed=lambda name, error: self.failures.append((name, error)),
        )

    def live(self, now_ms: int) -> list[str]:
        assert now_ms == 7
        self.looks += 1
        self.on_look()
        return [] if self.done(self) else list(self.names)

    def tick(self, name: str) -> Any:
        self.ticked[name] += 1
        return self.on_tick(name)

    def run(self) -> int:
        return self.ticker.run(GIVE_UP_SECONDS)


def test_with_nothing_live_it_returns_after_one_look() -> None:
    idle = Round([], lambda _: False)
    assert idle.run() == 0
    assert (idle.looks, idle.ticked) == (1, Counter())


def test_every_live_onsale_is_ticked_again_and_again() -> None:
    both = Round(["one", "other"], lambda r: min(r.ticked["one"], r.ticked["other"]) >= 3)
    assert both.run() == 2
    assert set(both.ticked) == {"one", "other"}


def test_one_that_fails_is_told_and_stops_neither_itself_nor_the_others() -> None:
    broken = Round(["bad", "good"], lambda r: min(r.ticked["bad"], r.ticked["good"]) >= 3)

    def tick(name: str) -> None:
        if name == "bad":
            raise ZeroDivisionError

    broken.on_tick = tick
    broken.run()
    assert {name for name, _ in broken.failures} == {"bad"}
    assert len(broken.failures) >= 3


def test_one_that_hangs_delays_no_other() -> None:
    """The slow one's first tick ends only after the quick one has ticked five times."""
    enough = threading.Event()
    slow = Round(["quick", "slow"], lambda r: r.ticked["slow"] >= 1 and r.ticked["quick"] >= 5)

    def tick(name: str) -> None:
        if name == "slow":
            assert enough.wait(GIVE_UP_SECONDS)
        elif slow.ticked["quick"] >= 5:
            enough.set()

    slow.on_tick = tick
    slow.run()
    assert slow.failures == []


def test_an_onsale_that_becomes_live_is_found() -> None:
    growing = Round(["one"], lambda r: r.ticked["other"] >= 1)

    def look() -> None:
        if growing.ticked["one"] >= 2 and "other" not in growing.names:
            growing.names.append("other")

    growing.on_look = look
    assert growing.run() == 2


def test_an_onsale_that_is_live_no_more_is_let_go() -> None:
    shrinking = Round(["one", "other"], lambda r: r.ticked["other"] >= r.ticked["one"] + 20 and "one" not in r.names)

    def look() -> None:
        if shrinking.ticked["one"] >= 1 and "one" in shrinking.names:
            shrinking.names.remove("one")

    shrinking.on_look = look
    shrinking.run()
    assert shrinking.ticked["other"] >= shrinking.ticked["one"] + 20


def test_a_look_that_fails_leaves_the_lines_going() -> None:
    blind = Round(["one"], lambda r: r.ticked["one"] >= 5)

    def look() -> None:
        if blind.looks > 1 and blind.ticked["one"] < 3:
            raise Unavailable("away")

    blind.on_look = look
    blind.run()
    assert all(name == "*" for name, _ in blind.failures)


def test_at_the_deadline_it_returns() -> None:
    endless = Round(["one"], lambda _: False)
    times = iter([0.0] * 12)
    endless.ticker._clock = lambda: next(times, 100.0)
    assert endless.run() == 1
    assert endless.ticked["one"] >= 1


def test_one_that_is_over_rests_while_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: dict[str, list[float]] = defaultdict(list)

    class Noted(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited[threading.current_thread().name].append(timeout or 0.0)
            return super().wait(0.001)

    monkeypatch.setattr("fairline.usecases.ticker.REST_SECONDS", REST_SECONDS)
    monkeypatch.setattr("fairline.usecases.ticker.threading", SimpleNamespace(Thread=threading.Thread, Event=Noted))
    some = Round(["over", "going-on"], lambda r: min(r.ticked["over"], r.ticked["going-on"]) >= 3)
    some.on_tick = lambda name: TickReport(name, 0, 0, Record(), 0, over=name == "over")
    some.ticker._clock = lambda: 0.0
    some.run()
    assert waited["tick-over"][:2] == [0.0, REST_SECONDS]
    assert waited["tick-going-on"][:2] == [0.0, 0.001]


def test_what_ticks_did_is_reported_with_the_time_it_took() -> None:
    sale = Sale()
    sale.joins("ann")
    live = Round([sale.name], lambda r: bool(r.reports))
    passed = itertools.count()
    live.ticker._clock = lambda: float(next(passed))
    live.on_tick = lambda _: sale.ticks(1)[0]
    live.run()
    report, seconds = live.reports[0]
    assert report.onsale == sale.name
    assert seconds >= 1


def test_a_tick_with_nothing_to_tell_is_not_reported() -> None:
    quiet = Round(["one"], lambda r: r.ticked["one"] >= 2)
    quiet.run()
    assert quiet.reports == []
