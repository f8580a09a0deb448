"""A store with a replica that lags behind, and the moment when it takes over."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from fairline.adapters.scripts import keys
from tests.promises.faults.night import Night
from tests.promises.faults.wire import Wire
from tests.races.test_two_tickers import until
from tests.support.valkey import client_of, valkey_server

MARGIN = 1.3
"""Promotion takes so many times the lease."""


@dataclass(frozen=True)
class Pair:
    """Two processes, and the wire between them."""

    primary: "Redis"
    replica: "Redis"
    between: Wire

    def synced(self) -> bool:
        """Whether the replica has everything up to now: WAIT asks about what its own connection wrote."""
        self.primary.set("now", 1, ex=60)
        return bool(self.primary.wait(1, 500) == 1)

    def lags(self, name: str) -> bool:
        """Whether a position has been issued that the replica has not heard of."""
        return _issued(self.replica, name) < _issued(self.primary, name)


def _issued(client: "Redis", name: str) -> int:
    """The last position that one of them knows of."""
    return int(client.hget(keys(name, "state")[0], "issued") or 0)


def port_of(client: "Redis") -> int:
    return int(client.connection_pool.connection_kwargs["port"])


@contextmanager
def replicated(primary: "Redis", directory: Path) -> Iterator[Pair]:
    """A replica, once it has caught up."""
    between = Wire(port_of(primary))
    primary.config_set("repl-diskless-sync-delay", 0)
    with valkey_server(directory) as port, client_of(port) as replica:
        replica.replicaof("127.0.0.1", str(between.port))
        pair = Pair(primary, replica, between)
        until(pair.synced)
        yield pair
    between.end()


def fails_over(night: Night, wire: Wire, pair: Pair, lease_ms: int) -> None:
    """The store is gone; after longer than the lease its replica takes over, which lacks the last positions."""
    with night.breaks():
        wire.cut()
        time.sleep(MARGIN * lease_ms / 1000)
        assert pair.lags(night.sale.name)
        pair.replica.replicaof("NO", "ONE")
        wire.target = port_of(pair.replica)
        wire.mend()
