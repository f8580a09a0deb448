import os
import signal

from local.background import Room
from stacks.functions import FUNCTIONS
from tests.local.fetching import fetch
from tests.local.waiting import eventually


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_killed_environment_is_replaced_at_the_next_invocation(room: Room) -> None:
    """Killed again if another one was just starting, which would answer in its place."""
    fetch(f"{room.url}/v1/elsewhere")
    before = room.report()["functions"]["onsale"]["cold_starts"]

    def replaced() -> bool:
        for pid in room.worker_pids("onsale"):
            os.kill(pid, signal.SIGKILL)
            eventually(lambda pid=pid: not alive(pid))  # type: ignore[misc]  # a default binds the loop's value
        assert fetch(f"{room.url}/v1/elsewhere").status == 200
        return bool(room.report()["functions"]["onsale"]["cold_starts"] > before)

    assert eventually(replaced)


def test_a_function_that_takes_too_long_is_cut_off_and_its_environment_ended(room: Room) -> None:
    answer = room.invoke("onsale", {"queryStringParameters": {"do": "sleep"}})
    assert answer["errorType"] == "Sandbox.Timedout"
    (limit,) = (function.timeout_seconds for function in FUNCTIONS if function.name == "onsale")
    assert f"Task timed out after {limit:.2f} seconds" in answer["errorMessage"]


def test_an_exception_is_told_as_lambda_tells_it(room: Room) -> None:
    answer = room.invoke("onsale", {"queryStringParameters": {"do": "raise"}})
    assert answer == {"errorType": "ValueError", "errorMessage": "as asked"}


def test_an_environment_that_exits_fails_its_invocation(room: Room) -> None:
    answer = room.invoke("onsale", {"queryStringParameters": {"do": "exit"}})
    assert answer["errorType"] == "Runtime.ExitError"


def test_an_unknown_function_is_not_found(room: Room) -> None:
    assert room.invoke("nobody", {})["errorType"] == "ResourceNotFoundException"


def test_an_event_too_large_for_lambda_is_refused(room: Room) -> None:
    assert room.invoke("register", {"x": "x" * 6_300_000})["errorType"] == "RequestTooLargeException"


def test_what_a_function_prints_goes_to_its_log(room: Room) -> None:
    room.invoke("onsale", {})
    assert "what a function prints is no answer" in (room.directory / "logs" / "onsale.log").read_text()


def test_an_invocation_may_be_sent_without_waiting(room: Room) -> None:
    before = room.report()["functions"]["place"]["invocations"]
    assert room.invoke("place", {}, wait=False) is None
    assert eventually(lambda: room.report()["functions"]["place"]["invocations"] > before)
