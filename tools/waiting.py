"""What a waiting client works out by itself from the status document: how near, how soon, when to ask again."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

NEAR_AHEAD = 200
NEAR_SECONDS = 60.0
SOONEST_POLL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Status:
    """The part of the status document that a place in the line depends on."""

    epoch: Any
    phase: str
    serving: int
    rate_per_minute: float
    skipped: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, body: dict[str, Any]) -> "Status":
        """The document as published. Raises KeyError, TypeError or ValueError if it is another."""
        return cls(
            epoch=body["epoch"],
            phase=str(body["phase"]),
            serving=int(body["serving"]),
            rate_per_minute=float(body["rate_per_minute"]),
            skipped=tuple((int(first), int(last)) for first, last in body.get("skipped", ())),
        )

    def ahead(self, position: int) -> int:
        """How many are still in front of `position`: numbers not called yet, less those never given out."""
        first = self.serving + 1
        never = sum(max(0, min(end, position - 1) - max(start, first) + 1) for start, end in self.skipped)
        return max(0, position - first - never)

    def wait_seconds(self, position: int) -> float:
        """The least time until `position` is called, by the rate alone."""
        return self.ahead(position) * 60 / max(1.0, self.rate_per_minute)


def is_near(ahead: int, wait_seconds: float) -> bool:
    """Whether it is time to open the socket."""
    return ahead < NEAR_AHEAD or wait_seconds < NEAR_SECONDS


def poll_seconds(told: float, share: float, rng: Random) -> float:
    """When to read the status document again, with jitter of a fifth either way.

    `told` is the interval that came with the place, `share` how much of the way from there is still ahead (0 to 1):
    the interval falls with the distance, though the document does not name one.
    """
    return min(told, max(SOONEST_POLL_SECONDS, told * share)) * rng.uniform(0.8, 1.2)


def milliseconds(text: str) -> float:
    """An ISO 8601 time with zone as milliseconds since the epoch. Raises ValueError."""
    return datetime.fromisoformat(text).timestamp() * 1000
