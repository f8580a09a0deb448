"""A hundred visitors at the same moment, over real connections to a real Valkey, and in memory."""

import pytest

from fairline.domain.place import Place
from tests.races.crowd import all_at_once
from tests.support.keeper import Keeper
from tests.support.stores import Store

MANY = 100
CROWD = [f"visitor-{number}" for number in range(MANY)]


@pytest.fixture
def keeper(store: Store) -> Keeper:
    return Keeper(store)


pytestmark = pytest.mark.parametrize("store", ["memory", "valkey"], indirect=True)


def test_one_visitor_a_hundred_times_has_one_place(keeper: Keeper) -> None:
    standings = all_at_once(keeper.joined, ["ann"] * MANY)
    assert {standing.place for standing in standings} == {Place(keeper.name, 1, "ann")}
    assert [standing.is_new for standing in standings].count(True) == 1
    assert keeper.looks().progress.issued == keeper.looks().progress.waiting == 1


def test_a_hundred_visitors_have_a_hundred_places_without_a_gap(keeper: Keeper) -> None:
    standings = all_at_once(keeper.joined, CROWD)
    assert sorted(standing.place.position for standing in standings) == list(range(1, MANY + 1))
    assert all(standing.ahead == standing.place.position - 1 for standing in standings)
    places = [standing.place for standing in standings]
    assert [start.place for start in keeper.ticks(MANY)] == sorted(places, key=lambda place: place.position)


def test_a_hundred_who_return_after_a_loss_keep_their_places(keeper: Keeper) -> None:
    places = keeper.joins(*CROWD)
    keeper.begins()
    keeper.ticks()
    all_at_once(lambda place: keeper.found(place, epoch=1, restore=True), reversed(places))
    assert [start.place for start in keeper.ticks(MANY)] == places


def test_a_session_ended_a_hundred_times_frees_one_slot(keeper: Keeper) -> None:
    (ann, *_) = keeper.joins(*CROWD)
    keeper.ticks(3)
    ended = all_at_once(lambda reason: keeper.line.end(ann, reason), ["completed", "left"] * (MANY // 2))  # type: ignore[arg-type]
    assert ended.count(True) == 1
    view = keeper.looks()
    assert view.progress.active == 2
    assert view.counts.completed + view.counts.left == 1


def test_of_fifty_tickers_that_saw_the_same_one_takes(keeper: Keeper) -> None:
    keeper.joins(*CROWD)
    view = keeper.looks()
    taken = all_at_once(
        lambda _: keeper.admissions.take(keeper.name, view, 5, view.bucket, until_ms=view.now_ms + 60_000), range(50)
    )
    (one,) = [each for each in taken if each]
    assert len(one.starts) == 5
    assert keeper.looks().progress.active == 5


def test_whoever_leaves_while_being_called_is_called_or_gone_and_nothing_leaks(keeper: Keeper) -> None:
    places = keeper.joins(*CROWD)
    view = keeper.looks()

    def act(number: int) -> int:
        if number == 0:
            taken = keeper.takes(view, MANY)
            keeper.confirms(view, taken)
            return len(taken.starts)
        return int(keeper.line.end(places[number], "left"))

    called, *left = all_at_once(act, range(MANY))
    after = keeper.looks()
    assert sum(left) == MANY - 1
    assert (after.progress.waiting, after.progress.active) == (0, 1)
    assert after.counts.admitted == called
    assert after.counts.left == MANY - 1
