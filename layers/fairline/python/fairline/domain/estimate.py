"""How long the wait will be, as a range, and when to ask again."""

from dataclasses import dataclass

from fairline.domain.place import Pace

SOONEST_POLL_SECONDS, LATEST_POLL_SECONDS = 5, 60
NEXT_SECONDS, NEXT_POLL_SECONDS = 2, 1


@dataclass(frozen=True)
class Wait:
    """Whole seconds; `low` if sessions are short, `high` if every session takes all its time."""

    low: int
    high: int

    @property
    def poll_after_seconds(self) -> int:
        """A twentieth of the wait, between 5 s and 60 s: the far end asks rarely, the next one at once."""
        if self.low <= NEXT_SECONDS:
            return NEXT_POLL_SECONDS
        return min(LATEST_POLL_SECONDS, max(SOONEST_POLL_SECONDS, self.low // 20))


def wait(ahead: int, pace: Pace, now_ms: int) -> Wait:
    """The wait of a visitor with `ahead` in front.

    The rate bounds it from below. From above it is bounded by sessions that all run out: then only `max_active`
    enter in each session's length, whatever the rate.
    """
    until_start_ms = max(0, pace.sale_starts_at_ms - now_ms)
    by_rate_ms = (ahead + 1) * 60_000 // pace.rate_per_minute
    by_cap_ms = (ahead // pace.max_active) * pace.session_ms
    return Wait(_seconds(until_start_ms + by_rate_ms), _seconds(until_start_ms + max(by_rate_ms, by_cap_ms)))


def _seconds(ms: int) -> int:
    return -(-ms // 1000)
