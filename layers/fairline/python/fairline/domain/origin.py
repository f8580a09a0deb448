"""The secret that the CDN adds to every request: whoever comes past the CDN does not know it and is refused."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fairline.domain.keys import DAY_MS, ROW_KEPT_MS

PREVIOUS_ACCEPTED_MS = DAY_MS
"""How long the CDN may go on sending a secret that has a successor."""

KEPT_MS = ROW_KEPT_MS


@dataclass(frozen=True)
class OriginSecret:
    """What is known of one secret: its SHA-256 in hex, which is enough to recognise it and useless to send."""

    sha256: str
    accepted_from_ms: int


def digest(secret: str) -> str:
    """SHA-256 in hex. 256 random bits need no salt. Whatever a header can hold has one."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def newest(known: Sequence[OriginSecret]) -> OriginSecret | None:
    """The secret that the CDN is to send."""
    return max(known, key=lambda secret: (secret.accepted_from_ms, secret.sha256), default=None)


def accepted(known: Sequence[OriginSecret], now_ms: int) -> list[OriginSecret]:
    """The newest secret for as long as it is, and each older one for a day after its successor came."""
    ordered = sorted(known, key=lambda secret: (secret.accepted_from_ms, secret.sha256))
    kept = [
        secret for secret, successor in pairwise(ordered) if now_ms < successor.accepted_from_ms + PREVIOUS_ACCEPTED_MS
    ]
    return [*kept, *ordered[-1:]]


def is_genuine(claimed: str | None, known: Sequence[OriginSecret], now_ms: int) -> bool:
    """Whether a request's header holds an accepted secret. Compared in constant time."""
    if claimed is None:
        return False
    sha256 = digest(claimed)
    return any(hmac.compare_digest(sha256, secret.sha256) for secret in accepted(known, now_ms))
