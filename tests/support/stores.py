"""One line in each of its stores, with the means to age what is in it: a real store's clock cannot be moved."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from fairline.adapters.memory_admissions import MemoryAdmissions
from fairline.adapters.memory_line import MemoryLine
from fairline.adapters.memory_store import MemoryStore
from fairline.adapters.redis_admissions import RedisAdmissions
from fairline.adapters.redis_line import RedisLine
from fairline.adapters.scripts import keys
from fairline.domain.place import Place
from fairline.domain.session import Start
from fairline.usecases.ports import Admissions, Line

if TYPE_CHECKING:
    from redis import Redis


class Ageing(Protocol):
    """What time does to a line, done at once."""

    def now_ms(self) -> int:
        """The store's clock."""

    def lapses(self, onsale: str) -> None:
        """Nobody has ticked for longer than the lease."""

    def runs_out(self, place: Place) -> None:
        """The session of a place has just ended."""

    def abandoned(self, place: Place) -> None:
        """The admission of a place was taken ten seconds ago."""

    def is_wiped(self, onsale: str) -> None:
        """The store has lost everything about an onsale."""


@dataclass(frozen=True)
class Store:
    """Both sides of the line, over the same store."""

    line: Line
    admissions: Admissions
    time: Ageing


class MemoryAgeing:
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def now_ms(self) -> int:
        return self._store.clock()

    def lapses(self, onsale: str) -> None:
        self._store.states[onsale].lease_until_ms = self._store.clock()

    def runs_out(self, place: Place) -> None:
        self._store.states[place.onsale].active[place.id] = self._store.clock()

    def abandoned(self, place: Place) -> None:
        outbox = self._store.states[place.onsale].outbox
        outbox[place.id] = Start(place, self._store.clock() - 10_000, self._store.clock() + 1_000)

    def is_wiped(self, onsale: str) -> None:
        self._store.states.pop(onsale, None)


JUST = 100
"""Milliseconds, so that no rounding of a real clock puts what is over into the future."""


class RedisAgeing:
    def __init__(self, client: "Redis") -> None:
        self._client = client

    def now_ms(self) -> int:
        seconds, microseconds = self._client.time()
        return int(seconds) * 1000 + int(microseconds) // 1000

    def lapses(self, onsale: str) -> None:
        self._client.hset(keys(onsale, "state")[0], "lease_until", str(self.now_ms() - JUST))

    def runs_out(self, place: Place) -> None:
        self._client.zadd(keys(place.onsale, "active")[0], {place.id: self.now_ms() - JUST})

    def abandoned(self, place: Place) -> None:
        times = f"{self.now_ms() - 10_000}:{self.now_ms() + 1_000}"
        self._client.hset(keys(place.onsale, "outbox")[0], place.id, times)

    def is_wiped(self, onsale: str) -> None:
        self._client.delete(*keys(onsale))


def memory_store(clock: Callable[[], int]) -> Store:
    store = MemoryStore(clock)
    return Store(MemoryLine(store), MemoryAdmissions(store), MemoryAgeing(store))


def redis_store(client: "Redis") -> Store:
    return Store(RedisLine(client), RedisAdmissions(client), RedisAgeing(client))
