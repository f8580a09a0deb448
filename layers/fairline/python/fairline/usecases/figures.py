"""How a line goes and how it went, for its operator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fairline.domain.errors import UnknownOnsale
from fairline.domain.estimate import Wait, line_ends_in, wait
from fairline.domain.figures import SEEN_MS, LastMinute, last_minute, periods, sample_of
from fairline.domain.place import Pace

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairline.domain.figures import Sample
    from fairline.domain.onsale import Onsale
    from fairline.domain.tick import Record
    from fairline.usecases.ports import Onsales, Records, Samples


@dataclass(frozen=True)
class Live:
    """A line as of its last tick, and what is expected of it; None where nothing can be said.

    `joining` is the wait of somebody who joins now, `ends_in_seconds` when the last of those who wait now is let in.
    """

    onsale: Onsale
    record: Record
    minute: LastMinute
    joining: Wait | None
    ends_in_seconds: int | None


@dataclass(frozen=True)
class History:
    """Samples, oldest first, `every_ms` apart where none is missing."""

    every_ms: int
    samples: list[Sample]


class Figures:
    """Reads figures. `clock` gives milliseconds."""

    def __init__(self, onsales: Onsales, records: Records, samples: Samples, clock: Callable[[], int]) -> None:
        self._onsales = onsales
        self._records = records
        self._samples = samples
        self._clock = clock

    def live(self, name: str) -> Live:
        """The line now. Raises UnknownOnsale."""
        onsale, record, now_ms = self._known(name), self._records.read(name), self._clock()
        latest = sample_of(record, onsale)
        seen = self._samples.at(name, periods(latest.at_ms - SEEN_MS, latest.at_ms))
        minute = last_minute([sample for sample in seen if sample.at_ms < latest.at_ms], latest)
        if onsale.phase(now_ms) in ("paused", "closed"):
            return Live(onsale, record, minute, None, None)
        joining = wait(record.waiting, _pace(onsale), now_ms)
        return Live(onsale, record, minute, joining, _ends_in(onsale, record, minute, now_ms))

    def history(self, name: str, since_ms: int | None = None) -> History:
        """What was sampled since a moment, or since the onsale became live. Raises UnknownOnsale."""
        onsale = self._known(name)
        until_ms = min(self._clock(), onsale.live_until_ms)
        wanted = periods(max(onsale.live_from_ms, since_ms or 0), until_ms)
        return History(wanted.step, self._samples.at(name, wanted))

    def _known(self, name: str) -> Onsale:
        onsale = self._onsales.latest(name)
        if onsale is None:
            raise UnknownOnsale(f"There is no onsale named {name!r}.")
        return onsale


def _pace(onsale: Onsale) -> Pace:
    return Pace(
        rate_per_minute=onsale.rate_per_minute,
        max_active=onsale.max_active,
        session_ms=onsale.session_seconds * 1000,
        sale_starts_at_ms=onsale.sale_starts_at_ms,
        closes_at_ms=onsale.closes_at_ms,
    )


def _ends_in(onsale: Onsale, record: Record, minute: LastMinute, now_ms: int) -> int | None:
    if not record.waiting:
        return None
    return line_ends_in(
        record.waiting,
        record.active,
        rate_per_minute=onsale.rate_per_minute,
        max_active=onsale.max_active,
        session_seconds=minute.session_seconds or onsale.session_seconds,
        start_in_seconds=max(0, onsale.sale_starts_at_ms - now_ms) // 1000,
    )
