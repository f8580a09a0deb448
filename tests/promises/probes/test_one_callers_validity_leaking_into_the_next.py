"""Elsewhere: the authorizer keeps a caller's verdict in the process, and the next caller is given it."""

from typing import Any

from tests.handlers.cloud import Cloud
from tests.handlers.events import gate_event


def asked(cloud: Cloud, token: str | None, onsale: str = "demo") -> Any:
    return cloud.call("authorize", gate_event("GET", f"/v1/onsales/{onsale}/booking/seats", token=token))


def test_each_caller_of_a_warm_gate_is_judged_alone(cloud: Cloud) -> None:
    cloud.open()
    cloud.open("other")
    ann, bob = cloud.admitted(), cloud.admitted()
    elsewhere = cloud.admitted("other")["access_token"]
    key = cloud.admin("POST", "/demo/completion-key", {"expected_version": 1}).body["completion_key"]
    assert cloud.http("POST", f"/v1/onsales/demo/sessions/{bob['session']}/completion", token=key).status == 204
    altered = ann["access_token"][:-8] + "AAAAAAAA"
    for _ in range(2):
        answer = asked(cloud, ann["access_token"])
        assert (answer["isAuthorized"], answer["context"]["session"]) == (True, ann["session"])
        for token in (None, "", "x", altered, bob["access_token"], ann["visitor_token"], elsewhere):
            assert asked(cloud, token) == {"isAuthorized": False}
        assert asked(cloud, ann["access_token"], "other") == {"isAuthorized": False}


def test_whoever_was_refused_spoils_nothing_for_the_next(cloud: Cloud) -> None:
    cloud.open()
    ann, bob = cloud.admitted(), cloud.admitted()
    for token, session in [(ann["access_token"], ann["session"]), (bob["access_token"], bob["session"])] * 2:
        assert asked(cloud, "forged") == {"isAuthorized": False}
        assert asked(cloud, token)["context"]["session"] == session
