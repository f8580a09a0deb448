"""Visitor tokens at every route that reads one: refused with the same words, and before any call."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from fairline import clients
from fairline.domain.keys import Key
from tests.handlers.cloud import Cloud
from tests.handlers.events import http_event, socket_authorizer_event
from tests.promises.door import forge
from tests.promises.door.conftest import Watched
from tests.support.builders import any_visitor

READERS = (
    ("place", "GET", "/v1/onsales/demo/place"),
    ("place", "DELETE", "/v1/onsales/demo/place"),
    ("place", "POST", "/v1/onsales/demo/place/extension"),
    ("register", "POST", "/v1/onsales/demo/registrations"),
)


@pytest.fixture
def good(cloud: Cloud) -> str:
    cloud.open(sale=60)
    return str(cloud.register()["visitor_token"])


def attacks(good: str, keys: tuple[Key, Key], now_s: int) -> Iterator[str]:
    """Everything but the good token."""
    access, visitor = keys
    assert access.public_jwk
    claims = forge.claims_of(good)
    yield from forge.without_algorithm(good)
    yield from forge.confused(good, access.public_jwk)
    yield from forge.renamed(good)
    yield from forge.altered(good, pos=1_000, sub=any_visitor(7), aud="other", epoch=9, exp=4_000_000_000)
    yield from (token for token in forge.misshapen(good) if token)
    yield forge.rsa_signed(claims, access.secret, access.kid)
    yield forge.rsa_signed(claims, access.secret, visitor.kid)
    yield forge.visitor_signed(claims, access)
    for header in ({"alg": "HS512"}, {"typ": "JWT"}, {"crit": ["exp"]}, {"zip": "DEF"}):
        yield forge.visitor_signed(claims, visitor, **header)
    for wrong in ({"exp": now_s - 1}, {"exp": now_s}, {"aud": "other"}, {"aud": "Demo"}, {"aud": ["demo"]}):
        yield forge.visitor_signed({**claims, **wrong}, visitor)


def test_whatever_is_not_our_token_is_refused_in_the_same_words_without_a_call(
    cloud: Cloud, watched: Watched, good: str, signing_keys: tuple[Key, Key], monkeypatch: pytest.MonkeyPatch
) -> None:
    now_ms = clients.now_ms() // 1000 * 1000
    monkeypatch.setattr("fairline.wiring.now_ms", lambda: now_ms)
    tokens = [token for token in attacks(good, signing_keys, now_ms // 1000) if token != good]
    assert len(tokens) > 150
    told = set()
    for function, method, path in READERS:
        cloud.call(function, http_event(method, path, token="a first one, so that keys are known"))
        with watched() as calls:
            for token in tokens:
                answer = cloud.call(function, http_event(method, path, token=token))
                assert answer["statusCode"] == 401, token[:200]
                told.add(json.dumps(answer, sort_keys=True))
        assert calls == []
    assert len(told) == 1


def test_no_such_token_opens_a_socket(cloud: Cloud, watched: Watched, good: str, signing_keys: tuple[Key, Key]) -> None:
    def policy(token: str) -> Any:
        query = {"onsale": "demo", "visitor_token": token}
        return cloud.call("authorize_socket", socket_authorizer_event(query))["policyDocument"]["Statement"]

    assert policy(good)[0]["Effect"] == "Allow"
    with watched() as calls:
        tokens = attacks(good, signing_keys, clients.now_ms() // 1000)
        effects = {policy(token)[0]["Effect"] for token in tokens if token != good}
    assert (effects, calls) == ({"Deny"}, [])


def test_an_access_token_is_no_visitor_token(cloud: Cloud, watched: Watched) -> None:
    onsale = cloud.open()
    place = cloud.admitted()
    for function, method, path in READERS:
        cloud.call(function, http_event(method, path, token="a first one, so that keys are known"))
        with watched() as calls:
            for token in (place["access_token"], onsale["completion_key"], place["session"]):
                answer = cloud.call(function, http_event(method, path, token=token))
                assert answer["statusCode"] == 401
        assert calls == []
    assert cloud.place(place["visitor_token"]).body["state"] == "admitted"


def test_a_place_is_its_onsale_s_alone(cloud: Cloud, good: str) -> None:
    cloud.open("other", sale=60)
    assert cloud.place(good, "other").slug == "invalid-token"
    assert cloud.http("POST", "/v1/onsales/other/registrations", token=good).slug == "invalid-token"
    assert cloud.place(good).body["state"] == "waiting"
