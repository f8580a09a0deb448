"""The booking backend reports purchases twice, wrongly, too late, or never; each time a slot is at stake."""

from typing import Any

from fairline.domain.session import End
from tests.handlers.cloud import Answer, Cloud
from tests.handlers.events import gate_event


def report(cloud: Cloud, session: str, key: str, onsale: str = "demo") -> Answer:
    return cloud.http("POST", f"/v1/onsales/{onsale}/sessions/{session}/completion", token=key)


def progress(cloud: Cloud, onsale: str = "demo") -> dict[str, Any]:
    cloud.tick(onsale)
    told: dict[str, Any] = cloud.admin("GET", f"/{onsale}/metrics").body
    return {name: told[name] for name in ("active", "waiting", "completed", "expired", "left", "admitted")}


def next_in(cloud: Cloud, *tokens: str) -> list[str]:
    """What those who wait are told after some ticks."""
    cloud.tick(times=5)
    return [cloud.place(token).body["state"] for token in tokens]


def test_a_purchase_reported_twice_frees_one_slot(cloud: Cloud) -> None:
    """Promises 4 and 5, whether the next one has taken the slot in between or not."""
    key = cloud.open(max_active=1)["completion_key"]
    place = cloud.admitted()
    waiting = [cloud.register()["visitor_token"] for _ in range(2)]
    assert [report(cloud, place["session"], key).status for _ in range(2)] == [204, 204]
    assert next_in(cloud, *waiting) == ["admitted", "waiting"]
    assert report(cloud, place["session"], key).status == 204
    assert next_in(cloud, *waiting) == ["admitted", "waiting"]
    assert progress(cloud) == {
        "active": 1, "waiting": 1, "completed": 1, "expired": 0, "left": 0, "admitted": 2,
    }  # fmt: skip


def test_a_purchase_reported_for_whoever_waits_moves_nobody(cloud: Cloud) -> None:
    """Promise 3: another's session, mistaken for one's own."""
    key = cloud.open(max_active=1)["completion_key"]
    cloud.admitted()
    waiting = [cloud.register()["visitor_token"] for _ in range(2)]
    before = progress(cloud)
    for token in waiting:
        assert report(cloud, cloud.session_of(token), key).status == 404
    assert progress(cloud) == before
    assert next_in(cloud, *waiting) == ["waiting", "waiting"]


def test_an_end_reported_before_the_beginning_takes_nothing_from_the_session(cloud: Cloud) -> None:
    """Promise 5: the row that the mistake left behind does not count when its turn comes."""
    key = cloud.open(max_active=1)["completion_key"]
    first = cloud.admitted()
    token = cloud.register()["visitor_token"]
    assert report(cloud, cloud.session_of(token), key).status == 404
    assert report(cloud, first["session"], key).status == 204
    place = cloud.admitted(token=token)
    event = gate_event("GET", "/v1/onsales/demo/booking/seats", token=place["access_token"])
    assert cloud.call("authorize", event)["isAuthorized"]


def test_the_session_or_the_key_of_another_onsale_ends_nothing(cloud: Cloud) -> None:
    """Also where both onsales have a session of the same id."""
    keys = {name: cloud.open(name)["completion_key"] for name in ("demo", "other")}
    same = {"idempotency-key": "the-same-browser-at-both-sales"}
    places = {name: cloud.admitted(name, cloud.register(name, headers=same)["visitor_token"]) for name in keys}
    assert places["demo"]["session"] == places["other"]["session"]
    assert report(cloud, places["demo"]["session"], keys["other"]).status == 401
    alone = cloud.admitted()
    assert report(cloud, alone["session"], keys["other"], "other").status == 404
    for place in (places["demo"], alone):
        assert cloud.place(place["visitor_token"]).body["state"] == "admitted"
    assert progress(cloud)["active"] == 2
    assert progress(cloud, "other")["active"] == 1


def test_a_purchase_reported_after_expiry_takes_no_slot_from_who_has_it_now(cloud: Cloud) -> None:
    """Promise 4."""
    key = cloud.open(max_active=1)["completion_key"]
    place, token = cloud.admitted(), cloud.register()["visitor_token"]
    cloud.run_out(place["session"])
    assert next_in(cloud, token) == ["admitted"]
    for _ in range(2):
        answer = report(cloud, place["session"], key)
        assert (answer.status, answer.slug) == (409, "session-ended")
    last = cloud.register()["visitor_token"]
    assert next_in(cloud, token, last) == ["admitted", "waiting"]
    told = progress(cloud)
    assert (told["active"], told["expired"], told["completed"]) == (1, 1, 0)


def test_a_purchase_never_reported_leaks_no_slot(cloud: Cloud) -> None:
    """Promise 5: time runs out by itself, and the gate knows."""
    cloud.open(max_active=2)
    places = [cloud.admitted() for _ in range(2)]
    waiting = [cloud.register()["visitor_token"] for _ in range(2)]
    for place in places:
        cloud.run_out(place["session"])
    assert next_in(cloud, *waiting) == ["admitted", "admitted"]
    for place in places:
        assert [row for row in cloud.told(place["session"]) if isinstance(row, End)] == []
        event = gate_event("GET", "/v1/onsales/demo/booking/seats", token=place["access_token"])
        assert cloud.call("authorize", event) == {"isAuthorized": False}
    assert progress(cloud)["expired"] == 2
