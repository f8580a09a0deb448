"""The help desk: one visitor's place, without touching it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.domain.errors import NotFound
from fairline.domain.estimate import wait
from fairline.domain.place import LineAbsent, Place, Standing
from fairline.domain.session import fold
from fairline.usecases.desk import PlaceView

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairline.usecases.ports import Line, Sessions

HIGHEST_POSITION = 2**53
"""Scores of sorted sets are exact up to here."""


class Lookup:
    """Looks places up. `clock` gives milliseconds."""

    def __init__(self, line: Line, sessions: Sessions, clock: Callable[[], int]) -> None:
        self._line = line
        self._sessions = sessions
        self._clock = clock

    def by_position(self, onsale: str, position: int) -> PlaceView:
        """The place that holds, or last held, a position. Raises NotFound."""
        visitor = self._line.visitor_at(onsale, position) if 0 < position <= HIGHEST_POSITION else None
        if visitor is None:
            raise NotFound("Nobody holds this position.")
        return self.of(Place(onsale, position, visitor))

    def of(self, place: Place) -> PlaceView:
        """What line and ledger know of a place. Raises NotFound, or Superseded."""
        standing = self._standing(place)
        if standing and standing.state == "waiting":
            estimate = wait(standing.ahead, standing.pace, standing.now_ms)
            return PlaceView(place, "waiting", standing.epoch, standing.ahead, estimate)
        if standing:
            return PlaceView(place, standing.state, standing.epoch, ahead=0)
        session = fold(self._sessions.rows(place))
        if session is None:
            raise NotFound("Neither the line nor the ledger knows this place.")
        return PlaceView(place, session.state(self._clock()), 0, ahead=0)

    def _standing(self, place: Place) -> Standing | None:
        try:
            return self._line.find(place, 0)
        except LineAbsent:
            return None
