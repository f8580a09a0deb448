"""What operators do over HTTP."""

from typing import Any

import pytest

from tests.handlers.cloud import OPERATOR, Answer, Cloud, policy
from tests.handlers.events import http_event


def create(cloud: Cloud, **values: Any) -> Answer:
    return cloud.admin("POST", "", policy(**values))


def test_a_new_onsale_is_answered_whole_with_its_key_shown_once(cloud: Cloud) -> None:
    answer = create(cloud, branding={"organiser": "The hall"})
    assert answer.status == 201
    assert len(answer.body["completion_key"]) >= 43
    read = cloud.admin("GET", "/demo").body
    assert read == {name: value for name, value in answer.body.items() if name != "completion_key"}
    assert (read["version"], read["session_seconds"], read["rejoin"], read["phase"]) == (1, 240, True, "on_sale")
    assert not any("sha256" in name for name in read)


FAULTS: tuple[tuple[dict[str, Any], list[str]], ...] = (
    ({"rate_per_minute": -5}, ["rate_per_minute"]),
    ({"rate_per_minute": 0}, ["rate_per_minute"]),
    ({"rate_per_minute": 2.5}, ["rate_per_minute"]),
    ({"rate_per_minute": "600"}, ["rate_per_minute"]),
    ({"rate_per_minute": True}, ["rate_per_minute"]),
    ({"rate_per_minute": 10**400}, ["rate_per_minute"]),
    ({"rate_per_minute": None}, ["rate_per_minute"]),
    ({"max_active": 0}, ["max_active"]),
    ({"max_active": 1_000_001}, ["max_active"]),
    ({"session_seconds": 2}, ["session_seconds"]),
    ({"session_seconds": 7_201}, ["session_seconds"]),
    (
        {"rate_per_minute": -5, "max_active": 0, "session_seconds": 2},
        ["rate_per_minute", "max_active", "session_seconds"],
    ),
    ({"sale": -120}, ["sale_starts_at"]),
    ({"closes": -40}, ["closes_at"]),
    ({"lobby": 10, "sale": 0, "closes": -10}, ["sale_starts_at", "closes_at"]),
    ({"closes": 31 * 86_400}, ["closes_at"]),
    ({"lobby_opens_at": "tomorrow"}, ["lobby_opens_at"]),
    ({"lobby_opens_at": "2026-11-22T16:00:00"}, ["lobby_opens_at"]),
    ({"lobby_opens_at": 1_795_363_200_000}, ["lobby_opens_at"]),
    ({"lobby_opens_at": None}, ["lobby_opens_at"]),
    ({"closes_at": "2026-13-45T00:00:00Z"}, ["closes_at"]),
    ({"name": ""}, ["name"]),
    ({"name": "x" * 121}, ["name"]),
    ({"name": ["a", "list"]}, ["name"]),
    ({"onsale": "Demo"}, ["onsale"]),
    ({"onsale": "#roster"}, ["onsale"]),
    ({"onsale": "x" * 64}, ["onsale"]),
    ({"onsale": 5}, ["onsale"]),
    ({"rejoin": "yes"}, ["rejoin"]),
    ({"branding": []}, ["branding"]),
    ({"branding": {"text": "x" * 9_000, "logo": "x"}}, ["branding.logo", "branding.text"]),
    ({"version": 7}, ["version"]),
    ({"completion_key_sha256": "0" * 64}, ["completion_key_sha256"]),
    ({"surprise": 1}, ["surprise"]),
)


def test_an_onsale_that_makes_no_sense_is_refused_with_each_reason(cloud: Cloud) -> None:
    for values, fields in FAULTS:
        answer = create(cloud, **values)
        assert (answer.status, answer.fields) == (400, fields), values
    assert cloud.admin("GET").body == {"onsales": []}


def test_times_that_no_calendar_writes_are_refused_by_name(cloud: Cloud) -> None:
    early = {"lobby_opens_at": "0001-01-01T00:00:00+14:00", "sale_starts_at": "0001-01-01T01:00:00+14:00"}
    answer = create(cloud, **early, closes_at="0001-01-02T00:00:00+14:00")
    assert answer.fields == ["lobby_opens_at", "sale_starts_at", "closes_at"]
    late = {"lobby_opens_at": "9999-12-31T00:00:00Z", "sale_starts_at": "9999-12-31T01:00:00Z"}
    answer = create(cloud, **late, closes_at="9999-12-31T23:59:59-14:00")
    assert answer.fields == ["lobby_opens_at", "sale_starts_at", "closes_at"]


