"""The report of the guide, against every answer that the completion route has."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError

import pytest

from docs.examples.report_completion import ATTEMPTS, NotReportedError, report

LOST = 0


class Room:
    """Answers with what it is told, in turn, and remembers what came."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.came: list[tuple[str, str | None]] = []
        self.pauses: list[float] = []
        room = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                room.came.append((self.path, self.headers["authorization"]))
                status = room.answers.pop(0)
                if status == LOST:
                    return
                self.send_response(status)
                if status == 302:
                    self.send_header("location", "/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def report(self, *answers: int) -> bool:
        self.answers = list(answers)
        return report(self.url, "winter", "17.abc", "the-key", sleep=self.pauses.append)


@pytest.fixture
def room() -> Iterator[Room]:
    room = Room()
    serving = threading.Thread(target=room.server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    yield room
    room.server.shutdown()
    room.server.server_close()
    serving.join()


def test_a_purchase_is_reported_with_the_onsales_key(room: Room) -> None:
    assert room.report(204) is True
    assert room.came == [("/v1/onsales/winter/sessions/17.abc/completion", "Bearer the-key")]


def test_a_session_that_had_ended_before_is_told_apart(room: Room) -> None:
    assert room.report(409) is False


@pytest.mark.parametrize("passing", [LOST, 429, 500, 502, 503])
def test_what_may_pass_is_tried_again_after_a_pause(room: Room, passing: int) -> None:
    assert room.report(passing, passing, 204) is True
    assert len(room.came) == 3
    assert 0 < room.pauses[0] <= 1 <= room.pauses[1] <= 2


def test_a_report_that_nobody_took_is_not_forgotten(room: Room) -> None:
    with pytest.raises(NotReportedError, match=r"17\.abc"):
        room.report(*[503] * ATTEMPTS)
    assert len(room.came) == ATTEMPTS


@pytest.mark.parametrize("status", [400, 401, 403, 404, 302])
def test_what_no_repetition_mends_is_said_at_once(room: Room, status: int) -> None:
    with pytest.raises(HTTPError):
        room.report(status)
    assert [path for path, _ in room.came] == ["/v1/onsales/winter/sessions/17.abc/completion"]
