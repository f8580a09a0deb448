"""A clock that only tests move."""

import time

START_MS = 1_800_000_000_000
SECOND_MS, MINUTE_MS, HOUR_MS = 1_000, 60_000, 3_600_000


class Clock:
    """Milliseconds. It stands still until it is told to pass."""

    def __init__(self, now_ms: int = START_MS) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms

    def passes(self, ms: int) -> None:
        self.now_ms += ms


class HostClock(Clock):
    """This host's: it goes by itself, and nobody makes it pass."""

    def __call__(self) -> int:
        return time.time_ns() // 1_000_000
