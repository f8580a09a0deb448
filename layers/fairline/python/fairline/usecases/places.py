"""A visitor's own place: read it, leave it, ask for more time."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from fairline.domain.errors import AlreadyExtended, Closed, SessionEnded, Superseded, UnknownOnsale
from fairline.domain.estimate import Wait, wait
from fairline.domain.onsale import KEPT_MS
from fairline.domain.place import LineAbsent, Pace, Standing, not_open_yet
from fairline.domain.session import End, Extension, Session, fold
from fairline.domain.status import iso
from fairline.usecases.desk import AdmissionDesk, PlaceView

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairline.domain.onsale import Onsale
    from fairline.domain.place import Place
    from fairline.domain.visitor_token import VisitorClaims
    from fairline.usecases.ports import Line, Sessions

SOON = Wait(1, 2)
"""For somebody called whose session is being written this moment."""


class Absence:
    """Explains a missing line by the onsale's latest version."""

    def __init__(self, latest: Callable[[str], Onsale | None], clock: Callable[[], int]) -> None:
        self._latest = latest
        self._clock = clock

    def explain(self, onsale: str, absent: LineAbsent) -> Exception:
        """Unknown, not open yet, closed, or away for a moment."""
        known, now_ms = self._latest(onsale), self._clock()
        if known is None:
            return UnknownOnsale("Check the address: there is no onsale of this name.")
        phase = known.phase(now_ms)
        if phase == "scheduled":
            return not_open_yet(now_ms=now_ms, opens_at_ms=known.lobby_opens_at_ms)
        return Closed("Nobody can join or wait here any more.") if phase == "closed" else absent


class Places:
    """Use cases of a visitor token. `clock` gives milliseconds."""

    def __init__(
        self, line: Line, sessions: Sessions, desk: AdmissionDesk, absence: Absence, clock: Callable[[], int]
    ) -> None:
        self._line = line
        self._sessions = sessions
        self._desk = desk
        self._absence = absence
        self._clock = clock

    def read(self, claims: VisitorClaims) -> PlaceView:
        """The place as it is now. After a loss of the store, presenting the token takes the place again."""
        try:
            standing = self._line.find(claims.place, claims.epoch)
        except LineAbsent as absent:
            return self._without_line(claims, absent)
        except Superseded as superseded:
            standing = self._left_before(claims, superseded)
        return self._returned(claims) if standing is None else self.show(standing)

    def show(self, standing: Standing) -> PlaceView:
        """What the line says, with the admission from the ledger if there is one."""
        if standing.state == "waiting":
            estimate = wait(standing.ahead, standing.pace, standing.now_ms)
            forgotten_at = forgotten(standing.pace)
            return PlaceView(
                standing.place, "waiting", standing.epoch, standing.ahead, estimate, forgotten_at=forgotten_at
            )
        if standing.state != "admitted":
            return PlaceView(standing.place, standing.state, standing.epoch, ahead=0)
        session = self._session(standing)
        if session is None:
            return PlaceView(standing.place, "waiting", standing.epoch, ahead=0, wait=SOON)
        return self._desk.view(session, epoch=standing.epoch, now_ms=standing.now_ms)

    def _session(self, standing: Standing) -> Session | None:
        return fold(self._sessions.rows(standing.place))

    def _left_before(self, claims: VisitorClaims, superseded: Superseded) -> Standing | None:
        """A store that has fallen behind holds the place that its visitor left before this one: the ledger tells.

        Then it is left once more, and this one is found as after any loss.
        """
        earlier = _earlier(superseded, claims.place)
        if earlier is None:
            raise superseded
        held = claims.place._replace(position=earlier)
        session = fold(self._sessions.rows(held))
        if session is None or session.state(superseded.now_ms) in {"admitted", "completed"}:
            raise superseded
        self._line.end(held, "left")
        return self._line.find(claims.place, claims.epoch)

    def _returned(self, claims: VisitorClaims) -> PlaceView:
        """The line does not know this place: the ledger tells whether it was used before the line was lost."""
        session = fold(self._sessions.rows(claims.place))
        if session is not None:
            return self._desk.view(session, epoch=claims.epoch, now_ms=self._clock())
        standing = self._line.find(claims.place, claims.epoch, restore=True)
        if standing is None:
            raise LineAbsent("The line is being restored.", retry_after_seconds=1)
        return self.show(standing)

    def _without_line(self, claims: VisitorClaims, absent: LineAbsent) -> PlaceView:
        session = fold(self._sessions.rows(claims.place))
        if session is None:
            raise self._absence.explain(claims.place.onsale, absent) from absent
        return self._desk.view(session, epoch=claims.epoch, now_ms=self._clock())

    def leave(self, claims: VisitorClaims) -> None:
        """Leave the line, or give the session back. The ledger first: what has ended stays ended.

        Only when the line did not hold the place is it asked why: again is fine, but a newer place is told of.
        """
        self._sessions.add(End(claims.place, "left", self._clock()), claims.expires_at)
        if not self._line.end(claims.place, "left"):
            with suppress(Closed, LineAbsent):
                self._tell_of_a_newer_place(claims)

    def _tell_of_a_newer_place(self, claims: VisitorClaims) -> None:
        """Raise Superseded if there is one. An earlier one, of a store that has fallen behind, is no news to them."""
        try:
            self._line.find(claims.place, claims.epoch)
        except Superseded as superseded:
            if _earlier(superseded, claims.place) is None:
                raise

    def extend(self, claims: VisitorClaims) -> Session:
        """More time, once. The slot first: it must be held before it is promised."""
        session = fold(self._sessions.rows(claims.place))
        if session is None or session.state(self._clock()) != "admitted":
            raise SessionEnded("Only a running session can be extended.")
        ends_at_ms = session.extended_ends_at_ms
        if session.extended:
            raise _already(session.ends_at_ms)
        if not self._line.extend(claims.place, ends_at_ms):
            raise SessionEnded("The time had just run out.")
        if not self._sessions.add(Extension(claims.place, ends_at_ms), claims.expires_at):
            raise _already(ends_at_ms)
        return Session(session.place, session.started_at_ms, ends_at_ms, extended=True, ended=None)


def _earlier(superseded: Superseded, place: Place) -> int | None:
    """The position that counts instead, if it is an earlier one."""
    return superseded.instead if superseded.instead and superseded.instead < place.position else None


def forgotten(pace: Pace) -> int:
    """When a line is forgotten, in epoch seconds."""
    return (pace.closes_at_ms + KEPT_MS) // 1000


def _already(ends_at_ms: int) -> AlreadyExtended:
    return AlreadyExtended("More time is granted once.", session_expires_at=iso(ends_at_ms))
