"""The cache dies in real time: the lease, the return window and the time-outs as deployed."""

import time
from collections.abc import Iterator

import pytest
from redis import Redis

from fairline.domain.tick import LEASE_MS
from tests.handlers.cloud import forget
from tests.promises.faults.night import Night, comes_to_its_end, impatient, in_full_swing, new, now_ms, refused
from tests.promises.faults.pair import Pair, fails_over
from tests.promises.faults.verdict import held
from tests.promises.faults.wire import Wire
from tests.races.test_two_tickers import until

pytestmark = [pytest.mark.soak, pytest.mark.timeout(300)]

OUTAGE_SECONDS = 30
TIMEOUT_SECONDS = 2.0


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch, wire: Wire) -> Iterator[Night]:
    with impatient(wire.port, TIMEOUT_SECONDS) as client:
        yield Night(monkeypatch, client, fans=400)
    forget()


def goes_on(night: Night) -> None:
    since = now_ms()
    until(lambda: night.answers(new, since) > 5)
    comes_to_its_end(night)


@pytest.mark.parametrize("how", ["cut", "held up"])
def test_it_cannot_be_reached_for_thirty_seconds(night: Night, wire: Wire, how: str) -> None:
    with night.under_way():
        in_full_swing(night)
        with night.breaks():
            wire.cut() if how == "cut" else wire.hold()
        since = now_ms()
        time.sleep(OUTAGE_SECONDS)
        assert night.answers(refused, since) > 5
        assert night.answers(new, since + LEASE_MS) == 0
        wire.mend()
        goes_on(night)
    held(night)


def test_it_is_wiped(night: Night, direct: "Redis") -> None:
    with night.under_way():
        in_full_swing(night)
        with night.breaks():
            direct.flushall()
        goes_on(night)
    held(night)


def test_a_replica_takes_over(night: Night, wire: Wire, pair: Pair) -> None:
    with night.under_way():
        in_full_swing(night)
        pair.between.hold()
        ticked, registered = night.sale.records.read(night.sale.name).tick, night.registered()
        until(lambda: night.sale.records.read(night.sale.name).tick > ticked + 3)
        until(lambda: night.registered() > registered + 5)
        fails_over(night, wire, pair, LEASE_MS)
        goes_on(night)
    held(night)
