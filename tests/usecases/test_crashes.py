"""A tick breaks off between any two of its calls: nothing is lost, nothing happens twice, no slot leaks."""

import itertools
from contextlib import suppress

import pytest

from fairline.domain import tick
from fairline.domain.errors import Unavailable
from fairline.domain.session import Start
from tests.support.fragile import Crash, Fragile, When
from tests.support.sale import PERIOD_MS, Sale

FANS = ["ann", "bob", "cat", "dan"]
CALLS = [
    ("onsales", "latest"),
    ("records", "read"),
    ("admissions", "observe"),
    ("admissions", "take"),
    ("sessions", "start"),
    ("records", "advance"),
    ("admissions", "confirm"),
    ("documents", "write"),
]
WHENS: tuple[When, When] = ("before", "after")
EVERYWHERE = [(name, method, when) for (name, method), when in itertools.product(CALLS, WHENS)]


@pytest.fixture
def sale() -> Sale:
    return Sale(rate_per_minute=120, max_active=3)


def takes_nothing(starts: list[Start], _delete_after: int) -> list[Start]:
    """A ledger that hands everything back."""
    return list(starts)


def breaks_off(sale: Sale, name: str, method: str, when: When) -> None:
    """A tick that takes somebody breaks off there."""
    there: Fragile = getattr(sale, name)
    there.breaks(method, when)
    with pytest.raises(Crash):
        sale.ticks(1)


@pytest.mark.parametrize(("name", "method", "when"), EVERYWHERE)
def test_wherever_a_tick_breaks_off_everybody_has_one_whole_session(
    sale: Sale, name: str, method: str, when: When
) -> None:
    claims = sale.joins(*FANS)
    breaks_off(sale, name, method, when)
    sale.ticks_for(12)
    assert sale.called() == FANS[:3]
    for view in map(sale.sees, claims[:3]):
        assert view.state == "admitted"
        assert view.admission is not None
    assert {start.ends_at_ms - start.started_at_ms for start in sale.starts()} == {180_000}
    status = sale.status()
    assert status is not None
    assert (status["active"], status["waiting"], status["serving"]) == (3, 1, 3)
    assert sale.records.read(sale.name).counts.admitted == 3


@pytest.mark.parametrize(("name", "method", "when"), EVERYWHERE)
def test_wherever_a_tick_breaks_off_no_slot_leaks(sale: Sale, name: str, method: str, when: When) -> None:
    claims = sale.joins(*FANS)
    breaks_off(sale, name, method, when)
    sale.ticks_for(12)
    for place in (one.place for one in claims[:3]):
        sale.completes(place)
    sale.ticks_for(5)
    assert sale.called() == FANS
    sale.completes(claims[3].place)
    sale.ticks(1)
    view = sale.admissions.observe(sale.onsale, sale.records.read(sale.name))
    assert (view.progress.active, view.progress.waiting, view.unconfirmed) == (0, 0, ())
    counts = view.counts
    assert (counts.admitted, counts.completed, counts.expired, counts.left) == (4, 4, 0, 0)


@pytest.mark.parametrize(("name", "method", "when"), EVERYWHERE)
def test_no_position_is_issued_twice_whatever_broke_off(sale: Sale, name: str, method: str, when: When) -> None:
    sale.joins(*FANS)
    breaks_off(sale, name, method, when)
    sale.is_wiped()
    sale.ticks_for(2)
    (new,) = sale.joins("new")
    assert new.place.position > 100_000


@pytest.mark.parametrize("method", ["start", "advance"])
def test_a_session_that_ended_is_not_brought_back_by_the_replay(sale: Sale, method: str) -> None:
    """Its start was written, or stands to be written again, and meanwhile it was completed."""
    (ann,) = sale.joins("ann")
    breaks_off(sale, "sessions" if method == "start" else "records", method, "after")
    sale.completes(ann.place)
    sale.ticks_for(12)
    assert sale.sees(ann).reason == "completed"
    assert sale.running() == []
    assert (sale.status() or {})["active"] == 0
    assert sale.called() == ["ann"]


def test_a_session_whose_start_was_written_stands_as_it_was(sale: Sale) -> None:
    (ann,) = sale.joins("ann")
    breaks_off(sale, "sessions", "start", "after")
    (before,) = sale.starts()
    sale.ticks_for(12)
    assert sale.starts() == [before]
    assert sale.sees(ann).admission is not None


def test_a_session_that_was_not_written_begins_when_it_is(sale: Sale) -> None:
    """Nobody pays for our outage: even if all the time had run out meanwhile."""
    (ann,) = sale.joins("ann")
    breaks_off(sale, "sessions", "start", "before")
    sale.clock.passes(1_000_000)
    assert sale.sees(ann).state == "waiting"
    sale.ticks(1)
    (start,) = sale.starts()
    assert start.started_at_ms == sale.clock()
    assert sale.sees(ann).state == "admitted"


