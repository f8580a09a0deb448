"""The public description of an onsale, and the answer to what is not there."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.handlers.cloud import Cloud
from tests.handlers.events import http_event


def test_anyone_can_read_an_onsale_and_caches_keep_it_for_a_second(cloud: Cloud) -> None:
    created = cloud.create(lobby=60, sale=120, branding={"accent": "#123456"})
    answer = cloud.http("GET", "/v1/onsales/demo")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "public, max-age=1"
    server_time = datetime.fromisoformat(answer.body.pop("server_time"))
    assert abs((datetime.now(UTC) - server_time).total_seconds()) < 60
    assert answer.body == {
        "onsale": "demo",
        "name": "A show",
        "phase": "scheduled",
        **{name: created[name] for name in ("lobby_opens_at", "sale_starts_at", "closes_at")},
        "websocket_url": "wss://sockets.tickets.example/live",
        "status_url": "https://status.tickets.example/status/demo.json",
        "branding": {"accent": "#123456"},
        "identity": "guest",
    }


def test_where_visitors_sign_in_the_page_is_told_where(cloud: Cloud) -> None:
    cloud.create()
    cloud.environment["IDENTITY"] = "oidc"
    body = cloud.http("GET", "/v1/onsales/demo").body
    assert body["identity"] == "oidc"
    assert body["sign_in"] == {"issuer": "https://issuer.tickets.example", "client_id": "fans"}


@pytest.mark.parametrize(
    ("phase", "times"),
    [
        ("scheduled", {"lobby": 60, "sale": 120}),
        ("lobby", {"lobby": -60, "sale": 60}),
        ("on_sale", {"lobby": -60, "sale": -30}),
        ("closed", {"lobby": -60, "sale": -30, "closes": -1}),
    ],
)
def test_the_phase_follows_the_times(cloud: Cloud, phase: str, times: dict[str, Any]) -> None:
    cloud.create("demo", **times)
    assert cloud.http("GET", "/v1/onsales/demo").body["phase"] == phase


@pytest.mark.parametrize("name", ["nowhere", "Demo", "#roster", "de mo", "\ud800", "x" * 3_000, "-demo", "demo\n"])
def test_an_onsale_that_does_not_exist_is_not_found(cloud: Cloud, name: str) -> None:
    cloud.create()
    answer = cloud.http("GET", f"/v1/onsales/{name}")
    assert (answer.status, answer.slug) == (404, "unknown-onsale")


def test_who_asks_often_costs_one_read_a_second(cloud: Cloud) -> None:
    cloud.create()
    cloud.enter("onsale")
    cloud.aws_calls.clear()
    for _ in range(20):
        cloud.http("GET", "/v1/onsales/demo")
    assert len(cloud.aws_calls) <= 2


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/onsales", "/v1/onsales/", "/v2/onsales/demo", "/v1/onsales/demo/x/y"]
)
def test_an_address_that_does_not_exist_is_not_found(cloud: Cloud, path: str) -> None:
    answer = cloud.http("GET", path)
    assert (answer.status, answer.slug) == (404, "not-found")
    assert cloud.aws_calls.count("Query") == 1  # who comes through the CDN, cached


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/v1/onsales/demo", "GET"),
        ("GET", "/v1/onsales/demo/registrations", "POST"),
        ("PUT", "/v1/onsales/demo/place", "DELETE, GET"),
        ("DELETE", "/v1/admin/onsales/demo", "GET, PATCH"),
        ("PUT", "/v1/admin/onsales", "GET, POST"),
        ("GET", "/v1/onsales/demo/sessions/1.x/completion", "POST"),
    ],
)
def test_a_method_that_an_address_does_not_have_is_told_those_it_has(
    cloud: Cloud, method: str, path: str, allowed: str
) -> None:
    answer = cloud.http(method, path)
    assert (answer.status, answer.slug, answer.headers["allow"]) == (405, "method-not-allowed", allowed)


def test_a_route_without_its_parameters_is_not_found(cloud: Cloud) -> None:
    for parameters in (None, {}, {"other": "demo"}):
        event = http_event("GET", "/v1/onsales/demo") | {"pathParameters": parameters}
        answer = cloud.send("onsale", event)
        assert (answer.status, answer.slug) == (404, "not-found")
    del event["pathParameters"]
    assert cloud.send("onsale", event).slug == "not-found"


def test_a_failure_nobody_expected_says_nothing_and_is_logged_and_counted(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.create()
    cloud.enter("onsale")
    monkeypatch.delenv("WEBSOCKET_URL")
    answer = cloud.http("GET", "/v1/onsales/demo")
    assert (answer.status, answer.slug) == (500, "internal")
    assert int(answer.headers["retry-after"]) >= 1
    assert "WEBSOCKET_URL" not in str(answer.body)
    printed = cloud.printed()
    assert "WEBSOCKET_URL" in printed
    assert '"Failures":[1.0]' in printed.replace(" ", "")


def test_an_unreadable_ledger_is_unavailable(cloud: Cloud) -> None:
    cloud.environment["ONSALES_TABLE"] = "no-such-table"
    answer = cloud.http("GET", "/v1/onsales/demo")
    assert (answer.status, answer.slug) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) >= 1
