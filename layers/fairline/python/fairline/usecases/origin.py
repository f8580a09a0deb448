"""Who comes through the CDN: checked with every request, and kept in step with the secret that the CDN sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.domain.errors import NotFromTheEdge
from fairline.domain.origin import KEPT_MS, OriginSecret, digest, is_genuine, newest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fairline.usecases.ports import OriginSecrets


class OriginCheck:
    """`known` gives every secret that is kept, as it was when the store last answered; `clock` milliseconds."""

    def __init__(self, known: Callable[[], Sequence[OriginSecret]], clock: Callable[[], int]) -> None:
        self._known = known
        self._clock = clock

    def passes(self, claimed: str | None) -> bool:
        """Whether the CDN sent this request. Raises Unavailable if that cannot be known."""
        return is_genuine(claimed, self._known(), self._clock())

    def require(self, claimed: str | None) -> None:
        """As `passes`, raising NotFromTheEdge."""
        if not self.passes(claimed):
            raise NotFromTheEdge("Use the public address of this waiting room.")


class OriginRenewal:
    """Follows the secret where it is kept: `current` reads it, `clock` gives milliseconds."""

    def __init__(self, current: Callable[[], str], secrets: OriginSecrets, clock: Callable[[], int]) -> None:
        self._current = current
        self._secrets = secrets
        self._clock = clock

    def renew(self) -> None:
        """Accept the current secret from now on, or go on doing so. Its row expires unless this is done again."""
        now_ms, sha256 = self._clock(), digest(self._current())
        last = newest(self._secrets.all())
        known = last is not None and last.sha256 == sha256
        secret = last if last is not None and known else OriginSecret(sha256, now_ms)
        self._secrets.keep(secret, (now_ms + KEPT_MS) // 1000)
