"""The cache is wiped, cut off, replaced by an older copy, or full, while a crowd registers, asks and buys."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from fairline.adapters.scripts import keys
from tests.promises.faults.conftest import LEASE_MS
from tests.promises.faults.night import Night, Told, now_ms
from tests.promises.faults.verdict import held
from tests.promises.faults.wire import Wire
from tests.races.test_two_tickers import until
from tests.support.valkey import client_of, valkey_server

pytestmark = pytest.mark.usefixtures("_sooner")

MARGIN = 1.3


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch, client: "Redis") -> Night:
    return Night(monkeypatch, client)


def in_full_swing(night: Night) -> None:
    until(lambda: len(night.sale.starts()) >= 30 and night.registered() >= 50)


def comes_to_its_end(night: Night) -> None:
    """The cap is raised, those who were away come back, and everybody's turn comes."""
    for fan in night.fans:
        fan.away = False
    until(lambda: night.registered() == len(night.fans))
    night.sale.changes(max_active=1_000)
    until(lambda: len(night.sale.starts()) == len(night.fans))
    until(lambda: all(fan.state in ("admitted", "completed") for fan in night.fans))


def refused(told: Told) -> bool:
    return told.status == 503


def new(told: Told) -> bool:
    return told.status == 201


def test_it_is_wiped(night: Night, direct: "Redis") -> None:
    with night.under_way():
        in_full_swing(night)
        for fan in night.fans[10:50:4]:
            fan.away = True
        direct.flushall()
        night.breaks()
        since = now_ms()
        until(lambda: night.answers(new, since) > 5)
        until(lambda: len(night.sale.starts()) > 60)
        comes_to_its_end(night)
    assert night.sale.records.read(night.sale.name).epoch >= 2
    held(night)


@pytest.mark.parametrize("how", ["cut", "held up"])
def test_it_cannot_be_reached_for_longer_than_the_lease(night: Night, wire: Wire, how: str) -> None:
    """Cut: connections break and none is made. Held up: nothing is answered, and what was sent arrives much later."""
    with night.under_way():
        in_full_swing(night)
        wire.cut() if how == "cut" else wire.hold()
        night.breaks()
        since = now_ms()
        time.sleep(3 * LEASE_MS / 1000)
        assert night.answers(refused, since) > 5
        assert night.answers(new, since + LEASE_MS) == 0
        wire.mend()
        since = now_ms()
        until(lambda: night.answers(new, since) > 5)
        comes_to_its_end(night)
    held(night)


def test_it_is_full(night: Night, direct: "Redis") -> None:
    """Nobody new is taken in, and nothing of them stays; but those who are in the line go on."""
    with night.under_way():
        in_full_swing(night)
        until(lambda: night.registered() >= len(night.sale.starts()) + 20)
        direct.config_set("maxmemory", 1)
        since = now_ms() + 100
        until(lambda: night.answers(refused, since) > 20)
        issued = direct.hget(keys(night.sale.name, "state")[0], "issued")
        night.sale.changes(max_active=1_000)
        until(lambda: len(night.sale.starts()) == night.registered())
        assert night.answers(new, since) == 0
        assert direct.hget(keys(night.sale.name, "state")[0], "issued") == issued
        direct.config_set("maxmemory", 0)
        comes_to_its_end(night)
    assert night.sale.records.read(night.sale.name).skipped == ()
    held(night)


class Pair:
    """A store and its replica, and the wire between them."""

    def __init__(self, primary: "Redis", replica: "Redis", between: Wire) -> None:
        self.primary, self.replica, self.between = primary, replica, between

    def synced(self) -> bool:
        """Whether the replica has everything up to now: WAIT asks about what its own connection wrote."""
        self.primary.set("now", 1, ex=60)
        return bool(self.primary.wait(1, 500) == 1)

    def issued(self, client: "Redis", name: str) -> int:
        return int(client.hget(keys(name, "state")[0], "issued") or 0)


@pytest.fixture
def pair(direct: "Redis", tmp_path: Path) -> Iterator[Pair]:
    between = Wire(port_of(direct))
    direct.config_set("repl-diskless-sync-delay", 0)
    with valkey_server(tmp_path) as port, client_of(port) as replica:
        replica.replicaof("127.0.0.1", str(between.port))
        pair = Pair(direct, replica, between)
        until(pair.synced)
        yield pair
    between.end()


def port_of(client: "Redis") -> int:
    return int(client.connection_pool.connection_kwargs["port"])


def fails_over(night: Night, wire: Wire, pair: Pair) -> None:
    """The store is gone; after longer than the lease its replica takes over."""
    wire.cut()
    time.sleep(MARGIN * LEASE_MS / 1000)
    assert pair.issued(pair.replica, night.sale.name) < pair.issued(pair.primary, night.sale.name)
    pair.replica.replicaof("NO", "ONE")
    wire.target = port_of(pair.replica)
    wire.mend()
    night.breaks()


def test_a_replica_takes_over_that_had_not_received_the_last_writes(night: Night, wire: Wire, pair: Pair) -> None:
    """Registrations, admissions, purchases and ticks are lost: the record is ahead of it."""
    with night.under_way():
        in_full_swing(night)
        pair.between.hold()
        ticked, registered = night.sale.records.read(night.sale.name).tick, night.registered()
        until(
            lambda: night.sale.records.read(night.sale.name).tick > ticked + 3 and night.registered() > registered + 5
        )
        fails_over(night, wire, pair)
        since = now_ms()
        until(lambda: night.answers(new, since) > 5)
        comes_to_its_end(night)
    assert night.sale.records.read(night.sale.name).epoch >= 2
    held(night)


def test_a_replica_takes_over_that_missed_registrations_alone(night: Night, wire: Wire, pair: Pair) -> None:
    """No tick was lost, so that the record cannot tell: it is the lease that does."""
    with night.under_way():
        in_full_swing(night)
        with night.ticking:
            until(pair.synced)
            pair.between.hold()
            registered = night.registered()
            until(lambda: night.registered() > registered)
            fails_over(night, wire, pair)
        since = now_ms()
        until(lambda: night.answers(new, since) > 5)
        comes_to_its_end(night)
    record = night.sale.records.read(night.sale.name)
    assert record.epoch == 1
    assert record.skipped
    held(night)