def test_while_an_abandoned_admission_waits_for_its_slot_nobody_is_called_before_it() -> None:
    """Its slot ran out while the ledger took no rows, and the cap was lowered to the one that is inside."""
    sale = Sale(rate_per_minute=120, max_active=2, session_seconds=30)
    (first,) = sale.joins("first")
    sale.ticks(2)
    sale.changes(session_seconds=40)
    ann, _ = sale.joins("ann", "bob")
    written, sale.sessions.inner.start = sale.sessions.inner.start, takes_nothing
    sale.ticks(1)
    sale.places.extend(first)
    sale.store.time.runs_out(ann.place)
    sale.changes(max_active=1)
    sale.sessions.inner.start = written
    sale.clock.passes(6_000)
    sale.ticks_for(10)
    assert sale.called() == ["first"]
    sale.completes(first.place)
    sale.ticks(2)
    assert sale.called() == ["first", "ann"]
    assert len(sale.running()) == 1
    sale.completes(ann.place)
    sale.ticks(2)
    assert sale.called() == ["first", "ann", "bob"]


def test_what_was_taken_a_moment_ago_is_written_as_it_is_by_the_next_tick(sale: Sale) -> None:
    """Nobody waits until it counts as abandoned: the same row may be written twice."""
    ann, bob = sale.joins("ann", "bob")
    breaks_off(sale, "sessions", "start", "before")
    taken_at = sale.clock()
    assert sale.sees(ann).state == "waiting"
    sale.ticks(1)
    assert [(start.place, start.started_at_ms) for start in sale.starts()] == [
        (ann.place, taken_at),
        (bob.place, taken_at + PERIOD_MS),
    ]


@pytest.mark.parametrize("seconds", [1, 4, 7, 20, 60])
def test_while_the_ledger_takes_no_sessions_nobody_else_is_taken(seconds: int) -> None:
    """Afterwards they begin in order, no faster than the rate and a second's worth."""
    sale = Sale(rate_per_minute=600, max_active=200)
    sale.joins(*(f"fan-{number}" for number in range(300)))
    sale.ticks(4)
    inside = len(sale.called())
    written, sale.sessions.inner.start = sale.sessions.inner.start, takes_nothing
    sale.ticks_for(seconds)
    assert len(sale.called()) == inside
    assert (sale.status() or {})["active"] <= inside + 10
    sale.sessions.inner.start = written
    sale.ticks_for(30)
    starts = sale.starts()
    times = [start.started_at_ms for start in starts]
    assert [start.place.position for start in starts] == list(range(1, len(starts) + 1))
    assert times == sorted(times)
    assert len(starts) == 200
    for first, last in itertools.combinations(range(len(times)), 2):
        assert last - first + 1 <= 10 * (times[last] - times[first] + 1_000) / 1_000


def test_what_the_ledger_would_not_take_is_written_later(sale: Sale) -> None:
    claims = sale.joins("ann")
    written, sale.sessions.inner.start = sale.sessions.inner.start, takes_nothing
    (report,) = sale.ticks(1)
    assert report is not None
    assert (report.admitted, report.unwritten) == (1, 1)
    assert sale.sees(claims[0]).state == "waiting"
    sale.sessions.inner.start = written
    sale.ticks_for(8)
    assert sale.sees(claims[0]).state == "admitted"
    assert (sale.status() or {})["active"] == 1


def test_an_answer_that_was_lost_is_as_good_as_none(sale: Sale) -> None:
    """The record was written and nobody heard of it."""
    sale.joins(*FANS)
    sale.ticks(1)
    sale.records.breaks("advance", "after", Unavailable("no answer"))
    with pytest.raises(Unavailable):
        sale.ticks(1)
    sale.ticks_for(10)
    assert sale.called() == FANS[:3]
    assert sale.records.read(sale.name).counts.admitted == 3


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("name", "method"), [("records", "begin"), ("admissions", "begin")])
def test_a_beginning_that_breaks_off_is_begun_again(sale: Sale, name: str, method: str, when: When) -> None:
    ann, bob = sale.joins("ann", "bob")
    sale.is_wiped()
    there: Fragile = getattr(sale, name)
    there.breaks(method, when)
    with pytest.raises(Crash):
        sale.ticks(1)
    sale.ticks(3)
    assert (sale.sees(bob).place, sale.sees(ann).place) == (bob.place, ann.place)
    sale.ticks_for(25)
    assert sale.called() == ["ann", "bob"]
    record = sale.records.read(sale.name)
    assert record.epoch in (2, 3)
    assert len(record.skipped) == 1


def test_a_limit_is_recorded_before_anybody_may_join_up_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ticks break off before they have recorded it; then the store is lost."""
    monkeypatch.setattr(tick, "HEADROOM", 3)
    monkeypatch.setattr(tick, "ARRIVALS_AHEAD", 0)
    sale, told = Sale(rate_per_minute=1, max_active=1), list[int]()

    def join_as_many_as_may() -> None:
        with suppress(Unavailable):
            while len(told) < 100:
                told.extend(claims.place.position for claims in sale.joins(f"fan-{len(told)}"))

    join_as_many_as_may()
    for _ in range(3):
        sale.records.breaks("advance", "before")
        with pytest.raises(Crash):
            sale.ticks(1)
        join_as_many_as_may()
    sale.is_wiped()
    for _ in range(3):
        sale.ticks(2)
        join_as_many_as_may()
    assert 6 < len(told) == len(set(told)) < 100
