"""One tick of a line: what it finds, what it takes, and what is recorded so that nothing is lost with the cache."""

from dataclasses import dataclass, replace

from fairline.domain.admission import Bucket, admissible
from fairline.domain.onsale import Onsale
from fairline.domain.session import Start
from fairline.domain.status import Progress, Ranges

LEASE_MS = 5_000
"""How long positions may be issued after a tick. A cache takes longer than this to promote a replica: see
docs/architecture.md, "What the promises lean on"."""

HEADROOM, ARRIVALS_AHEAD = 100_000, 10
"""Positions that may be issued beyond the recorded ones: this many, and so many times the last tick's arrivals."""

STALE_MS = 5_000
"""An admission unconfirmed for longer was abandoned by the tick that took it."""


@dataclass(frozen=True)
class Counts:
    """What happened since the epoch began, for the operator's eyes."""

    admitted: int = 0
    completed: int = 0
    expired: int = 0
    left: int = 0


@dataclass(frozen=True)
class Record:
    """DynamoDB's record of a line. The first six must survive the cache; the others tell operators how it goes."""

    epoch: int = 0
    tick: int = 0
    issue_limit: int = 0
    issued: int = 0
    serving: int = 0
    skipped: Ranges = ()
    waiting: int = 0
    active: int = 0
    counts: Counts = Counts()
    updated_at_ms: int = 0

    def next_epoch(self) -> "Record":
        """The record of the epoch after a loss: nothing up to the limit is issued again."""
        skipped = with_range(self.skipped, self.issued + 1, self.issue_limit)
        return replace(self, epoch=self.epoch + 1, issued=self.issue_limit, skipped=skipped, waiting=0, active=0)


@dataclass(frozen=True)
class View:
    """The line as a tick finds it, expired sessions already taken back. Times in store milliseconds."""

    now_ms: int
    tick: int
    version: int
    progress: Progress
    bucket: Bucket
    limit: int
    lease_until_ms: int
    resumes_at_ms: int
    counts: Counts
    unconfirmed: tuple[Start, ...] = ()
    """Admissions taken from the line and not yet known to be written."""

    @property
    def lapsed(self) -> bool:
        """Whether nobody ticked for longer than the lease: the store may have been replaced by an older copy."""
        return self.now_ms >= self.lease_until_ms

    @property
    def returning(self) -> bool:
        """Whether visitors are given time to return after a loss, before anyone is called."""
        return self.now_ms < self.resumes_at_ms

    @property
    def abandoned(self) -> tuple[Start, ...]:
        """Admissions that their tick took and never confirmed."""
        return tuple(start for start in self.unconfirmed if self.now_ms - start.started_at_ms > STALE_MS)

    @property
    def fresh(self) -> tuple[Start, ...]:
        """Admissions whose tick may be about to write them, or broke off a moment ago."""
        return tuple(start for start in self.unconfirmed if self.now_ms - start.started_at_ms <= STALE_MS)

    @property
    def oldest_fresh_ms(self) -> int:
        """For how long the first of those has stood in the outbox."""
        return max((self.now_ms - start.started_at_ms for start in self.fresh), default=0)


@dataclass(frozen=True)
class Taken:
    """What a tick took from the head of the line, and how far that brought it."""

    starts: tuple[Start, ...]
    serving: int


class LineLost(Exception):
    """The store lost its line, or fell back behind the record: a finding that the tick acts on."""

    def __init__(self, now_ms: int) -> None:
        super().__init__(now_ms)
        self.now_ms = now_ms


def decide(onsale: Onsale, view: View) -> tuple[int, Bucket]:
    """How many to take now, and what that leaves in the bucket. Nothing is saved up while nobody may enter."""
    if onsale.phase(view.now_ms) != "on_sale" or view.returning:
        return 0, Bucket(0, view.now_ms)
    bucket = view.bucket.filled(now_ms=view.now_ms, rate_per_minute=onsale.rate_per_minute)
    many = admissible(bucket, max_active=onsale.max_active, active=view.progress.active, waiting=view.progress.waiting)
    return many, bucket.without(many)


def advanced(record: Record, view: View, taken: Taken) -> Record:
    """The record of this tick, to be written before the limit is raised.

    After a lapse the next position follows the recorded limit: what an older copy forgot it issued is passed over. It
    may have forgotten the limit as well, when it lost the confirmation that raised it.
    """
    issued = max(view.limit, record.issue_limit) if view.lapsed else view.progress.issued
    skipped = with_range(record.skipped, view.progress.issued + 1, issued)
    room = HEADROOM + ARRIVALS_AHEAD * max(0, view.progress.issued - record.issued)
    entered = len(taken.starts)
    return Record(
        epoch=record.epoch,
        tick=view.tick + 1,
        issue_limit=max(record.issue_limit, issued + room),
        issued=issued,
        serving=taken.serving,
        skipped=skipped,
        waiting=view.progress.waiting - entered,
        active=view.progress.active + entered,
        counts=replace(view.counts, admitted=view.counts.admitted + entered),
        updated_at_ms=view.now_ms,
    )


def with_range(ranges: Ranges, low: int, high: int) -> Ranges:
    """The ranges and one more, if it holds anything, joined to the last where they touch."""
    if low > high:
        return ranges
    if ranges and ranges[-1][1] + 1 >= low:
        return (*ranges[:-1], (ranges[-1][0], max(ranges[-1][1], high)))
    return (*ranges, (low, high))
