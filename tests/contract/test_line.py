"""The line as visitors meet it: the same in memory, in a simulated Redis and in a real Valkey."""

from typing import Any

import pytest

from fairline.domain.errors import Closed, FairlineError, NotOpenYet, Superseded, Unavailable
from fairline.domain.place import LineAbsent, Pace, Place
from tests.support.builders import any_name, any_place
from tests.support.clock import HOUR_MS, SECOND_MS
from tests.support.keeper import Keeper
from tests.support.stores import Store


@pytest.fixture
def keeper(store: Store) -> Keeper:
    return Keeper(store)


def test_visitors_get_positions_in_the_order_they_come(keeper: Keeper) -> None:
    standings = [keeper.joined(visitor) for visitor in ("ann", "bob", "cat")]
    assert [(s.place.position, s.ahead, s.is_new, s.state) for s in standings] == [
        (1, 0, True, "waiting"),
        (2, 1, True, "waiting"),
        (3, 2, True, "waiting"),
    ]


def test_asking_again_finds_the_same_place(keeper: Keeper) -> None:
    keeper.joins("ann", "bob")
    again = keeper.joined("bob")
    assert (again.place, again.ahead, again.is_new) == (Place(keeper.name, 2, "bob"), 1, False)


def test_a_standing_tells_the_epoch_the_time_and_the_pace(keeper: Keeper) -> None:
    standing = keeper.joined("ann")
    onsale = keeper.onsale
    assert standing.pace == Pace(60, 100, 180_000, onsale.sale_starts_at_ms, onsale.closes_at_ms)
    assert standing.epoch == 1
    assert onsale.sale_starts_at_ms < standing.now_ms < onsale.closes_at_ms


def test_two_onsales_do_not_touch_each_other(store: Store) -> None:
    one, other = Keeper(store), Keeper(store)
    one.joins("ann", "bob")
    assert other.joined("bob").place.position == 1
    one.ticks(5)
    assert other.joined("bob").state == "waiting"


def test_a_line_that_was_never_begun_is_absent(store: Store) -> None:
    place = any_place()
    with pytest.raises(LineAbsent):
        store.line.register(any_name(), "ann")
    with pytest.raises(LineAbsent):
        store.line.find(place, 1)
    assert store.line.end(place, "left") is False
    assert store.line.extend(place, 9_999_999_999_999) is False
    assert store.line.visitor_at(place.onsale, 1) is None


def test_before_the_lobby_one_is_told_when_to_come_back(store: Store) -> None:
    opens_at_ms = store.time.now_ms() + HOUR_MS // 2
    keeper = Keeper(store, lobby_opens_at_ms=opens_at_ms, sale_starts_at_ms=opens_at_ms)
    with pytest.raises(NotOpenYet) as refused:
        keeper.joined("ann")
    assert 1790 <= (refused.value.retry_after_seconds or 0) <= 1800


@pytest.mark.parametrize("how", ["by the clock", "by the operator"])
def test_after_the_close_nobody_joins_or_waits_but_sessions_run_on(store: Store, how: str) -> None:
    keeper = Keeper(store)
    admitted, waiting = keeper.joins("ann", "bob")
    keeper.ticks(1)
    keeper.changes(**({"closed": True} if how == "by the operator" else {"closes_at_ms": store.time.now_ms()}))
    keeper.ticks()
    for visitor in ("new", "bob"):
        with pytest.raises(Closed):
            keeper.joined(visitor)
    with pytest.raises(Closed):
        keeper.found(waiting)
    assert keeper.joined("ann").state == keeper.state_of(admitted) == "admitted"


def test_whoever_is_paused_on_or_in_the_lobby_may_still_join(store: Store) -> None:
    assert Keeper(store, paused=True).joined("ann").is_new
    assert Keeper(store, sale_starts_at_ms=store.time.now_ms() + 60_000).joined("ann").is_new


def test_no_position_is_issued_after_the_lease(keeper: Keeper) -> None:
    keeper.joins("ann")
    keeper.store.time.lapses(keeper.name)
    with pytest.raises(Unavailable) as refused:
        keeper.joined("bob")
    assert refused.value.retry_after_seconds
    assert not isinstance(refused.value, LineAbsent)
    assert keeper.joined("ann").place.position == 1


