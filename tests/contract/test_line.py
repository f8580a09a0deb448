"""The line as visitors meet it: the same in memory, in a simulated Redis and in a real Valkey."""

import pytest

from fairline.domain.errors import Closed, FairlineError, NotOpenYet, Superseded, Unavailable
from fairline.domain.place import LineAbsent, Pace, Place
from tests.support.builders import any_name, any_place
from tests.support.clock import HOUR_MS
from tests.support.keeper import FAST, Keeper
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
    assert standing.pace == Pace(FAST, 100, 180_000, onsale.sale_starts_at_ms, onsale.closes_at_ms)
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


def test_whoever_waits_finds_the_place_though_the_lobby_was_moved_later(store: Store) -> None:
    keeper = Keeper(store)
    (ann,) = keeper.joins("ann")
    later_ms = store.time.now_ms() + HOUR_MS // 2
    keeper.changes(lobby_opens_at_ms=later_ms, sale_starts_at_ms=later_ms)
    keeper.ticks()
    assert keeper.joined("ann").place == ann
    with pytest.raises(NotOpenYet):
        keeper.joined("bob")


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
    with pytest.raises(Superseded) as superseded:
        keeper.found(older, restore=True)
    assert superseded.value.instead == 2
    assert keeper.state_of(newer) == "waiting"


def test_a_token_of_a_later_epoch_is_asked_to_come_back(keeper: Keeper) -> None:
    """An older copy of the store has come, and holds another place: the next tick begins anew."""
    keeper.joins("ann")
    for visitor, position in (("ann", 100_009), ("ann", 1), ("bob", 100_010)):
        with pytest.raises(LineAbsent):
            keeper.found(Place(keeper.name, position, visitor), epoch=keeper.record.epoch + 1, restore=True)


def test_a_higher_number_than_the_one_that_waits_is_not_restored_over_it(keeper: Keeper) -> None:
    """The store may have fallen behind; whether the place that waits was left is not for the line to know."""
    (older,) = keeper.joins("ann")
    with pytest.raises(Superseded) as superseded:
        keeper.found(older._replace(position=7), restore=True)
    assert superseded.value.instead == 1
    assert keeper.state_of(older) == "waiting"


def test_a_place_older_than_the_one_that_was_called_is_superseded(keeper: Keeper) -> None:
    (older,) = keeper.joins("ann")
    keeper.line.end(older, "left")
    keeper.joins("ann")
    keeper.ticks(1)
    with pytest.raises(Superseded) as superseded:
        keeper.found(older)
    assert superseded.value.instead is None


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
