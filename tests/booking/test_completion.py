"""The reporter against a real server on this machine."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import ClassVar

import pytest

from fairline.adapters.completion import HttpCompletions

SILENCE, HANG_UP = 0, -1
"""Instead of a status: no answer within the caller's patience; a connection closed without one."""


class WaitingRoom(BaseHTTPRequestHandler):
    """Answers with the statuses it was given, the last one for good."""

    statuses: ClassVar[list[int]] = []
    asked: ClassVar[list[tuple[str, str | None]]] = []
    over: ClassVar[Event] = Event()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((self.path, self.headers["Authorization"]))
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if status == SILENCE:
            self.over.wait(20)
        if status > 0:
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name it has in the base class)
        """Keep quiet."""


@pytest.fixture
def address() -> Iterator[str]:
    WaitingRoom.asked.clear()
    WaitingRoom.over.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), WaitingRoom) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        WaitingRoom.over.set()
        server.shutdown()
        thread.join()


def report(address: str, statuses: list[int], *, timeout_seconds: float = 3) -> tuple[str, list[float]]:
    """What came of it, and the pauses made."""
    WaitingRoom.statuses[:] = statuses
    pauses: list[float] = []
    completions = HttpCompletions(address, timeout_seconds=timeout_seconds, sleep=pauses.append)
    return completions.report("demo", "17.q3hP-_", "the-key"), pauses


@pytest.mark.parametrize(
    ("statuses", "outcome", "attempts"),
    [
        ([204], "reported", 1),
        ([200], "reported", 1),
        ([409], "over", 1),
        ([401], "failed", 1),
        ([404], "failed", 1),
        ([302], "failed", 1),
        ([500], "failed", 3),
        ([429, 204], "reported", 2),
        ([500, 503, 204], "reported", 3),
        ([503, 409], "over", 2),
        ([HANG_UP, 204], "reported", 2),
    ],
)
def test_what_the_waiting_room_answers_decides_whether_it_is_asked_again(
    address: str, statuses: list[int], outcome: str, attempts: int
) -> None:
    assert report(address, statuses)[0] == outcome
    assert WaitingRoom.asked == [("/v1/onsales/demo/sessions/17.q3hP-_/completion", "Bearer the-key")] * attempts


def test_silence_is_given_up_after_the_timeout_and_tried_again(address: str) -> None:
    outcome, pauses = report(address, [SILENCE, 204], timeout_seconds=0.2)
    assert (outcome, len(pauses), len(WaitingRoom.asked)) == ("reported", 1, 2)


def test_pauses_are_random_and_their_range_doubles(address: str) -> None:
    drawn = [report(address, [500])[1] for _ in range(8)]
    assert all(0 <= first <= 0.4 and 0 <= second <= 0.8 for first, second in drawn)
    assert len({first for first, _ in drawn}) > 1


def test_nobody_listening_is_a_failure_and_no_exception(caplog: pytest.LogCaptureFixture) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), WaitingRoom) as server:
        closed = f"http://127.0.0.1:{server.server_port}"
    assert report(closed, [204])[0] == "failed"
    assert "completion not reported" in caplog.text
    assert "the-key" not in caplog.text


def test_an_address_that_is_not_http_reaches_nothing() -> None:
    assert report("file:///etc/hostname?", [204])[0] == "failed"


def test_names_are_quoted_into_the_address(address: str) -> None:
    WaitingRoom.statuses[:] = [204]
    HttpCompletions(address).report("a/b", "1.x?y", "the-key")
    assert WaitingRoom.asked[0][0] == "/v1/onsales/a%2Fb/sessions/1.x%3Fy/completion"
