"""Bodies that no client of ours would send, to every route that reads one."""

import json
from typing import Any

import pytest

from fairline.routes import ORIGIN_HEADER
from tests.handlers.cloud import OPERATOR, Answer, Cloud, policy
from tests.handlers.events import ORIGIN, http_event

ADMIN = "/v1/admin/onsales"
READ_A_BODY = (
    ("POST", ADMIN),
    ("PATCH", f"{ADMIN}/demo"),
    ("POST", f"{ADMIN}/demo/pause"),
    ("POST", f"{ADMIN}/demo/resume"),
    ("POST", f"{ADMIN}/demo/close"),
    ("POST", f"{ADMIN}/demo/notice"),
    ("POST", f"{ADMIN}/demo/place-lookup"),
)
READ_NONE = (("POST", "/v1/onsales/demo/registrations"), ("GET", "/v1/onsales/demo"), ("GET", f"{ADMIN}/demo"))
NO_OBJECT: tuple[Any, ...] = (
    *("", "x", "{", "null", "[]", '"text"', "5", "NaN", "\x00", "\ud800"),
    *("[" * 5_000, '{"a":' * 2_000, '{"a": ' * 40 + "1" + "}" * 40, "9" * 5_000),
    *('{"name": NaN}', '{"name": Infinity}', '{"name": 1e999}', '{"name": "\\ud800"}', '{"\\udfff": 1}'),
    *(b"\xff\xfe\x00", b'{"name": "\xe9"}', b'{"name": "\xed\xa0\x80"}'),
)


def send(cloud: Cloud, method: str, path: str, body: Any, *, binary: bool = False) -> Answer:
    event = http_event(method, path, None, claims=OPERATOR)
    if isinstance(body, str) and not binary:
        event |= {"body": body}
    else:
        event |= http_event(method, path, body, claims=OPERATOR, binary=True)
    return cloud.send("admin", event)


@pytest.mark.parametrize(("method", "path"), READ_A_BODY)
def test_a_body_that_is_no_json_object_is_refused_by_name(cloud: Cloud, method: str, path: str) -> None:
    cloud.create()
    for body in NO_OBJECT:
        answer = send(cloud, method, path, body)
        assert (answer.status, answer.fields) == (400, ["body"]), body
    for absent in (
        http_event(method, path, claims=OPERATOR),
        http_event(method, path, claims=OPERATOR) | {"body": None},
    ):
        assert cloud.send("admin", absent).fields == ["body"]
    assert cloud.admin("GET", "/demo").body["version"] == 1


@pytest.mark.parametrize(("method", "path"), READ_A_BODY)
def test_a_body_that_is_too_large_is_refused(cloud: Cloud, method: str, path: str) -> None:
    cloud.create()
    for body in ("x" * 16_385, "é" * 8_193, b"x" * 16_385, json.dumps({"name": "x" * 20_000})):
        answer = send(cloud, method, path, body)
        assert (answer.status, answer.slug) == (413, "payload-too-large")


def test_a_body_in_base64_is_read_like_any_other(cloud: Cloud) -> None:
    cloud.create()
    body = json.dumps({"expected_version": 1, "notice": "Grüße aus der Schlange"}, ensure_ascii=False)
    answer = send(cloud, "POST", f"{ADMIN}/demo/notice", body, binary=True)
    assert (answer.status, answer.body["notice"]) == (200, "Grüße aus der Schlange")


def test_base64_that_is_none_is_refused(cloud: Cloud) -> None:
    cloud.create()
    event = http_event("POST", f"{ADMIN}/demo/notice", claims=OPERATOR) | {"body": "é{{{", "isBase64Encoded": True}
    assert cloud.send("admin", event).fields == ["body"]


def test_a_large_body_in_base64_counts_by_its_bytes(cloud: Cloud) -> None:
    cloud.create()
    body = json.dumps({"expected_version": 1, "notice": "fine"}).ljust(16_384)
    assert send(cloud, "POST", f"{ADMIN}/demo/notice", body, binary=True).status == 200


def test_what_is_nested_deeply_is_refused_by_name_like_anything_that_does_not_fit(cloud: Cloud) -> None:
    text: dict[str, Any] = {"end": True}
    for _ in range(25):
        text = {"in": text}
    assert cloud.admin("POST", "", policy(branding={"text": text})).fields == ["branding.text"]


@pytest.mark.parametrize(("method", "path"), READ_NONE)
def test_a_route_that_reads_no_body_does_not_mind_one(cloud: Cloud, method: str, path: str) -> None:
    cloud.open(sale=60)
    for body in ("x" * 100_000, b"\xff\xfe", "[" * 5_000, '"\\ud800"'):
        assert cloud.http(method, path, body, claims=OPERATOR if "admin" in path else None).status in {200, 201}


TO_EACH = (
    ("POST", "/v1/onsales/demo/registrations", 201),
    ("GET", "/v1/onsales/demo/place", 401),
    ("POST", "/v1/onsales/demo/sessions/1.x/completion", 401),
    ("GET", "/v1/onsales/demo", 200),
)


def test_a_request_with_no_header_but_the_cdn_s_is_like_one_without_a_token(cloud: Cloud) -> None:
    cloud.open(sale=60)
    for method, path, status in TO_EACH:
        event = http_event(method, path) | {"headers": {ORIGIN_HEADER: ORIGIN}}
        assert cloud.send(_function(path), event).status == status


@pytest.mark.parametrize("headers", ["absent", None, {}])
def test_a_request_without_any_header_did_not_come_through_the_cdn(cloud: Cloud, headers: Any) -> None:
    for method, path, _ in TO_EACH:
        event = http_event(method, path) | {"headers": headers}
        if headers == "absent":
            del event["headers"]
        assert cloud.send(_function(path), event).status == 403


def _function(path: str) -> str:
    endings = {"registrations": "register", "place": "place", "completion": "complete"}
    return endings.get(path.rpartition("/")[2], "onsale")


def test_odd_authorization_headers_are_no_tokens(cloud: Cloud) -> None:
    cloud.open(sale=60)
    for value in (
        "",
        "Bearer",
        "Bearer ",
        "Basic eDp5",
        "Bearer \ud800",
        "Bearer é",
        "x" * 9_000,
        "Bearer " + "." * 9_000,
    ):
        answer = cloud.http("GET", "/v1/onsales/demo/place", headers={"authorization": value})
        assert (answer.status, answer.slug) == (401, "invalid-token"), value
