"""Joining the line: one call of the line, and none of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fairline.domain.keys import Key, in_use, signing_key
from fairline.domain.onsale import KEPT_MS
from fairline.domain.place import LineAbsent, Pace
from fairline.domain.visitor_token import VisitorClaims, mint, read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fairline.usecases.desk import PlaceView
    from fairline.usecases.places import Absence, Places
    from fairline.usecases.ports import Line


class VisitorTokens:
    """Reads and mints visitor tokens. `keys` gives every key kept, `clock` milliseconds."""

    def __init__(self, keys: Callable[[], Sequence[Key]], clock: Callable[[], int]) -> None:
        self._keys = keys
        self._clock = clock

    def read(self, token: str, onsale: str) -> VisitorClaims:
        """The claims of a genuine token. Raises InvalidToken otherwise."""
        now_ms = self._clock()
        return read(token, onsale, in_use(self._keys(), now_ms), now_ms)

    def mint(self, view: PlaceView, pace: Pace) -> str:
        """A token for a place, good until its line is forgotten."""
        expires_at = (pace.closes_at_ms + KEPT_MS) // 1000
        return mint(VisitorClaims(view.place, view.epoch, expires_at), signing_key(self._keys(), self._clock()))


@dataclass(frozen=True)
class Registration:
    """A place with its token, and whether it is new."""

    view: PlaceView
    visitor_token: str
    is_new: bool


class Registrar:
    """Gives places."""

    def __init__(self, line: Line, places: Places, tokens: VisitorTokens, absence: Absence) -> None:
        self._line = line
        self._places = places
        self._tokens = tokens
        self._absence = absence

    def register(self, onsale: str, visitor: str) -> Registration:
        """The visitor's place: a new one at the end of the line, or the one there is."""
        try:
            standing = self._line.register(onsale, visitor)
        except LineAbsent as absent:
            raise self._absence.explain(onsale, absent) from absent
        view = self._places.show(standing)
        return Registration(view, self._tokens.mint(view, standing.pace), standing.is_new)

    def return_with(self, token: str, onsale: str) -> Registration:
        """The place of a visitor token; a new one for the same visitor if that place has ended."""
        claims = self._tokens.read(token, onsale)
        view = self._places.read(claims)
        if view.reason in ("expired", "left"):
            return self.register(onsale, claims.place.visitor)
        return Registration(view, token, is_new=False)
