"""The line in memory, as visitors meet it: the same behaviour as the scripts, for tests and to read in Python."""

from dataclasses import replace

from fairline.adapters.memory_store import LineState, MemoryStore
from fairline.domain.guests import Caller
from fairline.domain.place import Ended, Pace, Place, Standing, State, refusal


class MemoryLine:
    """`usecases.ports.Line` in memory."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def register(self, onsale: str, visitor: str, caller: Caller | None = None) -> Standing:
        with self._store.lock:
            state, now_ms = self._present(onsale), self._store.clock()
            called = state.called.get(visitor)
            ended = None if called is None else state.called_state(Place(onsale, called, visitor), now_ms)
            if called is not None and ended in ("admitted", "completed"):
                return _standing(state, Place(onsale, called, visitor), ended, now_ms)
            phase = state.policy.phase(now_ms)
            if phase == "closed":
                raise refusal("closed")
            if visitor in state.line:
                return _standing(state, Place(onsale, state.line[visitor], visitor), "waiting", now_ms)
            if phase == "scheduled":
                raise refusal("early", now_ms=now_ms, opens_at_ms=state.policy.lobby_opens_at_ms)
            if called is not None and ended and not state.policy.rejoin:
                return _standing(state, Place(onsale, called, visitor), ended, now_ms)
            newcomer = caller if called is None else None
            return self._issue(state, onsale, visitor, now_ms, newcomer)

    def _issue(self, state: LineState, onsale: str, visitor: str, now_ms: int, newcomer: Caller | None) -> Standing:
        if now_ms >= state.lease_until_ms or state.issued >= state.limit:
            raise refusal("unavailable")
        if newcomer:
            self._count((onsale, state.epoch, newcomer.mark), newcomer.places)
        state.issued += 1
        state.line[visitor] = state.issued
        state.called.pop(visitor, None)
        state.ended.pop(visitor, None)
        return _standing(state, Place(onsale, state.issued, visitor), "waiting", now_ms)._replace(is_new=True)

    def _count(self, counter: tuple[str, int, str], places: int) -> None:
        if self._store.addresses[counter] >= places:
            raise refusal("crowded")
        self._store.addresses[counter] += 1

    def find(self, place: Place, epoch: int, *, restore: bool = False) -> Standing | None:
        with self._store.lock:
            state, now_ms = self._present(place.onsale), self._store.clock()
            if state.epoch < epoch:  # an older copy, which the next tick finds lost
                raise refusal("absent")
            called = state.called.get(place.visitor, 0)
            if called == place.position:
                return _standing(state, place, state.called_state(place, now_ms), now_ms)
            if called > place.position:
                raise refusal("superseded")
            if state.policy.phase(now_ms) == "closed":
                raise refusal("closed")
            if state.line.get(place.visitor) != place.position:
                _require_given_up(state, place, now_ms)
                if not _returns(state, place, epoch, now_ms, restore=restore):
                    return None
            return _standing(state, place, "waiting", now_ms)

    def end(self, place: Place, reason: Ended) -> bool:
        with self._store.lock:
            state = self._store.states.get(place.onsale)
            if state is None:
                return False
            ends_at_ms = state.active.get(place.id)
            if reason == "left" and state.owes(place):
                state.active.pop(place.id, None)
            elif ends_at_ms is not None:
                if ends_at_ms <= self._store.clock():
                    return False
                del state.active[place.id]
            elif reason == "left" and state.line.get(place.visitor) == place.position:
                del state.line[place.visitor]
                state.called[place.visitor] = place.position
            else:
                return False
            state.ended[place.visitor] = reason
            state.counts = replace(state.counts, **{reason: getattr(state.counts, reason) + 1})
            return True

    def extend(self, place: Place, ends_at_ms: int) -> bool:
        with self._store.lock:
            state = self._store.states.get(place.onsale)
            if state is None or state.active.get(place.id, 0) <= self._store.clock():
                return False
            state.active[place.id] = max(state.active[place.id], ends_at_ms)
            return True

    def visitor_at(self, onsale: str, position: int) -> str | None:
        with self._store.lock:
            state = self._store.states.get(onsale)
            held = [*state.line.items(), *state.called.items()] if state else []
            return next((visitor for visitor, number in held if number == position), None)

    def _present(self, onsale: str) -> LineState:
        if onsale not in self._store.states:
            raise refusal("absent")
        return self._store.states[onsale]


def _require_given_up(state: LineState, place: Place, now_ms: int) -> None:
    """Raise Superseded if an earlier place leads to a session that runs, or led to a purchase."""
    earlier = place._replace(position=state.called.get(place.visitor, 0))
    if earlier.position and state.called_state(earlier, now_ms) in {"admitted", "completed"}:
        raise refusal("superseded", now_ms=now_ms, instead=earlier.position)


def _returns(state: LineState, place: Place, epoch: int, now_ms: int, *, restore: bool) -> bool:
    """Whether a place that the line does not know was put back. Raises Superseded if the visitor's newer one counts."""
    waiting = state.line.get(place.visitor)
    if waiting is not None and not (epoch < state.epoch and place.position < waiting):
        raise refusal("superseded", now_ms=now_ms, instead=waiting)
    if restore:
        state.line[place.visitor] = place.position
        state.called.pop(place.visitor, None)
        state.ended.pop(place.visitor, None)
    return restore


def _standing(state: LineState, place: Place, called: State, now_ms: int) -> Standing:
    policy = state.policy
    pace = Pace(
        policy.rate_per_minute,
        policy.max_active,
        policy.session_seconds * 1000,
        policy.sale_starts_at_ms,
        policy.closes_at_ms,
    )
    ahead = state.ahead_of(place.position) if called == "waiting" else 0
    return Standing(place, called, ahead, state.epoch, now_ms, pace)
