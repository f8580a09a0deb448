"""How long the wait will be, as a range, and when to ask again."""

from dataclasses import dataclass
from typing import NamedTuple

from fairline.domain.place import Pace

NEXT_SECONDS, NEXT_POLL_SECONDS = 2, 1


@dataclass(frozen=True)
class Polls:
    """How often a deployment lets those who wait ask, in whole seconds between two times."""

    fastest: int
    slowest: int

    @classmethod
    def of(cls, text: str) -> "Polls":
        """From `5-60`. Raises ValueError for anything else."""
        fastest, slowest = (int(part) for part in text.split("-"))
        if not 1 <= fastest <= slowest:
            raise ValueError(text)
        return cls(fastest, slowest)

    def within(self, seconds: int) -> int:
        """The seconds, or the nearest that a deployment allows."""
        return min(self.slowest, max(self.fastest, seconds))


class Wait(NamedTuple):
    """Whole seconds; `low` if sessions are short, `high` if every session takes all its time."""

    low: int
    high: int

    def poll_after_seconds(self, polls: Polls) -> int:
        """A twentieth of the wait, as often as is allowed: the far end asks rarely. The next one asks at once."""
        return NEXT_POLL_SECONDS if self.low <= NEXT_SECONDS else polls.within(self.low // 20)


def wait(ahead: int, pace: Pace, now_ms: int) -> Wait:
    """The wait of a visitor with `ahead` in front.

    The rate bounds it from below. From above it is bounded by sessions that all run out: then only `max_active`
    enter in each session's length, whatever the rate.
    """
    until_start_ms = max(0, pace.sale_starts_at_ms - now_ms)
    by_rate_ms = (ahead + 1) * 60_000 // pace.rate_per_minute
    by_cap_ms = (ahead // pace.max_active) * pace.session_ms
    return Wait(_seconds(until_start_ms + by_rate_ms), _seconds(until_start_ms + max(by_rate_ms, by_cap_ms)))


def line_ends_in(  # noqa: PLR0913 - what it depends on, by name
    waiting: int, active: int, *, rate_per_minute: int, max_active: int, session_seconds: int, start_in_seconds: int = 0
) -> int:
    """Whole seconds until the last of those who wait now is let in; `session_seconds` is what a session takes.

    The rate lets so many in a minute. The cap lets those in for whom a slot is free, and then one whenever a session
    ends. Whichever is slower decides. `frontend/console/arithmetic.js` has the same, for changes not yet made.
    """
    by_rate_ms = -(-waiting * 60_000 // rate_per_minute)
    without_slot = max(0, waiting + active - max_active)
    by_cap_ms = -(-without_slot * session_seconds * 1000 // max_active)
    return start_in_seconds + _seconds(max(by_rate_ms, by_cap_ms))


def _seconds(ms: int) -> int:
    return -(-ms // 1000)
