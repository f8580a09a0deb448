"""Elsewhere: the counter is advanced by a negative number, and the line goes backwards."""

import pytest

from tests.handlers.cloud import Cloud

FIELDS = ("rate_per_minute", "max_active", "session_seconds")
OURS = ("serving", "issued", "increment_by", "epoch")


def counters(cloud: Cloud) -> dict[str, int]:
    cloud.tick()
    told = cloud.admin("GET", "/demo/metrics").body
    return {name: told[name] for name in ("serving", "issued", "admitted", "active", "version", "rate_per_minute")}


@pytest.mark.parametrize("value", [-1, 0, "-1"])
def test_no_operator_can_let_in_fewer_than_nobody(cloud: Cloud, value: object) -> None:
    cloud.open()
    place = cloud.admitted()
    before = counters(cloud)
    for field in FIELDS:
        answer = cloud.admin("PATCH", "/demo", {"expected_version": 1, field: value})
        assert (answer.status, answer.fields) == (400, [field])
    for field in OURS:
        assert cloud.admin("PATCH", "/demo", {"expected_version": 1, field: value}).status == 400
    assert counters(cloud) == before
    assert cloud.place(place["visitor_token"]).body["state"] == "admitted"
