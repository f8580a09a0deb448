"""How visitors leave the line and sessions end, and who may come again: the same in every store."""

from typing import Any

import pytest

from fairline.domain.errors import Superseded
from fairline.domain.place import Place
from tests.support.clock import HOUR_MS, SECOND_MS
from tests.support.keeper import Keeper
from tests.support.stores import Store


@pytest.fixture
def keeper(store: Store) -> Keeper:
    return Keeper(store)


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


@pytest.mark.parametrize("swept", [True, False])
def test_whoever_was_taken_not_written_and_leaves_is_owed_nothing(keeper: Keeper, swept: bool) -> None:  # noqa: FBT001 - one of two cases
    """Even if the session ran out before it could be written."""
    (ann,) = keeper.joins("ann")
    keeper.takes(keeper.looks(), 1)
    keeper.store.time.runs_out(ann)
    keeper.store.time.abandoned(ann)
    if swept:
        keeper.looks()
    assert keeper.line.end(ann, "completed") is False
    assert keeper.line.end(ann, "left") is True
    assert keeper.line.end(ann, "left") is False
    assert keeper.state_of(ann) == "left"
    assert keeper.admissions.retime(keeper.looks().abandoned) == []
    view = keeper.looks()
    assert (view.progress.active, view.unconfirmed, view.counts.left) == (0, (), 1)
