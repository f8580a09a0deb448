"""One tick of one line: take back, decide, take, write, record, publish, confirm.

The order is what keeps the promises through a crash between any two calls. Taken admissions stand in the outbox until
they are known to be written, so that none is lost; start rows are immutable, so that writing one again changes nothing;
the limit is recorded before it is raised, so that no position is issued which a lost store could issue again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fairline.domain.admission import Bucket
from fairline.domain.errors import Unavailable
from fairline.domain.figures import begins_period, sample_of
from fairline.domain.status import Progress, status_document, status_key
from fairline.domain.tick import LineLost, Record, View, advanced, decide

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fairline.domain.onsale import Onsale
    from fairline.domain.session import Session, Start
    from fairline.usecases.ports import Admissions, Documents, Onsales, Records, Samples, Sessions

WRITE_SECONDS = 2.0
"""How long after admissions were taken may anybody begin to write them. Later a tick may have found them abandoned,
five seconds after they were taken, and let them begin later: what is written now would shorten them."""

PART = 100
"""Admissions written between two looks at the clock: four batches."""

RULES_MS = 2_000
"""For how long after an operator's change may anybody be taken by the policy of before: a tick that was held up since
it read the policy takes nobody, and the next one does by the new."""

RETURN_MS = 15_000
"""How long admission rests after a loss, while visitors present their tokens."""


@dataclass(frozen=True)
class TickReport:
    """What one tick did, for metrics."""

    onsale: str
    arrived: int
    admitted: int
    record: Record
    unwritten: int
    over: bool
    """Closed for good, and the last session has ended. One whose closing time alone has come may be prolonged."""


class Admitter:
    """Ticks lines. `clock` gives monotonic seconds."""

    def __init__(  # noqa: PLR0913, PLR0917 - its world
        self,
        line: Admissions,
        sessions: Sessions,
        records: Records,
        onsales: Onsales,
        documents: Documents,
        samples: Samples,
        *,
        clock: Callable[[], float],
    ) -> None:
        self._line = line
        self._sessions = sessions
        self._records = records
        self._onsales = onsales
        self._documents = documents
        self._samples = samples
        self._clock = clock

    def tick(self, name: str) -> TickReport | None:
        """One tick; None if there was nothing to do or another ticker did it."""
        record = self._records.read(name)
        asked = self._clock()  # the policy is read last: it is the older the sooner it was asked for
        onsale = self._onsales.latest(name)
        if onsale is None:
            return None
        try:
            view = self._line.observe(onsale, record)
        except LineLost as lost:
            self._begin(onsale, record, lost.now_ms)
            return None
        if view is None:
            return None
        if view.lapsed or view.returning:
            self._line.reload(self._recent(name, min(view.now_ms, record.updated_at_ms)), name)
        return self._admit(onsale, record, view, asked)

    def _begin(self, onsale: Onsale, record: Record, now_ms: int) -> None:
        """Start a new epoch: recorded first, so that two tickers cannot begin two."""
        following = record.next_epoch()
        if self._records.begin(onsale.onsale, record.epoch, following, _recorded(onsale, now_ms)):
            self._line.begin(onsale, following, return_ms=RETURN_MS if record.issue_limit else 0)

    def _recent(self, name: str, at_ms: int) -> list[Session]:
        """Sessions that may have run since the longest time before then that any version gave one, extended.

        That is now, or when a tick was last recorded: an older copy knows whom that tick took, and nobody after them.
        Rows are read for as long again: a session's end may be that much older than the time it was to end.
        """
        longest_ms = 2_000 * max(version.onsale.session_seconds for version in self._onsales.versions(name))
        found = self._sessions.since(name, at_ms - 2 * longest_ms)
        return [session for session in found if session.ended or session.ends_at_ms > at_ms - longest_ms]

    def _admit(self, onsale: Onsale, record: Record, view: View, asked: float) -> TickReport | None:
        """What earlier ticks took is finished first: until it is written, nobody else is taken.

        So no later turn begins before an earlier one, and however long the ledger takes no rows, no more than one
        tick's worth begin when it does again.
        """
        until_ms = view.now_ms + RULES_MS - round(1000 * (self._clock() - asked))
        written, goes_on = self._finish(view, _kept(onsale), asked)
        many, bucket = decide(onsale, view) if goes_on else (0, Bucket(0, view.now_ms))
        deadline = self._clock() + WRITE_SECONDS
        taken = self._line.take(onsale.onsale, view, many, bucket, until_ms=until_ms)
        if taken is None:
            return None
        written += self._write(taken.starts, _kept(onsale), deadline)
        following = advanced(record, view, taken)
        if not self._records.advance(onsale.onsale, following, _recorded(onsale, view.now_ms)):
            return None
        try:  # published first, so that whoever can register finds it; but the line goes on without it
            self._publish(onsale, following, view)
        finally:
            self._line.confirm(onsale.onsale, following, written)
        if begins_period(record, following):
            self._sample(onsale, following)
        arrived = max(0, view.progress.issued - record.issued)
        over = onsale.closed and following.active == 0
        unwritten = len(view.unconfirmed) + len(taken.starts) - len(written)
        return TickReport(onsale.onsale, arrived, len(taken.starts), following, unwritten, over)

    def _write(self, starts: Sequence[Start], kept: int, deadline: float) -> list[Start]:
        """Write start rows until the deadline; what is not among those returned stands in the outbox."""
        written: list[Start] = []
        for first in range(0, len(starts), PART):
            part = starts[first : first + PART]
            unwritten = self._sessions.start(part, kept) if self._clock() < deadline else part
            written += [start for start in part if start not in unwritten]
        return written

    def _finish(self, view: View, kept: int, asked: float) -> tuple[list[Start], bool]:
        """Write what stands in the outbox: which of it is written, and whether the line may go on.

        Fresh admissions are written as they are, by whoever comes first. Of those that were abandoned, what was
        written stands as it is; what was not begins now, so that nobody pays for our outage, and at the expense of
        this tick's bucket.
        """
        if not view.unconfirmed:
            return [], True
        written = self._write(view.fresh, kept, asked + WRITE_SECONDS - view.oldest_fresh_ms / 1000)
        done, lost = self._abandoned(view)
        deadline = self._clock() + WRITE_SECONDS
        retimed = self._line.retime(lost) if lost else []
        written += [*done, *self._write(retimed, kept, deadline)]
        return written, not lost and len(written) == len(view.unconfirmed)

    def _abandoned(self, view: View) -> tuple[list[Start], list[Start]]:
        """Admissions that their tick never confirmed: those that it wrote, and those that it did not."""
        found = self._sessions.started([start.place for start in view.abandoned]) if view.abandoned else ()
        done = [start for start in view.abandoned if start.place in found]
        return done, [start for start in view.abandoned if start.place not in found]

    def _publish(self, onsale: Onsale, record: Record, view: View) -> None:
        progress = Progress(record.epoch, record.serving, record.issued, record.waiting, record.active, record.skipped)
        document = status_document(onsale, progress, view.now_ms)
        self._documents.write(status_key(onsale.onsale), document, max_age_seconds=1)

    def _sample(self, onsale: Onsale, record: Record) -> None:
        """Last of all, since nothing leans on it: what is not written is a gap in a chart."""
        with suppress(Unavailable):
            self._samples.put(onsale.onsale, sample_of(record, onsale), _kept(onsale))


def _kept(onsale: Onsale) -> int:
    return onsale.forgotten_at_ms // 1000


def _recorded(onsale: Onsale, now_ms: int) -> int:
    """The record lasts as long as the onsale can be prolonged: without it positions would begin at 1 again."""
    return onsale.deleted_at_ms(now_ms) // 1000
