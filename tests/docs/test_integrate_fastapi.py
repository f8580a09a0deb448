"""The FastAPI dependency of the guide, against the keys and tokens that a deployment publishes and mints."""

import asyncio
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Annotated, Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import Depends, FastAPI
from jwt.utils import base64url_encode

from docs.examples.fastapi_backend import Caller, PublishedKeys, Sessions
from fairline.adapters.access_tokens import AccessTokens, generate
from fairline.adapters.memory_ledger import MemoryDocuments, MemoryKeys
from fairline.domain.keys import HOUR_MS, MADE_AHEAD_MS, PUBLISHED_AHEAD_MS, ROTATION_MS, Key
from fairline.domain.place import Place
from fairline.domain.session import Session
from fairline.usecases.rotate import KEY_SET, Rotation
from tests.support.builders import any_visitor

MINUTE_MS = 60_000
ONSALE = "winter"


class Issuer:
    """A status distribution on this machine: what rotation publishes, as it stands, and how often it was read."""

    def __init__(self) -> None:
        self.documents, self.keys = MemoryDocuments(), MemoryKeys()
        self.now_ms = time.time_ns() // 1_000_000
        self.reads, self.away = 0, False
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.reads += 1
                document = None if issuer.away else issuer.documents.read(self.path.lstrip("/"))
                body = json.dumps(document).encode()
                self.send_response(404 if document is None else 200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        make: Any = {"visitor": lambda kid, at: Key("visitor", kid, "secret", at), "access": generate}
        self._rotation = Rotation(self.keys, self.documents, make, self.url, lambda: self.now_ms)

    def rotate(self, at_ms: int | None = None) -> None:
        """As it is done daily, now or at another time."""
        now_ms, self.now_ms = self.now_ms, at_ms or self.now_ms
        self._rotation.rotate()
        self.now_ms = now_ms

    def session(self, **values: Any) -> Session:
        began = self.now_ms - MINUTE_MS
        usual = Session(Place(ONSALE, 1, any_visitor()), began, began + 3 * MINUTE_MS, extended=False, ended=None)
        return replace(usual, **values)

    def token(self, **values: Any) -> str:
        return AccessTokens(self.url).mint(self.session(**values), self.keys.all("access"))

    def signing_key(self) -> Key:
        return self.keys.all("access")[0]


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    issuer = Issuer()
    serving = threading.Thread(target=issuer.server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    issuer.rotate(issuer.now_ms - HOUR_MS)
    yield issuer
    issuer.server.shutdown()
    issuer.server.server_close()
    serving.join()


@pytest.fixture
def app(issuer: Issuer) -> FastAPI:
    """A shop that says who is calling."""
    app = FastAPI()
    sessions = Sessions(issuer.url, ONSALE)

    @app.get("/seats")
    def seats(caller: Annotated[Caller, Depends(sessions)]) -> dict[str, str]:
        return {"visitor": caller.visitor, "session": caller.session}

    return app


def call(app: FastAPI, token: str | None) -> tuple[int, dict[str, str], Any]:
    """One request as the server hands it over: status, headers, body."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"authorization", f"Bearer {token}".encode())] if token is not None else []
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": "/seats",
        "query_string": b"",
        "headers": headers,
    }
    asyncio.run(app(scope, receive, send))
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, json.loads(b"".join(part.get("body", b"") for part in sent[1:]))


def forged(issuer: Issuer, **changes: Any) -> str:
    """With the real key, a token that we would not mint."""
    key = issuer.signing_key()
    claims = jwt.decode(issuer.token(), options={"verify_signature": False}) | changes
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, key.secret, algorithm="RS256", headers={"kid": key.kid})


def test_a_token_of_ours_says_who_is_calling(app: FastAPI, issuer: Issuer) -> None:
    status, _, body = call(app, issuer.token())
    assert (status, body) == (200, {"visitor": any_visitor(), "session": f"1.{any_visitor()}"})


def test_an_extended_session_is_let_in_by_its_new_token(app: FastAPI, issuer: Issuer) -> None:
    ends_at_ms = issuer.now_ms + 5 * MINUTE_MS
    assert call(app, issuer.token(extended=True, ends_at_ms=ends_at_ms))[0] == 200


def unpublished(issuer: Issuer) -> str:
    """Signed by another key that claims to be the published one."""
    stranger = generate(issuer.signing_key().kid, issuer.now_ms - HOUR_MS)
    return AccessTokens(issuer.url).mint(issuer.session(), [stranger])


def unknown_key(issuer: Issuer) -> str:
    return AccessTokens(issuer.url).mint(issuer.session(), [generate("access-1", issuer.now_ms - HOUR_MS)])


def signed_with_the_public_key(issuer: Issuer) -> str:
    """HMAC, its secret being what everybody can read: what a verifier falls for that lets the token choose."""
    key = issuer.signing_key()
    public = jwt.PyJWK.from_dict(key.public_jwk or {}).key
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = base64url_encode(json.dumps({"alg": "HS256", "typ": "JWT", "kid": key.kid}).encode())
    body = issuer.token().split(".")[1].encode()
    signature = base64url_encode(hmac.new(pem, head + b"." + body, hashlib.sha256).digest())
    return b".".join((head, body, signature)).decode()


def signed_by_nobody(issuer: Issuer) -> str:
    claims = jwt.decode(issuer.token(), options={"verify_signature": False})
    return jwt.encode(claims, "", algorithm="none", headers={"kid": issuer.signing_key().kid})


def altered(issuer: Issuer) -> str:
    head, _, signature = issuer.token().split(".")
    other = issuer.token(place=Place(ONSALE, 2, any_visitor(2))).split(".")[1]
    return f"{head}.{other}.{signature}"


REFUSED: dict[str, Any] = {
    "no token": lambda _: None,
    "nonsense": lambda _: "nonsense",
    "a key of somebody else's": unpublished,
    "an unknown kid": unknown_key,
    "no kid": lambda issuer: jwt.encode({"aud": ONSALE}, issuer.signing_key().secret, algorithm="RS256"),
    "altered": altered,
    "HS256 with the public key": signed_with_the_public_key,
    "signed by nobody": signed_by_nobody,
    "expired": lambda issuer: issuer.token(
        started_at_ms=issuer.now_ms - 9 * MINUTE_MS, ends_at_ms=issuer.now_ms - MINUTE_MS
    ),
    "not begun": lambda issuer: issuer.token(started_at_ms=issuer.now_ms + MINUTE_MS),
    "another onsale": lambda issuer: issuer.token(place=Place("spring", 1, any_visitor())),
    "several onsales": lambda issuer: forged(issuer, aud=[ONSALE, "spring"]),
    "another issuer": lambda issuer: forged(issuer, iss="https://elsewhere.example.com"),
    "no expiry": lambda issuer: forged(issuer, exp=None),
    "no session": lambda issuer: forged(issuer, jti=None),
}


@pytest.mark.parametrize("token", REFUSED.values(), ids=REFUSED.keys())
def test_whatever_is_no_token_of_ours_for_this_onsale_is_refused(app: FastAPI, issuer: Issuer, token: Any) -> None:
    status, headers, _ = call(app, token(issuer))
    assert (status, headers["www-authenticate"]) == (401, "Bearer")


def test_the_keys_are_read_once_whatever_tokens_come(app: FastAPI, issuer: Issuer) -> None:
    for token in (issuer.token(), unknown_key(issuer), None, issuer.token(), unknown_key(issuer)):
        call(app, token)
    assert issuer.reads == 1


def test_a_new_key_is_known_before_it_signs_and_the_old_one_as_long_as_it_is_of_use(
    app: FastAPI, issuer: Issuer
) -> None:
    """The verifier's clock stands still: it is the rotation that happens at other times."""
    before = issuer.token()
    due_ms = issuer.now_ms - HOUR_MS + ROTATION_MS
    issuer.rotate(due_ms)
    assert len(issuer.documents.read(KEY_SET)["keys"]) == 2  # type: ignore[index]
    new = next(key for key in issuer.keys.all("access") if key.signs_from_ms == due_ms + MADE_AHEAD_MS)
    began_ms = issuer.now_ms - MINUTE_MS
    after = AccessTokens(issuer.url).mint(issuer.session(), [replace(new, signs_from_ms=began_ms)])
    assert jwt.get_unverified_header(after)["kid"] != jwt.get_unverified_header(before)["kid"]
    assert [call(app, token)[0] for token in (before, after)] == [200, 200]


def test_a_verifier_reads_the_keys_again_in_time(issuer: Issuer) -> None:
    keys = PublishedKeys(f"{issuer.url}/{KEY_SET}", every_seconds=0)
    first = set(keys.get())
    issuer.rotate(issuer.now_ms - HOUR_MS + ROTATION_MS)
    assert first < set(keys.get())


def test_while_the_keys_cannot_be_read_those_there_are_go_on(issuer: Issuer) -> None:
    keys = PublishedKeys(f"{issuer.url}/{KEY_SET}", every_seconds=0, retry_seconds=0)
    first = keys.get()
    issuer.away = True
    assert first
    assert keys.get() == first


def test_without_any_keys_visitors_are_told_to_come_back(
    app: FastAPI, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer.away = True
    status, headers, _ = call(app, issuer.token())
    assert (status, headers["retry-after"]) == (503, "5")
    later = time.monotonic() + 60
    issuer.away = False
    monkeypatch.setattr("docs.examples.fastapi_backend.time", SimpleNamespace(monotonic=lambda: later))
    assert call(app, issuer.token())[0] == 200


def test_the_keys_are_read_often_enough_for_the_time_that_a_key_is_published_ahead(issuer: Issuer) -> None:
    assert PublishedKeys(issuer.url)._every * 1000 < PUBLISHED_AHEAD_MS
