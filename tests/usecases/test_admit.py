"""Ticks: the rate and the cap held, the policy followed, the status document published."""

import pytest

from fairline.domain.errors import Unavailable
from fairline.usecases.admit import TickReport
from tests.support.clock import MINUTE_MS
from tests.support.sale import Sale


def fans(many: int) -> list[str]:
    return [f"fan-{number}" for number in range(many)]


def test_an_onsale_that_nobody_made_is_not_ticked(sale: Sale) -> None:
    assert sale.admitter.tick("no-such-sale") is None
    assert sale.records.read("no-such-sale").epoch == 0


def test_visitors_are_called_in_the_order_they_came_at_the_rate(sale: Sale) -> None:
    sale.joins(*fans(30))
    sale.ticks(40)
    assert sale.called() == fans(30)


@pytest.mark.parametrize(("rate", "seconds", "called"), [(1, 180, 3), (7, 60, 7), (90, 60, 90), (1000, 3, 50)])
def test_a_rate_is_kept_to_the_visitor(rate: int, seconds: int, called: int) -> None:
    sale = Sale(rate_per_minute=rate, max_active=10_000)
    sale.joins(*fans(200))
    sale.ticks(seconds * 4, every_ms=250)
    assert len(sale.called()) == called


def test_the_cap_is_kept_and_a_freed_slot_is_filled() -> None:
    sale = Sale(rate_per_minute=6_000, max_active=3)
    places = sale.joins(*fans(8))
    sale.ticks(3)
    assert sale.called() == fans(3)
    sale.completes(places[1].place)
    sale.ticks(1)
    assert sale.called() == fans(4)
    sale.ticks_for(181)
    assert sale.called() == fans(7)


def test_a_lowered_cap_ends_nobody() -> None:
    sale = Sale(rate_per_minute=6_000, max_active=5)
    places = sale.joins(*fans(9))
    sale.ticks(2)
    sale.changes(max_active=2)
    sale.ticks(5)
    assert len(sale.running()) == 5
    for claims in places[:4]:
        sale.completes(claims.place)
    sale.ticks(5)
    assert len(sale.running()) == 2


@pytest.mark.parametrize("how", ["paused", "in the lobby", "closed"])
def test_nobody_is_called_when_the_sale_is_not_on_and_nothing_is_saved_up(how: str) -> None:
    sale = Sale(rate_per_minute=600)
    sale.joins(*fans(40))
    sale.changes(**({"sale_starts_at_ms": sale.clock() + MINUTE_MS} if how == "in the lobby" else {how: True}))
    sale.ticks_for(30)
    assert sale.called() == []
    sale.changes(paused=False, closed=False, sale_starts_at_ms=sale.clock())
    sale.ticks(1)
    assert len(sale.called()) <= 10


def test_after_an_outage_there_is_no_burst() -> None:
    sale = Sale(rate_per_minute=600)
    sale.joins(*fans(40))
    sale.clock.passes(10 * MINUTE_MS)
    sale.ticks(1)
    assert len(sale.called()) == 10


def test_a_change_of_policy_takes_effect_with_the_next_tick() -> None:
    sale = Sale(rate_per_minute=60)
    sale.joins(*fans(400))
    sale.ticks(4)
    assert len(sale.called()) == 3
    sale.changes(rate_per_minute=6_000, session_seconds=60)
    sale.ticks(1)
    assert len(sale.called()) > 50
    assert {start.ends_at_ms - start.started_at_ms for start in sale.starts()} == {180_000, 60_000}
    assert sale.registers("new").view.wait is not None


def test_the_line_is_published_with_each_tick() -> None:
    sale = Sale(rate_per_minute=60, notice="Hello")
    sale.joins(*fans(5))
    sale.ticks(3)
    status = sale.status()
    assert status is not None
    counted = {name: status[name] for name in ("epoch", "serving", "issued", "waiting", "active", "skipped")}
    assert counted == {"epoch": 1, "serving": 2, "issued": 5, "waiting": 3, "active": 2, "skipped": []}
    assert (status["phase"], status["rate_per_minute"], status["notice"]) == ("on_sale", 60, "Hello")


def test_a_tick_reports_what_it_did() -> None:
    sale = Sale(rate_per_minute=6_000)
    sale.joins(*fans(3))
    (report,) = sale.ticks(1)
    assert isinstance(report, TickReport)
    assert (report.onsale, report.arrived, report.admitted, report.unwritten) == (sale.name, 3, 3, 0)
    assert report.record == sale.records.read(sale.name)
    assert (report.record.counts.admitted, report.record.active, report.record.waiting) == (3, 3, 0)


def test_a_tick_makes_four_calls_of_the_store_and_few_of_the_ledger() -> None:
    sale = Sale(rate_per_minute=6_000)
    sale.joins(*fans(20))
    for wrapped in (sale.admissions, sale.sessions, sale.records, sale.onsales):
        wrapped.calls.clear()
    sale.ticks(1)
    assert sale.admissions.calls == {"observe": 1, "take": 1, "confirm": 1}
    assert sale.sessions.calls == {"start": 1}
    assert sale.records.calls == {"read": 1, "advance": 1}
    assert sale.onsales.calls == {"latest": 1}


def test_the_limit_stays_ahead_of_a_rush(sale: Sale) -> None:
    """Positions are issued below a recorded limit; it is raised by what came, long before it is reached."""
    sale.joins(*fans(300))
    sale.ticks(1)
    record = sale.records.read(sale.name)
    assert record.issue_limit == 300 + 100_000 + 10 * 300
    sale.ticks(1)
    assert sale.records.read(sale.name).issue_limit == record.issue_limit


def test_a_ledger_that_does_not_answer_stops_the_tick_before_anyone_is_taken(sale: Sale) -> None:
    sale.joins(*fans(3))
    sale.records.breaks("read", error=Unavailable("away"))
    with pytest.raises(Unavailable):
        sale.ticks(2)
    assert sale.called() == []
    sale.ticks(1)
    assert sale.called() == ["fan-0"]


def test_two_onsales_are_ticked_apart() -> None:
    one = Sale()
    one.joins("ann")
    other = Sale(store=one.store)
    other.joins("ann", "bob")
    one.ticks(3)
    assert (one.called(), other.called()) == (["ann"], [])


def test_an_onsale_is_over_once_it_is_closed_for_good_and_its_last_session_has_ended(sale: Sale) -> None:
    place = sale.admitted()
    sale.changes(closed=True)
    assert [report.over for report in sale.ticks(2) if report] == [False, False]
    sale.completes(place.place)
    assert [report.over for report in sale.ticks(1) if report] == [True]


def test_an_onsale_whose_time_has_come_is_not_over_since_it_may_be_prolonged(sale: Sale) -> None:
    sale.ticks(1)
    sale.changes(closes_at_ms=sale.clock())
    assert [report.over for report in sale.ticks(1) if report] == [False]
    assert sale.onsale.phase(sale.clock()) == "closed"
