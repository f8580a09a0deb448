"""The sample backend, told only what its function is to know."""

from typing import Any

from tests.handlers.cloud import Answer, Cloud
from tests.handlers.events import gate_event


def at(cloud: Cloud, place: dict[str, Any], method: str, path: str, body: Any = None) -> Answer:
    """A request as it comes from the gate."""
    path = f"/v1/onsales/demo/booking/{path}"
    passed = cloud.call("authorize", gate_event(method, path, token=place["access_token"]))
    headers = {f"x-fairline-{name}": value for name, value in passed["context"].items()}
    return cloud.http(method, path, body, token=place["access_token"], headers=headers)


def test_who_is_let_in_holds_a_seat_and_buys_it(cloud: Cloud) -> None:
    cloud.open()
    place = cloud.admitted()
    assert at(cloud, place, "GET", "seats").body["taken"] == []
    assert at(cloud, place, "POST", "holds", {"seat": "A-1"}).status == 201
    bought = at(cloud, place, "POST", "purchases", {})
    assert (bought.status, bought.body["seat"]) == (201, "A-1")
    assert at(cloud, place, "POST", "purchases", {}).status == 200
    path = f"/v1/onsales/demo/sessions/{place['session']}/completion"
    assert set(cloud.gateway.completed) == {path}


def test_what_cannot_be_read_or_is_not_there_is_refused(cloud: Cloud) -> None:
    cloud.open()
    place = cloud.admitted()
    assert at(cloud, place, "POST", "holds", "{").fields == ["body"]
    assert at(cloud, place, "POST", "holds", {"seat": "Z-99"}).fields == ["seat"]
    assert at(cloud, place, "GET", "nothing").slug == "not-found"
    wrong = at(cloud, place, "DELETE", "seats")
    assert (wrong.status, wrong.headers["allow"]) == (405, "GET")
    assert at(cloud, place, "POST", "purchases", {}).status == 409
