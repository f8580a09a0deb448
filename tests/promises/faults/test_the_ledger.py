"""DynamoDB throttles, is slow, and takes less than it is handed: each time the promise that it could break."""

import time
from collections import Counter
from itertools import count
from typing import Any

import pytest

from fairline import wiring
from fairline.adapters import redis_admissions
from fairline.domain.errors import Unavailable
from fairline.domain.session import End, Extension, Start
from tests.handlers.cloud import Cloud
from tests.handlers.events import gate_event
from tests.promises.faults.ledger import Ledger, Make, late, late_once, silent, takes_no_more_than

FANS = 6


def tries(cloud: Cloud, times: int = 1) -> None:
    """Ticks, of which any may fail."""
    for _ in range(times):
        try:
            cloud.tick()
        except Unavailable:
            continue


def all_in(cloud: Cloud, tokens: list[str]) -> list[dict[str, Any]]:
    """Tick until everybody is in: what each is told."""
    for _ in range(50):
        cloud.tick()
        told = [cloud.place(token).body for token in tokens]
        if all(each["state"] == "admitted" for each in told):
            return told
    raise AssertionError(told)


def everybody_is_in_once(cloud: Cloud, tokens: list[str]) -> None:
    """One start row each, the slots taken, and called in order."""
    told = all_in(cloud, tokens)
    starts = [row for token in tokens for row in cloud.told(cloud.session_of(token)) if isinstance(row, Start)]
    assert Counter(start.place.position for start in starts) == Counter(each["position"] for each in told)
    cloud.tick()
    progress = cloud.admin("GET", "/demo/metrics").body
    assert (progress["active"], progress["waiting"], progress["admitted"]) == (len(tokens), 0, len(tokens))


@pytest.mark.parametrize("operation", ["Query", "GetItem", "BatchWriteItem", "PutItem"])
def test_whichever_call_of_a_tick_fails_nobody_is_lost_or_let_in_twice(
    cloud: Cloud, ledger: Ledger, reply: Make, operation: str
) -> None:
    """Promise 5."""
    cloud.open()
    tokens = [cloud.register()["visitor_token"] for _ in range(FANS)]
    ledger.asked.clear()
    ledger.does(reply, operation)
    tries(cloud, times=3)
    assert ledger.asked[operation]
    ledger.mends()
    everybody_is_in_once(cloud, tokens)


@pytest.mark.parametrize("many", [0, 1, 3])
def test_what_a_batch_hands_back_is_written_later(cloud: Cloud, ledger: Ledger, many: int) -> None:
    """Promise 5: whoever's session is not written yet waits, with the slot held."""
    cloud.open(max_active=FANS)
    tokens = [cloud.register()["visitor_token"] for _ in range(FANS)]
    later = cloud.register()["visitor_token"]
    if many:
        ledger.does(takes_no_more_than(many), "BatchWriteItem")
    else:
        ledger.does(takes_no_more_than(0), "BatchWriteItem")
        tries(cloud)
        assert {cloud.place(token).body["state"] for token in [*tokens, later]} == {"waiting"}
        ledger.mends()
    everybody = all_in(cloud, tokens)
    assert [each["position"] for each in everybody] == list(range(1, FANS + 1))
    assert cloud.place(later).body["state"] == "waiting"


def test_what_a_batch_of_keys_hands_back_is_read_before_anything_is_written_again(cloud: Cloud, ledger: Ledger) -> None:
    """Promise 5: nobody is taken for not written because the ledger was busy."""
    cloud.open()
    tokens = [cloud.register()["visitor_token"] for _ in range(FANS)]
    ledger.does(late, "PutItem")
    tries(cloud)
    before = [cloud.told(cloud.session_of(token)) for token in tokens]
    assert all(before)
    ledger.mends()
    ledger.does(takes_no_more_than(0), "BatchGetItem")
    written = ledger.asked["BatchWriteItem"]
    tries(cloud)
    assert ledger.asked["BatchWriteItem"] == written
    ledger.mends()
    ledger.does(takes_no_more_than(1), "BatchGetItem")
    tries(cloud)
    ledger.mends()
    everybody_is_in_once(cloud, tokens)
    assert [cloud.told(cloud.session_of(token)) for token in tokens] == before


