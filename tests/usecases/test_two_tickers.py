"""Two tickers at once, in every order of their calls that matters: neither rate nor cap is exceeded."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.sale import Sale

FANS = [f"fan-{number}" for number in range(30)]


def overtaken(sale: Sale, name: str, method: str) -> None:
    """One ticker is about to make a call; another one makes a whole tick before it does."""
    inner = getattr(sale, name).inner
    there: Callable[..., Any] = getattr(inner, method)

    def after_another_tick(*args: Any, **kwargs: Any) -> Any:
        setattr(inner, method, there)
        sale.another_ticker().tick(sale.name)
        return there(*args, **kwargs)

    setattr(inner, method, after_another_tick)


@pytest.fixture
def sale() -> Sale:
    sale = Sale(rate_per_minute=240, max_active=6)
    sale.joins(*FANS)
    sale.ticks(1, every_ms=1_000)
    assert sale.called() == FANS[:4]
    return sale


CALLS = [
    ("records", "read"),
    ("admissions", "observe"),
    ("admissions", "take"),
    ("sessions", "start"),
    ("records", "advance"),
    ("admissions", "confirm"),
    ("documents", "write"),
]


@pytest.mark.parametrize(("name", "method"), CALLS)
def test_an_overtaken_ticker_exceeds_neither_rate_nor_cap(sale: Sale, name: str, method: str) -> None:
    overtaken(sale, name, method)
    sale.ticks(1, every_ms=250)
    assert sale.called() == FANS[:5]
    overtaken(sale, name, method)
    sale.ticks(1, every_ms=1_000)
    assert sale.called() == FANS[:6]
    sale.ticks_for(10)
    assert sale.called() == FANS[:6]
    assert len(sale.running()) == 6


@pytest.mark.parametrize(("name", "method"), CALLS)
def test_an_overtaken_ticker_takes_nothing_back(sale: Sale, name: str, method: str) -> None:
    overtaken(sale, name, method)
    sale.ticks(1, every_ms=250)
    before = sale.records.read(sale.name)
    sale.ticks(1, every_ms=250)
    after = sale.records.read(sale.name)
    assert after.tick > before.tick
    assert after.serving >= before.serving
    assert after.issue_limit >= before.issue_limit
    view = sale.admissions.observe(sale.onsale, after)
    assert (view.tick, view.unconfirmed, view.progress.active) == (after.tick, (), after.active)


def test_a_ticker_that_was_overtaken_before_it_took_does_nothing(sale: Sale) -> None:
    overtaken(sale, "admissions", "take")
    sale.records.calls.clear()
    (report,) = sale.ticks(1, every_ms=250)
    assert report is None
    assert sale.records.calls["advance"] == 1


def test_a_ticker_of_an_epoch_that_is_over_does_nothing(sale: Sale) -> None:
    """The line was lost and begun again while it was away."""

    def lost_and_begun(*args: Any, **kwargs: Any) -> Any:
        sale.records.inner.advance = advance
        sale.is_wiped()
        other = sale.another_ticker()
        other.tick(sale.name)
        other.tick(sale.name)
        return advance(*args, **kwargs)

    advance = sale.records.inner.advance
    sale.records.inner.advance = lost_and_begun
    (report,) = sale.ticks(1, every_ms=250)
    assert report is None
    assert sale.records.read(sale.name).epoch == 2
    assert (sale.status() or {})["epoch"] == 2


def test_a_ticker_lets_nobody_in_by_rules_that_another_one_has_replaced(sale: Sale) -> None:
    """It read them, and stood still while an operator paused the sale and the other one went by that."""
    latest = sale.onsales.inner.latest

    def read_long_ago(name: str) -> Any:
        sale.onsales.inner.latest = latest
        found = latest(name)
        sale.changes(paused=True)
        sale.another_ticker().tick(name)
        sale.clock.passes(1_000)
        return found

    sale.onsales.inner.latest = read_long_ago
    sale.ticks(1, every_ms=250)
    assert sale.called() == FANS[:4]
