"""How many visitors may enter now: a leaky bucket by rate, and a cap by active sessions.

The bucket counts in visitor-milliseconds-per-minute: at a rate of 90 a minute one millisecond adds 90 units and one
visitor costs 60,000, so fractions of a visitor carry over exactly, without rounding.
"""

from dataclasses import dataclass

VISITOR = 60_000
"""Units one admission costs."""

DEPTH_MS = 1_000
"""The bucket holds one tick's worth: what comes in during a second. Hence no burst after a pause or an outage.

The fraction of a visitor that a tick leaves over comes on top, so that ticks up to a second apart lose none of it.
"""


@dataclass(frozen=True)
class Bucket:
    """`level` in units, as of `filled_at_ms`."""

    level: int = 0
    filled_at_ms: int = 0

    def filled(self, *, now_ms: int, rate_per_minute: int) -> "Bucket":
        """The bucket at `now_ms`. A clock that went back adds nothing."""
        elapsed = max(0, now_ms - self.filled_at_ms)
        depth = rate_per_minute * DEPTH_MS + VISITOR - 1
        return Bucket(min(depth, self.level + rate_per_minute * elapsed), now_ms)

    def without(self, visitors: int) -> "Bucket":
        """The bucket after `visitors` went through."""
        return Bucket(self.level - visitors * VISITOR, self.filled_at_ms)


def admissible(bucket: Bucket, *, max_active: int, active: int, waiting: int) -> int:
    """How many may enter: whatever is tightest of rate, cap and line. Never negative, a lowered cap ends nobody."""
    return max(0, min(bucket.level // VISITOR, max_active - active, waiting))
