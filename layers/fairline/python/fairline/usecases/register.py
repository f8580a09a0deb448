"""Joining the line: one call of the line, and none of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fairline.domain.errors import Unavailable
from fairline.domain.guests import Caller, GuestRules, mark
from fairline.domain.identity import guest
from fairline.domain.keys import Key, in_use, signing_key
from fairline.domain.place import LineAbsent
from fairline.domain.visitor_token import VisitorClaims, mint, read
from fairline.usecases.places import forgotten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fairline.usecases.desk import PlaceView
    from fairline.usecases.places import Absence, Places
    from fairline.usecases.ports import Line


UNLIMITED = GuestRules()


class VisitorTokens:
    """Reads and mints visitor tokens. `keys` gives every key kept, `clock` milliseconds."""

    def __init__(self, keys: Callable[[], Sequence[Key]], clock: Callable[[], int]) -> None:
        self._keys = keys
        self._clock = clock

    def read(self, token: str, onsale: str) -> VisitorClaims:
        """The claims of a genuine token. Raises InvalidToken otherwise."""
        now_ms = self._clock()
        return read(token, onsale, in_use(self._keys(), now_ms), now_ms)

    def mint(self, view: PlaceView, expires_at: int) -> str:
        """A token for a place, good until `expires_at`."""
        return mint(VisitorClaims(view.place, view.epoch, expires_at), signing_key(self._keys(), self._clock()))

    def lasting(self, token: str, claims: VisitorClaims, view: PlaceView) -> tuple[str, int]:
        """The token of a place and its end; another one where the sale was put off, and the line is kept for longer."""
        if view.forgotten_at <= claims.expires_at:
            return token, claims.expires_at
        return self.mint(view, view.forgotten_at), view.forgotten_at

    def mark(self, onsale: str, address: str) -> str:
        """The mark of an address, another one once the key has been rotated. Raises ValueError for no address."""
        return mark(signing_key(self._keys(), self._clock()).secret, onsale, address)


class Registration(NamedTuple):
    """A place with its token, whether it is new, and when its line is forgotten (epoch seconds)."""

    view: PlaceView
    visitor_token: str
    is_new: bool
    forgotten_at: int


class Registrar:
    """Gives places. `rules` are for guests, whom nobody vouches for."""

    def __init__(
        self, line: Line, places: Places, tokens: VisitorTokens, absence: Absence, rules: GuestRules = UNLIMITED
    ) -> None:
        self._line = line
        self._places = places
        self._tokens = tokens
        self._absence = absence
        self.rules = rules

    def register(self, onsale: str, visitor: str, caller: Caller | None = None) -> Registration:
        """The visitor's place: a new one at the end of the line, or the one there is.

        Raises TooManyPlaces if it would be new and the `caller` has taken all of theirs.
        """
        try:
            standing = self._line.register(onsale, visitor, caller)
        except LineAbsent as absent:
            raise self._absence.explain(onsale, absent) from absent
        view, forgotten_at = self._places.show(standing), forgotten(standing.pace)
        return Registration(view, self._tokens.mint(view, forgotten_at), standing.is_new, forgotten_at)

    def register_guest(self, onsale: str, key: str, address: str | None) -> Registration:
        """The place of a browser's key. `address` is where its request came from, as the CDN saw it."""
        return self.register(onsale, guest(key), self._caller(onsale, address))

    def _caller(self, onsale: str, address: str | None) -> Caller | None:
        """Whoever comes without an address while addresses count has found a way around what tells them."""
        if not self.rules.places_per_address:
            return None
        try:
            return Caller(self._tokens.mark(onsale, address or ""), self.rules.places_per_address)
        except ValueError as error:
            raise Unavailable("We cannot serve this request; try again.", retry_after_seconds=30) from error

    def return_with(self, token: str, onsale: str) -> Registration:
        """The place of a visitor token; a new one for the same visitor if that place has ended."""
        claims = self._tokens.read(token, onsale)
        view = self._places.read(claims)
        if view.reason in ("expired", "left"):
            return self.register(onsale, claims.place.visitor)
        lasting, forgotten_at = self._tokens.lasting(token, claims, view)
        return Registration(view, lasting, is_new=False, forgotten_at=forgotten_at)
