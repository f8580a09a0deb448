"""Figures of a run: percentiles, rates, and whether the order was kept."""

import math
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tools.record import Record


@dataclass(frozen=True)
class Spread:
    """How `count` measurements spread, in milliseconds."""

    count: int
    p50: float
    p90: float
    p99: float
    max: float

    @classmethod
    def of(cls, milliseconds: Iterable[float]) -> "Spread | None":
        """None of nothing."""
        values = sorted(milliseconds)
        if not values:
            return None
        p50, p90, p99 = (round(percentile(values, q), 1) for q in (0.5, 0.9, 0.99))
        return cls(len(values), p50, p90, p99, round(values[-1], 1))


def percentile(ordered: Sequence[float], q: float) -> float:
    """The nearest-rank percentile: the least value that at least a share `q` of `ordered` does not exceed."""
    return ordered[max(0, math.ceil(q * len(ordered)) - 1)]


def per_second(moments_ms: Iterable[float]) -> float:
    """The mean rate between the first moment and the last; 0 when there are no two of them apart."""
    moments = list(moments_ms)
    span_ms = max(moments) - min(moments) if moments else 0.0
    return (len(moments) - 1) * 1000 / span_ms if span_ms else 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """When one position was in the line (ms): from `present` until it `started` a session or had `gone`."""

    position: int
    present: float
    started: float | None = None
    gone: float | None = None

    @property
    def until(self) -> float:
        """The end of its wait; infinite if it waits still."""
        return min(self.started or math.inf, self.gone or math.inf)


def turns(records: Iterable[Record], session_ms: float) -> list[Turn]:
    """The turns of all that registered; a session started `session_ms` before it was to end."""
    return [
        Turn(record.position, record.present_ms, started_ms(record, session_ms), record.gone_ms)
        for record in records
        if record.position is not None and record.present_ms is not None
    ]


def started_ms(record: Record, session_ms: float) -> float | None:
    """When the session of `record` started, by the room's clock."""
    return None if record.expires_ms is None else record.expires_ms - session_ms


def inversions(line: Iterable[Turn]) -> int:
    """How many pairs were called in the wrong order.

    A pair counts when the higher position started while the lower one was present and still waiting. Starts in the
    same millisecond are of one tick, and no inversion.
    """
    later_starts: list[float] = []
    count = 0
    for turn in sorted(line, key=lambda turn: turn.position, reverse=True):
        count += max(0, bisect_left(later_starts, turn.until) - bisect_right(later_starts, turn.present))
        if turn.started is not None:
            insort(later_starts, turn.started)
    return count
