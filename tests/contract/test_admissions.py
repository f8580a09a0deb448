"""The line as the ticker meets it: the same in memory, in a simulated Redis and in a real Valkey."""

from dataclasses import replace

import pytest

from fairline.domain.admission import VISITOR, Bucket
from fairline.domain.errors import Unavailable
from fairline.domain.tick import LEASE_MS, LineLost, Record
from tests.support.builders import any_onsale
from tests.support.keeper import Keeper
from tests.support.stores import Store


@pytest.fixture
def keeper(store: Store) -> Keeper:
    return Keeper(store)


def test_a_line_that_was_never_begun_is_lost(store: Store) -> None:
    with pytest.raises(LineLost) as lost:
        store.admissions.observe(any_onsale(), Record())
    assert abs(lost.value.now_ms - store.time.now_ms()) < 60_000


def test_nothing_happens_to_a_line_that_is_gone(keeper: Keeper) -> None:
    """It was wiped between two calls of one tick: the next tick will find that out."""
    keeper.joins("ann")
    view = keeper.looks()
    taken = keeper.takes(view, 1)
    keeper.store.time.is_wiped(keeper.name)
    assert keeper.admissions.take(keeper.name, view, 1, Bucket(), until_ms=view.now_ms) is None
    assert keeper.admissions.retime(taken.starts) == []
    keeper.admissions.reload([], keeper.name)
    keeper.confirms(view, taken)
    with pytest.raises(LineLost):
        keeper.looks()


def test_a_new_line_is_empty_above_its_base(keeper: Keeper) -> None:
    keeper.joins("ann", "bob")
    keeper.ticks(1)
    limit = keeper.record.issue_limit
    keeper.begins()
    view = keeper.looks()
    assert (view.progress.epoch, view.progress.issued, view.limit) == (2, limit, limit)
    assert (view.progress.waiting, view.progress.active, view.unconfirmed) == (0, 0, ())
    assert view.progress.serving == 1
    assert not view.lapsed
    with pytest.raises(Unavailable):
        keeper.line.register(keeper.name, "cat")
    keeper.confirms(view, keeper.takes(view, 0))
    assert keeper.joined("cat").place.position == limit + 1


def test_an_epoch_begins_once(keeper: Keeper) -> None:
    """A second ticker that begins it again, late, must not empty the line."""
    keeper.joins("ann")
    keeper.admissions.begin(keeper.onsale, keeper.record, return_ms=0)
    keeper.admissions.begin(keeper.onsale, replace(keeper.record, epoch=0), return_ms=0)
    assert keeper.looks().progress.waiting == 1


def test_admission_rests_while_visitors_return(keeper: Keeper) -> None:
    assert not keeper.looks().returning
    keeper.begins(return_ms=15_000)
    view = keeper.looks()
    assert view.returning
    assert view.resumes_at_ms - view.now_ms == pytest.approx(15_000, abs=5_000)


def test_a_ticker_of_an_older_epoch_is_overtaken(keeper: Keeper) -> None:
    older = keeper.record
    view = keeper.looks()
    keeper.begins()
    assert keeper.admissions.observe(keeper.onsale, older) is None
    assert keeper.admissions.take(keeper.name, view, 1, Bucket(), until_ms=view.now_ms) is None
    keeper.admissions.confirm(keeper.name, older, [])
    assert keeper.looks().limit == keeper.looks().progress.issued


@pytest.mark.parametrize("ahead", ["epoch", "tick"])
def test_a_store_behind_the_record_is_lost(keeper: Keeper, ahead: str) -> None:
    keeper.record = replace(keeper.record, **{ahead: getattr(keeper.record, ahead) + 1})
    with pytest.raises(LineLost):
        keeper.looks()


def test_a_store_ahead_of_the_record_is_not_lost(keeper: Keeper) -> None:
    """The tick that was taken and not recorded: whoever was taken stands in the outbox."""
    keeper.joins("ann")
    before = keeper.record
    keeper.takes(keeper.looks(), 1)
    assert keeper.record == before
    assert len(keeper.looks().unconfirmed) == 1


def test_of_two_tickers_that_saw_the_same_one_takes(keeper: Keeper) -> None:
    keeper.joins("ann", "bob")
    view = keeper.looks()
    assert keeper.takes(view, 1).starts
    assert keeper.admissions.take(keeper.name, view, 1, Bucket(), until_ms=view.now_ms) is None
    assert keeper.looks().progress.active == 1


def test_nobody_is_taken_by_a_policy_that_another_ticker_has_replaced(keeper: Keeper) -> None:
    keeper.joins("ann")
    view = keeper.looks()
    keeper.changes(paused=True)
    keeper.looks()
    assert keeper.admissions.take(keeper.name, view, 1, Bucket(0, view.now_ms), until_ms=view.now_ms + 60_000) is None


def test_nobody_is_taken_by_a_policy_that_was_read_long_ago(keeper: Keeper) -> None:
    keeper.joins("ann")
    view = keeper.looks()
    taken = keeper.admissions.take(keeper.name, view, 1, Bucket(0, view.now_ms), until_ms=view.now_ms - 1)
    assert taken is not None, "the tick counts"
    assert taken.starts == ()
    assert keeper.looks().tick == view.tick + 1


def test_a_tick_that_looked_longer_ago_than_the_lease_does_not_renew_it(keeper: Keeper) -> None:
    keeper.store.time.lapses(keeper.name)
    for age_ms, lapsed in ((LEASE_MS, True), (LEASE_MS - 1_000, False)):
        looked_ms = keeper.store.time.now_ms() - age_ms
        keeper.admissions.confirm(keeper.name, replace(keeper.record, updated_at_ms=looked_ms), [])
        assert keeper.looks().lapsed is lapsed


