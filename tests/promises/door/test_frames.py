"""Whatever arrives on a socket is answered: with what was asked for, or with a problem. No function dies of it."""

import base64
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.handlers.cloud import Cloud
from tests.handlers.events import socket_event
from tests.promises.door.conftest import Watched
from tests.promises.door.frames import FRAMES, asks

ONCE = {"deadline": None, "suppress_health_check": list(HealthCheck)}
FEW = settings(max_examples=300, derandomize=True, **ONCE)  # type: ignore[arg-type]
MANY = settings(max_examples=10_000, print_blob=True, **ONCE)  # type: ignore[arg-type]


def sent(cloud: Cloud, place: str, frame: str | bytes) -> Any:
    """What a frame is answered; binary ones come in base64."""
    context, text = {"onsale": "demo", "place": place}, frame
    if isinstance(frame, bytes):
        text = base64.b64encode(frame).decode()
    event = socket_event("$default", context, body=str(text)) | {"isBase64Encoded": isinstance(frame, bytes)}
    answer = cloud.call("message", event)
    assert answer["statusCode"] == 200, frame
    return json.loads(answer["body"])


@pytest.fixture
def place(cloud: Cloud) -> str:
    cloud.open(sale=60)
    return cloud.place_of(cloud.register()["visitor_token"]).key


def fuzz(cloud: Cloud, watched: Watched, place: str, how: settings) -> Counter[str]:
    told: Counter[str] = Counter()

    @how
    @given(FRAMES)
    def every_frame_is_answered(frame: str | bytes) -> None:
        asked = asks(frame)
        with watched() as calls:
            answer = sent(cloud, place, frame)
        told[answer["type"]] += 1
        if asked is None:
            assert (answer["type"], answer["problem"]["status"], calls) == ("error", 400, [])
        else:
            assert answer["type"] == {"place": "place", "ping": "pong"}[asked]

    every_frame_is_answered()
    return told


def test_every_frame_is_answered_and_what_asks_for_nothing_costs_no_call(
    cloud: Cloud, watched: Watched, place: str, record_property: Callable[[str, object], None]
) -> None:
    told = fuzz(cloud, watched, place, FEW)
    record_property("frames", told.total())
    assert told.total() >= 300
    assert all(told[kind] for kind in ("place", "pong", "error"))


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_ten_thousand_frames_are_answered(
    cloud: Cloud, watched: Watched, place: str, record_property: Callable[[str, object], None]
) -> None:
    told = fuzz(cloud, watched, place, MANY)
    record_property("frames", told.total())
    assert told.total() >= 10_000