def test_what_is_missing_is_named(cloud: Cloud) -> None:
    answer = cloud.admin("POST", "", {"onsale": "demo"})
    times = ["lobby_opens_at", "sale_starts_at", "closes_at"]
    assert answer.fields == ["name", *times, "rate_per_minute", "max_active"]


def test_a_name_that_is_taken_is_a_conflict(cloud: Cloud) -> None:
    create(cloud)
    answer = create(cloud)
    assert (answer.status, answer.slug) == (409, "name-taken")


def test_a_new_completion_key_ends_the_old_one(cloud: Cloud) -> None:
    old = create(cloud).body["completion_key"]
    answer = cloud.admin("POST", "/demo/completion-key", {"expected_version": 1})
    assert (answer.status, answer.body["version"]) == (200, 2)
    path = "/v1/onsales/demo/sessions/1.nobody/completion"
    assert cloud.http("POST", path, token=old).status == 401
    assert cloud.http("POST", path, token=answer.body["completion_key"]).status == 404


def test_all_onsales_are_listed(cloud: Cloud) -> None:
    for name in ("b-side", "a-side"):
        create(cloud, onsale=name)
    assert {onsale["onsale"] for onsale in cloud.admin("GET").body["onsales"]} == {"a-side", "b-side"}


def test_a_change_names_the_version_it_was_made_from(cloud: Cloud) -> None:
    create(cloud)
    changed = cloud.admin("PATCH", "/demo", {"expected_version": 1, "rate_per_minute": 90})
    assert (changed.status, changed.body["version"], changed.body["rate_per_minute"]) == (200, 2, 90)
    stale = cloud.admin("PATCH", "/demo", {"expected_version": 1, "rate_per_minute": 60})
    assert (stale.status, stale.slug, stale.body["current_version"]) == (409, "stale-version", 2)
    assert cloud.admin("GET", "/demo").body["rate_per_minute"] == 90


CHANGES = {"PATCH": ("", {"max_active": 5})} | {
    name: (f"/{name}", {"notice": "soon"} if name == "notice" else {})
    for name in ("pause", "resume", "close", "notice")
}


@pytest.mark.parametrize("action", CHANGES)
def test_every_change_wants_the_latest_version(cloud: Cloud, action: str) -> None:
    create(cloud)
    path, body = CHANGES[action]
    method = "PATCH" if action == "PATCH" else "POST"
    for version in (None, "1", True, 1.0):
        answer = cloud.admin(method, f"/demo{path}", {**body, "expected_version": version})
        assert (answer.status, answer.fields) == (400, ["expected_version"]), version
    assert cloud.admin(method, f"/demo{path}", body).fields == ["expected_version"]
    for version in (0, 2, -1, 10**300):
        answer = cloud.admin(method, f"/demo{path}", {**body, "expected_version": version})
        assert (answer.status, answer.slug) == (409, "stale-version"), version
    assert cloud.admin(method, f"/demo{path}", {**body, "expected_version": 1}).body["version"] == 2
    unknown = cloud.admin(method, f"/nowhere{path}", {**body, "expected_version": 1})
    assert (unknown.status, unknown.slug) == (404, "unknown-onsale")


def test_a_change_of_nothing_or_of_what_cannot_be_changed_is_refused(cloud: Cloud) -> None:
    create(cloud)
    assert cloud.admin("PATCH", "/demo", {"expected_version": 1}).fields == ["body"]
    answer = cloud.admin("PATCH", "/demo", {"expected_version": 1, "onsale": "other", "paused": True, "max_active": 1})
    assert sorted(answer.fields) == ["onsale", "paused"]
    answer = cloud.admin("PATCH", "/demo", {"expected_version": 1, "closes_at": "2020-01-01T00:00:00Z"})
    assert answer.fields == ["closes_at"]


