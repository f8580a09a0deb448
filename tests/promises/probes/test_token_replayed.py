"""Elsewhere: a token that was used is used again, and lets in whoever has it."""

from tests.handlers.cloud import Cloud
from tests.handlers.events import gate_event


def test_an_access_token_is_worth_nothing_after_the_purchase(cloud: Cloud) -> None:
    key = cloud.open()["completion_key"]
    place = cloud.admitted()
    event = gate_event("POST", "/v1/onsales/demo/booking/purchases", token=place["access_token"])
    assert cloud.call("authorize", event)["isAuthorized"]
    path = f"/v1/onsales/demo/sessions/{place['session']}/completion"
    assert cloud.http("POST", path, token=key).status == 204
    for _ in range(3):
        assert cloud.call("authorize", event) == {"isAuthorized": False}


def test_a_visitor_token_shown_again_is_the_same_place_and_after_the_purchase_no_other(cloud: Cloud) -> None:
    key = cloud.open()["completion_key"]
    place = cloud.admitted()
    token = place["visitor_token"]
    again = [cloud.http("POST", "/v1/onsales/demo/registrations", token=token) for _ in range(3)]
    assert [(answer.status, answer.body["position"]) for answer in again] == [(200, place["position"])] * 3
    cloud.http("POST", f"/v1/onsales/demo/sessions/{place['session']}/completion", token=key)
    answer = cloud.http("POST", "/v1/onsales/demo/registrations", token=token)
    assert (answer.status, answer.body["state"], answer.body["position"]) == (200, "completed", place["position"])
    assert cloud.register()["position"] == place["position"] + 1
