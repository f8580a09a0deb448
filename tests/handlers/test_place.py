"""A visitor's own place: read it, ask for more time, leave."""

import json
from datetime import datetime, timedelta

import boto3
import jwt
import pytest

from fairline.domain.keys import Key
from fairline.domain.place import Place
from fairline.domain.session import End, Extension
from fairline.domain.visitor_token import VisitorClaims, mint
from tests.handlers.cloud import Cloud
from tests.handlers.events import socket_event

PATH = "/v1/onsales/demo/place"
FAR = 4_000_000_000


def test_who_waits_reads_position_and_wait(cloud: Cloud) -> None:
    """The sale is on, so that no second that passes makes the wait shorter."""
    cloud.open(rate_per_minute=6)
    cloud.register()
    made = cloud.register()
    assert made["estimated_wait_seconds"]["low"] > 0
    answer = cloud.place(made["visitor_token"])
    assert answer.status == 200
    assert answer.body == made


def test_a_deployment_says_how_often_visitors_may_ask(cloud: Cloud) -> None:
    cloud.environment["POLL_SECONDS"] = "20-30"
    cloud.open(sale=60)
    made = cloud.register()
    token = made["visitor_token"]
    context = {"onsale": "demo", "place": cloud.place_of(token).key}
    said = cloud.call("message", socket_event("$default", context, body='{"action": "place"}'))
    looked_up = cloud.admin("POST", "/demo/place-lookup", {"visitor_token": token}).body
    bodies = [made, cloud.place(token).body, json.loads(said["body"]), looked_up]
    assert [body["poll_after_seconds"] for body in bodies] == [20] * 4


def test_who_is_let_in_is_handed_what_they_enter_with(cloud: Cloud) -> None:
    cloud.open(session_seconds=60)
    place = cloud.admitted()
    assert place["booking_url"] == f"{cloud.gateway.url}/v1/onsales/demo/booking"
    assert place["extension_available"] is True
    assert place["session_expires_at"].endswith("Z")
    assert (place["ahead"], place["position"]) == (0, 1)


def test_reading_twice_gives_the_same_access_token(cloud: Cloud) -> None:
    cloud.open()
    place = cloud.admitted()
    assert cloud.place(place["visitor_token"]).body["access_token"] == place["access_token"]


@pytest.mark.parametrize("asked", ["the place", "to join"])
def test_a_sale_that_is_put_off_renews_the_tokens_of_those_who_wait(cloud: Cloud, asked: str) -> None:
    """Theirs would end before it. It is the same place, and a token that lasts is handed back as it is."""
    made = cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    closes_at = (datetime.fromisoformat(made["closes_at"]) + timedelta(days=3)).isoformat()
    cloud.admin("PATCH", "/demo", {"expected_version": made["version"], "closes_at": closes_at})
    cloud.tick()

    def again(token: str) -> str:
        if asked == "the place":
            answer = cloud.place(token)
        else:
            answer = cloud.http("POST", "/v1/onsales/demo/registrations", token=token)
        assert answer.status == 200
        return str(answer.body["visitor_token"])

    renewed = again(token)
    assert cloud.place_of(renewed) == cloud.place_of(token)
    assert expires_at(renewed) - expires_at(token) == 3 * 86_400
    assert again(renewed) == renewed


def expires_at(token: str) -> int:
    return int(jwt.decode(token, options={"verify_signature": False})["exp"])


def test_whose_time_ran_out_is_told_the_reason(cloud: Cloud) -> None:
    cloud.open()
    place = cloud.admitted()
    cloud.run_out(place["session"])
    answer = cloud.place(place["visitor_token"])
    assert (answer.status, answer.body["state"], answer.body["reason"]) == (200, "expired", "expired")
    assert "access_token" not in answer.body


def test_more_time_is_granted_once(cloud: Cloud) -> None:
    cloud.open(session_seconds=60)
    place = cloud.admitted()
    more = cloud.http("POST", f"{PATH}/extension", token=place["visitor_token"])
    assert more.status == 200
    assert _seconds_between(place["session_expires_at"], more.body["session_expires_at"]) == 60
    assert more.body["extension_available"] is False
    assert more.body["access_token"] != place["access_token"]
    again = cloud.http("POST", f"{PATH}/extension", token=place["visitor_token"])
    assert (again.status, again.slug) == (409, "already-extended")
    assert again.body["session_expires_at"] == more.body["session_expires_at"]
    read = cloud.place(place["visitor_token"]).body
    assert (read["extension_available"], read["access_token"]) == (False, more.body["access_token"])
    assert any(isinstance(row, Extension) for row in cloud.told(place["session"]))


def _seconds_between(earlier: str, later: str) -> float:
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()


def test_nobody_who_waits_or_has_ended_is_granted_more_time(cloud: Cloud) -> None:
    cloud.open()
    over = cloud.admitted()
    cloud.run_out(over["session"])
    answer = cloud.http("POST", f"{PATH}/extension", token=over["visitor_token"])
    assert (answer.status, answer.slug) == (409, "session-ended")
    waiting = cloud.register()["visitor_token"]
    answer = cloud.http("POST", f"{PATH}/extension", token=waiting)
    assert (answer.status, answer.slug) == (409, "session-ended")


