"""Joining the line, as a visitor's browser meets it."""

import re

import pytest

from fairline.domain.identity import guest
from tests.handlers.cloud import Cloud

KEY = {"idempotency-key": "a-random-key-of-128-bits"}
PATH = "/v1/onsales/demo/registrations"
FAN = {"iss": "https://id.example", "sub": "fan-1", "aud": "fairline", "token_use": "id"}


def test_a_new_visitor_is_given_the_next_place_and_a_token(cloud: Cloud) -> None:
    cloud.open(sale=60)
    cloud.register()
    answer = cloud.http("POST", PATH)
    assert answer.status == 201
    assert answer.headers == {"cache-control": "no-store", "content-type": "application/json"}
    assert {name: answer.body[name] for name in ("position", "ahead", "state", "epoch")} == {
        "position": 2,
        "ahead": 1,
        "state": "waiting",
        "epoch": 1,
    }
    wait = answer.body["estimated_wait_seconds"]
    assert 0 < wait["low"] <= wait["high"]
    assert answer.body["poll_after_seconds"] >= 1
    assert cloud.place(answer.body["visitor_token"]).body["position"] == 2


def test_the_same_key_finds_the_same_place(cloud: Cloud) -> None:
    cloud.open(sale=60)
    first = cloud.http("POST", PATH, headers=KEY)
    again = cloud.http("POST", PATH, headers=KEY)
    assert (first.status, again.status) == (201, 200)
    assert again.body == first.body


def test_the_visitor_is_derived_from_the_key_and_does_not_show_it(cloud: Cloud) -> None:
    cloud.open(sale=60)
    place = cloud.place_of(cloud.register(headers=KEY)["visitor_token"])
    assert place.visitor == guest(KEY["idempotency-key"])
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", place.visitor)


def test_a_visitor_token_finds_its_place_again(cloud: Cloud) -> None:
    cloud.open(sale=60)
    made = cloud.register()
    again = cloud.http("POST", PATH, token=made["visitor_token"])
    assert again.status == 200
    assert again.body == made


def test_a_person_has_one_place_on_every_device(cloud: Cloud) -> None:
    cloud.open(sale=60)
    first = cloud.http("POST", PATH, claims=FAN, headers=KEY)
    second = cloud.http("POST", PATH, claims=FAN, headers={"idempotency-key": "another-random-key-of-128"})
    other = cloud.http("POST", PATH, claims={**FAN, "sub": "fan-2"}, headers=KEY)
    assert (first.status, second.status, other.status) == (201, 200, 201)
    assert first.body["position"] == second.body["position"] != other.body["position"]


def test_the_identity_token_of_a_person_is_not_taken_for_a_visitor_token(cloud: Cloud) -> None:
    cloud.open(sale=60)
    assert cloud.http("POST", PATH, claims=FAN, token="an.identity.token").status == 201


def test_who_left_joins_again_at_the_end_and_the_old_token_is_superseded(cloud: Cloud) -> None:
    cloud.open(sale=60)
    token = cloud.register(headers=KEY)["visitor_token"]
    cloud.register()
    assert cloud.http("DELETE", "/v1/onsales/demo/place", token=token).status == 204
    again = cloud.register(headers=KEY)
    assert (again["position"], again["state"]) == (3, "waiting")
    for refused in (cloud.place(token), cloud.http("DELETE", "/v1/onsales/demo/place", token=token)):
        assert (refused.status, refused.slug) == (410, "superseded")
    assert cloud.place(again["visitor_token"]).body["state"] == "waiting"


def test_a_token_whose_place_was_left_opens_a_new_place_for_the_same_visitor(cloud: Cloud) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    cloud.http("DELETE", "/v1/onsales/demo/place", token=token)
    again = cloud.http("POST", PATH, token=token)
    assert (again.status, again.body["position"]) == (201, 2)
    assert cloud.place_of(again.body["visitor_token"]).visitor == cloud.place_of(token).visitor


