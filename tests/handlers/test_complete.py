"""The booking backend reports purchases."""

import pytest

from fairline.domain.session import End
from tests.handlers.cloud import Answer, Cloud


def report(cloud: Cloud, session: str, key: str | None, onsale: str = "demo") -> Answer:
    return cloud.http("POST", f"/v1/onsales/{onsale}/sessions/{session}/completion", {}, token=key)


def test_a_purchase_ends_the_session_and_repeating_the_report_is_fine(cloud: Cloud) -> None:
    key = cloud.open()["completion_key"]
    place = cloud.admitted()
    for _ in range(3):
        answer = report(cloud, place["session"], key)
        assert (answer.status, answer.body) == (204, None)
    assert cloud.place(place["visitor_token"]).body["reason"] == "completed"
    assert [row.reason for row in cloud.told(place["session"]) if isinstance(row, End)] == ["completed"]


def test_its_slot_goes_to_the_next_in_line(cloud: Cloud) -> None:
    key = cloud.open(max_active=1)["completion_key"]
    first = cloud.admitted()
    second = cloud.register()["visitor_token"]
    report(cloud, first["session"], key)
    assert cloud.admitted(token=second)["state"] == "admitted"


def test_after_the_time_has_run_out_a_report_comes_too_late(cloud: Cloud) -> None:
    key = cloud.open()["completion_key"]
    place = cloud.admitted()
    cloud.run_out(place["session"])
    for _ in range(2):
        answer = report(cloud, place["session"], key)
        assert (answer.status, answer.slug) == (409, "session-ended")
    assert cloud.place(place["visitor_token"]).body["state"] == "expired"


def test_after_the_visitor_left_a_report_comes_too_late(cloud: Cloud) -> None:
    key = cloud.open()["completion_key"]
    place = cloud.admitted()
    cloud.http("DELETE", "/v1/onsales/demo/place", token=place["visitor_token"])
    answer = report(cloud, place["session"], key)
    assert (answer.status, answer.slug) == (409, "session-ended")


def test_the_key_of_another_onsale_is_refused(cloud: Cloud) -> None:
    cloud.open("demo")
    other = cloud.open("other")["completion_key"]
    place = cloud.admitted("demo")
    answer = report(cloud, place["session"], other)
    assert (answer.status, answer.slug) == (401, "invalid-token")
    assert cloud.place(place["visitor_token"]).body["state"] == "admitted"


@pytest.mark.parametrize("key", [None, "", "wrong", "é"])
def test_a_key_that_is_missing_or_wrong_is_refused(cloud: Cloud, key: str | None) -> None:
    cloud.open()
    answer = report(cloud, "1.q3hPs0m3Vis1tor0fOurs0", key)
    assert (answer.status, answer.slug) == (401, "invalid-token")


def test_the_session_of_another_onsale_is_not_found(cloud: Cloud) -> None:
    key = cloud.open("demo")["completion_key"]
    cloud.open("other")
    place = cloud.admitted("other")
    answer = report(cloud, place["session"], key)
    assert (answer.status, answer.slug) == (404, "not-found")
    assert cloud.place(place["visitor_token"], "other").body["state"] == "admitted"


def test_what_is_no_session_is_not_found(cloud: Cloud) -> None:
    key = cloud.open()["completion_key"]
    visitor = "q3hPs0m3Vis1tor0fOurs0"
    others = (
        f"x.{visitor}",
        f"-1.{visitor}",
        f"².{visitor}",
        f"01.{visitor}",
        f"1.{visitor * 3}",
        f"{'9' * 30}.{visitor}",
    )
    for session in ("1", "1.", f".{visitor}", *others, "1.#", "1.\ud800", "1.a b"):
        answer = report(cloud, session, key)
        assert (answer.status, answer.slug) == (404, "not-found"), session


def test_a_session_nobody_was_given_is_not_found(cloud: Cloud) -> None:
    key = cloud.open()["completion_key"]
    answer = report(cloud, "77.q3hPs0m3Vis1tor0fOurs0", key)
    assert (answer.status, answer.slug) == (404, "not-found")


def test_the_place_of_somebody_who_waits_is_not_found_and_stays(cloud: Cloud) -> None:
    key = cloud.open(sale=60)["completion_key"]
    token = cloud.register()["visitor_token"]
    answer = report(cloud, cloud.session_of(token), key)
    assert (answer.status, answer.slug) == (404, "not-found")
    assert cloud.place(token).body["state"] == "waiting"


def test_an_unknown_onsale_is_not_found(cloud: Cloud) -> None:
    answer = report(cloud, "1.q3hPs0m3Vis1tor0fOurs0", "any", onsale="nowhere")
    assert (answer.status, answer.slug) == (404, "unknown-onsale")
