"""A booking backend that lets in whoever has a session of the waiting room: `Depends(Sessions(issuer, onsale))`."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

CLAIMS = ["iss", "aud", "sub", "jti", "iat", "nbf", "exp"]
CLOCKS_DIFFER_SECONDS = 5
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


@dataclass(frozen=True)
class Caller:
    """Who is calling: the same visitor has the same id in every request, and one session at a time."""

    visitor: str
    session: str


class Sessions:
    """The dependency. `issuer` is the deployment's StatusUrl, `onsale` the one whose seats are sold here."""

    def __init__(self, issuer: str, onsale: str) -> None:
        self._issuer, self._onsale = issuer, onsale
        self._keys = PublishedKeys(f"{issuer}/.well-known/jwks.json")

    def __call__(self, bearer: Bearer) -> Caller:
        """Who is calling. Refuses with 401 whoever has no valid token, and with 503 while there are no keys."""
        keys = self._keys.get()
        if not keys:
            raise HTTPException(503, "The keys cannot be read.", {"Retry-After": "5"})
        try:
            return self._caller(bearer.credentials if bearer else "", keys)
        except (jwt.InvalidTokenError, KeyError) as error:
            raise HTTPException(401, "No valid session.", {"WWW-Authenticate": "Bearer"}) from error

    def _caller(self, token: str, keys: Mapping[str | None, jwt.PyJWK]) -> Caller:
        claims = jwt.decode(
            token,
            keys[jwt.get_unverified_header(token).get("kid")],
            algorithms=["RS256"],
            audience=self._onsale,
            issuer=self._issuer,
            leeway=CLOCKS_DIFFER_SECONDS,
            options={"require": CLAIMS, "strict_aud": True},
        )
        return Caller(claims["sub"], claims["jti"])


class PublishedKeys:
    """The keys by id. They are read again by age, never because of what a token says: anybody can send a token."""

    def __init__(self, url: str, *, every_seconds: float = 600, retry_seconds: float = 15) -> None:
        self._client = jwt.PyJWKClient(url, cache_jwk_set=False, timeout=3)
        self._every, self._retry = every_seconds, retry_seconds
        self._lock = threading.Lock()
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._due = 0.0

    def get(self) -> Mapping[str | None, jwt.PyJWK]:
        """The keys as last read, or none. One caller reads them; the others go on with those there are."""
        if time.monotonic() >= self._due and self._lock.acquire(blocking=not self._keys):
            try:
                self._read_if_due()
            finally:
                self._lock.release()
        return self._keys

    def _read_if_due(self) -> None:
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + self._retry
        try:
            self._keys = {key.key_id: key for key in self._client.get_jwk_set().keys}
        except (jwt.PyJWTError, OSError, ValueError):
            return  # a key that is older than a few minutes is as good as it was
        self._due = time.monotonic() + self._every
