"""What happened to one fan, as plain data."""

import time
from dataclasses import dataclass, field
from typing import Any, Literal

from tools.waiting import milliseconds

Learned = Literal["push", "poll", "place"]
"""By the push; by a poll that led to `/place`; or by an answer about the place that was asked for anyway."""
Outcome = Literal[
    "bought",
    "sold out",
    "left line",
    "left session",
    "vanished",
    "expired",
    "closed",
    "superseded",
    "completed",
    "left",
    "failed",
    "unfinished",
]


class JourneyEndedError(Exception):
    """The journey has ended early, with this outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome: Outcome = outcome


@dataclass(frozen=True, slots=True)
class Admission:
    """The way in: the token for the booking backend, its address, and when the session ends (ms)."""

    access_token: str
    booking_url: str
    expires_ms: float

    @classmethod
    def of(cls, body: dict[str, Any]) -> "Admission":
        """From a place or a push. Raises KeyError or ValueError if it lacks a part."""
        return cls(str(body["access_token"]), str(body["booking_url"]), milliseconds(body["session_expires_at"]))


@dataclass(slots=True)
class Record:
    """Times are milliseconds since the epoch by this machine's clock, except `expires_ms`, which is the room's."""

    behaviour: str
    position: int | None = None
    registered_ms: float | None = None
    present_ms: float | None = None
    """Since when the line has known it without a break: its registration, or its return in a new epoch."""
    push_due: bool = False
    """Whether the socket said that it waits, so that a push has to follow its admission."""
    pushed_ms: float | None = None
    admitted_ms: float | None = None
    """When it learned of its turn, and how:"""
    learned: Learned | None = None
    expires_ms: float | None = None
    """When its session was to end, before any extension."""
    gone_ms: float | None = None
    """When it left the line without having been admitted."""
    outcome: Outcome = "unfinished"
    errors: list[str] = field(default_factory=list)

    @property
    def stage(self) -> Literal["arriving", "waiting", "shopping"]:
        """How far it has come, whether or not it is still there."""
        if self.admitted_ms is not None:
            return "shopping"
        return "arriving" if self.position is None else "waiting"


def now_ms() -> float:
    """This machine's clock."""
    return time.time() * 1000
