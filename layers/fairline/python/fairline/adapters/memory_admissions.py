"""The line in memory, as the ticker meets it."""

from collections.abc import Sequence
from dataclasses import replace

from fairline.adapters.memory_store import LineState, MemoryStore
from fairline.domain.admission import Bucket, admissible
from fairline.domain.onsale import Onsale
from fairline.domain.place import Place
from fairline.domain.session import Session, Start
from fairline.domain.status import Progress
from fairline.domain.tick import LEASE_MS, LineLost, Record, Taken, View


class MemoryAdmissions:
    """`usecases.ports.Admissions` in memory."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def observe(self, onsale: Onsale, record: Record) -> View | None:
        with self._store.lock:
            state, now_ms = self._store.states.get(onsale.onsale), self._store.clock()
            if state is None or state.epoch < record.epoch:
                raise LineLost(now_ms)
            if state.epoch > record.epoch:
                return None
            if state.tick < record.tick:
                raise LineLost(now_ms)
            if onsale.version < state.mirrored:
                return None
            state.policy, state.mirrored = onsale, onsale.version
            kept = {session: end for session, end in state.active.items() if end > now_ms}
            expired = len(state.active) - len(kept)
            state.active, state.counts = kept, replace(state.counts, expired=state.counts.expired + expired)
            return _view(state, record, now_ms)

    def begin(self, onsale: Onsale, record: Record, *, return_ms: int) -> None:
        with self._store.lock:
            present, now_ms = self._store.states.get(onsale.onsale), self._store.clock()
            if present is None or present.epoch < record.epoch:
                self._store.states[onsale.onsale] = LineState(
                    policy=onsale,
                    epoch=record.epoch,
                    issued=record.issue_limit,
                    limit=record.issue_limit,
                    tick=record.tick,
                    serving=record.serving,
                    resumes_at_ms=now_ms + return_ms,
                    bucket=Bucket(0, now_ms),
                    lease_until_ms=now_ms + LEASE_MS,
                )

    def reload(self, sessions: Sequence[Session], onsale: str) -> None:
        with self._store.lock:
            state = self._store.states.get(onsale)
            if state is None:
                return
            for session in sessions:
                self._know(state, session)

    def _know(self, state: LineState, session: Session) -> None:
        place, visitor = session.place, session.place.visitor
        waiting = state.line.get(visitor, 0)
        if waiting == place.position:
            del state.line[visitor]
        called = state.called.get(visitor, 0)
        if called > place.position:
            return
        if waiting <= place.position:  # whoever waits further back has rejoined since: that place is the visitor's now
            if called < place.position:
                state.ended.pop(visitor, None)  # how an earlier place of theirs ended
            state.called[visitor] = place.position
            if session.ended:
                state.ended[visitor] = session.ended
        if session.ended:
            state.active.pop(place.id, None)
        elif session.ends_at_ms > self._store.clock() and visitor not in state.ended:
            state.active[place.id] = max(session.ends_at_ms, state.active.get(place.id, 0))

    def take(self, onsale: str, view: View, visitors: int, bucket: Bucket, *, until_ms: int) -> Taken | None:
        with self._store.lock:
            state, now_ms = self._store.states.get(onsale), self._store.clock()
            seen = (view.progress.epoch, view.tick, view.version)
            if state is None or (state.epoch, state.tick, state.mirrored) != seen:
                return None
            asked, policy = max(0, visitors), state.policy
            found = bucket.without(-asked).filled(now_ms=now_ms, rate_per_minute=policy.rate_per_minute)
            many = admissible(found, max_active=policy.max_active, active=len(state.active), waiting=asked)
            head = sorted(state.line.items(), key=lambda item: item[1])[: many if now_ms <= until_ms else 0]
            ends_at_ms = now_ms + policy.session_seconds * 1000
            starts = [Start(Place(onsale, position, visitor), now_ms, ends_at_ms) for visitor, position in head]
            for start in starts:
                self._call(state, start)
            state.tick, state.bucket = state.tick + 1, found.without(len(starts))
            state.counts = replace(state.counts, admitted=state.counts.admitted + len(starts))
            return Taken(tuple(starts), state.serving)

    def _call(self, state: LineState, start: Start) -> None:
        place = start.place
        del state.line[place.visitor]
        state.called[place.visitor] = place.position
        state.ended.pop(place.visitor, None)
        state.active[place.id], state.outbox[place.id] = start.ends_at_ms, start
        state.serving = max(state.serving, place.position)

    def retime(self, starts: Sequence[Start]) -> list[Start]:
        with self._store.lock:
            state, now_ms = self._store.states.get(starts[0].place.onsale), self._store.clock()
            if state is None:
                return []
            ends_at_ms = now_ms + state.policy.session_seconds * 1000
            retimed = []
            for place in (start.place for start in starts):
                if state.called.get(place.visitor) != place.position or place.visitor in state.ended:
                    state.outbox.pop(place.id, None)
                slot = place.id in state.active or len(state.active) < state.policy.max_active
                if slot and place.id in state.outbox:
                    retimed.append(Start(place, now_ms, ends_at_ms))
                    state.active[place.id], state.outbox[place.id] = ends_at_ms, retimed[-1]
            return retimed

    def confirm(self, onsale: str, record: Record, written: Sequence[Start]) -> None:
        with self._store.lock:
            state = self._store.states.get(onsale)
            if state is None or state.epoch != record.epoch:
                return
            state.limit, state.issued = max(state.limit, record.issue_limit), max(state.issued, record.issued)
            now_ms = self._store.clock()
            if now_ms - record.updated_at_ms < LEASE_MS:
                state.lease_until_ms = now_ms + LEASE_MS
            for start in written:
                state.outbox.pop(start.place.id, None)


def _view(state: LineState, record: Record, now_ms: int) -> View:
    progress = Progress(state.epoch, state.serving, state.issued, len(state.line), len(state.active), record.skipped)
    return View(
        now_ms=now_ms,
        tick=state.tick,
        version=state.mirrored,
        progress=progress,
        bucket=state.bucket,
        limit=state.limit,
        lease_until_ms=state.lease_until_ms,
        resumes_at_ms=state.resumes_at_ms,
        counts=state.counts,
        unconfirmed=tuple(state.outbox.values()),
    )