def test_no_position_is_issued_above_the_recorded_limit(store: Store) -> None:
    keeper = Keeper(store)
    keeper.record = keeper.record.next_epoch()
    keeper.admissions.begin(keeper.onsale, keeper.record, return_ms=0)
    view = keeper.looks()
    keeper.admissions.confirm(keeper.name, keeper.record, [])
    assert view.limit == view.progress.issued == 100_000
    with pytest.raises(Unavailable):
        keeper.joined("ann")


def test_a_place_is_found_by_its_token(keeper: Keeper) -> None:
    _, place = keeper.joins("ann", "bob")
    standing = keeper.found(place)
    assert standing is not None
    assert (standing.place, standing.state, standing.ahead, standing.is_new) == (place, "waiting", 1, False)


def test_an_unknown_place_is_put_back_where_its_number_belongs_if_asked(keeper: Keeper) -> None:
    keeper.record = keeper.record.next_epoch()
    keeper.begins()
    keeper.ticks()
    (newcomer,) = keeper.joins("newcomer")
    place = Place(keeper.name, 17, "ann")
    assert keeper.found(place, epoch=1) is None
    assert keeper.found(place, epoch=1) is None
    restored = keeper.found(place, epoch=1, restore=True)
    assert restored is not None
    assert (restored.place.position, restored.ahead, restored.is_new) == (17, 0, False)
    assert [start.place for start in keeper.ticks(5)] == [place, newcomer]


def test_the_lower_number_of_a_visitor_from_before_a_loss_wins(keeper: Keeper) -> None:
    """Without its token somebody registered anew after a loss, and finds the token later."""
    keeper.joins("ann")
    keeper.begins()
    keeper.ticks()
    (newer,) = keeper.joins("ann")
    older = Place(keeper.name, 1, "ann")
    assert keeper.found(older, epoch=1) is None
    restored = keeper.found(older, epoch=1, restore=True)
    assert restored is not None
    assert restored.place == older
    with pytest.raises(Superseded):
        keeper.found(newer)
    assert keeper.joined("ann").place == older
    assert [start.place for start in keeper.ticks(5)] == [older]


def test_a_lower_number_of_the_same_epoch_is_superseded(keeper: Keeper) -> None:
    """Whoever left and came again holds the later place only."""
    (older,) = keeper.joins("ann")
    keeper.line.end(older, "left")
    (newer,) = keeper.joins("ann")
    assert newer.position == 2
    with pytest.raises(Superseded):
        keeper.found(older, restore=True)
    assert keeper.state_of(newer) == "waiting"


def test_a_place_older_than_the_one_that_was_called_is_superseded(keeper: Keeper) -> None:
    (older,) = keeper.joins("ann")
    keeper.line.end(older, "left")
    keeper.joins("ann")
    keeper.ticks(1)
    with pytest.raises(Superseded):
        keeper.found(older)


def test_whoever_leaves_the_line_is_not_called(keeper: Keeper) -> None:
    ann, bob = keeper.joins("ann", "bob")
    assert keeper.line.end(ann, "left") is True
    assert keeper.state_of(ann) == "left"
    assert keeper.line.end(ann, "left") is False
    standing = keeper.found(bob)
    assert standing is not None
    assert standing.ahead == 0
    assert [start.place for start in keeper.ticks(5)] == [bob]


def test_a_place_in_the_line_cannot_be_completed(keeper: Keeper) -> None:
    (ann,) = keeper.joins("ann")
    assert keeper.line.end(ann, "completed") is False
    assert keeper.state_of(ann) == "waiting"


def test_another_number_of_the_same_visitor_ends_nothing(keeper: Keeper) -> None:
    ann, bob = keeper.joins("ann", "bob")
    keeper.ticks(1)
    assert keeper.line.end(Place(keeper.name, 7, "ann"), "left") is False
    assert keeper.line.end(Place(keeper.name, 7, "bob"), "left") is False
    assert (keeper.state_of(ann), keeper.state_of(bob)) == ("admitted", "waiting")


@pytest.mark.parametrize("reason", ["completed", "left"])
def test_an_ended_session_frees_its_slot_once(store: Store, reason: Any) -> None:
    keeper = Keeper(store, max_active=1)
    ann, bob = keeper.joins("ann", "bob")
    keeper.ticks(1)
    assert keeper.line.end(ann, reason) is True
    assert keeper.line.end(ann, reason) is False
    assert keeper.state_of(ann) == reason
    assert keeper.looks().progress.active == 0
    assert [start.place for start in keeper.ticks(5)] == [bob]


