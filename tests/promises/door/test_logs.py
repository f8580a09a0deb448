"""Nothing secret in any log line: a whole evening with its failures, and every line that it wrote, searched."""

import json
import secrets
from collections.abc import Iterator

import pytest

from fairline.adapters.redis_line import RedisLine
from fairline.domain.keys import Key
from fairline.routes import ADDRESS_HEADER
from stacks.stateless.stages import WRITTEN
from tests.handlers.cloud import OPERATOR, Cloud
from tests.handlers.events import ORIGIN, gate_event, http_event, socket_authorizer_event, socket_event, stream_event
from tests.promises.door import forge

ADDRESS, AGENT = "203.0.113.7", "a browser"
DEMO = "/v1/onsales/demo"


def visitor(cloud: Cloud) -> Iterator[str]:
    """One visitor's way in, by every function; what must not be found of it."""
    key = secrets.token_hex(16)
    token = cloud.register(headers={"idempotency-key": key, ADDRESS_HEADER: ADDRESS})["visitor_token"]
    yield from (key, token)
    place = cloud.place_of(token)
    yield from (place.visitor, place.id)
    cloud.call("authorize_socket", socket_authorizer_event({"onsale": "demo", "visitor_token": token}))
    cloud.socket(token, "c1=")
    context = {"onsale": "demo", "place": place.key}
    for frame in ('{"action": "place"}', '{"action": "ping"}', "{", token):
        cloud.call("message", socket_event("$default", context, body=frame))
    admitted = cloud.admitted(token=token)
    cloud.call("notify", stream_event(cloud.rows(place.id)))
    yield admitted["access_token"]
    cloud.http("POST", f"{DEMO}/place/extension", token=token)
    passed = cloud.call("authorize", gate_event("GET", f"{DEMO}/booking/seats", token=admitted["access_token"]))
    told = {f"x-fairline-{name}": value for name, value in passed["context"].items()}
    for method, what, body in (("GET", "seats", None), ("POST", "holds", {"seat": "A-1"}), ("POST", "purchases", {})):
        cloud.http(method, f"{DEMO}/booking/{what}", body, headers=told)
    cloud.call("disconnect", socket_event("$disconnect", context, connection="c1="))


def operator(cloud: Cloud, token: str) -> None:
    """Everything that operators do with somebody's token or for the whole line."""
    for path, body in (("place-lookup", {"visitor_token": token}), ("place-lookup", {"position": 1})):
        cloud.admin("POST", f"/demo/{path}", body)
    for path in ("", "/metrics", "/audit"):
        cloud.admin("GET", f"/demo{path}")


def failures(cloud: Cloud, secret: list[str]) -> None:
    """Every secret where it does not belong; function by function, since each begins with a cold start."""
    for method, path in (("GET", "place"), ("POST", "registrations")):
        for each in secret:
            cloud.http(
                method, f"{DEMO}/{path}", token=f"{each}x", headers={"idempotency-key": each, ADDRESS_HEADER: each}
            )
    for each in secret:
        cloud.http("POST", f"{DEMO}/sessions/{each}/completion", {"body": each}, token=each)
    for path in ("/v1/onsales/", "/v1/"):
        for each in secret:
            cloud.http("GET", f"{path}{each}", headers={"authorization": f"Bearer {each}"})
    for each in secret:
        cloud.call("authorize", gate_event("GET", f"{DEMO}/booking/{each}", token=f"{each}x"))
    for each in secret:
        cloud.call("authorize_socket", socket_authorizer_event({"onsale": each, "visitor_token": f"{each}x"}))
    for each in secret:
        cloud.admin("POST", f"/{each}/place-lookup", {"visitor_token": f"{each}x"})
        cloud.admin("POST", "", {"onsale": each, "name": each, each: each})


@pytest.fixture
def evening(cloud: Cloud, signing_keys: tuple[Key, Key]) -> list[str]:
    """A whole evening, guests limited in every way; all that it issued or knew and that is to be found nowhere."""
    cloud.environment |= {"GUEST_PLACES_PER_ADDRESS": "1000", "GUEST_ONE_PER_BROWSER": "true"}
    created = cloud.open()
    known = [created["completion_key"], ORIGIN, *(key.secret for key in signing_keys)]
    issued = list(visitor(cloud))
    cloud.http("POST", f"{DEMO}/sessions/{issued[3]}/completion", token=created["completion_key"])
    operator(cloud, issued[1])
    cloud.admin("POST", "/demo/completion-key", {"expected_version": 1})
    failures(cloud, issued)
    return [*issued, *known, *cloud.secrets, ADDRESS, AGENT, *(OPERATOR[name] for name in ("sub", "email"))]


def found(secret: list[str], printed: str) -> list[str]:
    """Which secrets stand in a text: whole, or a token's signature or claims alone."""
    parts = {part for each in secret for part in (each, *each.split(".")[1:]) if len(part) >= 8}
    return sorted(part for part in parts if part in printed)


def test_nothing_secret_is_logged_in_a_whole_evening(cloud: Cloud, evening: list[str]) -> None:
    printed = cloud.printed()
    assert "GateRefusals" in printed
    assert len(set(evening)) >= 14
    assert found(evening, printed) == []


def test_nor_by_what_breaks_down(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud.open(sale=60)
    key = secrets.token_hex(16)
    token = cloud.register(headers={"idempotency-key": key})["visitor_token"]
    secret = [key, token, cloud.place_of(token).visitor, ADDRESS]
    monkeypatch.delattr(RedisLine, "find")
    monkeypatch.delattr(RedisLine, "register")
    for function, method, path, sent in (("place", "GET", "place", token), ("register", "POST", "registrations", None)):
        event = http_event(method, f"{DEMO}/{path}", token=sent, headers={"idempotency-key": key})
        assert cloud.call(function, event)["statusCode"] == 500
    assert cloud.printed().count("unhandled") == 2
    assert found(secret, cloud.printed()) == []


def test_the_search_finds_a_secret_whole_or_in_part() -> None:
    token = forge.written({"alg": "x"}, {"sub": "somebody"}, b"a signature")
    _, claims, signature = token.split(".")
    assert found([token], f"x {token} x") == sorted([token, claims, signature])
    assert found([token], f"x {signature} x") == [signature]
    assert found([token], f"x {claims} x") == [claims]
    assert found([token], "nothing of it") == []


NEVER_WRITTEN = ("path", "identity", "sourceIp", "visitor", "session", "query", "header", "claims", "principal", "body")
"""What the gateway knows and the access log is not to say: sessions stand in paths, tokens in queries and headers."""


def test_the_access_log_s_format_has_nothing_of_a_visitor() -> None:
    said = json.dumps(WRITTEN).lower()
    assert [name for name in NEVER_WRITTEN if name.lower() in said] == []
    assert len(WRITTEN) == 6
