"""The load generator: what it refuses, what it reports, how it exits."""

import asyncio
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from tests.tools.stand_in import StandIn, playing, problem
from tools import load
from tools.front import RefusedError
from tools.options import UnfitError
from tools.report import Report, tables
from tools.target import ForeignAddressError


def report_of(room: StandIn, *options: str, fans: int = 5) -> Report:
    async def run() -> Report:
        async with playing(room) as venue:
            arguments = ["--url", f"{venue.url}/", "--fans", str(fans), "--arrivals-per-second", "1000", *options]
            return await load.run(load.parse(arguments))

    return asyncio.run(run())


def in_seconds(seconds: Callable[[int], float]) -> Callable[[int], str]:
    """The end of a session of 180 s that starts `seconds(position)` from now."""
    now = time.time()
    return lambda position: datetime.fromtimestamp(now + 180 + seconds(position), UTC).isoformat()


def test_a_run_in_which_everybody_buys_in_order_passes() -> None:
    found = report_of(StandIn(serving=0, expires=in_seconds(lambda position: position)))
    assert found.passed
    assert (found.outcomes, found.learned) == ({"bought": 5}, {"push": 5})
    assert (found.inversions, found.unexpected, found.pushes_missed) == (0, 0, 0)
    assert found.admissions_per_second == 1
    assert {"register", "seats", "hold", "purchase", "socket", "push delay"} <= found.spreads.keys()


def test_a_run_in_which_the_last_is_let_in_first_fails() -> None:
    found = report_of(StandIn(serving=0, expires=in_seconds(lambda position: 100 - position)))
    assert (found.inversions, found.passed) == (10, False)


def test_refusals_that_the_interface_has_for_a_busy_room_are_reported_and_expected() -> None:
    room = StandIn(serving=0)
    room.stunts["register"].extend([problem(503, "unavailable"), problem(429, "")])
    room.stunts["hold"].append(problem(409, "seat-taken"))
    found = report_of(room)
    assert ("hold", 409, "seat-taken", 1) in found.failures
    assert ("register", 429, "", 1) in found.failures
    assert found.spreads["register"].count == 5
    assert found.passed


def test_an_error_fails_the_run_though_the_fan_got_over_it() -> None:
    room = StandIn(serving=0)
    room.stunts["register"].append(problem(500, "internal"))
    found = report_of(room)
    assert found.outcomes == {"bought": 5}
    assert (found.unexpected, found.passed) == (1, False)


def test_pushes_that_never_came_are_counted_and_no_error() -> None:
    found = report_of(StandIn(pushes=False))
    assert (found.pushes_missed, found.passed) == (5, True)


def test_a_run_ends_in_its_time_with_fans_still_waiting() -> None:
    found = report_of(StandIn(pushes=False, serving=0), "--seconds", "1")
    assert (found.outcomes, found.passed) == ({"unfinished": 5}, True)


def test_the_report_is_plain_data_and_fits_a_terminal() -> None:
    room = StandIn(serving=0)
    room.stunts["hold"].append(problem(400, "invalid-request"))
    found = report_of(room)
    again = json.loads(json.dumps(found.as_json()))
    assert (again["fans"], again["order_kept"], again["passed"]) == (5, True, False)
    terminal = StringIO()
    Console(file=terminal, width=100).print(tables(found))
    for text in ("kept", "push delay", "invalid-request", "bought 4, failed 1"):
        assert text in terminal.getvalue()


def test_addresses_beyond_this_machine_are_refused_with_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert load.main(["--url", "https://tickets.example.com", "--fans", "1"]) == 2
    assert load.main(["--url", "https://tickets.example.com", "--i-own-this-target", "example.com"]) == 2
    assert "--i-own-this-target tickets.example.com" in capsys.readouterr().err


def test_a_room_that_names_foreign_sockets_is_refused_before_any_fan_is_sent() -> None:
    room = StandIn(websocket_host="sockets.example.com")
    with pytest.raises(ForeignAddressError, match=r"sockets\.example\.com"):
        report_of(room)
    assert not room.keys


def test_an_onsale_that_is_unknown_or_wants_visitors_to_sign_in_is_refused() -> None:
    room = StandIn()
    room.stunts["onsale"].append(problem(404, "unknown-onsale"))
    with pytest.raises(RefusedError, match="unknown-onsale"):
        report_of(room)
    with pytest.raises(UnfitError, match="sign in"):
        report_of(StandIn(identity="oidc"))


@pytest.mark.parametrize("options", [["--fans", "0"], ["--fans", "20001"], ["--seconds", "3601"], ["--fans", "many"]])
def test_a_run_without_bounds_is_refused(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        load.parse(["--url", "http://127.0.0.1:1", *options])
    assert refused.value.code == 2
    assert options[0] in capsys.readouterr().err


@pytest.mark.parametrize(("broken", "code"), [(False, 0), (True, 1)])
def test_the_exit_code_tells_scripts_whether_the_run_passed(
    broken: bool,  # noqa: FBT001  pytest names it
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def found(_: object) -> Report:
        return Report(1, 0, 0, {}, {}, {}, 0, [], 0, int(broken), [])

    monkeypatch.setattr(load, "run", found)
    assert load.main(["--url", "http://127.0.0.1:1", "--json"]) == code
    assert json.loads(capsys.readouterr().out)["passed"] is not broken
    assert load.main(["--url", "http://127.0.0.1:1"]) == code
