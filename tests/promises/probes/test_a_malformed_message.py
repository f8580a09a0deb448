"""Elsewhere: a malformed message in a batch leaves holes and loses other fans' numbers."""

from typing import Any

from tests.handlers.cloud import Cloud

MALFORMED: list[dict[str, Any]] = [
    {"headers": {"idempotency-key": "short"}},
    {"headers": {"idempotency-key": "é" * 30}},
    {"headers": {"idempotency-key": "x" * 500}},
    {"token": "no.token.at.all"},
    {"token": "e30.e30."},
]


def test_positions_have_no_holes_and_nobody_loses_theirs(cloud: Cloud) -> None:
    cloud.open(sale=60)
    places = []
    for options in MALFORMED:
        places.append(cloud.register())
        answer = cloud.http("POST", "/v1/onsales/demo/registrations", **options)
        assert answer.status in (400, 401), options
    assert [place["position"] for place in places] == [1, 2, 3, 4, 5]
    assert [cloud.place(place["visitor_token"]).body["position"] for place in places] == [1, 2, 3, 4, 5]
    assert cloud.register()["position"] == 6


def test_what_is_addressed_to_no_onsale_takes_no_position_of_one(cloud: Cloud) -> None:
    cloud.open(sale=60)
    for onsale in ("DEMO", "demo%00", "-", "x" * 64):
        assert cloud.http("POST", f"/v1/onsales/{onsale}/registrations").status == 404
    assert cloud.register()["position"] == 1
