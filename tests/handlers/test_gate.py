"""The gate: who may pass to the booking backend."""

import hmac
import json
from base64 import urlsafe_b64encode
from typing import Any

import jwt
import pytest

from fairline import clients, stores, wiring
from fairline.adapters.access_tokens import AccessTokens, generate
from fairline.domain.keys import Key
from fairline.domain.place import Place
from fairline.domain.session import Session
from tests.handlers.cloud import Cloud
from tests.handlers.events import gate_event

SEATS = "/v1/onsales/demo/booking/seats"
NO = {"isAuthorized": False}


def ask(cloud: Cloud, token: str | None, path: str = SEATS, **headers: str) -> Any:
    return cloud.call("authorize", gate_event("GET", path, token=token, **headers))


def test_a_live_session_passes_and_the_backend_is_told_who_is_calling(cloud: Cloud) -> None:
    cloud.open()
    place = cloud.admitted()
    visitor = place["session"].partition(".")[2]
    assert ask(cloud, place["access_token"]) == {
        "isAuthorized": True,
        "context": {"visitor": visitor, "session": place["session"], "onsale": "demo"},
    }


def test_a_session_that_was_seen_passes_without_another_read(cloud: Cloud) -> None:
    cloud.open()
    token = cloud.admitted()["access_token"]
    ask(cloud, token)
    cloud.aws_calls.clear()
    assert ask(cloud, token)["isAuthorized"] is True
    assert cloud.aws_calls == []


