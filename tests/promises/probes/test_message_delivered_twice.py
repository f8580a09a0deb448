"""Elsewhere: a queue delivers a fan's message again, and the fan moves from 1 to 6."""

from tests.handlers.cloud import Cloud
from tests.handlers.events import http_event, stream_event

KEY = {"idempotency-key": "the-browser-that-was-heard-twice"}


def test_a_registration_that_comes_again_moves_nobody(cloud: Cloud) -> None:
    cloud.open(sale=60)
    event = http_event("POST", "/v1/onsales/demo/registrations", headers=KEY)
    first = cloud.send("register", event)
    others = [cloud.register()["position"] for _ in range(4)]
    again = [cloud.send("register", event) for _ in range(3)]
    assert (first.status, first.body["position"], others) == (201, 1, [2, 3, 4, 5])
    assert [(answer.status, answer.body["position"], answer.body["ahead"]) for answer in again] == [(200, 1, 0)] * 3
    assert cloud.register()["position"] == 6


def test_an_admission_that_the_stream_tells_twice_is_the_same_admission(cloud: Cloud) -> None:
    cloud.open()
    place = cloud.admitted()
    cloud.socket(place["visitor_token"], "c=")
    record = stream_event(cloud.rows(place["session"]))
    for _ in range(2):
        cloud.call("notify", record)
    assert {message["access_token"] for message in cloud.gateway.messages("c=")} == {place["access_token"]}
    cloud.tick()
    assert cloud.admin("GET", "/demo/metrics").body["active"] == 1
