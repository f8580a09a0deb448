"""Elsewhere: eight requests for one fan's token at the same moment, and the counter is off by five."""

from typing import Any

from tests.handlers.cloud import Cloud
from tests.races.crowd import all_at_once

EIGHT = range(8)
KEY = {"idempotency-key": "one-fan-who-asks-eight-times"}


def test_eight_registrations_at_once_are_one_place(cloud: Cloud) -> None:
    cloud.open(sale=60)
    cloud.register()
    answers = all_at_once(lambda _: cloud.http("POST", "/v1/onsales/demo/registrations", headers=KEY), EIGHT)
    assert sorted(answer.status for answer in answers) == [200] * 7 + [201]
    assert {answer.body["position"] for answer in answers} == {2}
    assert cloud.register()["position"] == 3


def test_eight_requests_for_the_access_token_are_one_session_and_one_slot(cloud: Cloud) -> None:
    cloud.open(max_active=3)
    token = cloud.admitted()["visitor_token"]
    told: list[dict[str, Any]] = all_at_once(lambda _: cloud.place(token).body, EIGHT)
    assert len({each["access_token"] for each in told}) == 1
    cloud.tick()
    progress = cloud.admin("GET", "/demo/metrics").body
    assert (progress["active"], progress["admitted"], progress["serving"]) == (1, 1, 1)