@pytest.mark.parametrize("how", ["completed", "left"])
def test_a_session_that_is_over_is_refused_after_three_seconds_and_one_read(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    key = cloud.open()["completion_key"]
    place = cloud.admitted()
    if how == "left":
        end = {"method": "DELETE", "path": "/v1/onsales/demo/place", "token": place["visitor_token"]}
    else:
        path = f"/v1/onsales/demo/sessions/{place['session']}/completion"
        end = {"method": "POST", "path": path, "token": key}
    clock = _Clock(monkeypatch)
    ask(cloud, place["access_token"])
    gate = wiring.gate()
    assert cloud.http(**end).status == 204
    cloud.enter("authorize")
    monkeypatch.setattr(wiring, "gate", lambda: gate)
    clock.offset_ms = 2_999
    assert ask(cloud, place["access_token"])["isAuthorized"] is True
    clock.offset_ms = 3_000
    cloud.aws_calls.clear()
    assert ask(cloud, place["access_token"]) == NO
    assert cloud.aws_calls == ["Query"]


class _Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_ms, self.offset_ms = clients.now_ms(), 0
        monkeypatch.setattr(wiring, "now_ms", lambda: self.now_ms + self.offset_ms)


def test_nothing_is_remembered_past_the_expiry(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud.open(session_seconds=30)
    clock = _Clock(monkeypatch)
    token = cloud.admitted()["access_token"]
    clock.offset_ms = 28_500
    assert ask(cloud, token)["isAuthorized"] is True
    clock.offset_ms = 31_000
    cloud.aws_calls.clear()
    assert ask(cloud, token) == NO
    assert cloud.aws_calls == []


def test_the_gate_never_reads_what_signs(cloud: Cloud) -> None:
    cloud.open()
    assert ask(cloud, cloud.admitted()["access_token"])["isAuthorized"] is True
    assert wiring._cached_keys.cache_info().currsize == 0
    assert [key.public for key in stores.keys().all("access")] == wiring.public_keys_in_use("access")


def test_a_bad_token_is_refused_without_any_call(cloud: Cloud, signing_keys: tuple[Key, Key]) -> None:
    cloud.open()
    good = cloud.admitted()["access_token"]
    assert ask(cloud, good)["isAuthorized"] is True
    cloud.aws_calls.clear()
    passed = [why for why, token in _bad(good, signing_keys[0], clients.now_ms()).items() if ask(cloud, token) != NO]
    assert (passed, cloud.aws_calls) == ([], [])


def _bad(good: str, key: Key, now_ms: int) -> dict[str, str | None]:
    place = Place("demo", 1, "q3hPs0m3Vis1tor0fOurs0")
    session = Session(place, now_ms, now_ms + 60_000, extended=False, ended=None)
    claims = jwt.decode(good, options={"verify_signature": False})
    header, body, signature = good.split(".")
    issuer = claims["iss"]
    other = generate("access-2", 0)
    return {
        "missing": None,
        "empty": "",
        "no token": "not a token at all",
        "forged": AccessTokens(issuer).mint(session, [Key("access", key.kid, other.secret, 0)]),
        "altered": f"{header}.{_encoded({**claims, 'aud': 'demo', 'exp': claims['exp'] + 60})}.{signature}",
        "no algorithm": f"{_encoded({'alg': 'none', 'kid': key.kid, 'typ': 'at+jwt'})}.{body}.",
        "secret algorithm": _hmac_with_public_key(claims, key),
        "unknown key": AccessTokens(issuer).mint(session, [other]),
        "expired": _signed({**claims, "exp": now_ms // 1000}, key),
        "not yet": _signed({**claims, "nbf": claims["exp"]}, key),
        "another onsale": _signed({**claims, "aud": "other"}, key),
        "another issuer": _signed({**claims, "iss": "https://elsewhere.example"}, key),
        "another visitor": _signed({**claims, "sub": "q3hPs0m3b0dyE1se00000"}, key),
        "no session": _signed({**claims, "jti": "no session"}, key),
        "too long": f"{header}.{_encoded({**claims, 'x': 'x' * 5_000})}.{signature}",
        "deeply nested": urlsafe_b64encode(b"[" * 3_000).decode().rstrip("=") + f".{body}.{signature}",
    }


def _signed(claims: dict[str, Any], key: Key) -> str:
    return jwt.encode(claims, key.secret, algorithm="RS256", headers={"kid": key.kid})


def _hmac_with_public_key(claims: dict[str, Any], key: Key) -> str:
    signed = f"{_encoded({'alg': 'HS256', 'kid': key.kid, 'typ': 'at+jwt'})}.{_encoded(claims)}"
    signature = hmac.digest(json.dumps(key.public_jwk).encode(), signed.encode(), "sha256")
    return f"{signed}.{urlsafe_b64encode(signature).decode().rstrip('=')}"


def _encoded(body: Any) -> str:
    return urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")


NOT_PLAIN = (
    "/v1/onsales/other/booking/seats",
    "/v1/onsales/demo/booking",
    "/v1/onsales/demo/booking/",
    "/v1/onsales/demo/booking/../../other/booking/seats",
    "/v1/onsales/demo/booking/./seats",
    "/v1/onsales/demo/booking//seats",
    "//v1/onsales/demo/booking/seats",
    "/v1/onsales/demo/booking/%2e%2e/seats",
    "/v1/onsales/demo/booking/a%2Fb",
    "/v1/onsales/demo/booking/seats\\..\\x",
    "/v1/onsales/demo/booking/seats\n",
    "/v1/onsales/demo/booking/seats?x",
    "/v1/onsales/demo/booking/seats;/..",
    "/v1/onsales/Demo/booking/seats",
    "/V1/onsales/demo/booking/seats",
    "/v1/onsales/demo/bookings/seats",
    "/v1/onsales/demo/booking/séats",
    "/v1/onsales/demo/booking/\ud800",
    "/live/v1/onsales/demo/booking/seats",
    "/v1/onsales/demo/place",
    "",
)


def test_a_path_that_is_not_plain_or_not_this_onsale_s_is_refused_without_any_call(cloud: Cloud) -> None:
    cloud.open()
    token = cloud.admitted()["access_token"]
    ask(cloud, token, "/v1/onsales/other/booking/seats")
    cloud.aws_calls.clear()
    passed = [path for path in NOT_PLAIN if ask(cloud, token, path) != NO]
    assert (passed, cloud.aws_calls) == ([], [])


def test_every_plain_path_under_the_backend_passes(cloud: Cloud) -> None:
    cloud.open()
    token = cloud.admitted()["access_token"]
    for path in ("seats", "holds/", "a/b/c", "orders/FL-1~2", "x.y/v1"):
        assert ask(cloud, token, f"/v1/onsales/demo/booking/{path}")["isAuthorized"] is True


def test_headers_that_claim_to_be_the_gate_s_are_of_no_use(cloud: Cloud) -> None:
    cloud.open()
    claimed = {"x-fairline-visitor": "v", "x-fairline-session": "1.v", "x-fairline-onsale": "demo"}
    assert ask(cloud, None, **claimed) == NO


@pytest.mark.parametrize("headers", ["absent", None, {}])
def test_a_request_without_headers_is_refused(cloud: Cloud, headers: Any) -> None:
    event = gate_event("GET", SEATS)
    if headers == "absent":
        del event["headers"]
    else:
        event["headers"] = headers
    assert cloud.call("authorize", event) == NO


def test_a_genuine_token_of_a_session_nobody_was_given_is_refused(cloud: Cloud, signing_keys: tuple[Key, Key]) -> None:
    now_ms = clients.now_ms()
    session = Session(Place("demo", 9, "q3hPs0m3Vis1tor0fOurs0"), now_ms, now_ms + 60_000, extended=False, ended=None)
    token = AccessTokens(cloud.environment["STATUS_URL"]).mint(session, [signing_keys[0]])
    assert ask(cloud, token) == NO


@pytest.mark.parametrize("table", ["KEYS_TABLE", "SESSIONS_TABLE"])
def test_what_cannot_be_checked_may_not_pass(cloud: Cloud, table: str) -> None:
    cloud.open()
    token = cloud.admitted()["access_token"]
    cloud.environment[table] = "no-such-table"
    assert ask(cloud, token) == NO
    assert "GateFailures" in cloud.printed()
