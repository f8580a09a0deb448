"""Metrics and logs: each line whole, and nothing in them that opens a door."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from fairline import wiring
from fairline.entrypoints.telemetry import count
from tests.handlers.cloud import Cloud
from tests.handlers.events import http_event


def test_metrics_of_onsales_that_tick_at_once_do_not_mix(cloud: Cloud) -> None:
    cloud.enter("admit")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: count({"Ticks": number}, onsale=f"sale-{number}"), range(300)))
    lines = [json.loads(line) for line in cloud.printed().splitlines()]
    assert {line["onsale"]: line["Ticks"] for line in lines} == {f"sale-{n}": [float(n)] for n in range(300)}
    assert all(line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Fairline" for line in lines)


def test_a_whole_journey_logs_nothing_of_the_visitor(cloud: Cloud) -> None:
    key = cloud.open()["completion_key"]
    place = cloud.admitted()
    cloud.http("POST", f"/v1/onsales/demo/sessions/{place['session']}/completion", token=key)
    visitor = place["session"].partition(".")[2]
    assert len(cloud.secrets) >= 3
    assert visitor not in cloud.printed()


@pytest.mark.parametrize("path", ["place", "registrations"])
def test_a_failure_nobody_expected_logs_no_token(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    event = http_event("GET" if path == "place" else "POST", f"/v1/onsales/demo/{path}", token=token)
    name = "place" if path == "place" else "register"
    cloud.enter(name)
    monkeypatch.setattr(wiring, "line", lambda: None)
    assert cloud.send(name, event).status == 500
    assert "unhandled" in cloud.printed()


def test_what_was_printed_is_searched_for_every_secret(cloud: Cloud) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    assert cloud.leaked(f"a line with {token} in it") == [token]
    assert cloud.leaked(f"a line with {token.rpartition('.')[2]} in it") == [token]
    assert cloud.leaked("a line without") == []
