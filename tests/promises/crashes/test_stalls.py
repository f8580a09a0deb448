"""A ticker that stands still between two of its calls: neither the rate is exceeded nor a session shortened."""

from collections.abc import Callable
from typing import Any

import pytest

from fairline.domain.admission import DEPTH_MS, VISITOR
from fairline.domain.errors import Unavailable
from tests.support.fragile import Crash
from tests.support.sale import Sale

FANS = [f"fan-{number}" for number in range(60)]


def meanwhile(there: Any, method: str, happens: Callable[[], object], *, afterwards: bool = False) -> None:
    """The next call of a method comes late: first something happens. `afterwards`, its answer does."""
    call = getattr(there, method)

    def late(*args: Any, **kwargs: Any) -> Any:
        setattr(there, method, call)
        answer = call(*args, **kwargs) if afterwards else None
        happens()
        return answer if afterwards else call(*args, **kwargs)

    setattr(there, method, late)


@pytest.mark.parametrize("late_ms", [100, 900, 1_900])
def test_a_take_that_comes_late_after_its_look_lets_nobody_in_on_top_of_the_rate(late_ms: int) -> None:
    sale = Sale(rate_per_minute=600, max_active=1_000)
    sale.joins(*FANS)
    for _ in range(4):
        meanwhile(sale.admissions.inner, "take", lambda: sale.clock.passes(late_ms))
        sale.ticks(1, every_ms=1_000)
        sale.ticks(1, every_ms=100)
    times = [start.started_at_ms for start in sale.starts()]
    assert len(times) > 10
    for first, opened in enumerate(times):
        for last in range(first, len(times)):
            assert last - first + 1 <= -(-600 * (times[last] - opened + DEPTH_MS) // VISITOR)


def test_a_rate_that_was_lowered_between_look_and_take_holds() -> None:
    sale = Sale(rate_per_minute=6_000, max_active=1_000)
    sale.joins(*FANS)
    sale.clock.passes(1_000)

    def lowered() -> None:
        sale.changes(rate_per_minute=60)
        sale.admissions.observe(sale.onsale, sale.records.read(sale.name))

    meanwhile(sale.admissions.inner, "take", lowered)
    sale.ticks(1)
    assert sale.called() == [], "another ticker goes by the lower one, and takes by it"
    sale.ticks(1)
    assert len(sale.called()) == 1


@pytest.mark.parametrize("mirrored", [True, False], ids=["another ticker went by it", "nobody has"])
@pytest.mark.parametrize("stalls_before", ["observe", "take"])
def test_nobody_is_let_in_two_seconds_after_a_pause(stalls_before: str, *, mirrored: bool) -> None:
    """By a ticker that had read the policy of before, and stood still."""
    sale = Sale(rate_per_minute=6_000, max_active=1_000)
    sale.joins(*FANS)
    sale.clock.passes(1_000)

    def paused() -> None:
        sale.changes(paused=True)
        sale.clock.passes(2_100)
        if mirrored:
            sale.admissions.observe(sale.onsale, sale.records.read(sale.name))

    meanwhile(sale.admissions.inner, stalls_before, paused)
    sale.ticks(2)
    assert sale.called() == []


def test_nobody_is_let_in_after_a_pause_that_another_ticker_goes_by() -> None:
    sale = Sale(rate_per_minute=6_000, max_active=1_000)
    sale.joins(*FANS)
    sale.clock.passes(1_000)

    def paused() -> None:
        sale.changes(paused=True)
        sale.admissions.observe(sale.onsale, sale.records.read(sale.name))

    meanwhile(sale.admissions.inner, "take", paused)
    sale.ticks(1)
    assert sale.called() == []


def test_a_ledger_that_is_slow_about_the_record_does_not_age_the_policy() -> None:
    sale = Sale(rate_per_minute=600)
    sale.joins("ann")
    for _ in range(2):
        meanwhile(sale.records.inner, "read", lambda: sale.clock.passes(2_900))
        sale.ticks(1)
    assert sale.called() == ["ann"]


@pytest.mark.parametrize("slow", ["documents", "records"])
def test_a_tick_that_outlives_the_lease_does_not_renew_it(slow: str) -> None:
    """An older copy may have taken the store's place meanwhile: the next tick is to look into that."""
    sale = Sale()
    (ann,) = sale.joins("ann")
    there, method = {"documents": (sale.documents.inner, "write"), "records": (sale.records.inner, "advance")}[slow]
    meanwhile(there, method, lambda: sale.clock.passes(5_500))
    sale.ticks(1)
    with pytest.raises(Unavailable):
        sale.joins("bob")
    sale.ticks(1)
    (bob,) = sale.joins("bob")
    assert bob.place.position > ann.place.position + 1, "what an older copy may have forgotten is passed over"


def test_a_tick_that_takes_its_time_within_the_lease_renews_it() -> None:
    sale = Sale()
    for _ in range(3):
        meanwhile(sale.documents.inner, "write", lambda: sale.clock.passes(4_000))
        sale.ticks(1)
        sale.clock.passes(4_000)
        sale.joins(f"fan-{sale.clock()}")
    assert sale.records.read(sale.name).skipped == ()


@pytest.mark.parametrize("stall_ms", [6_000, 600_000])
def test_a_ticker_that_stalls_before_it_writes_does_not_shorten_what_another_one_wrote(stall_ms: int) -> None:
    """The other one took the admission over, and let it begin later."""
    sale = Sale(rate_per_minute=600)
    (ann,) = sale.joins("ann")

    def another_takes_over() -> None:
        sale.clock.passes(stall_ms)
        sale.another_ticker().tick(sale.name)

    meanwhile(sale.admissions.inner, "take", another_takes_over, afterwards=True)
    sale.ticks(1)
    (start,) = sale.starts()
    assert start.started_at_ms == sale.clock()
    assert sale.sees(ann).state == "admitted"
    sale.ticks_for(6)
    assert sale.starts() == [start]
    assert sale.running()


def test_a_ticker_that_stalls_with_nobody_beside_it_loses_nobody() -> None:
    sale = Sale(rate_per_minute=600)
    (ann,) = sale.joins("ann")
    meanwhile(sale.admissions.inner, "take", lambda: sale.clock.passes(6_000), afterwards=True)
    sale.ticks(2)
    assert sale.sees(ann).state == "admitted"
    sale.completes(ann.place)
    sale.ticks(1)
    assert (sale.status() or {})["active"] == 0


def test_what_has_stood_in_the_outbox_for_two_seconds_is_written_by_nobody_until_it_begins_anew() -> None:
    """A write may take its time: begun later than that it could arrive after another ticker's, and shorten it."""
    sale = Sale(rate_per_minute=600)
    (ann,) = sale.joins("ann")
    sale.sessions.breaks("start")
    with pytest.raises(Crash):
        sale.ticks(1)
    for _ in range(2):
        sale.ticks(1, every_ms=2_100)
        assert sale.sees(ann).state == "waiting"
    sale.ticks(1, every_ms=1_000)
    assert [start.started_at_ms for start in sale.starts()] == [sale.clock()]
    assert sale.sees(ann).state == "admitted"
