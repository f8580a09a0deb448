"""What only a real store can show: every key expires, numbers stay whole, and no error of the client gets out."""

from collections.abc import Callable

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from fairline.adapters.scripts import keys
from fairline.domain.errors import Unavailable
from fairline.domain.onsale import DAY_MS
from fairline.domain.place import Place
from fairline.domain.session import Session
from fairline.domain.tick import Record
from local.engines import free_port
from tests.support.builders import any_onsale, any_place
from tests.support.keeper import Keeper
from tests.support.stores import redis_store


@pytest.fixture
def keeper(valkey: Redis) -> Keeper:
    return Keeper(redis_store(valkey))


def _running(keeper: Keeper, position: int, visitor: str) -> Session:
    ends_at_ms = keeper.store.time.now_ms() + 60_000
    return Session(Place(keeper.name, position, visitor), ends_at_ms - 90_000, ends_at_ms, extended=False, ended=None)


def test_every_key_expires_a_day_after_the_close_whatever_was_done(valkey: Redis, keeper: Keeper) -> None:
    ann, bob = Place(keeper.name, 1, "ann"), Place(keeper.name, 2, "bob")

    def abandoned() -> None:
        """Taken, never written, run out and swept: the set of active sessions is gone when the admission is retimed."""
        keeper.joins("cat")
        (start,) = keeper.takes(keeper.looks(), 1).starts
        keeper.store.time.abandoned(start.place)
        keeper.store.time.runs_out(start.place)
        keeper.line.end(bob, "left")
        for session in valkey.zrange(f"{{{keeper.name}}}:active", 0, -1):
            keeper.store.time.runs_out(Place.of(keeper.name, str(session)))
        view = keeper.looks()
        assert view.progress.active == 0
        assert keeper.admissions.retime(view.abandoned)

    steps: dict[str, Callable[[], object]] = {
        "begin": keeper.begins,
        "observe": keeper.looks,
        "tick": keeper.ticks,
        "join": lambda: keeper.joined("one"),
        "restore": lambda: (keeper.found(ann, epoch=1, restore=True), keeper.found(bob, epoch=1, restore=True)),
        "leave": lambda: keeper.line.end(ann, "left"),
        "take": lambda: keeper.ticks(1),
        "extend": lambda: keeper.line.extend(bob, keeper.store.time.now_ms() + 600_000),
        "reload": lambda: keeper.admissions.reload([_running(keeper, 9, "eve")], keeper.name),
        "retime": abandoned,
        "end": lambda: keeper.line.end(Place(keeper.name, 100_002, "cat"), "completed"),
        "begin again": keeper.begins,
        "reload at once": lambda: keeper.admissions.reload([_running(keeper, 9, "eve")], keeper.name),
        "restore at once": lambda: keeper.found(ann, epoch=1, restore=True),
    }
    for name, step in steps.items():
        step()
        found = valkey.keys(f"*{keeper.name}*")
        assert found, name
        times = {key: valkey.pexpiretime(key) for key in map(str, found)}
        assert set(times.values()) == {keeper.onsale.forgotten_at_ms}, (name, times)


def test_a_later_close_moves_the_expiry_of_every_key(valkey: Redis, keeper: Keeper) -> None:
    keeper.joins("ann", "bob")
    keeper.ticks(1)
    keeper.changes(closes_at_ms=keeper.onsale.closes_at_ms + 3_600_000)
    keeper.ticks()
    times = {valkey.pexpiretime(key) for key in keys(keeper.name) if valkey.exists(key)}
    assert times == {keeper.onsale.forgotten_at_ms}


@pytest.mark.parametrize("step", ["ticks", "begins"])
def test_a_closing_of_long_ago_deletes_nothing(valkey: Redis, keeper: Keeper, step: str) -> None:
    """It may be a slip of an operator's, who puts it right again."""
    (ann,) = keeper.joins("ann")
    keeper.changes(closes_at_ms=keeper.store.time.now_ms() - 3 * DAY_MS)
    getattr(keeper, step)()
    keeper.ticks()
    for key in map(str, valkey.keys(f"*{keeper.name}*")):
        assert valkey.pexpiretime(key) > keeper.store.time.now_ms() + DAY_MS - 60_000
    keeper.changes(closes_at_ms=keeper.store.time.now_ms() + DAY_MS)
    keeper.ticks()
    assert keeper.joined("ann").place.position >= ann.position
    assert keeper.record.epoch == (1 if step == "ticks" else 2)


def test_only_the_six_keys_are_used(valkey: Redis, keeper: Keeper) -> None:
    ann, *_ = keeper.joins("ann", "bob", "cat")
    keeper.takes(keeper.looks(), 2)
    keeper.line.end(ann, "completed")
    assert sorted(valkey.keys(f"*{keeper.name}*")) == sorted(keys(keeper.name))


def test_positions_stay_whole_beyond_ten_million(valkey: Redis, keeper: Keeper) -> None:
    """Lua's numbers are floating point, and print large ones in another notation unless told otherwise."""
    high = 10**15
    state = keys(keeper.name, "state")[0]
    valkey.hset(state, mapping={"issued": high, "limit": 2 * high, "level": high, "serving": high})
    places = keeper.joins("ann", "bob")
    assert [place.position for place in places] == [high + 1, high + 2]
    assert [start.place for start in keeper.ticks(2)] == places
    view = keeper.looks()
    assert (view.progress.issued, view.progress.serving) == (high + 2, high + 2)
    assert keeper.line.end(places[0], "completed") is True
    assert keeper.line.visitor_at(keeper.name, high + 1) == "ann"


def test_a_line_of_one_place_costs_its_newcomer_one_call(valkey: Redis, keeper: Keeper) -> None:
    keeper.joins("ann")
    before = _calls(valkey)
    keeper.joins("bob")
    keeper.joins("bob")
    assert _calls(valkey) - before == 2


def _calls(valkey: Redis) -> int:
    return int(valkey.info("commandstats")["cmdstat_evalsha"]["calls"])


def test_scripts_that_the_server_forgot_are_sent_again(valkey: Redis, keeper: Keeper) -> None:
    keeper.joins("ann")
    valkey.script_flush()
    assert keeper.joined("bob").place.position == 2


def test_a_server_that_is_not_there_is_unavailable_for_now() -> None:
    with Redis(port=free_port(), decode_responses=True, retry=Retry(NoBackoff(), 0)) as nowhere:
        store = redis_store(nowhere)
        with pytest.raises(Unavailable) as refused:
            store.line.find(any_place(), 1)
        assert refused.value.retry_after_seconds
        with pytest.raises(Unavailable):
            store.admissions.observe(any_onsale(), Record())


def test_a_store_that_holds_something_else_is_unavailable(valkey: Redis, keeper: Keeper) -> None:
    state = keys(keeper.name, "state")[0]
    valkey.delete(state)
    valkey.set(state, "not a hash", ex=60)
    with pytest.raises(Unavailable):
        keeper.looks()
    with pytest.raises(Unavailable):
        keeper.joined("ann")
