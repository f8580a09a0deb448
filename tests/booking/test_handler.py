"""The function as API Gateway calls it, behind the gate."""

import json
from typing import Any

import pytest

from fairline import wiring
from fairline.domain.origin import OriginSecret, digest
from fairline.routes import ORIGIN_HEADER
from fairline.usecases.origin import OriginCheck
from lambdas.booking.handler import handler
from tests.booking.office import Office

SESSION = "17.q3hPs0m3Vis1tor0fOurs0"
CDN = "what the CDN adds"
OF_THE_GATE = {
    "x-fairline-visitor": "q3hPs0m3Vis1tor0fOurs0",
    "x-fairline-session": SESSION,
    "x-fairline-onsale": "demo",
}


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    office = Office()
    monkeypatch.setattr(wiring, "box_office", lambda: office.box)
    monkeypatch.setattr(wiring, "origin_check", lambda: OriginCheck(lambda: [OriginSecret(digest(CDN), 0)], lambda: 1))
    return office


ROUTE = "ANY /v1/onsales/{onsale}/booking/{proxy+}"


def call(method: str, proxy: str, body: str | None = None, *, onsale: str = "demo", **headers: str) -> dict[str, Any]:
    """The answer to a request, its body parsed. Headers given replace the gate's."""
    path = f"/v1/onsales/{onsale}/booking/{proxy}"
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": ROUTE,
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"accept": "*/*", "authorization": "Bearer a.b.c", "host": "tickets.example", ORIGIN_HEADER: CDN}
        | (headers or OF_THE_GATE),
        "requestContext": context(method, path, onsale),
        "pathParameters": {"onsale": onsale, "proxy": proxy},
        "isBase64Encoded": False,
    }
    if body is not None:
        event["body"] = body
    answer = handler(event, None)
    return {**answer, "body": json.loads(answer["body"])}


def context(method: str, path: str, onsale: str) -> dict[str, Any]:
    """The request context of payload format 2.0 behind a Lambda authorizer."""
    return {
        "accountId": "123456789012",
        "apiId": "a1b2c3d4e5",
        "authorizer": {"lambda": {"visitor": SESSION[3:], "session": SESSION, "onsale": onsale}},
        "domainName": "tickets.example",
        "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "fan"},
        "requestId": "JKJaXmPLvHcESHA=",
        "routeKey": ROUTE,
        "stage": "$default",
        "time": "15/Jan/2027:08:00:00 +0000",
        "timeEpoch": 1_800_000_000_000,
    }


@pytest.mark.usefixtures("office")
def test_a_visitor_looks_holds_buys_and_buys_again() -> None:
    assert call("GET", "seats")["body"]["yours"] is None
    held = call("POST", "holds", '{"seat": "A-1"}')
    assert (held["statusCode"], held["body"]) == (201, {"seat": "A-1", "held_until": "2027-01-15T08:02:00.000Z"})
    bought = call("POST", "purchases", "{}")
    assert (bought["statusCode"], bought["body"]["seat"]) == (201, "A-1")
    again = call("POST", "purchases", "{}")
    assert (again["statusCode"], again["body"]) == (200, bought["body"])
    assert call("GET", "seats")["body"]["yours"]["state"] == "sold"


def test_a_purchase_is_reported_with_the_session_of_the_gate(office: Office) -> None:
    call("POST", "holds", '{"seat": "A-1"}')
    call("POST", "purchases")
    assert office.reports.told == [("demo", SESSION, "the-key")]


def test_a_seat_somebody_else_holds_is_a_problem_document(office: Office) -> None:
    office.hold("2.bob", "A-1")
    refused = call("POST", "holds", '{"seat": "A-1"}')
    assert (refused["statusCode"], refused["body"]["type"]) == (409, "urn:fairline:problem:seat-taken")
    assert refused["headers"]["content-type"] == "application/problem+json"


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    ("method", "proxy", "body", "status", "slug"),
    [
        ("POST", "purchases", "{}", 409, "nothing-held"),
        ("POST", "holds", '{"seat": "Z-9"}', 400, "invalid-request"),
        ("POST", "holds", "{}", 400, "invalid-request"),
        ("POST", "holds", "[", 400, "invalid-request"),
        ("POST", "holds", None, 400, "invalid-request"),
        ("POST", "holds", f'{{"seat": "{"A" * 20_000}"}}', 413, "payload-too-large"),
        ("GET", "holds", None, 405, "method-not-allowed"),
        ("DELETE", "seats", None, 405, "method-not-allowed"),
        ("GET", "seats/A-1", None, 404, "not-found"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(
    method: str, proxy: str, body: str | None, status: int, slug: str
) -> None:
    refused = call(method, proxy, body)
    assert (refused["statusCode"], refused["body"]["type"]) == (status, f"urn:fairline:problem:{slug}")


@pytest.mark.usefixtures("office")
def test_a_session_of_another_onsale_buys_nothing_here() -> None:
    assert call("GET", "seats", onsale="other")["statusCode"] == 401


@pytest.mark.usefixtures("office")
def test_a_request_that_did_not_pass_the_gate_is_refused() -> None:
    assert call("GET", "seats", **{"x-fairline-onsale": "demo"})["statusCode"] == 401
