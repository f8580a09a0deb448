"""What the room does for the console: its settings, renewed tokens, and the figures that API Gateway would tell."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from local.aws_shapes import API_ID
from local.background import Room
from local.provision import client
from local.traffic import Traffic
from stacks.edge.console import console_settings
from tests.local.fetching import fetch
from tests.local.waiting import eventually


def test_the_console_is_told_its_issuer_as_in_a_deployment(room: Room) -> None:
    told = fetch(f"{room.url}/console/settings.json")
    assert told.json == console_settings(f"{room.url}/issuer", "fairline-operators")
    assert told.headers["content-type"] == "application/json"


def test_the_console_is_found_by_its_name_with_what_the_issuer_added(room: Room) -> None:
    answer = fetch(f"{room.url}/console?code=c&state=s")
    assert (answer.status, answer.headers["location"]) == (307, f"{room.url}/console/?code=c&state=s")
    assert b"Fairline console" in fetch(f"{room.url}/console/").body


def test_answers_are_counted_until_they_are_told() -> None:
    traffic = Traffic()
    for status in (200, 201, 429, 404, 503):
        traffic.note(status)
    assert traffic.take() == Counter({"Count": 5, "2xx": 2, "4xx": 2, "5xx": 1, "Throttled": 1})
    assert not traffic.take()


def test_cloudwatch_learns_what_became_of_the_apis_requests(room: Room) -> None:
    cloudwatch = client("cloudwatch", room.environment)
    assert fetch(f"{room.url}/v1/admin/onsales").status == 401
    dimensions = [{"Name": "ApiId", "Value": API_ID}]

    def refused() -> float:
        now = datetime.now(UTC)
        answer: Any = cloudwatch.get_metric_statistics(
            Namespace="AWS/ApiGateway",
            MetricName="4xx",
            Dimensions=dimensions,
            StartTime=now - timedelta(hours=1),
            EndTime=now + timedelta(minutes=1),
            Period=7_200,
            Statistics=["Sum"],
        )
        return float(sum(point["Sum"] for point in answer["Datapoints"]))

    assert eventually(refused) >= 1
