"""Elsewhere: one client asks fifty times and has fifty places."""

from tests.handlers.cloud import Cloud

FIFTY = range(50)


def test_a_browser_that_asks_fifty_times_has_one_place(cloud: Cloud) -> None:
    cloud.open(sale=60)
    key = {"idempotency-key": "one-browser-that-asks-fifty-times"}
    answers = [cloud.http("POST", "/v1/onsales/demo/registrations", headers=key) for _ in FIFTY]
    assert {answer.body["position"] for answer in answers} == {1}
    assert cloud.register()["position"] == 2


def test_a_visitor_token_shown_fifty_times_is_one_place(cloud: Cloud) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    answers = [cloud.http("POST", "/v1/onsales/demo/registrations", token=token) for _ in FIFTY]
    assert {answer.body["position"] for answer in answers} == {1}


def test_fifty_browsers_of_one_address_have_as_many_places_as_an_address_may(cloud: Cloud) -> None:
    """Where the limit is set: see what it does and does not stop in the threat model."""
    cloud.environment["GUEST_PLACES_PER_ADDRESS"] = "4"
    cloud.open(sale=60)
    address = {"x-fairline-address": "203.0.113.7"}
    answers = [cloud.http("POST", "/v1/onsales/demo/registrations", headers=address) for _ in FIFTY]
    assert [answer.status for answer in answers] == [201] * 4 + [429] * 46
    assert cloud.register(headers={"x-fairline-address": "198.51.100.9"})["position"] == 5
