"""Elsewhere: a session is marked abandoned, and the authorizer goes on letting its token through."""

import pytest

from fairline import wiring
from fairline.clients import now_ms
from tests.handlers.cloud import Cloud
from tests.handlers.events import gate_event

FIVE_SECONDS_MS = 5_000


@pytest.mark.parametrize("how", ["left", "completed"])
def test_within_five_seconds_the_gate_allows_it_no_more(
    cloud: Cloud, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even the warm one that has just let it through."""
    later_ms = [0]
    monkeypatch.setattr(wiring, "now_ms", lambda: now_ms() + later_ms[0])
    key = cloud.open()["completion_key"]
    place = cloud.admitted()
    event = gate_event("GET", "/v1/onsales/demo/booking/seats", token=place["access_token"])
    cloud.enter("authorize")
    gate = wiring.gate()
    assert cloud.call("authorize", event)["isAuthorized"]
    if how == "left":
        cloud.http("DELETE", "/v1/onsales/demo/place", token=place["visitor_token"])
    else:
        cloud.http("POST", f"/v1/onsales/demo/sessions/{place['session']}/completion", token=key)
    cloud.enter("authorize")
    monkeypatch.setattr(wiring, "gate", lambda: gate)
    later_ms[0] = FIVE_SECONDS_MS
    assert cloud.call("authorize", event) == {"isAuthorized": False}