def test_the_head_of_the_line_is_taken_in_order(keeper: Keeper) -> None:
    places = keeper.joins("dan", "ann", "cat", "bob")
    assert [start.place for start in keeper.ticks(3)] == places[:3]
    assert [start.place for start in keeper.ticks(3)] == places[3:]
    assert keeper.ticks(3) == []


def test_whoever_is_taken_has_the_whole_session(store: Store) -> None:
    keeper = Keeper(store, session_seconds=77)
    keeper.joins("ann")
    (start,) = keeper.ticks(1)
    assert start.ends_at_ms - start.started_at_ms == 77_000


def test_serving_is_the_highest_position_called(keeper: Keeper) -> None:
    keeper.joins("ann", "bob")
    keeper.ticks(2)
    (late,) = keeper.joins("cat")
    keeper.line.end(late, "left")
    assert keeper.takes(keeper.looks(), 1).serving == 2


@pytest.mark.parametrize(("cap", "active", "asked", "taken"), [(3, 0, 5, 3), (3, 2, 5, 1), (3, 3, 5, 0), (1, 3, 5, 0)])
def test_never_above_the_cap_whatever_was_decided(store: Store, cap: int, active: int, asked: int, taken: int) -> None:
    keeper = Keeper(store)
    keeper.joins(*(f"visitor-{i}" for i in range(8)))
    keeper.ticks(active)
    keeper.changes(max_active=cap)
    assert len(keeper.ticks(asked)) == taken
    assert keeper.looks().progress.active == max(active, taken + active)


def test_a_negative_decision_takes_nobody(keeper: Keeper) -> None:
    keeper.joins("ann")
    assert keeper.ticks(-3) == []


def test_taking_fills_the_bucket_up_to_its_own_time(store: Store) -> None:
    """What came in between look and take is counted once, and never more than the bucket holds."""
    keeper = Keeper(store, rate_per_minute=600)
    keeper.joins(*(f"visitor-{i}" for i in range(12)))
    view = keeper.looks()
    taken = keeper.admissions.take(
        keeper.name, view, 10, Bucket(0, view.now_ms - 10_000), until_ms=view.now_ms + 60_000
    )
    assert taken is not None
    assert len(taken.starts) == 10
    bucket = keeper.looks().bucket
    assert bucket.filled_at_ms == taken.starts[0].started_at_ms
    assert bucket.level == VISITOR - 1


def test_never_more_than_the_bucket_holds_whatever_was_decided(store: Store) -> None:
    keeper = Keeper(store, rate_per_minute=180)
    keeper.joins(*(f"visitor-{i}" for i in range(8)))
    assert len(keeper.ticks(8)) == 3


def test_a_tick_takes_back_sessions_that_ran_out(keeper: Keeper) -> None:
    ann, _ = keeper.joins("ann", "bob")
    keeper.ticks(2)
    keeper.store.time.runs_out(ann)
    view = keeper.looks()
    assert (view.progress.active, view.counts.expired) == (1, 1)


def test_a_tick_counts_what_happened(keeper: Keeper) -> None:
    places = keeper.joins("ann", "bob", "cat", "dan", "eve")
    keeper.ticks(3)
    keeper.line.end(places[0], "completed")
    keeper.line.end(places[1], "left")
    keeper.line.end(places[4], "left")
    keeper.store.time.runs_out(places[2])
    view = keeper.looks()
    counts = view.counts
    assert (counts.admitted, counts.completed, counts.left, counts.expired) == (3, 1, 2, 1)
    progress = view.progress
    assert (progress.issued, progress.serving, progress.waiting, progress.active) == (5, 3, 1, 0)


def test_a_tick_mirrors_the_newest_policy_and_no_older_one(keeper: Keeper) -> None:
    older = keeper.onsale
    keeper.changes(rate_per_minute=1200, max_active=7, session_seconds=60)
    keeper.looks()
    assert keeper.admissions.observe(older, keeper.record) is None
    pace = keeper.joined("ann").pace
    assert (pace.rate_per_minute, pace.max_active, pace.session_ms) == (1200, 7, 60_000)


def test_confirming_raises_the_limit_and_renews_the_lease(keeper: Keeper) -> None:
    keeper.store.time.lapses(keeper.name)
    view = keeper.looks()
    assert view.lapsed
    keeper.confirms(view, keeper.takes(view, 0))
    after = keeper.looks()
    assert after.lease_until_ms - after.now_ms == pytest.approx(LEASE_MS, abs=3_000)
    assert after.limit == keeper.record.issue_limit > view.limit


def test_a_late_confirmation_lowers_nothing(keeper: Keeper) -> None:
    keeper.joins("ann")
    limit = keeper.looks().limit
    keeper.admissions.confirm(keeper.name, replace(keeper.record, issue_limit=5, issued=0), [])
    assert keeper.looks().limit == limit
    assert keeper.joined("bob").place.position == 2


def test_after_a_lapse_the_next_position_follows_the_old_limit(keeper: Keeper) -> None:
    """An older copy of the store may have taken over: what it forgot it issued is never issued again."""
    keeper.joins("ann")
    limit = keeper.looks().limit
    keeper.store.time.lapses(keeper.name)
    keeper.ticks()
    assert keeper.joined("bob").place.position == limit + 1
    assert keeper.record.skipped == ((2, limit),)
