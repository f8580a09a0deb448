"""The store is lost in the middle of a sale, or falls back to an older copy of itself."""

import copy
from typing import Any, cast

import pytest

from fairline.domain.errors import Superseded, Unavailable
from fairline.domain.onsale import AUDIT_KEPT_MS
from fairline.domain.visitor_token import VisitorClaims
from tests.support.fragile import Crash
from tests.support.sale import Sale

FANS = ["ann", "bob", "cat", "dan", "eve"]


@pytest.fixture
def sale() -> Sale:
    return Sale(rate_per_minute=60, max_active=3)


def older_copy(sale: Sale) -> object:
    """What a replica that lags behind has of the line."""
    return copy.deepcopy(_states(sale)[sale.name])


def fails_over_to(sale: Sale, older: object) -> None:
    _states(sale)[sale.name] = older


def _states(sale: Sale) -> dict[str, object]:
    return cast("dict[str, object]", sale.admissions.inner._store.states)


def test_a_new_epoch_begins_above_everything_that_was_issued(sale: Sale) -> None:
    sale.joins(*FANS)
    sale.ticks(1)
    limit = sale.records.read(sale.name).issue_limit
    sale.is_wiped()
    sale.ticks(2)
    (new,) = sale.joins("new")
    assert (new.epoch, new.place.position) == (2, limit + 1)
    sale.ticks(1)
    status = sale.status()
    assert status is not None
    assert (status["epoch"], status["skipped"]) == (2, [[6, limit]])


def test_positions_that_were_never_recorded_are_not_issued_again_either(sale: Sale) -> None:
    """They were given out after the last tick: nobody but their holders knows of them."""
    before = [claims.place.position for claims in sale.joins(*FANS)]
    sale.is_wiped()
    sale.ticks(2)
    after = [claims.place.position for claims in sale.joins("new", "newer")]
    assert not set(before) & set(after)
    assert min(after) > max(before)


def test_admission_rests_until_visitors_have_had_time_to_return(sale: Sale) -> None:
    ann, bob, *_ = sale.joins(*FANS)
    sale.is_wiped()
    sale.ticks(1)
    sale.sees(bob)
    sale.clock.passes(-750)
    began_ms = sale.clock() + 750
    while sale.clock() + 750 < began_ms + 15_000:
        sale.ticks(1)
        assert sale.called() == []
    sale.sees(ann)
    sale.ticks(4)
    assert sale.called()[:1] == ["ann"]


def test_those_who_have_returned_are_called_in_order_and_a_late_one_goes_next(sale: Sale) -> None:
    ann, bob, cat, dan, eve = sale.joins(*FANS)
    sale.is_wiped()
    sale.ticks(2)
    for claims in (eve, cat, bob):
        sale.sees(claims)
    (new,) = sale.joins("new")
    while not sale.called():
        sale.ticks(1)
    assert sale.called() == ["bob"]
    sale.sees(ann)
    sale.ticks(2)
    assert sale.called()[:2] == ["ann", "bob"]
    sale.sees(dan)
    sale.ticks_for(2)
    assert sale.called() == ["ann", "bob", "cat"]
    for claims in (ann, bob, cat):
        sale.completes(claims.place)
    sale.ticks_for(5)
    assert sale.called() == ["ann", "bob", "cat", "dan", "eve", "new"]
    assert sale.sees(new).state == "admitted"


def test_running_sessions_keep_their_slots(sale: Sale) -> None:
    claims = sale.joins(*FANS)
    sale.ticks_for(4)
    assert len(sale.running()) == 3
    sale.is_wiped()
    sale.ticks(2)
    for one in claims:
        sale.sees(one)
    sale.ticks_for(30)
    assert len(sale.running()) == 3
    sale.completes(claims[0].place)
    sale.ticks_for(2)
    assert sale.called() == FANS[:4]


def test_extended_sessions_keep_theirs_until_the_extended_end() -> None:
    sale = Sale(max_active=1)
    ann = sale.admitted("ann")
    sale.places.extend(ann)
    sale.joins("bob")
    sale.ticks_for(200)
    sale.is_wiped()
    sale.ticks(2)
    sale.joins("bob")
    sale.ticks_for(30)
    assert sale.called() == ["ann"]
    sale.ticks_for(140)
    assert "bob" in sale.called()