def test_a_session_whose_time_is_over_can_neither_end_nor_be_extended(keeper: Keeper) -> None:
    (ann,) = keeper.joins("ann")
    keeper.ticks(1)
    keeper.store.time.runs_out(ann)
    assert keeper.line.end(ann, "completed") is False
    assert keeper.line.end(ann, "left") is False
    assert keeper.line.extend(ann, keeper.store.time.now_ms() + HOUR_MS) is False
    assert keeper.state_of(ann) == "expired"
    assert keeper.looks().counts.expired == 1
    assert keeper.state_of(ann) == "expired"


def test_an_extended_session_keeps_its_slot(keeper: Keeper) -> None:
    ann, bob = keeper.joins("ann", "bob")
    keeper.ticks(2)
    for place in (ann, bob):
        keeper.store.time.runs_out(place)
        assert keeper.line.extend(place, keeper.store.time.now_ms() + 1) is False
    cat, _ = keeper.joins("cat", "dan")
    keeper.ticks(1)
    assert keeper.line.extend(cat, keeper.store.time.now_ms() + HOUR_MS) is True
    assert keeper.looks().progress.active == 1
    assert keeper.state_of(cat) == "admitted"


def test_an_extension_never_shortens_a_session(keeper: Keeper) -> None:
    (ann,) = keeper.joins("ann")
    keeper.ticks(1)
    assert keeper.line.extend(ann, keeper.store.time.now_ms() - SECOND_MS) is True
    assert keeper.state_of(ann) == "admitted"


def test_a_waiting_visitor_has_nothing_to_extend(keeper: Keeper) -> None:
    (ann,) = keeper.joins("ann")
    assert keeper.line.extend(ann, keeper.store.time.now_ms() + HOUR_MS) is False
    assert keeper.looks().progress.active == 0


@pytest.mark.parametrize("how", ["left", "left the line", "expired"])
def test_whoever_left_or_ran_out_of_time_may_rejoin_at_the_end(keeper: Keeper, how: str) -> None:
    ann = _gone(keeper, how)
    keeper.joins("bob")
    again = keeper.joined("ann")
    assert (again.place.position, again.ahead, again.is_new, again.state) == (3, 1, True, "waiting")
    with pytest.raises(Superseded):
        keeper.found(ann)
    assert [start.place.position for start in keeper.ticks(5)] == [2, 3]
    assert keeper.state_of(again.place) == "admitted"


@pytest.mark.parametrize("how", ["left", "left the line", "expired"])
def test_without_rejoin_whoever_is_gone_stays_gone(store: Store, how: str) -> None:
    keeper = Keeper(store, rejoin=False)
    ann = _gone(keeper, how)
    again = keeper.joined("ann")
    assert (again.place, again.is_new, again.state) == (ann, False, how.removesuffix(" the line"))


def _gone(keeper: Keeper, how: str) -> Place:
    (ann,) = keeper.joins("ann")
    if how != "left the line":
        keeper.ticks(1)
    if how == "expired":
        keeper.store.time.runs_out(ann)
    else:
        assert keeper.line.end(ann, "left")
    return ann


def test_whoever_has_bought_is_told_so_even_after_the_close(keeper: Keeper) -> None:
    (ann,) = keeper.joins("ann")
    keeper.ticks(1)
    keeper.line.end(ann, "completed")
    again = keeper.joined("ann")
    assert (again.place, again.is_new, again.state) == (ann, False, "completed")
    keeper.changes(closed=True)
    keeper.ticks()
    assert keeper.joined("ann").state == "completed"


def test_whoever_was_taken_and_not_yet_written_is_admitted(keeper: Keeper) -> None:
    """Even if the session ran out before it could be written: the tick that writes it gives it all its time."""
    (ann,) = keeper.joins("ann")
    keeper.takes(keeper.looks(), 1)
    keeper.store.time.runs_out(ann)
    assert keeper.state_of(ann) == keeper.joined("ann").state == "admitted"


def test_it_is_known_who_holds_or_last_held_a_position(keeper: Keeper) -> None:
    ann, bob, cat = keeper.joins("ann", "bob", "cat")
    keeper.ticks(1)
    keeper.line.end(cat, "left")
    assert [keeper.line.visitor_at(keeper.name, p.position) for p in (ann, bob, cat)] == ["ann", "bob", "cat"]
    assert keeper.line.visitor_at(keeper.name, 4) is None


def test_refusals_say_when_to_come_back(keeper: Keeper) -> None:
    keeper.store.time.is_wiped(keeper.name)
    with pytest.raises(FairlineError) as refused:
        keeper.joined("ann")
    assert refused.value.retry_after_seconds == 2
