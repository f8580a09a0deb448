"""The gate in front of the booking backend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from fairline.domain.errors import InvalidToken
from fairline.domain.gate import onsale_of
from fairline.domain.session import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fairline.domain.keys import Key, PublicKey
    from fairline.domain.place import Place
    from fairline.usecases.ports import Sessions

REMEMBERED_MS = 3_000
MOST_REMEMBERED = 10_000


class TokenVerifier(Protocol):
    """Verifies access tokens."""

    def verify(self, token: str, onsale: str, keys: Sequence[PublicKey | Key], now_ms: int) -> tuple[Place, int]:
        """The place and the expiry in seconds. Raises InvalidToken."""


class Gate:
    """Lets live sessions through. `keys` gives the access keys in use, `clock` milliseconds."""

    def __init__(
        self,
        verifier: TokenVerifier,
        keys: Callable[[], Sequence[PublicKey | Key]],
        sessions: Sessions,
        clock: Callable[[], int],
    ) -> None:
        self._verifier = verifier
        self._keys = keys
        self._sessions = sessions
        self._clock = clock
        self._live_until_ms: dict[Place, int] = {}

    def admits(self, path: str, token: str) -> Place | None:
        """The caller's place, or None. What is wrong with path or token is found before any remote call."""
        now_ms = self._clock()
        onsale = onsale_of(path)
        if onsale is None:
            return None
        try:
            place, expires_at = self._verifier.verify(token, onsale, self._keys(), now_ms)
        except InvalidToken:
            return None
        if now_ms < self._live_until_ms.get(place, 0):
            return place
        return place if self._is_live(place, expires_at * 1000, now_ms) else None

    def _is_live(self, place: Place, expires_at_ms: int, now_ms: int) -> bool:
        """Read the session; a live one is remembered for three seconds, never past its token's expiry."""
        session = fold(self._sessions.rows(place))
        if session is None or session.state(now_ms) != "admitted":
            return False
        if len(self._live_until_ms) >= MOST_REMEMBERED:
            self._live_until_ms.clear()
        self._live_until_ms[place] = min(now_ms + REMEMBERED_MS, expires_at_ms, session.ends_at_ms)
        return True
