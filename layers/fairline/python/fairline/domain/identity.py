"""Who a visitor is: derived, so that asking again is the same visitor and nothing about a person is stored."""

import base64
import hashlib
import re
import secrets

from fairline.domain.errors import InvalidRequest, InvalidToken

IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9_\-]{22,128}")


def new_key() -> str:
    """A key for a browser that brought none."""
    return secrets.token_hex(16)


def guest(idempotency_key: str) -> str:
    """The visitor of a browser's random key of at least 128 bits. Raises InvalidRequest for what is no such key."""
    if not IDEMPOTENCY_KEY.fullmatch(idempotency_key):
        raise InvalidRequest([("Idempotency-Key", "22 to 128 letters, digits, hyphens and underscores")])
    return _opaque(idempotency_key)


def signed_in(issuer: str, subject: str | None) -> str:
    """The visitor of an identity provider's subject: one per person, on every device.

    Raises InvalidToken without one: a token that was granted to a program may be genuine and name nobody.
    """
    if not subject:
        raise InvalidToken("This identity token names nobody.")
    return _opaque(f"{issuer} {subject}")


def _opaque(text: str) -> str:
    """128 bits as 22 characters: short, since every waiting visitor's is kept in memory."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()
