"""Access tokens: RS256 JWTs, since API Gateway's and the load balancer's own checks accept only RSA."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from fairline.domain.errors import InvalidToken
from fairline.domain.keys import Key, PublicKey, signing_key
from fairline.domain.place import Place
from fairline.domain.session import Session

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

CLAIMS = ["iss", "aud", "sub", "jti", "iat", "nbf", "exp"]
LONGEST = 4_096


class AccessTokens:
    """Mints and verifies with one issuer's keys."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer

    def mint(self, session: Session, keys: Sequence[Key]) -> str:
        """The token of a session: the same rows and keys give the same token."""
        import jwt

        started_at = (session.started_at_ms or 0) // 1000
        key = signing_key(keys, session.started_at_ms or 0)
        claims = {
            "iss": self._issuer,
            "aud": session.place.onsale,
            "sub": session.place.visitor,
            "jti": session.place.id,
            "iat": started_at,
            "nbf": started_at,
            "exp": session.ends_at_ms // 1000,
        }
        return jwt.encode(claims, _private(key.secret), algorithm="RS256", headers={"kid": key.kid, "typ": "at+jwt"})

    def verify(self, token: str, onsale: str, keys: Sequence[PublicKey | Key], now_ms: int) -> tuple[Place, int]:
        """The place and the expiry in seconds of a genuine token for `onsale`. Raises InvalidToken otherwise."""
        import jwt

        try:
            if len(token) > LONGEST:
                raise jwt.InvalidTokenError  # noqa: TRY301 - too long is invalid like any other
            kid = jwt.get_unverified_header(token).get("kid")
            key = next(key for key in keys if key.kid == kid)
            claims = jwt.decode(
                token,
                _public(json.dumps(key.public_jwk)),
                algorithms=["RS256"],
                audience=onsale,
                issuer=self._issuer,
                options={"require": CLAIMS, "verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )
            return _unexpired(claims, onsale, now_ms), claims["exp"]
        except (jwt.InvalidTokenError, StopIteration, ValueError) as error:
            raise InvalidToken("The access token is not valid for this onsale now.") from error


CLOCK_SKEW_MS = 5_000
"""How far the clock that began a session may be ahead of ours. Expiry has no such tolerance."""


def _unexpired(claims: dict[str, Any], onsale: str, now_ms: int) -> Place:
    """The clock is handed in, so time is checked here and not by the library."""
    from jwt import ExpiredSignatureError, ImmatureSignatureError

    if now_ms >= claims["exp"] * 1000:
        raise ExpiredSignatureError
    if now_ms + CLOCK_SKEW_MS < claims["nbf"] * 1000:
        raise ImmatureSignatureError
    place = Place.of(onsale, claims["jti"])
    if place.visitor != claims["sub"]:
        raise ValueError(claims["sub"])
    return place


def generate(kid: str, signs_from_ms: int) -> Key:
    """A new RSA key."""
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from jwt.algorithms import RSAAlgorithm

    private = generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    jwk = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    public = {"kty": jwk["kty"], "n": jwk["n"], "e": jwk["e"], "kid": kid, "use": "sig", "alg": "RS256"}
    return Key("access", kid, pem, signs_from_ms, public)


@lru_cache(maxsize=8)
def _private(pem: str) -> "RSAPrivateKey":
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError(type(key))
    return key


@lru_cache(maxsize=8)
def _public(jwk: str) -> "RSAPublicKey":
    from jwt.algorithms import RSAAlgorithm

    return RSAAlgorithm.from_jwk(jwk)  # type: ignore[return-value]
