"""What a store still does when it has no memory left: everything for those who are in the line, nothing for others."""

from collections.abc import Callable

import pytest
from redis import Redis

from fairline.domain.errors import Unavailable
from fairline.domain.place import Place
from fairline.domain.session import Session
from tests.support.keeper import Keeper
from tests.support.stores import redis_store

LATER_MS = 600_000


@pytest.fixture
def keeper(direct: "Redis") -> Keeper:
    """Ann and bob are inside, bob's admission is not known to be written; cat and dan wait."""
    keeper = Keeper(redis_store(direct))
    keeper.joins("ann", "bob", "cat", "dan")
    keeper.ticks(1)
    keeper.takes(keeper.looks(), 1)
    direct.config_set("maxmemory", 1)
    return keeper


def place(keeper: Keeper, position: int) -> Place:
    return Place(keeper.name, position, ["ann", "bob", "cat", "dan", "eve"][position - 1])


def running(keeper: Keeper, position: int) -> Session:
    now_ms = keeper.store.time.now_ms()
    return Session(place(keeper, position), now_ms, now_ms + LATER_MS, extended=False, ended=None)


def abandons(keeper: Keeper) -> bool:
    (bob,) = keeper.looks().unconfirmed
    return bool(keeper.admissions.retime([bob]))


def reloads(keeper: Keeper) -> bool:
    keeper.admissions.reload([running(keeper, 5)], keeper.name)
    return keeper.state_of(place(keeper, 5)) == "admitted"


def confirms(keeper: Keeper) -> bool:
    view = keeper.looks()
    keeper.admissions.confirm(keeper.name, keeper.record, view.unconfirmed)
    return not keeper.looks().unconfirmed


def mirrors(keeper: Keeper) -> bool:
    keeper.changes(max_active=7)
    return keeper.looks().progress.active == 2


@pytest.mark.parametrize(
    "does",
    [
        mirrors,
        lambda keeper: not keeper.takes(keeper.looks(), 0).starts,
        lambda keeper: len(keeper.takes(keeper.looks(), 2).starts) == 2,
        confirms,
        abandons,
        reloads,
        lambda keeper: keeper.line.end(place(keeper, 1), "completed"),
        lambda keeper: keeper.line.end(place(keeper, 4), "left"),
        lambda keeper: keeper.line.extend(place(keeper, 1), keeper.store.time.now_ms() + LATER_MS),
        lambda keeper: keeper.joined("dan").place.position == 4,
    ],
)
def test_those_who_are_in_the_line_go_on(keeper: Keeper, does: Callable[[Keeper], bool]) -> None:
    assert does(keeper)


def test_nobody_is_taken_in_and_nothing_of_them_stays(keeper: Keeper, direct: "Redis") -> None:
    before = keeper.looks().progress
    for _ in range(3):
        with pytest.raises(Unavailable) as refused:
            keeper.joined("eve")
        assert refused.value.retry_after_seconds
    with pytest.raises(Unavailable):
        keeper.found(place(keeper, 5), restore=True)
    assert keeper.looks().progress == before
    direct.config_set("maxmemory", 0)
    assert keeper.joined("eve").place.position == 5