def test_without_rejoining_who_left_is_told_so(cloud: Cloud) -> None:
    cloud.open(sale=60, rejoin=False)
    token = cloud.register(headers=KEY)["visitor_token"]
    cloud.http("DELETE", "/v1/onsales/demo/place", token=token)
    again = cloud.http("POST", PATH, headers=KEY)
    assert (again.status, again.body["state"], again.body["reason"]) == (200, "left", "left")


def test_who_bought_is_told_so_instead_of_queueing_again(cloud: Cloud) -> None:
    key = cloud.open()["completion_key"]
    made = cloud.register(headers=KEY)
    session = cloud.admitted(token=made["visitor_token"])["session"]
    cloud.http("POST", f"/v1/onsales/demo/sessions/{session}/completion", token=key)
    again = cloud.http("POST", PATH, headers=KEY)
    assert (again.status, again.body["state"], again.body["position"]) == (200, "completed", made["position"])


def test_registering_once_admitted_hands_out_the_admission(cloud: Cloud) -> None:
    cloud.open()
    made = cloud.register(headers=KEY)
    place = cloud.admitted(token=made["visitor_token"])
    again = cloud.http("POST", PATH, headers=KEY)
    assert (again.status, again.body["state"]) == (200, "admitted")
    assert again.body["access_token"] == place["access_token"]


def test_before_the_lobby_the_answer_names_the_seconds_until_it_opens(cloud: Cloud) -> None:
    cloud.create(lobby=3600, sale=3700, closes=7200)
    answer = cloud.http("POST", PATH)
    assert (answer.status, answer.slug) == (503, "not-open-yet")
    assert 3590 <= int(answer.headers["retry-after"]) <= 3600


def test_shortly_before_the_lobby_the_store_itself_refuses(cloud: Cloud) -> None:
    cloud.open(lobby=90, sale=100)
    answer = cloud.http("POST", PATH)
    assert (answer.status, answer.slug) == (503, "not-open-yet")
    assert 80 <= int(answer.headers["retry-after"]) <= 90


@pytest.mark.parametrize("kept", ["with its line", "without"])
def test_after_the_close_nobody_joins(cloud: Cloud, kept: str) -> None:
    version = (cloud.open() if kept == "with its line" else cloud.create())["version"]
    cloud.admin("POST", "/demo/close", {"expected_version": version})
    if kept == "with its line":
        cloud.tick()
    answer = cloud.http("POST", PATH)
    assert (answer.status, answer.slug) == (410, "closed")


def test_an_unknown_onsale_is_not_found(cloud: Cloud) -> None:
    answer = cloud.http("POST", "/v1/onsales/nowhere/registrations")
    assert (answer.status, answer.slug) == (404, "unknown-onsale")


def test_while_no_record_is_kept_no_place_is_given(cloud: Cloud) -> None:
    cloud.create()
    cloud.tick()
    answer = cloud.http("POST", PATH)
    assert (answer.status, answer.slug) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) >= 1


@pytest.mark.parametrize("key", ["short", "", "x" * 129, "with a space in the middle", "é" * 30])
def test_a_key_that_is_no_random_key_is_refused_by_name(cloud: Cloud, key: str) -> None:
    cloud.open(sale=60)
    answer = cloud.http("POST", PATH, headers={"idempotency-key": key})
    assert (answer.status, answer.fields) == (400, ["Idempotency-Key"])


def test_a_store_that_does_not_answer_is_unavailable_and_says_when_to_come_back(cloud: Cloud) -> None:
    cloud.open(sale=60)
    cloud.environment["REDIS_URL"] = "redis://127.0.0.1:1/0"
    answer = cloud.http("POST", PATH)
    assert (answer.status, answer.slug) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) >= 1


def test_registering_makes_no_call_to_aws_once_the_keys_are_known(cloud: Cloud) -> None:
    cloud.open(sale=60)
    cloud.register()
    cloud.aws_calls.clear()
    cloud.register()
    assert cloud.aws_calls == []
