"""The cache is wiped, cut off, replaced by an older copy, or full, while a crowd registers, asks and buys."""

import time

import pytest
from redis import Redis

from fairline.adapters import redis_admissions
from fairline.adapters.scripts import keys
from tests.promises.faults.conftest import LEASE_MS, RETURN_MS
from tests.promises.faults.night import SETTLING_MS, Night, comes_to_its_end, in_full_swing, new, now_ms, refused
from tests.promises.faults.pair import Pair, fails_over
from tests.promises.faults.verdict import held
from tests.promises.faults.wire import Wire
from tests.races.test_two_tickers import until

LONG_LEASE_MS = 2_000

pytestmark = pytest.mark.usefixtures("_sooner")


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch, client: "Redis") -> Night:
    return Night(monkeypatch, client)


def test_it_is_wiped(night: Night, direct: "Redis") -> None:
    with night.under_way():
        in_full_swing(night)
        for fan in night.fans[10:50:4]:
            fan.away = True
        with night.breaks():
            direct.flushall()
        since = now_ms()
        until(lambda: night.answers(new, since) > 5)
        until(lambda: len(night.sale.starts()) > 60)
        comes_to_its_end(night)
    assert night.sale.records.read(night.sale.name).epoch >= 2
    (fault,) = night.faults
    returning = range(fault.over_ms + 1, fault.over_ms + RETURN_MS - SETTLING_MS)
    assert not [start for start in night.sale.starts() if start.started_at_ms in returning]
    held(night)


@pytest.mark.parametrize("how", ["held up", pytest.param("cut", marks=pytest.mark.soak)])
def test_it_cannot_be_reached_for_longer_than_the_lease(night: Night, wire: Wire, how: str) -> None:
    """Cut: connections break and none is made. Held up: nothing is answered, and what was sent arrives much later."""
    with night.under_way():
        in_full_swing(night)
        with night.breaks():
            wire.cut() if how == "cut" else wire.hold()
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


def test_a_replica_takes_over_that_had_not_received_the_last_writes(night: Night, wire: Wire, pair: Pair) -> None:
    """Registrations, admissions, purchases and ticks are lost: the record is ahead of it."""
    with night.under_way():
        in_full_swing(night)
        pair.between.hold()
        ticked, registered = night.sale.records.read(night.sale.name).tick, night.registered()
        until(
            lambda: night.sale.records.read(night.sale.name).tick > ticked + 3 and night.registered() > registered + 5
        )
        fails_over(night, wire, pair, LEASE_MS)
        since = now_ms()
        until(lambda: night.answers(new, since) > 5)
        comes_to_its_end(night)
    assert night.sale.records.read(night.sale.name).epoch >= 2
    held(night)


def test_a_replica_takes_over_that_missed_registrations_alone(
    night: Night, wire: Wire, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No tick was lost, so that the record cannot tell: it is the lease that does.

    It is long enough for a busy machine to register somebody between the last tick and its end.
    """
    monkeypatch.setattr(redis_admissions, "LEASE_MS", LONG_LEASE_MS)
    with night.under_way():
        in_full_swing(night)
        with night.still():
            until(pair.synced)
            pair.between.hold()
            until(lambda: pair.lags(night.sale.name))
            fails_over(night, wire, pair, LONG_LEASE_MS)
        since = now_ms()
        until(lambda: night.answers(new, since) > 5)
        comes_to_its_end(night)
    record = night.sale.records.read(night.sale.name)
    assert record.epoch == 1
    assert record.skipped
    held(night)