def test_pause_notice_resume_and_close_follow_each_other(cloud: Cloud) -> None:
    create(cloud)
    paused = cloud.admin("POST", "/demo/pause", {"expected_version": 1, "reason": "Back at nine"}).body
    assert (paused["phase"], paused["pause_reason"]) == ("paused", "Back at nine")
    noticed = cloud.admin("POST", "/demo/notice", {"expected_version": 2, "notice": ""}).body
    assert (noticed["phase"], noticed["notice"]) == ("paused", "")
    assert cloud.admin("POST", "/demo/resume", {"expected_version": 3}).body["phase"] == "on_sale"
    assert cloud.admin("POST", "/demo/close", {"expected_version": 4}).body["phase"] == "closed"


@pytest.mark.parametrize(("path", "field"), [("pause", "reason"), ("notice", "notice")])
@pytest.mark.parametrize("text", [5, 0, False, [], "x" * 281])
def test_a_text_that_is_none_is_refused_by_the_name_it_was_sent_under(
    cloud: Cloud, path: str, field: str, text: Any
) -> None:
    create(cloud)
    answer = cloud.admin("POST", f"/demo/{path}", {"expected_version": 1, field: text})
    assert (answer.status, answer.fields) == (400, [field])


def test_the_audit_trail_tells_who_did_what_from_what_to_what(cloud: Cloud) -> None:
    create(cloud)
    cloud.admin("PATCH", "/demo", {"expected_version": 1, "rate_per_minute": 90})
    event = http_event("POST", "/v1/admin/onsales/demo/pause", {"expected_version": 2}, claims={"sub": "0a1b"})
    cloud.send("admin", event)
    newest, change, first = cloud.admin("GET", "/demo/audit").body["versions"]
    assert (first["version"], first["action"], first["by"]) == (1, "create", OPERATOR["email"])
    assert (change["changes"], change["action"]) == ({"rate_per_minute": [60_000, 90]}, "change rate_per_minute")
    assert (newest["by"], newest["changes"]) == ("0a1b", {"paused": [False, True]})
    assert "completion" not in str(first)


def test_the_metrics_tell_how_the_line_goes(cloud: Cloud) -> None:
    cloud.open(max_active=1)
    cloud.admitted()
    cloud.register()
    cloud.tick()
    told = cloud.admin("GET", "/demo/metrics").body
    names = ("issued", "serving", "waiting", "active", "admitted", "epoch")
    assert [told[name] for name in names] == [2, 1, 1, 1, 1, 1]


def test_one_place_is_found_by_position_or_by_token(cloud: Cloud) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    by_position = cloud.admin("POST", "/demo/place-lookup", {"position": 1})
    by_token = cloud.admin("POST", "/demo/place-lookup", {"visitor_token": token})
    assert by_position.status == by_token.status == 200
    assert by_position.body == by_token.body
    assert (by_token.body["state"], by_token.body["position"]) == ("waiting", 1)


def test_the_help_desk_is_never_handed_an_access_token(cloud: Cloud) -> None:
    cloud.open()
    place = cloud.admitted()
    told = cloud.admin("POST", "/demo/place-lookup", {"visitor_token": place["visitor_token"]}).body
    assert told["state"] == "admitted"
    assert "access_token" not in told


def test_a_place_that_nobody_holds_is_not_found(cloud: Cloud) -> None:
    cloud.open(sale=60)
    for position in (0, 1, -1, 2**53 + 1, 10**400):
        answer = cloud.admin("POST", "/demo/place-lookup", {"position": position})
        assert (answer.status, answer.slug) == (404, "not-found"), position
    for no_position in ("1", None, True, 1.5):
        assert cloud.admin("POST", "/demo/place-lookup", {"position": no_position}).fields == ["position"]
    assert cloud.admin("POST", "/demo/place-lookup", {}).fields == ["position"]
    assert cloud.admin("POST", "/demo/place-lookup", {"visitor_token": 5}).fields == ["visitor_token"]
    assert cloud.admin("POST", "/demo/place-lookup", {"visitor_token": "x"}).slug == "invalid-token"


def test_unknown_onsales_are_not_found_on_every_route(cloud: Cloud) -> None:
    for method, path in (("GET", ""), ("GET", "/metrics"), ("GET", "/audit")):
        answer = cloud.admin(method, f"/nowhere{path}")
        assert (answer.status, answer.slug) == (404, "unknown-onsale"), path
