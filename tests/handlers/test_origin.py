"""Nobody is answered who comes past the CDN: not by any function with a route, and not by the gate."""

from typing import Any

import boto3
import pytest

from fairline import clients, wiring
from fairline.domain.keys import DAY_MS
from fairline.routes import HTTP_ROUTES, ORIGIN_HEADER
from tests.handlers.cloud import Cloud, forget
from tests.handlers.events import ORIGIN, Event, gate_event, http_event, schedule_event

FUNCTIONS = sorted({route.function for route in HTTP_ROUTES})
PLACE = "/v1/onsales/demo/place"


def around(event: Event, claimed: str | None) -> Event:
    """The request as somebody sends it who has found the API's own address."""
    headers = {name: value for name, value in event["headers"].items() if name != ORIGIN_HEADER}
    return {**event, "headers": headers if claimed is None else {**headers, ORIGIN_HEADER: claimed}}


@pytest.mark.parametrize("claimed", [None, "", "a guess", f"{ORIGIN},{ORIGIN}"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_past_the_cdn_every_function_refuses_before_anything_else_is_touched(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, name: str, claimed: str | None
) -> None:
    cloud.enter(name)
    for made in ("latest_onsales", "registrar", "places", "visitor_tokens", "completion", "operations", "box_office"):
        monkeypatch.delattr(wiring, made)
    method, path = next(_request(route.method, route.path) for route in HTTP_ROUTES if route.function == name)
    cloud.aws_calls.clear()
    answer = cloud.send(name, around(http_event(method, path), claimed))
    assert (answer.status, answer.slug) == (403, "not-from-the-edge")
    assert answer.headers["cache-control"] == "no-store"
    assert cloud.aws_calls == ["Query"]


def _request(method: str, path: str) -> tuple[str, str]:
    plain = path.replace("{onsale}", "demo").replace("{session}", "1.v").replace("{proxy+}", "seats")
    return method.replace("ANY", "GET"), plain


def test_an_unknown_address_past_the_cdn_is_refused_like_any_other(cloud: Cloud) -> None:
    answer = cloud.send("onsale", around(http_event("GET", "/nothing"), None))
    assert (answer.status, answer.slug) == (403, "not-from-the-edge")


def test_the_secret_is_looked_up_once_a_minute_however_many_guess(cloud: Cloud) -> None:
    cloud.send("onsale", around(http_event("GET", "/v1/onsales/demo"), "a guess"))
    cloud.aws_calls.clear()
    for guess in range(20):
        cloud.send("onsale", around(http_event("GET", "/v1/onsales/demo"), f"guess {guess}"))
    assert cloud.aws_calls == []


def test_past_the_cdn_the_gate_refuses_a_session_that_lives(cloud: Cloud) -> None:
    cloud.open()
    event = gate_event("GET", "/v1/onsales/demo/booking/seats", token=cloud.admitted()["access_token"])
    assert cloud.call("authorize", event)["isAuthorized"] is True
    cloud.aws_calls.clear()
    for claimed in (None, "", "a guess"):
        assert cloud.call("authorize", around(event, claimed)) == {"isAuthorized": False}
    assert cloud.aws_calls == []
    assert "GateFailures" not in cloud.printed()


def test_while_it_cannot_be_known_who_comes_through_the_cdn_nobody_is_answered(cloud: Cloud) -> None:
    cloud.environment["KEYS_TABLE"] = "no-such-table"
    answer = cloud.http("GET", PLACE)
    assert (answer.status, answer.slug) == (503, "unavailable")


def test_rotation_lets_in_what_secrets_manager_says_and_for_a_day_what_it_said_before(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.forget_keys("origin")
    for secret in ("the first secret of the CDN", "the second secret of the CDN"):
        boto3.client("secretsmanager").put_secret_value(
            SecretId=cloud.environment["ORIGIN_SECRET"], SecretString=secret
        )
        cloud.secrets.add(secret)
        cloud.call("rotate", schedule_event())
    assert _answered(cloud) == {"first": 404, "second": 404, "third": 403}
    later = clients.now_ms() + DAY_MS
    monkeypatch.setattr(wiring, "now_ms", lambda: later)
    forget()
    assert _answered(cloud) == {"first": 403, "second": 404, "third": 403}


def _answered(cloud: Cloud) -> dict[str, int]:
    """What each is answered who asks for what is not there."""
    nothing: Any = http_event("GET", "/v1/onsales/nothing-here")
    asked = {name: around(nothing, f"the {name} secret of the CDN") for name in ("first", "second", "third")}
    return {name: cloud.send("onsale", event).status for name, event in asked.items()}


def test_rotation_keeps_no_secret_of_the_cdn_in_clear(cloud: Cloud) -> None:
    cloud.call("rotate", schedule_event())
    rows = boto3.client("dynamodb").scan(TableName=cloud.environment["KEYS_TABLE"])["Items"]
    cloud.secrets |= {row["secret"]["S"] for row in rows if "secret" in row}
    assert "the CDN of the tests says this" not in repr(rows)
    assert all(len(row["kid"]["S"]) == 64 for row in rows if row["purpose"]["S"] == "origin")


def test_rotation_without_the_secret_fails_and_says_so(cloud: Cloud) -> None:
    cloud.environment["ORIGIN_SECRET"] = "no-such-secret"
    with pytest.raises(Exception, match="origin secret cannot be read"):
        cloud.call("rotate", schedule_event())
