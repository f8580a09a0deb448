from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from fairline.adapters import redis_admissions
from fairline.domain import tick
from fairline.usecases import admit
from tests.handlers.cloud import Cloud, forget
from tests.handlers.conftest import aws, cloud, gateway, one_gateway, signing_keys, valkey_url
from tests.promises.faults.ledger import MISBEHAVES, NOW, Ledger, Make
from tests.promises.faults.night import impatient
from tests.promises.faults.pair import Pair, replicated
from tests.promises.faults.wire import Wire
from tests.support.sessions import SESSION
from tests.support.valkey import client_of, valkey_server

__all__ = ["aws", "cloud", "gateway", "one_gateway", "signing_keys", "valkey_url"]

LEASE_MS, RETURN_MS, STALE_MS = 600, 1_000, 800


@pytest.fixture
def _sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same night in less time: the lease, the return window and the outbox's patience are shorter."""
    monkeypatch.setattr(redis_admissions, "LEASE_MS", LEASE_MS)
    monkeypatch.setattr(admit, "RETURN_MS", RETURN_MS)
    monkeypatch.setattr(tick, "STALE_MS", STALE_MS)


@pytest.fixture
def direct(tmp_path: Path) -> Iterator["Redis"]:
    """A store of this test's own, as its keeper reaches it."""
    with valkey_server(tmp_path) as port, client_of(port) as client:
        yield client


@pytest.fixture
def wire(direct: "Redis") -> Iterator[Wire]:
    """The way to it that everybody else takes."""
    wire = Wire(int(direct.connection_pool.connection_kwargs["port"]))
    yield wire
    wire.end()


@pytest.fixture
def client(wire: Wire) -> Iterator["Redis"]:
    """What the functions have."""
    with impatient(wire.port) as client:
        yield client
    forget()


@pytest.fixture
def pair(direct: "Redis", tmp_path: Path) -> Iterator[Pair]:
    """The store with a replica of its own."""
    with replicated(direct, tmp_path) as pair:
        yield pair


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch, cloud: Cloud) -> Iterator[Ledger]:
    """Nobody waits between attempts, and what a tick abandoned is taken up by the next."""
    SESSION.forget()
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr(tick, "STALE_MS", -1)
    ledger = Ledger(monkeypatch)
    yield ledger
    ledger.mends()
    SESSION.forget()


@pytest.fixture(params=[pytest.param(name, marks=[] if name in NOW else [pytest.mark.soak]) for name in MISBEHAVES])
def reply(request: pytest.FixtureRequest) -> Make:
    found: Make = MISBEHAVES[request.param]
    return found