def test_who_had_been_taken_and_not_written_is_called_again_after_the_loss(sale: Sale) -> None:
    ann, *_ = sale.joins(*FANS)
    sale.ticks(1)
    sale.sessions.breaks("start", error=Unavailable("away"))
    with pytest.raises(Unavailable):
        sale.ticks(1)
    sale.is_wiped()
    sale.ticks(2)
    assert sale.sees(ann).state == "waiting"
    sale.ticks_for(20)
    assert sale.called() == ["ann"]


def test_an_older_copy_that_is_behind_the_record_is_a_loss(sale: Sale) -> None:
    sale.joins("ann", "bob")
    older = older_copy(sale)
    (cat,) = sale.joins("cat")
    sale.ticks(1)
    fails_over_to(sale, older)
    sale.ticks(2)
    (new,) = sale.joins("new")
    assert new.place.position > 100_000 > cat.place.position
    assert sale.sees(cat).place == cat.place


def test_an_older_copy_that_is_not_behind_the_record_issues_nothing_twice(sale: Sale) -> None:
    """Only registrations were lost. Promotion takes longer than the lease, so the line has lapsed: it jumps."""
    sale.joins("ann", "bob")
    older = older_copy(sale)
    (cat,) = sale.joins("cat")
    fails_over_to(sale, older)
    sale.clock.passes(5_000)
    with pytest.raises(Unavailable):
        sale.registers("dan")
    sale.ticks(1)
    (dan,) = sale.joins("dan")
    assert dan.place.position > 100_000
    assert sale.sees(cat).place == cat.place
    sale.ticks_for(5)
    assert sale.called() == ["ann", "bob", "cat"]


def test_an_older_copy_that_forgot_an_end_is_told_by_the_ledger() -> None:
    sale = Sale(max_active=1)
    ann = sale.admitted("ann")
    sale.joins("bob")
    sale.ticks(1)
    older = older_copy(sale)
    sale.completes(ann.place)
    fails_over_to(sale, older)
    sale.clock.passes(5_000)
    sale.ticks(3)
    assert sale.sees(ann).reason == "completed"
    assert sale.called() == ["ann", "bob"]


def test_of_two_tickers_that_find_the_line_lost_one_begins_an_epoch(sale: Sale) -> None:
    ann, bob = sale.joins("ann", "bob")
    sale.is_wiped()
    other = sale.another_ticker()
    read = sale.records.read(sale.name)
    sale.ticks(1)
    sale.sees(bob)
    other._begin(sale.onsale, read, sale.clock())
    assert sale.records.read(sale.name).epoch == 2
    sale.ticks(1)
    assert sale.sees(bob).ahead == 0
    assert sale.sees(ann).ahead == 0
    assert sale.sees(bob).ahead == 1


def test_the_first_epoch_opens_at_once(sale: Sale) -> None:
    new = Sale()
    new.joins("ann")
    new.ticks(2)
    assert new.called() == ["ann"]


def test_a_loss_in_the_lobby_loses_no_place() -> None:
    sale = Sale()
    sale.changes(sale_starts_at_ms=sale.clock() + 60_000)
    places = sale.joins(*FANS)
    sale.ticks(1)
    sale.is_wiped()
    sale.ticks(2)
    for claims in reversed(places):
        sale.sees(claims)
    sale.ticks_for(70)
    assert sale.called() == FANS


@pytest.mark.parametrize("how", ["left", "expired"])
def test_who_came_again_while_a_replica_lagged_finds_the_newer_place(sale: Sale, how: str) -> None:
    """The copy that takes over has them at the place before, which the ledger knows to be over."""
    sale.joins("first")
    (before,) = sale.joins("ann")
    older = older_copy(sale)
    if how == "left":
        sale.places.leave(before)
    else:
        sale.ticks_for(3)
        sale.clock.passes(180_000)
        sale.ticks(1)
    (ann,) = sale.joins("ann")
    fails_over_to(sale, older)
    view = sale.sees(ann)
    assert (view.place, view.state) == (ann.place, "waiting")
    with pytest.raises(Superseded):
        sale.sees(before)
    for seconds in (3, 30):  # the first ticks may begin a new epoch, in which she shows her token once more
        sale.ticks_for(seconds)
        last = sale.sees(ann).state
    assert last == "admitted"


