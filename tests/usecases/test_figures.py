"""What a tick leaves behind for the console, and what is read from it."""

import pytest

from fairline.domain.errors import Unavailable, UnknownOnsale
from fairline.domain.figures import PERIOD_MS
from tests.support.sale import Sale


def test_ticks_leave_one_sample_for_each_ten_seconds() -> None:
    sale = Sale()
    sale.ticks_for(60)
    samples = sale.figures.history(sale.name).samples
    assert len({sample.at_ms // PERIOD_MS for sample in samples}) == len(samples) == sale.samples.calls["put"]
    assert len(samples) in (6, 7)


def test_two_tickers_leave_what_one_would() -> None:
    sale = Sale()
    for _ in range(40):
        sale.ticks()
        sale.another_ticker().tick(sale.name)
    assert sale.samples.calls["put"] == len(sale.figures.history(sale.name).samples)


def test_a_sample_that_cannot_be_written_costs_a_point_and_no_tick() -> None:
    sale = Sale()
    for _ in range(30):
        sale.samples.breaks("put", error=Unavailable("The ledger does not answer.", retry_after_seconds=2))
        assert sale.ticks() != [None]
    sale.samples.mends()
    assert sale.admitted("ann")


def test_a_tick_is_confirmed_before_its_sample_is_written() -> None:
    sale = Sale()
    (ann,) = sale.joins("ann")
    sale.clock.passes(PERIOD_MS)
    sale.samples.breaks("put")
    with pytest.raises(Exception, match="put"):
        sale.ticks()
    view = sale.store.admissions.observe(sale.onsale, sale.records.read(sale.name))
    assert view is not None
    assert view.unconfirmed == ()
    assert sale.sees(ann).state == "admitted"


def test_the_line_is_told_with_what_happened_lately_and_what_is_expected() -> None:
    sale = Sale(rate_per_minute=60, max_active=1_000)
    for number in range(300):
        sale.registers(f"visitor-{number}")
    sale.ticks_for(90)
    live = sale.figures.live(sale.name)
    assert live.minute.admissions == pytest.approx(60, abs=2)
    assert live.minute.arrivals == 0
    assert live.record.waiting == pytest.approx(210, abs=2)
    assert live.ends_in_seconds == live.record.waiting
    assert live.joining is not None
    assert live.joining.low == live.record.waiting + 1


def test_nothing_is_expected_of_a_line_that_stands_still() -> None:
    sale = Sale()
    sale.joins("ann", "ben")
    sale.changes(paused=True)
    sale.ticks(2)
    live = sale.figures.live(sale.name)
    assert (live.joining, live.ends_in_seconds) == (None, None)


def test_a_line_that_is_empty_has_no_end_to_wait_for() -> None:
    sale = Sale()
    live = sale.figures.live(sale.name)
    assert live.ends_in_seconds is None
    assert live.joining is not None


def test_history_is_told_from_a_moment_on() -> None:
    sale = Sale()
    sale.ticks_for(60)
    every = sale.figures.history(sale.name).samples
    assert sale.figures.history(sale.name, every[2].at_ms).samples == every[3:]
    assert sale.figures.history(sale.name, sale.clock() + 60_000).samples == []


def test_an_unknown_onsale_has_no_figures() -> None:
    sale = Sale()
    for ask in (sale.figures.live, sale.figures.history):
        with pytest.raises(UnknownOnsale):
            ask("nowhere")
