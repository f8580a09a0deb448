"""Signing keys: when each signs, when each retires, and when a new one is due."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from fairline.domain.errors import Unavailable

Purpose = Literal["visitor", "access"]

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
PUBLISHED_AHEAD_MS = 2 * HOUR_MS
"""Verifiers cache key sets: a key is published this long before it signs, and kept this long after its last token."""

MADE_AHEAD_MS = PUBLISHED_AHEAD_MS + 2 * DAY_MS
"""A rotation may die between making a key and publishing it. The next day's then still publishes it in time."""

ROTATION_MS = 30 * DAY_MS
LONGEST_TOKEN_MS = {"access": 4 * HOUR_MS, "visitor": 32 * DAY_MS}
"""An access token lives for one extended session at most; a visitor token for an onsale and a day."""

ROW_KEPT_MS = 120 * DAY_MS


@dataclass(frozen=True)
class PublicKey:
    """What may be known of a key by those who only verify, or decide whether another is due."""

    purpose: Purpose
    kid: str
    signs_from_ms: int
    public_jwk: dict[str, Any] | None = None


@dataclass(frozen=True)
class Key:
    """One key. `secret` is an HMAC secret, or an RSA private key in PEM whose `public_jwk` anyone may see."""

    purpose: Purpose
    kid: str
    secret: str = field(repr=False)
    signs_from_ms: int
    public_jwk: dict[str, Any] | None = None

    @property
    def public(self) -> PublicKey:
        """This key without its secret."""
        return PublicKey(self.purpose, self.kid, self.signs_from_ms, self.public_jwk)


AnyKey = TypeVar("AnyKey", PublicKey, Key)


def signing_key(keys: Sequence[Key], now_ms: int) -> Key:
    """The newest key that signs by now."""
    signing = [key for key in keys if key.signs_from_ms <= now_ms]
    if not signing:
        raise Unavailable("No signing key is in use yet.", retry_after_seconds=5)
    return max(signing, key=lambda key: (key.signs_from_ms, key.kid))


def in_use(keys: Sequence[AnyKey], now_ms: int) -> list[AnyKey]:
    """Keys that may still verify something, oldest first: each until its successor's start plus a token's life."""
    ordered: list[AnyKey] = sorted(keys, key=lambda key: (key.signs_from_ms, key.kid))
    successors = [key.signs_from_ms for key in ordered[1:]]
    kept: list[AnyKey] = [
        key
        for key, succeeded_ms in zip(ordered, successors, strict=False)
        if now_ms < succeeded_ms + LONGEST_TOKEN_MS[key.purpose] + PUBLISHED_AHEAD_MS
    ]
    kept.extend(ordered[-1:])
    return kept


def next_signs_from_ms(keys: Sequence[PublicKey | Key], now_ms: int) -> int | None:
    """When a new key should begin to sign, or None if none is due. The first of all signs at once."""
    if not keys:
        return now_ms
    newest = max(key.signs_from_ms for key in keys)
    return now_ms + MADE_AHEAD_MS if now_ms - newest >= ROTATION_MS else None
