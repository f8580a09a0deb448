"""Tokens that were genuine, shown again: after the end, by another client, to another door."""

from typing import Any

import pytest

from fairline import clients, wiring
from tests.handlers.cloud import Answer, Cloud
from tests.handlers.events import gate_event

PLACE, REGISTRATIONS = "/v1/onsales/demo/place", "/v1/onsales/demo/registrations"
ELSEWHERE = {"x-forwarded-for": "198.51.100.9", "user-agent": "another browser"}


def enters(cloud: Cloud, token: str, **headers: str) -> Any:
    path = "/v1/onsales/demo/booking/seats"
    return cloud.call("authorize", gate_event("GET", path, token=token, **headers))


def completes(cloud: Cloud, session: str, key: str) -> Answer:
    return cloud.http("POST", f"/v1/onsales/demo/sessions/{session}/completion", token=key)


def test_after_completion_a_token_is_worth_nothing_at_any_door(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three seconds later at a gate that knew the session, at once at one that did not."""
    key = cloud.open(max_active=1)["completion_key"]
    place = cloud.admitted()
    token = place["access_token"]
    assert enters(cloud, token)["isAuthorized"] is True
    gate = wiring.gate()
    assert completes(cloud, place["session"], key).status == 204
    assert enters(cloud, token) == {"isAuthorized": False}
    later = clients.now_ms() + 3_000
    monkeypatch.setattr(gate, "_clock", lambda: later)
    assert gate.admits("/v1/onsales/demo/booking/seats", token) is None
    seen = cloud.place(place["visitor_token"]).body
    assert seen["state"] == "completed"
    assert "access_token" not in seen


def test_a_completed_visitor_gets_no_second_turn_by_registering_again(cloud: Cloud) -> None:
    key = cloud.open()["completion_key"]
    place = cloud.admitted()
    completes(cloud, place["session"], key)
    again = cloud.http("POST", REGISTRATIONS, token=place["visitor_token"])
    assert (again.status, again.body["state"], again.body["position"]) == (200, "completed", place["position"])


def test_another_client_with_the_same_token_is_the_same_session(cloud: Cloud) -> None:
    """A bearer token opens one session, whoever bears it: nobody is let in twice, no second slot is taken."""
    cloud.open(max_active=1)
    place = cloud.admitted()
    told = [enters(cloud, place["access_token"], **headers)["context"] for headers in ({}, ELSEWHERE)]
    assert told[0] == told[1]
    assert told[0]["session"] == place["session"]
    assert len(cloud.told(place["session"])) == 1
    second = cloud.register()
    cloud.tick(times=3)
    assert cloud.place(second["visitor_token"]).body["state"] == "waiting"


def test_another_client_with_the_same_visitor_token_finds_the_same_place(cloud: Cloud) -> None:
    cloud.open(sale=60)
    mine = cloud.register()
    theirs = cloud.http("POST", REGISTRATIONS, token=mine["visitor_token"], headers=ELSEWHERE)
    assert (theirs.status, theirs.body["position"]) == (200, mine["position"])
    assert cloud.register()["position"] == mine["position"] + 1


@pytest.mark.parametrize("claims", [{}, {"sub": ""}])
def test_an_identity_that_names_nobody_gets_no_place(cloud: Cloud, claims: dict[str, str]) -> None:
    """The issuer's own token, granted to a program: it is refused, and not counted among our failures."""
    cloud.open(sale=60)
    answer = cloud.http("POST", REGISTRATIONS, claims={"iss": "https://issuer.tickets.example", **claims})
    assert answer.slug == "invalid-token"
    assert cloud.register()["position"] == 1


def test_a_place_that_was_given_up_cannot_be_brought_back_by_its_token(cloud: Cloud) -> None:
    cloud.open(sale=60)
    first = cloud.register()
    token = first["visitor_token"]
    assert cloud.http("DELETE", PLACE, token=token).status == 204
    new = cloud.http("POST", REGISTRATIONS, token=token)
    assert (new.status, new.body["position"]) == (201, first["position"] + 1)
    assert cloud.place(token).slug == "superseded"


def test_a_purchase_reported_again_with_the_key_of_another_onsale_is_refused(cloud: Cloud) -> None:
    cloud.open()
    other = cloud.open("other")["completion_key"]
    place = cloud.admitted()
    for wrong in (other, place["access_token"], place["visitor_token"], "", "x" * 1_000_000):
        assert completes(cloud, place["session"], wrong).slug == "invalid-token"
    assert len(cloud.told(place["session"])) == 1
