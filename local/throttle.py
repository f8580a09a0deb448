"""A stage's throttle, as API Gateway has it: a bucket of tokens for each route throttled apart, and one for the rest.

What AWS documents leaves open whether the routes that are not named share theirs; here they do, which is stricter.
"""

import time
from collections.abc import Callable, Mapping, Sequence

from stacks.throttles import slowed

Clock = Callable[[], float]


class Bucket:
    """Holds `burst` tokens at most and gets `rate` more each second; a request takes one. Full at first."""

    def __init__(self, rate: float, burst: float, clock: Clock = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._tokens, self._filled = burst, clock()

    def take(self) -> bool:
        """Whether there was a token."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._filled) * self._rate)
        self._filled = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Throttle:
    """`apart` are the buckets of routes by their keys; `rest` is the other routes' bucket, or None for any number."""

    def __init__(self, apart: Mapping[str, Bucket], rest: Bucket | None) -> None:
        self._apart = apart
        self._rest = rest

    def lets_through(self, route_key: str) -> bool:
        """Whether a request of this route may go on; if so, it is counted."""
        bucket = self._apart.get(route_key, self._rest)
        return bucket is None or bucket.take()


def stage(registration: Sequence[int], api: Sequence[int], clock: Clock = time.monotonic) -> Throttle:
    """The throttle of a stage, from a deployment's settings: `(requests per second, burst)`, or nothing for none.

    Routes throttled apart count nowhere else.
    """
    apart = {key: _bucket(registration, clock) for key in slowed()} if registration else {}
    return Throttle(apart, _bucket(api, clock) if api else None)


def _bucket(throttle: Sequence[int], clock: Clock) -> Bucket:
    rate, burst = throttle
    return Bucket(rate, burst, clock)
