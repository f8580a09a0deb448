"""Who may do what: operators' routes for operators alone, and a place for whoever the visitors' issuer vouches for."""

import asyncio
import json
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from starlette.requests import Request

from fairline.adapters.access_tokens import AccessTokens, generate
from fairline.domain.keys import Key
from fairline.domain.place import Place
from fairline.domain.session import Session
from fairline.domain.visitor_token import VisitorClaims, mint
from fairline.routes import ADMIN, HTTP_ROUTES, OPERATOR_SCOPE, HttpRoute
from local.http_api import HttpApi
from local.issuer import FANS, OPERATORS, Issuer
from local.room import _authorizers
from local.throttle import stage
from local.traffic import Traffic
from tests.promises.door import forge
from tests.support.builders import any_visitor

ISSUER = "http://127.0.0.1/issuer"
OPERATED = [route for route in HTTP_ROUTES if route.path.startswith(ADMIN)]
REGISTER = next(route for route in HTTP_ROUTES if route.path.endswith("/registrations"))
VISITOR_KEY = Key("visitor", "visitor-1", "a visitor secret of the tests, 32+ bytes", 0)


class Door:
    """The room's HTTP API with its authorizers as they stand, and functions that only note that they were called."""

    def __init__(self) -> None:
        self.loop = asyncio.Runner()
        self.issuer = Issuer(ISSUER)
        self.called: list[str] = []
        room = SimpleNamespace(issuer=self.issuer, functions=self, settings=SimpleNamespace(identity="oidc"))
        rooms = _authorizers(cast("Any", room))
        self._api = HttpApi(cast("Any", self), rooms, stage((), ()), Traffic())

    async def invoke(self, function: str, event: dict[str, Any]) -> dict[str, Any]:
        """Any function."""
        claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
        self.called.append(f"{function} by {claims['sub']}")
        return {"statusCode": 204}

    def asks(self, route: HttpRoute, authorization: str | None) -> tuple[int, bytes]:
        """Status and body of a request to a route."""
        path = route.path.replace("{onsale}", "demo").encode()
        headers = [] if authorization is None else [(b"authorization", authorization.encode("latin-1", "replace"))]
        scope: dict[str, Any] = {"type": "http", "method": route.method, "path": path.decode(), "raw_path": path}
        scope |= {"headers": headers, "query_string": b"", "scheme": "http", "http_version": "1.1"}
        scope |= {"server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1)}
        answer = self.loop.run(self._api.answer(Request(scope, _nothing)))
        return answer.status_code, bytes(answer.body)

    def token(self, client: str, kind: str = "access_token", **claims: Any) -> str:
        """What the issuer grants a client, with claims changed and signed by the issuer all the same."""
        token = str(self.issuer._tokens(client, "kim")[kind])
        return self.signed({**forge.claims_of(token), **claims}) if claims else token

    def signed(self, claims: forge.Claims, algorithm: str = "RS256") -> str:
        """Signed by the issuer's own key; claims that are None are left out."""
        kept = {name: value for name, value in claims.items() if value is not None}
        return forge.rsa_signed(kept, self.pem, self.issuer._kid, algorithm)

    @property
    def pem(self) -> str:
        """The issuer's private key."""
        return self.issuer._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    @property
    def jwk(self) -> forge.Claims:
        """The issuer's public key."""
        found: forge.Claims = self.loop.run(self.issuer.key_set())["keys"][0]
        return found


async def _nothing() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


@pytest.fixture(scope="module")
def one_door() -> Iterator[Door]:
    """Made once: an RSA key takes a moment."""
    door = Door()
    yield door
    door.loop.close()


@pytest.fixture
def door(one_door: Door) -> Door:
    one_door.called.clear()
    return one_door


def forged(door: Door, good: str) -> Iterator[str]:
    """Everything that is not signed by the issuer, or not with what it signs with."""
    yield from forge.without_algorithm(good)
    yield from forge.confused(good, door.jwk)
    yield from forge.of_other_keys(good, forge.stranger())
    yield from forge.renamed(good)
    yield from (token for token in forge.misshapen(good) if len(token) < 10_000)
    yield from forge.altered(good, sub="lee", scope=f"openid {OPERATOR_SCOPE} more", exp=4_000_000_000, aud=OPERATORS)


def mistaken(door: Door, good: str) -> Iterator[str]:
    """Signed by the issuer, for somebody else, somewhere else or another time."""
    claims, now_s = forge.claims_of(good), int(time.time())
    yield from (door.signed({**claims, "exp": exp}) for exp in (now_s - 1, now_s, None))
    yield door.signed({**claims, "nbf": now_s + 60})
    for issuer in ("https://elsewhere.example", f"{ISSUER}/", ISSUER.upper(), "", None):
        yield door.signed({**claims, "iss": issuer})
    for audience in ("somebody-else", "", ["somebody-else"], OPERATORS.upper()):
        yield door.signed({**claims, "aud": audience, "client_id": audience})
    yield door.signed({**claims, "aud": None, "client_id": None})


def ours() -> Iterator[str]:
    """Tokens of ours: a visitor token, and an access token."""
    place, now_ms = Place("demo", 1, any_visitor(1)), time.time_ns() // 1_000_000
    yield mint(VisitorClaims(place, 1, 4_000_000_000), VISITOR_KEY)
    session = Session(place, now_ms, now_ms + 60_000, extended=False, ended=None)
    yield AccessTokens(ISSUER).mint(session, [generate("access-1", 0)])


def test_every_route_of_operators_asks_for_an_operator() -> None:
    assert {route.authorizer for route in OPERATED} == {"operator"}
    assert {route.function for route in OPERATED} == {"admin"}
    assert [route for route in HTTP_ROUTES if route.function == "admin"] == OPERATED


def test_an_operator_is_let_in_everywhere(door: Door) -> None:
    token = door.token(OPERATORS)
    assert {door.asks(route, f"Bearer {token}")[0] for route in OPERATED} == {204}
    assert door.called == ["admin by kim"] * len(OPERATED)


@pytest.fixture(scope="module")
def everybody_else(one_door: Door) -> list[tuple[str | None, int]]:
    """Nobody, a fan, a visitor, somebody inside, and whom the issuer of operators knows without their scope."""
    tokens = [one_door.token(FANS), one_door.token(FANS, "id_token"), *ours()]
    unknown = [None, "", "Bearer", "Bearer ", "Basic a2ltOg==", *(f"Bearer {token}" for token in tokens)]
    scopes = (None, "", "openid", "fairline/operators", "Fairline/Operator", "fairline", "x-fairline/operator")
    known = [one_door.token(OPERATORS, "id_token"), *(one_door.token(OPERATORS, scope=scope) for scope in scopes)]
    return [*((each, 401) for each in unknown), *((f"Bearer {token}", 403) for token in known)]


@pytest.mark.parametrize("route", OPERATED, ids=lambda route: route.key)
def test_nobody_else_is_let_in_anywhere(
    door: Door, everybody_else: list[tuple[str | None, int]], route: HttpRoute
) -> None:
    assert [door.asks(route, authorization)[0] for authorization, _ in everybody_else] == [
        status for _, status in everybody_else
    ]
    assert door.called == []


def test_no_forged_or_mistaken_token_makes_an_operator(door: Door) -> None:
    good = door.token(OPERATORS)
    tokens = [*forged(door, good), *mistaken(door, good)]
    answers = {door.asks(OPERATED[0], f"Bearer {token}") for token in tokens if token != good}
    assert answers == {(401, json.dumps({"message": "Unauthorized"}, separators=(",", ":")).encode())}
    assert door.called == []


def test_no_forged_or_mistaken_identity_gets_a_place(door: Door) -> None:
    good = door.token(FANS, "id_token")
    assert door.asks(REGISTER, f"Bearer {good}")[0] == 204
    tokens = [
        *forged(door, good),
        *mistaken(door, good),
        door.token(OPERATORS),
        door.token(OPERATORS, "id_token"),
        *ours(),
    ]
    answers = {door.asks(REGISTER, f"Bearer {token}")[0] for token in (*tokens, "") if token != good}
    assert (answers, door.called) == ({401}, ["register by kim"])


@pytest.mark.parametrize("algorithm", ["PS256", "PS512"])
def test_no_algorithm_passes_that_the_gateway_does_not_take(door: Door, algorithm: str) -> None:
    token = door.signed(forge.claims_of(door.token(OPERATORS)), algorithm)
    assert door.asks(OPERATED[0], f"Bearer {token}")[0] == 401
