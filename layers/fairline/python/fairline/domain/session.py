"""A session as its append-only rows tell it: a start, perhaps an extension, perhaps an end."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from fairline.domain.place import Ended, Place, State

SHARDS = 8


@dataclass(frozen=True)
class Start:
    """The immutable row that admission writes; writing it again writes the same."""

    place: Place
    started_at_ms: int
    ends_at_ms: int


@dataclass(frozen=True)
class Extension:
    """More time, granted once."""

    place: Place
    ends_at_ms: int


@dataclass(frozen=True)
class End:
    """Completed by the backend, or left by the visitor."""

    place: Place
    reason: Ended
    ended_at_ms: int


Row = Start | Extension | End


@dataclass(frozen=True)
class Session:
    """What the rows of one place add up to. Without a start only a visitor who left the line has a row."""

    place: Place
    started_at_ms: int | None
    ends_at_ms: int
    extended: bool
    ended: Ended | None

    def state(self, now_ms: int) -> State:
        """The state at `now_ms`."""
        if self.ended:
            return self.ended
        return "admitted" if now_ms < self.ends_at_ms else "expired"

    @property
    def extended_ends_at_ms(self) -> int:
        """When it ends once extended: the same length again."""
        started = self.started_at_ms or 0
        length = (self.ends_at_ms - started) // (2 if self.extended else 1)
        return started + 2 * length


def fold(rows: Iterable[Row]) -> Session | None:
    """The session of one place's rows, or None if there are none that count.

    An end recorded after the time had run out does not count: everybody who reads the rows comes to the same
    conclusion, whatever order the calls came in.
    """
    start = extension = end = None
    for row in rows:
        match row:
            case Start():
                start = row
            case Extension():
                extension = row
            case End():
                end = row
    if start is None:
        return Session(end.place, None, 0, extended=False, ended="left") if end and end.reason == "left" else None
    ends_at_ms = extension.ends_at_ms if extension else start.ends_at_ms
    ended = end.reason if end and _counts(end, start, ends_at_ms) else None
    return Session(start.place, start.started_at_ms, ends_at_ms, extended=extension is not None, ended=ended)


def _counts(end: End, start: Start, ends_at_ms: int) -> bool:
    """Leaving may come before the start (it ends the place); a purchase falls within the session."""
    return end.ended_at_ms < ends_at_ms and (end.reason == "left" or end.ended_at_ms >= start.started_at_ms)


def shard(place: Place) -> str:
    """The index partition of a place: spreads one onsale over several, so that no key runs hot."""
    return f"{place.onsale}#{zlib.crc32(place.id.encode()) % SHARDS}"
