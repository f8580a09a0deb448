"""The backend reports that a session's purchase is done, so that its slot goes to the next in line."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from fairline.domain.errors import InvalidToken, NotFound, SessionEnded, UnknownOnsale
from fairline.domain.place import Place
from fairline.domain.session import End, fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairline.domain.onsale import Onsale
    from fairline.usecases.ports import Line, Sessions


def new_completion_key() -> tuple[str, str]:
    """A key to show once, and its SHA-256 to keep. 256 random bits need no salt."""
    key = secrets.token_urlsafe(32)
    return key, _digest(key)


class Completion:
    """Ends sessions for the backend. `latest` gives an onsale's newest version, `clock` milliseconds."""

    def __init__(
        self, line: Line, sessions: Sessions, latest: Callable[[str], Onsale | None], clock: Callable[[], int]
    ) -> None:
        self._line = line
        self._sessions = sessions
        self._latest = latest
        self._clock = clock

    def complete(self, onsale: str, session: str, key: str) -> None:
        """End the session as completed; again is fine. The ledger first, then the slot.

        Usually that is all: only when the line did not hold the session are its rows read to find out why. An end
        that turns out to come too late counts for nobody (see `domain.session.fold`).
        """
        known = self._authorised(onsale, key)
        try:
            place = Place.of(onsale, session)
        except ValueError as error:
            raise _unknown() from error
        self._sessions.add(End(place, "completed", self._clock()), known.forgotten_at_ms // 1000)
        if not self._line.end(place, "completed"):
            self._explain(place)

    def _authorised(self, onsale: str, key: str) -> Onsale:
        known = self._latest(onsale)
        if known is None:
            raise UnknownOnsale("There is no onsale of this name.")
        if not hmac.compare_digest(_digest(key), known.completion_key_sha256):
            raise InvalidToken("This is not the onsale's completion key.")
        return known

    def _explain(self, place: Place) -> None:
        session = fold(self._sessions.rows(place))
        if session is None or session.started_at_ms is None:
            raise _unknown()
        if session.ended != "completed":
            raise SessionEnded("The session had ended before the purchase was reported.")


def _unknown() -> NotFound:
    return NotFound("This onsale has no such session.")


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
