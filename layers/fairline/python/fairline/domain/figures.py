"""How a line went: a sample every ten seconds of it, and what an operator reads from those."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fairline.domain.onsale import MINUTE_MS, Onsale
from fairline.domain.tick import Counts, Record

PERIOD_MS = 10_000
"""Between two samples, each named by the beginning of its period."""

LONGEST_HISTORY = 720
"""Samples in one answer: two hours of them, or a longer time at wider steps. They come to less than 200 kB."""

SEEN_MS = 5 * MINUTE_MS
"""How far back the average session is looked for."""

LATE_MS = PERIOD_MS // 2
"""How much older than a minute the sample may be that a minute is counted from."""


@dataclass(frozen=True)
class Sample:
    """A line at one moment. Counts are of its epoch, `arrived` of its whole life."""

    at_ms: int
    epoch: int
    issued: int
    serving: int
    arrived: int
    waiting: int
    active: int
    admitted: int
    completed: int
    expired: int
    left: int
    rate_per_minute: int
    max_active: int


@dataclass(frozen=True)
class LastMinute:
    """What happened during the last minute, and how long sessions took lately; None where no sample tells."""

    arrivals: int | None
    admissions: int | None
    session_seconds: int | None


@dataclass(frozen=True)
class Minute:
    """What became of the requests of one minute, over all onsales: `refused` are 4xx, 429 among them, `failed` 5xx."""

    at_ms: int
    requests: int = 0
    refused: int = 0
    throttled: int = 0
    failed: int = 0


def sample_of(record: Record, onsale: Onsale) -> Sample:
    """The sample that a record makes."""
    counts: Counts = record.counts
    return Sample(
        at_ms=record.updated_at_ms,
        epoch=record.epoch,
        issued=record.issued,
        serving=record.serving,
        arrived=arrived(record),
        waiting=record.waiting,
        active=record.active,
        admitted=counts.admitted,
        completed=counts.completed,
        expired=counts.expired,
        left=counts.left,
        rate_per_minute=onsale.rate_per_minute,
        max_active=onsale.max_active,
    )


def arrived(record: Record) -> int:
    """Positions that were really given out."""
    return record.issued - sum(high - low + 1 for low, high in record.skipped)


def begins_period(before: Record, after: Record) -> bool:
    """Whether a tick is the first of its ten seconds, whose sample it then is."""
    return before.updated_at_ms // PERIOD_MS < after.updated_at_ms // PERIOD_MS


def periods(since_ms: int, until_ms: int) -> range:
    """Beginnings of the periods that tell of a time, at most LONGEST_HISTORY of them and evenly apart."""
    step = PERIOD_MS * -(-max(1, until_ms - since_ms) // (PERIOD_MS * LONGEST_HISTORY))
    first = -(-max(0, since_ms) // step) * step
    return range(first, until_ms + 1, step)[:LONGEST_HISTORY]


def last_minute(samples: Sequence[Sample], now: Sample) -> LastMinute:
    """What samples of the last SEEN_MS, oldest first, tell of the time before `now`."""
    recent = [sample for sample in samples if now.at_ms - sample.at_ms <= MINUTE_MS + LATE_MS]
    if not recent:
        return LastMinute(None, None, _session_seconds([*samples, now]))
    base = recent[0]
    share = min(1.0, MINUTE_MS / max(1, now.at_ms - base.at_ms))
    arrivals, admissions = now.arrived - base.arrived, counted("admitted", base, now)
    return LastMinute(round(arrivals * share), round(admissions * share), _session_seconds([*samples, now]))


def counted(name: str, earlier: Sample, later: Sample) -> int:
    """How far a count went up. A new epoch counts from nothing."""
    count: int = getattr(later, name)
    begun: int = getattr(earlier, name) if earlier.epoch == later.epoch else 0
    return max(0, count - begun)


def _session_seconds(samples: Sequence[Sample]) -> int | None:
    """The average session: how long all ran together, over how many ended. None while none has."""
    spans = [(a, b) for a, b in pairwise(samples) if a.epoch == b.epoch]
    ended = sum((b.admitted - b.active) - (a.admitted - a.active) for a, b in spans)
    ran_ms = sum((a.active + b.active) * (b.at_ms - a.at_ms) / 2 for a, b in spans)
    return max(1, round(ran_ms / ended / 1000)) if ended > 0 else None
