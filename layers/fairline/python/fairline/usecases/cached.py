"""Values that are read again once they reach an age, never because somebody asked for something unknown."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from fairline.domain.errors import Unavailable

Value = TypeVar("Value")


class Cached(Generic[Value]):
    """What `load` returns, at most `max_age_seconds` old; older if the store does not answer."""

    def __init__(self, load: Callable[[], Value], max_age_seconds: float, clock: Callable[[], float]) -> None:
        self._load = load
        self._max_age = max_age_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._held: tuple[Value, float] | None = None

    def get(self) -> Value:
        """The value. Raises Unavailable only if there never was one."""
        with self._lock:
            now = self._clock()
            if self._held is None or now - self._held[1] >= self._max_age:
                self._held = (self._fresh(), now)
            return self._held[0]

    def _fresh(self) -> Value:
        try:
            return self._load()
        except Unavailable:
            if self._held is None:
                raise
            return self._held[0]


class CachedByName(Generic[Value]):
    """One `Cached` for each name, at most `most` of them: names come from outside."""

    def __init__(
        self, load: Callable[[str], Value], max_age_seconds: float, clock: Callable[[], float], most: int = 1_000
    ) -> None:
        self._load = load
        self._max_age = max_age_seconds
        self._clock = clock
        self._most = most
        self._held: dict[str, Cached[Value]] = {}

    def get(self, name: str) -> Value:
        """The value of `name`."""
        held = self._held.get(name)
        if held is None:
            if len(self._held) >= self._most:
                self._held.clear()
            held = self._held[name] = Cached(partial(self._load, name), self._max_age, self._clock)
        return held.get()
