"""Metrics and logs: each line whole, and nothing in them that opens a door."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fairline import stores
from fairline.domain.status import iso
from fairline.entrypoints import ticks
from fairline.entrypoints.telemetry import Tally, count, tally
from tests.handlers.cloud import Cloud
from tests.handlers.events import gate_event, http_event, socket_event


def test_metrics_of_onsales_that_tick_at_once_do_not_mix(cloud: Cloud) -> None:
    cloud.enter("admit")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: count({"Ticks": number}, onsale=f"sale-{number}"), range(300)))
    written = [json.loads(line) for line in cloud.printed().splitlines()]
    assert {line["onsale"]: line["Ticks"] for line in written} == {f"sale-{n}": [float(n)] for n in range(300)}
    assert all(line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Fairline" for line in written)


def lines(cloud: Cloud) -> list[dict[str, Any]]:
    """The EMF lines that were written."""
    return [line for line in map(json.loads, cloud.printed().splitlines()) if "_aws" in line]


def directive(line: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = line["_aws"]["CloudWatchMetrics"][0]
    return found


def test_a_figure_of_one_onsale_is_written_under_its_name_alone(cloud: Cloud) -> None:
    cloud.enter("admit")
    count({"Waiting": 7}, onsale="demo")
    (line,) = lines(cloud)
    assert directive(line)["Dimensions"] == [["onsale", "service"]]
    assert (line["onsale"], line["service"], line["Waiting"]) == ("demo", "admit", [7.0])


def test_what_an_alarm_watches_is_written_without_the_onsale_as_well(cloud: Cloud) -> None:
    cloud.enter("admit")
    ticks.failed("demo", ValueError())
    (line,) = lines(cloud)
    assert directive(line)["Dimensions"] == [["onsale", "service"], ["service"]]


def test_only_what_an_alarm_cannot_wait_for_is_stored_by_the_second(cloud: Cloud) -> None:
    cloud.enter("register")
    count({"Unavailable": 1, "Failures": 1})
    assert [metric.get("StorageResolution", 60) for metric in directive(lines(cloud)[0])["Metrics"]] == [1, 60]


def test_another_deployment_in_the_account_has_a_namespace_of_its_own(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Winter")
    cloud.enter("admit")
    count({"Ticks": 1})
    assert directive(lines(cloud)[0])["Namespace"] == "Winter"


def test_without_a_namespace_metrics_are_written_all_the_same(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POWERTOOLS_METRICS_NAMESPACE")
    cloud.enter("admit")
    count({"Ticks": 1})
    assert directive(lines(cloud)[0])["Namespace"] == "Fairline"


def test_a_crowd_is_added_up_and_written_once_in_a_while() -> None:
    now = 0.0
    crowd = Tally(5, lambda: now)
    assert [crowd.add("Failures") for _ in range(4)] == [1, 0, 0, 0]
    now = 4.9
    assert crowd.add("Failures") == 0
    now = 5.0
    assert crowd.add("Failures") == 5
    assert crowd.add("Refusals") == 1


def test_a_thousand_refusals_cost_a_line(cloud: Cloud) -> None:
    cloud.enter("register")
    for _ in range(1000):
        tally("Unavailable")
    assert [line["Unavailable"] for line in lines(cloud)] == [[1.0]]


def test_the_age_of_the_status_is_told_by_whoever_reads_it(cloud: Cloud) -> None:
    cloud.enter("message")
    document = {"onsale": "demo", "phase": "on_sale", "updated_at": iso(1_000_000)}
    assert ticks.seen(document, 1_012_500) is document
    assert ticks.seen(document, 1_013_000) is document
    (line,) = lines(cloud)
    assert (line["StatusAge"], line["onsale"], directive(line)["Metrics"][0]["Unit"]) == ([12.5], "demo", "Seconds")


def test_a_socket_that_asks_has_the_status_s_age_told(cloud: Cloud) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    context = {"onsale": "demo", "place": cloud.place_of(token).key}
    cloud.call("message", socket_event("$default", context, body='{"action": "ping"}'))
    assert [line["service"] for line in lines(cloud) if "StatusAge" in line] == ["message"]


def test_who_cannot_join_for_want_of_a_line_is_counted_and_who_is_early_is_not(cloud: Cloud) -> None:
    cloud.create(lobby=600, sale=700)
    assert cloud.http("POST", "/v1/onsales/demo/registrations").slug == "not-open-yet"
    assert [line for line in lines(cloud) if "Unavailable" in line] == []
    cloud.create("other", sale=60)
    assert cloud.http("POST", "/v1/onsales/other/registrations").slug == "unavailable"
    assert [line["Unavailable"] for line in lines(cloud) if "Unavailable" in line] == [[1.0]]


def test_the_gate_counts_whom_it_refuses(cloud: Cloud) -> None:
    event = gate_event("GET", "/v1/onsales/demo/booking/seats", token="forged")
    assert cloud.call("authorize", event) == {"isAuthorized": False}
    assert [line["GateRefusals"] for line in lines(cloud) if "GateRefusals" in line] == [[1.0]]


def test_a_line_that_is_closed_or_has_not_begun_has_no_status_to_grow_old(cloud: Cloud) -> None:
    cloud.enter("message")
    ticks.seen({"onsale": "demo", "phase": "closed", "updated_at": iso(0)}, 1_000_000)
    assert ticks.seen(None, 1_000_000) is None
    assert lines(cloud) == []


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
    monkeypatch.setattr(stores, "line", lambda: None)
    assert cloud.send(name, event).status == 500
    assert "unhandled" in cloud.printed()


def test_what_was_printed_is_searched_for_every_secret(cloud: Cloud) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    assert cloud.leaked(f"a line with {token} in it") == [token]
    assert cloud.leaked(f"a line with {token.rpartition('.')[2]} in it") == [token]
    assert cloud.leaked("a line without") == []
