"""The real scripts in a real Valkey, told the time by a test.

Every script asks the store for the time and for nothing else that a test could not set. Here each is loaded with that
one question put to a key instead, so that minutes pass in no time and a history happens the same way twice.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from fairline.adapters.redis_admissions import RedisAdmissions
from fairline.adapters.redis_line import RedisLine
from fairline.adapters.scripts import NAMES, keys
from tests.support.stores import RedisAgeing, Store

if TYPE_CHECKING:
    from redis import Redis

TOLD = "the time that a test tells"
QUESTION, ANSWERED = "redis.call('TIME')", f"redis.call('HMGET', '{TOLD}', 'seconds', 'microseconds')"


class Clocked:
    """A client as far as scripts are concerned; it knows each by the name it has without us, its SHA-1."""

    def __init__(self, client: "Redis", clock: Callable[[], int]) -> None:
        self._client, self._clock, self._told = client, clock, -1
        self._loaded = dict(_loaded(client, file.read_text()) for file in files("fairline.adapters.lua").iterdir())

    def evalsha(self, sha: str, *arguments: Any) -> Any:
        self._tell(self._clock())
        return self._client.evalsha(self._loaded[sha], *arguments)

    def _tell(self, now_ms: int) -> None:
        if now_ms != self._told:
            self._client.hset(TOLD, items=["seconds", now_ms // 1000, "microseconds", now_ms % 1000 * 1000])
            self._told = now_ms


def _loaded(client: "Redis", source: str) -> tuple[str, str]:
    told = source.replace(QUESTION, ANSWERED)
    assert "'TIME'" not in told
    return hashlib.sha1(source.encode()).hexdigest(), client.script_load(told)


class ClockedAgeing(RedisAgeing):
    """Time as a test tells it, and a store that falls back to an older copy of itself."""

    def __init__(self, client: "Redis", clock: Callable[[], int]) -> None:
        super().__init__(client)
        self.now_ms = clock  # type: ignore[method-assign] # the same question, answered by the test

    def is_copied(self, onsale: str) -> None:
        """A replica has everything up to now, and from now on falls behind."""
        self._copies([(key, f"{key}:older") for key in keys(onsale)])

    def falls_back(self, onsale: str) -> None:
        """That replica is the store from now on."""
        self._copies([(f"{key}:older", key) for key in keys(onsale)])

    def _copies(self, pairs: list[tuple[str, str]]) -> None:
        with self._client.pipeline() as together:
            for key, copy in pairs:
                together.delete(copy)
                together.copy(key, copy)
            together.execute()

    def is_forgotten(self, onsale: str) -> None:
        """Nothing is left of an onsale, nor of its copy."""
        self._client.delete(*keys(onsale), *(f"{key}:older" for key in keys(onsale, *NAMES)))


@dataclass(frozen=True)
class ClockedStore(Store):
    """Both sides of the line, and its time in a test's hands."""

    time: ClockedAgeing


def clocked_store(client: "Redis", clock: Callable[[], int]) -> ClockedStore:
    """The line in a Valkey that goes by `clock`. Keys expire by the server's own: begin beyond all of today's times."""
    told = cast("Redis", Clocked(client, clock))
    return ClockedStore(RedisLine(told), RedisAdmissions(told), ClockedAgeing(client, clock))