def test_leaving_the_line_is_done_once_and_fine_again(cloud: Cloud) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    behind = cloud.register()["visitor_token"]
    for _ in range(2):
        answer = cloud.http("DELETE", PATH, token=token)
        assert (answer.status, answer.body) == (204, None)
    assert cloud.place(token).body["reason"] == "left"
    assert cloud.place(behind).body["ahead"] == 0


def test_leaving_gives_the_session_back(cloud: Cloud) -> None:
    cloud.open(max_active=1)
    first = cloud.admitted()
    second = cloud.register()["visitor_token"]
    cloud.tick(times=3)
    assert cloud.place(second).body["state"] == "waiting"
    assert cloud.http("DELETE", PATH, token=first["visitor_token"]).status == 204
    assert cloud.admitted(token=second)["state"] == "admitted"
    assert cloud.place(first["visitor_token"]).body["state"] == "left"


def test_leaving_after_a_purchase_changes_nothing(cloud: Cloud) -> None:
    key = cloud.open()["completion_key"]
    place = cloud.admitted()
    cloud.http("POST", f"/v1/onsales/demo/sessions/{place['session']}/completion", token=key)
    assert cloud.http("DELETE", PATH, token=place["visitor_token"]).status == 204
    assert cloud.place(place["visitor_token"]).body["state"] == "completed"
    (end,) = (row for row in cloud.told(place["session"]) if isinstance(row, End))
    assert end.reason == "completed"


@pytest.mark.parametrize(("method", "path"), [("GET", PATH), ("DELETE", PATH), ("POST", f"{PATH}/extension")])
@pytest.mark.parametrize("fault", ["missing", "forged", "altered", "expired", "of another onsale", "of an old key"])
def test_a_token_that_is_not_valid_is_refused(
    cloud: Cloud, signing_keys: tuple[Key, Key], method: str, path: str, fault: str
) -> None:
    cloud.open(sale=60)
    good = cloud.register()["visitor_token"]
    place = Place("demo", 1, "q3hPs0m3Vis1tor0fOurs0")
    signer = signing_keys[1]
    token = {
        "missing": None,
        "forged": mint(VisitorClaims(place, 1, FAR), Key("visitor", signer.kid, "a guess", 0)),
        "altered": good[:-8] + ("A" if good[-8] != "A" else "B") + good[-7:],
        "expired": mint(VisitorClaims(place, 1, 1), signer),
        "of another onsale": mint(VisitorClaims(Place("other", 1, place.visitor), 1, FAR), signer),
        "of an old key": mint(VisitorClaims(place, 1, FAR), Key("visitor", "visitor-0", signer.secret, 0)),
    }[fault]
    cloud.aws_calls.clear()
    answer = cloud.http(method, path, token=token)
    assert (answer.status, answer.slug) == (401, "invalid-token")
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert set(cloud.aws_calls) <= {"Query"}


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer "])
def test_the_scheme_is_read_in_any_case(cloud: Cloud, scheme: str) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    assert cloud.http("GET", PATH, headers={"authorization": f"{scheme} {token}"}).status == 200


def test_after_the_close_who_waits_is_told_so_and_who_is_in_stays_in(cloud: Cloud) -> None:
    version = cloud.open(max_active=1)["version"]
    inside = cloud.admitted()
    waiting = cloud.register()["visitor_token"]
    cloud.admin("POST", "/demo/close", {"expected_version": version})
    cloud.tick()
    answer = cloud.place(waiting)
    assert (answer.status, answer.slug) == (410, "closed")
    assert cloud.place(inside["visitor_token"]).body["state"] == "admitted"


def test_without_its_line_a_session_is_read_from_the_ledger(cloud: Cloud) -> None:
    cloud.open()
    place = cloud.admitted()
    cloud.flush()
    answer = cloud.place(place["visitor_token"])
    assert (answer.body["state"], answer.body["access_token"]) == ("admitted", place["access_token"])


def test_after_a_loss_the_token_takes_its_place_again(cloud: Cloud) -> None:
    cloud.open(sale=60)
    first, second = (cloud.register()["visitor_token"] for _ in range(2))
    cloud.flush()
    absent = cloud.place(second)
    assert (absent.status, absent.slug) == (503, "unavailable")
    cloud.tick(times=2)
    assert cloud.place(second).body["position"] == 2
    back = cloud.place(first).body
    assert (back["position"], back["ahead"], back["epoch"]) == (1, 0, 2)
    assert cloud.place(second).body["ahead"] == 1


def test_an_ended_ledger_means_unavailable_and_when_to_come_back(cloud: Cloud) -> None:
    cloud.open()
    place = cloud.admitted()
    boto3.client("dynamodb").delete_table(TableName=cloud.environment["SESSIONS_TABLE"])
    answer = cloud.place(place["visitor_token"])
    assert (answer.status, answer.slug) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) >= 1
