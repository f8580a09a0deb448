"""Admissions that were taken and not yet confirmed, or abandoned by their tick: the same in every store."""

import pytest

from fairline.domain.place import Place
from tests.support.keeper import Keeper
from tests.support.stores import Store


@pytest.fixture
def keeper(store: Store) -> Keeper:
    return Keeper(store)


def test_admissions_stay_in_the_outbox_until_they_are_confirmed(keeper: Keeper) -> None:
    keeper.joins("ann", "bob")
    view = keeper.looks()
    taken = keeper.takes(view, 2)
    assert set(keeper.looks().unconfirmed) == set(taken.starts)
    keeper.admissions.confirm(keeper.name, keeper.record, taken.starts[:1])
    assert keeper.looks().unconfirmed == taken.starts[1:]


def test_an_admission_is_abandoned_five_seconds_after_it_was_taken(keeper: Keeper) -> None:
    (ann,) = keeper.joins("ann")
    keeper.takes(keeper.looks(), 1)
    assert keeper.looks().abandoned == ()
    keeper.store.time.abandoned(ann)
    assert [start.place for start in keeper.looks().abandoned] == [ann]


def test_an_abandoned_admission_begins_anew_and_keeps_its_slot(store: Store) -> None:
    keeper = Keeper(store, max_active=1)
    (ann,) = _abandoned(keeper, "ann")
    (retimed,) = keeper.admissions.retime(keeper.looks().abandoned)
    assert retimed.place == ann
    assert retimed.ends_at_ms - retimed.started_at_ms == 180_000
    view = keeper.looks()
    assert (view.progress.active, view.unconfirmed, view.abandoned) == (1, (retimed,), ())


def test_an_abandoned_admission_that_ran_out_waits_for_a_slot(store: Store) -> None:
    keeper = Keeper(store, max_active=1)
    (ann,) = _abandoned(keeper, "ann")
    keeper.store.time.runs_out(ann)
    keeper.joins("bob")
    keeper.ticks(1)
    lost = keeper.looks().abandoned
    assert keeper.admissions.retime(lost) == []
    assert keeper.looks().progress.active == 1
    keeper.line.end(Place(keeper.name, 2, "bob"), "completed")
    assert [start.place for start in keeper.admissions.retime(lost)] == [ann]


def test_an_admission_confirmed_meanwhile_does_not_begin_anew(keeper: Keeper) -> None:
    _abandoned(keeper, "ann")
    lost = keeper.looks().abandoned
    keeper.admissions.confirm(keeper.name, keeper.record, lost)
    assert keeper.admissions.retime(lost) == []


@pytest.mark.parametrize("rejoined", [False, True])
def test_an_abandoned_admission_of_somebody_who_left_takes_no_slot(keeper: Keeper, *, rejoined: bool) -> None:
    (ann,) = _abandoned(keeper, "ann")
    assert keeper.line.end(ann, "left")
    if rejoined:
        keeper.joins("ann")
    assert keeper.admissions.retime(keeper.looks().abandoned) == []
    view = keeper.looks()
    assert (view.progress.active, view.unconfirmed) == (0, ())


def _abandoned(keeper: Keeper, visitor: str) -> list[Place]:
    places = keeper.joins(visitor)
    keeper.takes(keeper.looks(), 1)
    keeper.store.time.abandoned(places[0])
    return places