def test_a_place_that_waits_and_is_not_over_stays_the_one_that_counts(sale: Sale) -> None:
    """Whoever put an earlier number back after a loss has that one, and no token of theirs goes back and forth."""
    (before,) = sale.joins("ann")
    sale.is_wiped()
    sale.ticks(2)
    (newer,) = sale.joins("ann")
    assert sale.sees(before).place == before.place
    for _ in range(2):
        with pytest.raises(Superseded):
            sale.sees(newer)
    assert sale.sees(before).state == "waiting"


def left_and_came_again_while_a_replica_lagged(sale: Sale) -> VisitorClaims:
    """The newer place. The copy that takes over has ann inside still, and no tick has told it yet."""
    before = sale.admitted("ann")
    older = older_copy(sale)
    sale.places.leave(before)
    (ann,) = sale.joins("ann")
    fails_over_to(sale, older)
    return ann


def test_who_left_a_session_and_came_again_while_a_replica_lagged_finds_the_newer_place(sale: Sale) -> None:
    ann = left_and_came_again_while_a_replica_lagged(sale)
    view = sale.sees(ann)
    assert (view.place, view.state) == (ann.place, "waiting")
    sale.ticks_for(30)
    sale.sees(ann)
    sale.ticks(2)
    assert sale.sees(ann).state == "admitted"
    assert [session.place for session in sale.running()] == [ann.place]


def test_who_came_again_while_a_replica_lagged_can_leave_the_newer_place(sale: Sale) -> None:
    ann = left_and_came_again_while_a_replica_lagged(sale)
    sale.places.leave(ann)
    sale.ticks_for(30)
    assert sale.sees(ann).state == "left"
    assert sale.running() == []


@pytest.mark.parametrize("minutes", [0.5, 2, 20])
def test_whoever_was_taken_and_not_recorded_is_not_called_again_after_a_long_outage(minutes: float) -> None:
    """The copy has them in line. Their session is over, and was longer ago than any lasts."""
    sale = Sale(session_seconds=30)
    ann, bob = sale.joins("ann", "bob")
    older = older_copy(sale)
    sale.sessions.breaks("start", "after")
    with pytest.raises(Crash):
        sale.ticks(1, every_ms=1_000)
    sale.clock.passes(int(minutes * 60_000))
    fails_over_to(sale, older)
    sale.ticks(3, every_ms=1_000)
    assert (sale.sees(ann).state, sale.sees(bob).state) == ("expired", "admitted")


@pytest.mark.parametrize("becomes", ["is inside", "has bought"])
def test_of_two_tokens_of_one_visitor_one_is_worth_a_session(sale: Sale, becomes: str) -> None:
    """One device showed its token after the loss, another had come without one."""
    (first,) = sale.joins("ann")
    sale.is_wiped()
    sale.ticks(2)
    (second,) = sale.joins("ann")
    assert sale.sees(first).place == first.place
    sale.ticks_for(17)
    assert sale.sees(first).state == "admitted"
    if becomes == "has bought":
        sale.completes(first.place)
    for _ in range(2):
        with pytest.raises(Superseded):
            sale.sees(second)
        sale.ticks(1)
    assert [start.place for start in sale.starts()] == [first.place]


def test_whoever_had_left_and_was_let_in_again_keeps_the_slot(sale: Sale) -> None:
    for visitor in FANS:  # rows are read in another order than they were written
        (before,) = sale.joins(visitor)
        sale.places.leave(before)
    inside = [sale.admitted(visitor) for visitor in FANS[:3]]
    sale.is_wiped()
    sale.ticks_for(18)
    sale.joins("new")
    sale.ticks(2)
    assert [sale.sees(claims).state for claims in inside] == ["admitted"] * 3
    assert len(sale.running()) == 3


def test_a_record_lasts_as_long_as_the_onsale_can_be_prolonged(sale: Sale, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it positions would begin at 1 again."""
    kept: list[int] = []
    for method in ("begin", "advance"):
        call = getattr(sale.records.inner, method)

        def noted(*args: Any, call: Any = call) -> Any:
            kept.append(args[-1])
            return call(*args)

        monkeypatch.setattr(sale.records.inner, method, noted)
    sale.ticks(1)
    sale.is_wiped()
    sale.ticks(1)
    assert len(kept) == 2
    assert min(kept) * 1000 >= sale.onsale.closes_at_ms + AUDIT_KEPT_MS
