"""Two tickers on one line of a real Valkey, both at full speed, while visitors come, buy and leave."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from redis import Redis

from fairline.domain.admission import DEPTH_MS, VISITOR
from fairline.domain.session import End, Start
from tests.races.crowd import all_at_once
from tests.support.clock import HostClock
from tests.support.sale import Sale
from tests.support.stores import redis_store

GIVE_UP_SECONDS = 60.0
FANS = [f"fan-{number}" for number in range(240)]


def a_sale(valkey: Redis, **values: Any) -> Sale:
    return Sale(store=redis_store(valkey), clock=HostClock(), **values)


@contextmanager
def threads(*work: Callable[[], object]) -> Iterator[None]:
    """Each work is done again and again, in a thread of its own, while the block runs; none may fail."""
    over, failed = threading.Event(), []

    def again(do: Callable[[], object]) -> None:
        while not over.is_set():
            try:
                do()
            except Exception as error:  # noqa: BLE001 - told below
                failed.append(error)
                return

    running = [threading.Thread(target=again, args=(do,)) for do in work]
    for thread in running:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in running:
            thread.join(GIVE_UP_SECONDS)
    assert failed == []


def until(happened: Callable[[], bool]) -> None:
    for _ in range(int(GIVE_UP_SECONDS / 0.01)):
        if happened():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not happen")


def tickers(sale: Sale) -> list[Callable[[], object]]:
    one, other = sale.another_ticker(), sale.another_ticker()
    return [lambda: one.tick(sale.name), lambda: other.tick(sale.name)]


def nobody_twice_and_in_order(starts: list[Start]) -> None:
    visitors = [start.place.visitor for start in starts]
    assert len(set(visitors)) == len(visitors)
    assert all(earlier.started_at_ms <= later.started_at_ms for earlier, later in pairwise(starts))


def within_the_rate(starts: list[Start], began_ms: int, rate: int) -> None:
    """By the store's own times: since the line began, and in every window."""
    times = [start.started_at_ms for start in starts]
    for first, opened in enumerate(times):
        assert first + 1 <= rate * (opened - began_ms) // VISITOR
        for last in range(first, len(times)):
            assert last - first + 1 <= -(-rate * (times[last] - opened + DEPTH_MS) // VISITOR)


def most_at_once(sale: Sale, starts: list[Start]) -> int:
    """The most sessions that ever ran at the same time, by the ledger; an end makes room for a start of its time."""
    moments: list[tuple[int, int]] = []
    for start in starts:
        ends = [row.ended_at_ms for row in sale.sessions.rows(start.place) if isinstance(row, End)]
        moments += [(start.started_at_ms, 1), (min([start.ends_at_ms, *ends]), -1)]
    running = most = 0
    for _, step in sorted(moments):
        running += step
        most = max(most, running)
    return most


def test_two_tickers_hold_the_cap_and_the_order(valkey: Redis) -> None:
    sale = a_sale(valkey, rate_per_minute=600_000, max_active=150)
    places = sale.joins(*FANS)
    with threads(*tickers(sale)):
        until(lambda: len(sale.starts()) >= 150)
        ticked = sale.records.read(sale.name).tick
        until(lambda: sale.records.read(sale.name).tick > ticked + 20)
    starts = sale.starts()
    assert [start.place for start in starts] == [claims.place for claims in places[:150]]
    nobody_twice_and_in_order(starts)


def test_two_tickers_at_the_same_moments_hold_the_rate(valkey: Redis) -> None:
    """Six thousand a minute; with a bucket each they would let in twice that."""
    began_ms = redis_store(valkey).time.now_ms()
    sale = a_sale(valkey, rate_per_minute=6_000, max_active=1_000)
    sale.joins(*FANS)
    while len(sale.starts()) < 100:
        threading.Event().wait(0.02)
        all_at_once(lambda tick: tick(), tickers(sale))
    nobody_twice_and_in_order(sale.starts())
    within_the_rate(sale.starts(), began_ms, 6_000)


def test_slots_that_are_freed_meanwhile_are_filled_and_never_twice(valkey: Redis) -> None:
    sale = a_sale(valkey, rate_per_minute=600_000, max_active=12)
    sale.joins(*FANS)
    over: set[str] = set()

    def buy_or_leave() -> None:
        for session in sale.running():
            claims = sale.claims(sale.registers(session.place.visitor).visitor_token)
            if session.place.position % 3:
                sale.completes(session.place)
            else:
                sale.places.leave(claims)
            over.add(session.place.visitor)

    with threads(*tickers(sale), buy_or_leave):
        until(lambda: len(over) == len(FANS))
    starts = sale.starts()
    assert [start.place.visitor for start in starts] == FANS
    nobody_twice_and_in_order(starts)
    assert most_at_once(sale, starts) == 12
    sale.ticks(1)
    record = sale.records.read(sale.name)
    assert (record.waiting, record.active) == (0, 0)
    counts = record.counts
    assert (counts.admitted, counts.completed, counts.left, counts.expired) == (240, 160, 80, 0)


def test_visitors_who_come_while_both_tick_are_called_in_the_order_they_came(valkey: Redis) -> None:
    sale = a_sale(valkey, rate_per_minute=600_000, max_active=1_000)
    coming = iter(FANS)

    def come() -> None:
        visitor = next(coming, None)
        if visitor:
            sale.registers(visitor)

    with threads(*tickers(sale), come):
        until(lambda: len(sale.starts()) == len(FANS))
    starts = sale.starts()
    assert [start.place.visitor for start in starts] == FANS
    nobody_twice_and_in_order(starts)


@pytest.mark.parametrize("times", range(3))
def test_a_line_that_both_find_lost_goes_on_as_one(valkey: Redis, times: int) -> None:
    """One may find the epoch that the other has just recorded not begun yet, and begin the next: that is as well."""
    del times
    sale = a_sale(valkey, rate_per_minute=600_000, max_active=1_000)
    places = sale.joins(*FANS[:40])
    with threads(*tickers(sale)):
        until(lambda: len(sale.starts()) == 40)
        sale.is_wiped()
        until(lambda: sale.records.read(sale.name).epoch >= 2)
        until(lambda: (sale.status() or {})["epoch"] == sale.records.read(sale.name).epoch)
        for claims in places:
            assert sale.sees(claims).state == "admitted"
    (new,) = sale.joins("new")
    record = sale.records.read(sale.name)
    assert record.skipped == ((41, new.place.position - 1),)
    assert record.active == 40
