"""The figures behind the console, over HTTP."""

import time
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from fairline.domain.figures import LONGEST_HISTORY, PERIOD_MS, Sample
from fairline.domain.status import from_iso, iso
from fairline.entrypoints.figures import history_body
from fairline.entrypoints.http import Response
from fairline.usecases.figures import History
from tests.handlers.cloud import OPERATOR, Cloud

LARGEST = 200_000


def test_the_metrics_tell_what_happened_and_what_is_expected(cloud: Cloud) -> None:
    cloud.open(max_active=1)
    cloud.admitted()
    cloud.register()
    cloud.tick()
    told = cloud.admin("GET", "/demo/metrics").body
    assert 0 <= told["status_age_seconds"] < 60
    assert from_iso(told["line_ends_at"]) > from_iso(told["server_time"])
    assert told["estimated_wait_seconds"]["low"] <= told["estimated_wait_seconds"]["high"]
    assert (told["arrived"], told["session_seconds"], told["expired"]) == (2, 240, 0)
    assert told["arrivals_last_minute"] in (1, 2)


def test_before_its_first_tick_a_line_has_no_age(cloud: Cloud) -> None:
    cloud.create(lobby=600, sale=1_200)
    told = cloud.admin("GET", "/demo/metrics").body
    assert (told["status_age_seconds"], told["updated_at"], told["line_ends_at"]) == (None, None, None)
    assert cloud.admin("GET", "/demo/history").body["samples"] == []


def test_history_has_what_ticks_left_and_goes_on_from_where_it_was_read_to(cloud: Cloud) -> None:
    cloud.open()
    (sample,) = cloud.admin("GET", "/demo/history").body["samples"]
    assert (sample["epoch"], sample["rate_per_minute"], sample["max_active"]) == (1, 60_000, 10)
    later = cloud.admin("GET", f"/demo/history?since={iso(from_iso(sample['at']) + PERIOD_MS)}").body
    assert (later["samples"], later["every_seconds"]) == ([], 10)


@pytest.mark.parametrize("since", ["yesterday", "2026-11-22T16:00:00", "5"])
def test_a_beginning_that_is_no_time_is_refused(cloud: Cloud, since: str) -> None:
    cloud.create()
    answer = cloud.admin("GET", f"/demo/history?since={since}")
    assert (answer.status, answer.fields) == (400, ["since"])


def test_the_longest_history_is_an_answer_of_less_than_200_kilobytes() -> None:
    largest = Sample(**dict.fromkeys(Sample.__dataclass_fields__, 10_000_000))
    body = history_body(History(PERIOD_MS, [largest] * LONGEST_HISTORY), 0)
    assert len(Response(200, body).as_event()["body"]) < LARGEST


def test_errors_are_told_by_the_minute_without_the_one_that_runs(cloud: Cloud) -> None:
    api = [{"Name": "ApiId", "Value": cloud.environment["API_ID"]}]
    minute_ms = time.time_ns() // 60_000_000_000 * 60_000
    for ago, counts in ((2, {"Count": 900, "4xx": 30, "5xx": 4}), (1, {"Count": 50}), (0, {"Count": 7})):
        _put("AWS/ApiGateway", minute_ms - ago * 60_000, counts, api)
    _put("Fairline", minute_ms - 2 * 60_000, {"Throttled": 25}, [])
    minutes = cloud.http("GET", "/v1/admin/errors", claims=OPERATOR).body["minutes"]
    at = [iso(minute_ms - ago * 60_000) for ago in (2, 1)]
    assert minutes == [
        {"at": at[0], "requests": 900, "refused": 30, "throttled": 25, "failed": 4},
        {"at": at[1], "requests": 50, "refused": 0, "throttled": 0, "failed": 0},
    ]


def _put(namespace: str, at_ms: int, counts: dict[str, int], dimensions: list[dict[str, str]]) -> None:
    told: Any = [
        {"MetricName": name, "Value": value, "Dimensions": dimensions, "Timestamp": at_ms / 1000}
        for name, value in counts.items()
    ]
    cloudwatch: Any = boto3.client("cloudwatch")
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=told)


def test_an_api_that_nobody_has_asked_yet_has_no_minutes(cloud: Cloud) -> None:
    assert cloud.http("GET", "/v1/admin/errors", claims=OPERATOR).body["minutes"] == []


def test_cloudwatch_that_does_not_answer_is_said_with_when_to_come_back(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", _refuse)
    monkeypatch.setattr("fairline.usecases.origin.OriginCheck.require", lambda *_: None)
    answer = cloud.http("GET", "/v1/admin/errors", claims=OPERATOR)
    assert (answer.status, answer.slug, answer.headers["retry-after"]) == (503, "unavailable", "10")


def _refuse(_client: object, operation: str, _params: object) -> None:
    raise ClientError({"Error": {"Code": "Throttling", "Message": "slow down"}}, operation)
