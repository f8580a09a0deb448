"""Visitor tokens: compact HS256 JWTs that only we read.

The header of a token must be, byte for byte, one that we would write with a key we know: there is nothing to parse
before the signature is checked, and no algorithm to be talked into. (The format is a plain JWT; PyJWT reads it. Its
import would add a third to the cold start of the busiest function.)
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from fairline.domain.errors import InvalidToken
from fairline.domain.keys import Key
from fairline.domain.place import Place

LONGEST = 1_024


class VisitorClaims(NamedTuple):
    """What a visitor token proves: a place, the epoch it was issued in, and until when (`expires_at` in seconds)."""

    place: Place
    epoch: int
    expires_at: int


def mint(claims: VisitorClaims, key: Key) -> str:
    """The token; the same claims and key give the same token."""
    place = claims.place
    body = (  # written out, since an encoder takes as long as all the rest: neither name nor visitor needs escaping
        f'{{"aud":"{place.onsale}","sub":"{place.visitor}","pos":{place.position},'
        f'"epoch":{claims.epoch},"exp":{claims.expires_at}}}'
    )
    signed = f"{_header(key.kid)}.{_encode(body.encode())}"
    return f"{signed}.{_signature(signed, key)}"


def read(token: str, onsale: str, keys: Sequence[Key], now_ms: int) -> VisitorClaims:
    """The claims of a genuine, unexpired token for `onsale`. Raises InvalidToken otherwise, and says no more."""
    header, _, rest = token.partition(".")
    key = next((key for key in keys if _header(key.kid) == header), None)
    signed, _, signature = token.rpartition(".")
    if len(token) > LONGEST or not token.isascii() or key is None:
        raise _invalid()
    if not hmac.compare_digest(signature, _signature(signed, key)):
        raise _invalid()
    body = json.loads(_decode(rest.partition(".")[0]))
    if body["aud"] != onsale or now_ms >= body["exp"] * 1000:
        raise _invalid()
    return VisitorClaims(Place(onsale, body["pos"], body["sub"]), body["epoch"], body["exp"])


def _invalid() -> InvalidToken:
    return InvalidToken("The visitor token is missing, expired or not for this onsale.")


@lru_cache(maxsize=64)
def _header(kid: str) -> str:
    return _encode(json.dumps({"alg": "HS256", "kid": kid, "typ": "fairline-visitor+jwt"}).encode())


def _signature(signed: str, key: Key) -> str:
    mac = _keyed(key.secret).copy()
    mac.update(signed.encode())
    return _encode(mac.digest())


@lru_cache(maxsize=64)
def _keyed(secret: str) -> hmac.HMAC:
    return hmac.new(secret.encode(), digestmod=hashlib.sha256)


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
