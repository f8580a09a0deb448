"""A visitor's place in a line, and what the line says about it.

What every request makes anew is a named tuple: it takes a third of the time that a frozen dataclass takes.
"""

import re
from typing import Literal, NamedTuple

from fairline.domain.errors import Closed, FairlineError, NotOpenYet, Superseded, TooManyPlaces, Unavailable

State = Literal["waiting", "admitted", "completed", "expired", "left"]
ID = re.compile(r"(?P<position>0|[1-9][0-9]{0,15})\.(?P<visitor>[A-Za-z0-9_-]{1,43})")
"""One way to write each id: what names a place is also its key in the stores."""

Ended = Literal["completed", "left"]
"""How a session or a place is ended by somebody; running out of time needs nobody."""


class Place(NamedTuple):
    """`visitor` stands at `position` in the line of `onsale`. Its id is also the id of the session it leads to."""

    onsale: str
    position: int
    visitor: str

    @property
    def id(self) -> str:
        """`17.q3hPs…`: unique in its onsale, since positions are."""
        return f"{self.position}.{self.visitor}"

    @property
    def key(self) -> str:
        """Unique in the deployment: `demo#17.q3hPs…`."""
        return f"{self.onsale}#{self.id}"

    @classmethod
    def of(cls, onsale: str, session: str) -> "Place":
        """The place of a session id. Raises ValueError for a text that is none."""
        match = ID.fullmatch(session)
        if match is None:
            raise ValueError(session[:80])
        return cls(onsale, int(match["position"]), match["visitor"])

    @classmethod
    def at(cls, key: str) -> "Place":
        """The place of a `key`."""
        onsale, _, session = key.partition("#")
        return cls.of(onsale, session)


class Pace(NamedTuple):
    """What decides how fast the line moves: the policy as the store mirrors it."""

    rate_per_minute: int
    max_active: int
    session_ms: int
    sale_starts_at_ms: int
    closes_at_ms: int


class Standing(NamedTuple):
    """The line's answer about one visitor at `now_ms`; `ahead` counts those in front while `waiting`."""

    place: Place
    state: State
    ahead: int
    epoch: int
    now_ms: int
    pace: Pace
    is_new: bool = False


class LineAbsent(Unavailable):
    """The store keeps no line for this onsale: unknown, not live, or wiped a moment ago."""


def refusal(outcome: str, *, now_ms: int = 0, opens_at_ms: int = 0, instead: int | None = None) -> FairlineError:
    """The error for a store's outcome that is not a standing."""
    if outcome == "early":
        return not_open_yet(now_ms=now_ms, opens_at_ms=opens_at_ms)
    if outcome == "closed":
        return Closed("Nobody can join or wait here any more.")
    if outcome == "superseded":
        return Superseded("Use the visitor token of your newest registration.", instead=instead, now_ms=now_ms)
    if outcome == "crowded":
        return _crowded()
    kind = LineAbsent if outcome == "absent" else Unavailable
    return kind("Please try again in a moment; no place is lost.", retry_after_seconds=2)


def _crowded() -> TooManyPlaces:
    """Waiting does not help, another network does: long enough that a page says so instead of asking on by itself."""
    return TooManyPlaces(
        "As many people as may join from one network have joined from yours. Please try another one, such as mobile "
        "data instead of Wi-Fi. Whoever has a place here keeps it.",
        retry_after_seconds=300,
    )


def not_open_yet(*, now_ms: int, opens_at_ms: int) -> NotOpenYet:
    """The refusal before the lobby, with the whole seconds until it opens, rounded up."""
    seconds = max(1, -(-(opens_at_ms - now_ms) // 1000))
    return NotOpenYet("Come back when the lobby opens.", retry_after_seconds=seconds)
