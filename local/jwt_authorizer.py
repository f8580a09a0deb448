"""The HTTP API's own JWT authorizer: RSA signatures, issuer, audience, times and scopes."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import jwt

from fairline.routes import HttpRoute
from local.authorizers import RefusedError

KeySet = Callable[[], Awaitable[Mapping[str, Any]]]
ALGORITHMS = ["RS256", "RS384", "RS512"]
REQUIRED_CLAIMS = ["iss", "exp"]


class JwtAuthorizer:
    """Checks the bearer token of a route against one issuer and audience, and the scopes the route wants."""

    def __init__(self, *, issuer: str, audience: str, keys: KeySet, scopes: tuple[str, ...] = ()) -> None:
        self._issuer, self._audience, self._keys, self._scopes = issuer, audience, keys, scopes

    async def __call__(self, _route: HttpRoute, event: dict[str, Any]) -> None:
        """Let a request with a good token pass, its claims added; otherwise raise RefusedError 401 or 403."""
        authorization = event["headers"].get("authorization", "")
        if not authorization:
            raise RefusedError(401, "Unauthorized", {"www-authenticate": "Bearer"})
        claims = await self._claims(authorization.removeprefix("Bearer ").removeprefix("bearer ").strip())
        granted = str(claims.get("scope", "")).split()
        if self._scopes and not set(self._scopes) & set(granted):
            raise RefusedError(403, "Forbidden", {"www-authenticate": 'Bearer error="insufficient_scope"'})
        scopes = [scope for scope in self._scopes if scope in granted] or None
        event["requestContext"]["authorizer"] = {
            "jwt": {"claims": {name: _text(value) for name, value in claims.items()}, "scopes": scopes}
        }

    async def _claims(self, token: str) -> dict[str, Any]:
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            keys = {key["kid"]: key for key in (await self._keys())["keys"]}
            options: Any = {"require": REQUIRED_CLAIMS, "verify_aud": False}
            key = jwt.PyJWK(keys[kid])
            claims = jwt.decode(token, key, algorithms=ALGORITHMS, issuer=self._issuer, options=options)
        except (jwt.PyJWTError, KeyError) as error:
            raise _invalid(str(error)) from error
        if self._audience not in _audiences(claims):
            raise _invalid("the token's audience is another")
        return claims


def _audiences(claims: Mapping[str, Any]) -> list[Any]:
    """Whom a token is for: `aud`, one or many, or in access tokens that have none, `client_id`."""
    audience = claims.get("aud", claims.get("client_id"))
    return audience if isinstance(audience, list) else [audience]


def _invalid(reason: str) -> RefusedError:
    """What was wrong may be in the token's own words: a header holds them escaped, or not at all."""
    said = reason.replace('"', "'").encode("unicode_escape").decode()
    description = f'Bearer scope="" error="invalid_token" error_description="{said}"'
    return RefusedError(401, "Unauthorized", {"www-authenticate": description})


def _text(value: Any) -> str:
    """A claim as the gateway hands it on: always text."""
    if isinstance(value, list):
        return f"[{' '.join(map(str, value))}]"
    return value if isinstance(value, str) else json.dumps(value)
