"""Things that are valid and of which only what a test says matters."""

from itertools import count
from typing import Any

from fairline.domain.onsale import Onsale
from fairline.domain.place import Pace, Place
from tests.support.clock import HOUR_MS, MINUTE_MS, START_MS

_numbers = count(1)


def any_name() -> str:
    """An onsale's name that no other test has."""
    return f"sale-{next(_numbers)}"


def any_visitor(number: int = 0) -> str:
    """22 characters, different for different numbers."""
    return f"visitor-{number:014}"


def any_onsale(now_ms: int = START_MS, **values: Any) -> Onsale:
    """An onsale that has been on sale for a minute at `now_ms` and goes on for an hour: 60 a minute, 100 at once."""
    given: dict[str, Any] = {
        "onsale": any_name(),
        "name": "The Band",
        "lobby_opens_at_ms": now_ms - 10 * MINUTE_MS,
        "sale_starts_at_ms": now_ms - MINUTE_MS,
        "closes_at_ms": now_ms + HOUR_MS,
        "rate_per_minute": 60,
        "max_active": 100,
        "completion_key_sha256": "0" * 64,
    }
    return Onsale(**given | values)


def any_place(position: int = 1, onsale: str | None = None, visitor: str | None = None) -> Place:
    """A place in a line that no other test has."""
    return Place(onsale or any_name(), position, visitor or any_visitor(position))


def any_pace(**values: int) -> Pace:
    """60 a minute, 100 at once, three minutes each, on sale since long ago."""
    given = {"rate_per_minute": 60, "max_active": 100, "session_ms": 180_000, "sale_starts_at_ms": 0}
    return Pace(**{"closes_at_ms": START_MS + HOUR_MS, **given, **values})