def test_registering_needs_no_ledger_until_the_lease_runs_out(
    cloud: Cloud, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 2: a position is only issued while the record is being kept, which no tick without a ledger prolongs."""
    monkeypatch.setattr(redis_admissions, "LEASE_MS", 1_000)
    cloud.open()
    cloud.enter("admit")
    ticker = wiring.ticker()
    first = cloud.register()
    ledger.does(silent)
    ledger.asked.clear()
    until = time.monotonic() + 30
    for number in count(1):
        answer = cloud.http("POST", "/v1/onsales/demo/registrations")
        if answer.status == 503:
            break
        assert (answer.body["position"], ledger.asked.total()) == (first["position"] + number, 0)
        assert time.monotonic() < until
    with pytest.raises(Unavailable):
        ticker._admitter.tick("demo")
    asked = ledger.asked.total()
    answer = cloud.http("POST", "/v1/onsales/demo/registrations")
    assert (answer.slug, int(answer.headers["retry-after"]) >= 1) == ("unavailable", True)
    assert ledger.asked.total() == asked
    ledger.mends()
    cloud.tick(times=2)
    assert cloud.register()["position"] > first["position"] + 1


def test_a_place_that_cannot_be_read_is_told_later(cloud: Cloud, ledger: Ledger, reply: Make) -> None:
    """Promise 8."""
    cloud.open()
    place = cloud.admitted()
    ledger.does(reply, "Query")
    answer = cloud.place(place["visitor_token"])
    assert (answer.status, answer.slug) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) >= 1
    ledger.mends()
    assert cloud.place(place["visitor_token"]).body["access_token"] == place["access_token"]


def test_the_gate_lets_nobody_through_whose_session_it_cannot_read(cloud: Cloud, ledger: Ledger, reply: Make) -> None:
    """Promise 6."""
    cloud.open()
    event = gate_event("GET", "/v1/onsales/demo/booking/seats", token=cloud.admitted()["access_token"])
    cloud.enter("authorize")
    ledger.does(reply, "Query")
    assert cloud.call("authorize", event) == {"isAuthorized": False}
    ledger.mends()
    assert cloud.call("authorize", event)["isAuthorized"]


def test_a_purchase_whose_report_fails_is_reported_again_and_counts_once(
    cloud: Cloud, ledger: Ledger, reply: Make
) -> None:
    """Promise 5: no slot leaks, and none is given back twice."""
    key = cloud.open(max_active=1)["completion_key"]
    place, other = cloud.admitted(), cloud.register()["visitor_token"]
    path = f"/v1/onsales/demo/sessions/{place['session']}/completion"
    ledger.does(reply, "PutItem")
    assert cloud.http("POST", path, token=key).status == 503
    ledger.mends()
    assert cloud.http("POST", path, token=key).status == 204
    everybody_else = cloud.admitted(token=other)
    assert everybody_else["state"] == "admitted"
    cloud.tick()
    progress = cloud.admin("GET", "/demo/metrics").body
    assert (progress["active"], progress["completed"], progress["admitted"]) == (1, 1, 2)


def test_more_time_whose_answer_came_late_is_granted_once(cloud: Cloud, ledger: Ledger) -> None:
    """Promise 1, for an extension: asked again by botocore, its condition fails, and it stands."""
    cloud.open()
    place = cloud.admitted()
    ledger.does(late_once, "PutItem")
    answer = cloud.http("POST", "/v1/onsales/demo/place/extension", token=place["visitor_token"])
    ledger.mends()
    assert (answer.status, answer.slug) == (409, "already-extended")
    told = cloud.place(place["visitor_token"]).body
    assert told["session_expires_at"] == answer.body["session_expires_at"] > place["session_expires_at"]
    assert [type(row) for row in cloud.told(place["session"])].count(Extension) == 1


def test_whoever_left_and_was_completed_meanwhile_has_one_end(cloud: Cloud, ledger: Ledger) -> None:
    """Promise 5: the second end fails on its condition, however late its answers are."""
    key = cloud.open()["completion_key"]
    place = cloud.admitted()
    ledger.does(late_once, "PutItem")
    assert cloud.http("DELETE", "/v1/onsales/demo/place", token=place["visitor_token"]).status == 204
    assert cloud.http("POST", f"/v1/onsales/demo/sessions/{place['session']}/completion", token=key).status == 409
    ledger.mends()
    assert [row.reason for row in cloud.told(place["session"]) if isinstance(row, End)] == ["left"]
    assert cloud.place(place["visitor_token"]).body["reason"] == "left"
