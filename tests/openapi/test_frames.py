"""Whatever a client sends on its socket, the room answers, and the socket stays open."""

import json
import sys
from collections import Counter

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from websockets.sync.client import ClientConnection

from tests.journey.client import Onsale, Operator, ask
from tests.promises.door.frames import FRAMES, asks

LARGEST = 32 * 1024
"""Beyond it the gateway closes the socket by itself."""

FEW = settings(max_examples=150, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=3_000, print_blob=True, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def onsale(operator: Operator) -> Onsale:
    """Nobody is let in: whatever arrives is an answer."""
    return operator.onsale(starts_in=3_000)


def fuzz(socket: ClientConnection, how: settings) -> Counter[str]:
    told: Counter[str] = Counter()

    @how
    @example('{"action": "place"}')
    @example('{"action": "ping"}')
    @example("")
    @given(FRAMES)
    def every_frame_is_answered(frame: str | bytes) -> None:
        assume(len(frame.encode() if isinstance(frame, str) else frame) <= LARGEST)
        socket.send(frame)
        answer = json.loads(socket.recv(timeout=20))
        told[answer["type"]] += 1
        assert answer["type"] == {"place": "place", "ping": "pong", None: "error"}[asks(frame)], frame

    every_frame_is_answered()
    return told


def test_every_frame_is_answered_and_the_socket_stays_open(onsale: Onsale) -> None:
    with onsale.join().socket() as socket:
        told = fuzz(socket, FEW)
        assert told.total() >= 100
        assert all(told[kind] for kind in ("place", "pong", "error"))
        assert ask(socket, "place")["type"] == "place"


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_two_thousand_frames_are_answered(onsale: Onsale, capsys: pytest.CaptureFixture[str]) -> None:
    with onsale.join().socket() as socket:
        told = fuzz(socket, MANY)
        assert ask(socket, "place")["type"] == "place"
    with capsys.disabled():
        sys.stdout.write(f"\nframes sent over a socket: {told.total()}, answered {dict(told)}\n")
    assert told.total() >= 2_000
