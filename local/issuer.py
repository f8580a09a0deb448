"""A development identity issuer: OpenID Connect's code flow for whoever gives a name. For this machine only."""

import base64
import hashlib
import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from fairline.routes import OPERATOR_SCOPE
from local.sign_in_page import sign_in_page

FANS = "fairline-fans"
OPERATORS = "fairline-operators"
SCOPES = {FANS: "openid", OPERATORS: f"openid {OPERATOR_SCOPE}"}
"""The clients, and what their users are granted."""
TOKEN_SECONDS = 3600
CODE_SECONDS = 60
LOOPBACK = {"127.0.0.1", "localhost"}


class GrantError(Exception):
    """A token request is refused; the message is OAuth's error code."""


@dataclass(frozen=True)
class Code:
    """What an authorization code stands for."""

    request: Mapping[str, str]
    name: str
    expires_at: float


class Issuer:
    """Signs tokens for the clients in SCOPES with a key that lives as long as the room."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._kid = secrets.token_hex(8)
        self._codes: dict[str, Code] = {}
        self._renewals: dict[str, tuple[str, str]] = {}

    @property
    def operator_token_url(self) -> str:
        """Where a script gets an operator's token, by GET or POST; `&username=` says whose."""
        query = urlencode({"grant_type": "client_credentials", "client_id": OPERATORS})
        return f"{self.url}/token?{query}"

    async def key_set(self) -> dict[str, Any]:
        """The public key, as a JWK set."""
        key: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**key, "kid": self._kid, "alg": "RS256", "use": "sig"}]}

    def routes(self) -> list[Route]:
        """The issuer's endpoints, relative to its address."""
        return [
            Route("/.well-known/openid-configuration", self._discovery),
            Route("/jwks", self._jwks),
            Route("/authorize", self._authorize, methods=["GET", "POST"]),
            Route("/token", self._token, methods=["GET", "POST"]),
        ]

    async def _discovery(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
                "code_challenge_methods_supported": ["S256"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "subject_types_supported": ["public"],
                "scopes_supported": ["openid", OPERATOR_SCOPE],
            }
        )

    async def _jwks(self, _request: Request) -> Response:
        return JSONResponse(await self.key_set())

    async def _authorize(self, request: Request) -> Response:
        """Ask for a name; with one, send the browser back with a code."""
        asked = await _parameters(request)
        if (error := _fault(asked)) is not None:
            return Response(error, 400, media_type="text/plain")
        if request.method == "GET" or not asked.get("name"):
            return HTMLResponse(sign_in_page(asked))
        code = secrets.token_urlsafe(24)
        self._codes[code] = Code(asked, asked["name"], time.monotonic() + CODE_SECONDS)
        answer = {"code": code, **({"state": asked["state"]} if "state" in asked else {})}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}", 303)

    async def _token(self, request: Request) -> Response:
        asked = await _parameters(request)
        try:
            return JSONResponse(self._grant(asked), headers={"cache-control": "no-store"})
        except GrantError as error:
            return JSONResponse({"error": str(error)}, 400)

    def _grant(self, asked: Mapping[str, str]) -> dict[str, Any]:
        if asked.get("grant_type") == "client_credentials":  # scripts on this machine need no browser
            client = asked.get("client_id", "")
            return self._tokens(client, asked.get("username", "operator" if client == OPERATORS else "fan"))
        if asked.get("grant_type") == "refresh_token":
            return self._renewed(asked)
        if asked.get("grant_type") != "authorization_code":
            raise GrantError("unsupported_grant_type")
        code = self._codes.pop(asked.get("code", ""), None)
        if code is None or time.monotonic() > code.expires_at or not _proves(asked, code.request):
            raise GrantError("invalid_grant")
        client = code.request["client_id"]
        renewal = secrets.token_urlsafe(24)
        self._renewals[renewal] = client, code.name
        return {**self._tokens(client, code.name, code.request.get("nonce")), "refresh_token": renewal}

    def _renewed(self, asked: Mapping[str, str]) -> dict[str, Any]:
        client, name = self._renewals.get(asked.get("refresh_token", ""), ("", ""))
        if not name or asked.get("client_id") != client:
            raise GrantError("invalid_grant")
        return self._tokens(client, name)

    def _tokens(self, client: str, name: str, nonce: str | None = None) -> dict[str, Any]:
        if client not in SCOPES:
            raise GrantError("invalid_client")
        now = int(time.time())
        common = {"iss": self.url, "sub": name, "iat": now, "exp": now + TOKEN_SECONDS, "jti": str(uuid.uuid4())}
        identity = {**common, "aud": client, "name": name, **({"nonce": nonce} if nonce else {})}
        return {
            "id_token": self._sign(identity),
            "access_token": self._sign({**common, "client_id": client, "scope": SCOPES[client]}),
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": SCOPES[client],
        }

    def _sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self._kid})


async def _parameters(request: Request) -> dict[str, str]:
    """Query and form together."""
    form = parse_qsl((await request.body()).decode("utf-8", "replace"))
    return {**request.query_params, **dict(form)}


def _fault(asked: Mapping[str, str]) -> str | None:
    """Why an authorization request cannot even be answered by a redirect, if so. Only this machine is sent a code."""
    if asked.get("client_id") not in SCOPES:
        return "unknown client_id"
    if urlsplit(asked.get("redirect_uri", "")).hostname not in LOOPBACK:
        return "redirect_uri must be on this machine"
    if asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
        return "only the code flow with an S256 code_challenge is offered"
    return None if asked.get("code_challenge") else "code_challenge is missing"


def _proves(asked: Mapping[str, str], begun: Mapping[str, str]) -> bool:
    """Whether a token request comes from whoever began the sign-in."""
    digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    same = all(asked.get(name) == begun[name] for name in ("redirect_uri", "client_id"))
    return same and secrets.compare_digest(challenge, begun["code_challenge"])
