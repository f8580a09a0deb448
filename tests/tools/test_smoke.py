"""The smoke test's verdict on rooms in good order, and on rooms with one thing broken."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from pathlib import Path

import pytest
from aiohttp import web

from local.background import Room, Wish
from local.settings import ROOT
from tests.journey.client import Api, Operator
from tests.journey.conftest import keeping
from tests.journey.test_broken import without
from tests.journey.test_oidc import id_token
from tests.tools.smoke_front import Reply, Tamper, behind, smoke
from tools.smoke.journey import JOURNEY

PAGE = "the page loads with its security headers"
PROBLEMS = "what is not there is 404, and a wrong method 405"
BACK_DOOR = "the API's own address answers nobody who does not come through the CDN"
JOINED = "a fan joins the line"
SAME_PLACE = "joining again gives the same place"
STATUS = "the status document tells the line, to any page"
GATE_BACK_DOOR = "the gate refuses a session that does not come through the CDN"
KEYS = "the published keys verify the access token"
GATE = "the gate refuses whoever has no session"
GATE_AFTER = "the gate refuses a session that is over"
ADMITTED = "the gate lets a session through to the backend"
PUSHED = "the push tells a fan of its turn"
TOLD_OF_END = "the socket tells of the session's end"
REPORTED = "the backend's report ends a session, and only with its key"
COMPLETED = "a completed session is seen as completed"
PASSED_ON = "its slot goes to the next in line"
LEFT = "who leaves gives the slot to the next"
CREATED = "an operator creates an onsale"
PAUSED = "an operator pauses it"
DESCRIBED = "the onsale is described to everybody"
RESUMED = "an operator resumes it"
SOCKET_REFUSED = "a socket is refused to whoever has no place"
SOCKET = "the socket opens and tells the place"
POLLED = "the poll tells a fan of its turn"
WAITING = "the cap holds: the next fans wait"
EXTENDED = "a session is extended, once"
BOUGHT = "a seat is looked up, held and bought, and the purchase reported"
AUDITED = "every change stands in the audit trail, with who made it"
CLOSED = "the onsale is closed again"
SHUT = "nobody joins after the close"


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room() as room:
        keeping(room)
        yield room


@pytest.fixture(autouse=True)
def nothing_is_left_open(room: Room) -> Iterator[None]:
    yield
    assert left_open(Operator(Api(room.url), room.operator_token())) == []


def left_open(operator: Operator) -> list[str]:
    found = operator.call("GET").body["onsales"]
    return [each["onsale"] for each in found if each["onsale"].startswith("smoke-") and each["phase"] != "closed"]


def as_it_is(_: web.Request, reply: Reply) -> Reply:
    return reply


def test_a_room_in_good_order_is_good_and_its_own_issuer_lets_the_operator_in(room: Room) -> None:
    found = asyncio.run(smoke(room.url, FAIRLINE_ROOM=str(room.directory)))
    assert (found.code, found.err) == (0, "")
    assert found.named["skip"] == [BACK_DOOR, GATE_BACK_DOOR]
    assert len(found.named["ok"]) == len(JOURNEY) - 2
    assert f"GOOD: {room.url}: {len(JOURNEY) - 2} passed, 2 skipped" in found.out
    assert found.out.rstrip().endswith(f"not seen: {BACK_DOOR}; {GATE_BACK_DOOR}")


def without_a_header(request: web.Request, reply: Reply) -> Reply:
    kept = {name: value for name, value in reply.headers.items() if name.lower() != "referrer-policy"}
    return replace(reply, headers=kept) if request.path == "/" else reply


def a_page_for_everything(request: web.Request, reply: Reply) -> Reply:
    return replace(reply, status=200, headers={"content-type": "text/html"}) if "nothing" in request.path else reply


def another_place_each_time(_: web.Request, reply: Reply) -> Reply:
    known = reply.status == 200 and b'"visitor_token"' in reply.body
    return reply.saying(position=reply.json["position"] + 1) if known else reply


def another_issuer(request: web.Request, reply: Reply) -> Reply:
    """The status document is here, but the tokens name the room."""
    if b'"status_url"' not in reply.body:
        return reply
    return reply.saying(status_url=f"http://{request.host}{request.path.replace('/v1/onsales', '/status')}.json")


def a_status_for_its_own_origin(request: web.Request, reply: Reply) -> Reply:
    kept = {name: value for name, value in reply.headers.items() if name.lower() != "access-control-allow-origin"}
    return another_issuer(request, replace(reply, headers=kept))


def a_short_memory(request: web.Request, reply: Reply) -> Reply:
    return reply.saying(versions=reply.json["versions"][1:]) if request.path.endswith("/audit") else reply


def no_registration(request: web.Request, reply: Reply) -> Reply:
    return replace(reply, status=403, body=b"") if request.path.endswith("/registrations") else reply


def an_open_gate(request: web.Request, reply: Reply) -> Reply:
    return replace(reply, status=200) if "/booking/" in request.path and reply.status == 403 else reply


def a_backend_that_is_not_asked(request: web.Request, reply: Reply) -> Reply:
    """The API answers in its place."""
    reached = "/booking/" in request.path and reply.status != 403
    headers = {"content-type": "application/problem+json"}
    return Reply(404, headers, b'{"type":"urn:fairline:problem:unknown-onsale","status":404}') if reached else reply


def everybody_at_the_front(request: web.Request, reply: Reply) -> Reply:
    waiting = request.path.endswith("/place") and b'"waiting"' in reply.body
    return reply.saying(ahead=0) if waiting else reply


def a_turn_without_a_token(request: web.Request, reply: Reply) -> Reply:
    admitted = request.path.endswith("/place") and b'"access_token"' in reply.body
    return reply.without("access_token") if admitted else reply


def no_sockets(_: web.Request, reply: Reply) -> Reply:
    return reply.saying(websocket_url="ws://127.0.0.1:9/socket") if b'"websocket_url"' in reply.body else reply


def a_status_elsewhere(_: web.Request, reply: Reply) -> Reply:
    return reply.saying(status_url="http://127.0.0.1:9/status") if b'"websocket_url"' in reply.body else reply


def no_completion_key(_: web.Request, reply: Reply) -> Reply:
    return reply.without("completion_key") if b'"completion_key"' in reply.body else reply


def refusing(status: int, method: str, *paths: str) -> Tamper:
    """What was asked for is done, and said to be refused."""

    def refuse(request: web.Request, reply: Reply) -> Reply:
        refused = request.method == method and request.path.endswith(paths)
        return replace(reply, status=status) if refused else reply

    return refuse


def together(*faults: Tamper) -> Tamper:
    return lambda request, reply: reduce(lambda so_far, fault: fault(request, so_far), faults, reply)


BROKEN: list[tuple[Tamper, list[str]]] = [
    (no_completion_key, [CREATED]),
    (together(a_status_elsewhere, refusing(409, "POST", "/pause", "/close")), [PAUSED, DESCRIBED, CLOSED]),
    (together(no_registration, refusing(409, "POST", "/resume")), [JOINED, RESUMED, SHUT]),
    (together(no_sockets, a_turn_without_a_token), [SOCKET_REFUSED, SOCKET, POLLED]),
    (together(a_backend_that_is_not_asked, everybody_at_the_front), [ADMITTED, WAITING]),
]
AT_ONCE: tuple[Tamper, ...] = (
    without_a_header,
    a_page_for_everything,
    another_place_each_time,
    a_status_for_its_own_origin,
    an_open_gate,
    refusing(200, "POST", "/extension"),
    refusing(400, "POST", "/purchases"),
    refusing(409, "DELETE", "/place"),
    a_short_memory,
)
FAIL_AT_ONCE = [
    *(PAGE, PROBLEMS, BACK_DOOR, SAME_PLACE, STATUS, KEYS, GATE, GATE_BACK_DOOR, EXTENDED, BOUGHT, LEFT),
    *(GATE_AFTER, AUDITED),
]
SLOW = {COMPLETED, PASSED_ON}
"""Steps that fail once all their time is over, and are not seen to."""


@pytest.mark.parametrize(("tamper", "failed"), BROKEN, ids=[failed[0] for _, failed in BROKEN])
def test_what_is_broken_is_named(room: Room, tamper: Tamper, failed: list[str]) -> None:
    found = behind(room, tamper)
    assert (found.code, found.err) == (1, "")
    assert found.named["FAIL"] == failed, found.out
    assert all(label in found.out for label in ("expected: ", "came: ", "look at: ", "NOT GOOD"))


def test_one_fault_hides_no_other_that_does_not_build_on_it(room: Room) -> None:
    found = behind(room, together(*AT_ONCE), "--api", room.url)
    assert (found.named["FAIL"], found.named["-"], found.named["skip"]) == (FAIL_AT_ONCE, [], []), found.out


def test_every_step_is_seen_to_fail() -> None:
    seen = {*(name for _, failed in BROKEN for name in failed), *FAIL_AT_ONCE, REPORTED, PUSHED, TOLD_OF_END}
    assert {each.name for each in JOURNEY} - seen == SLOW


def no_reports(request: web.Request, reply: Reply) -> Reply:
    return replace(reply, status=401) if request.path.endswith("/completion") else reply


def test_what_builds_on_a_fault_is_not_tried(room: Room) -> None:
    found = behind(room, no_reports)
    assert (found.code, found.named["FAIL"]) == (1, [REPORTED])
    assert found.named["-"] == [
        COMPLETED,
        TOLD_OF_END,
        PASSED_ON,
        LEFT,
        GATE_AFTER,
    ]
    assert f"it builds on: {REPORTED}" in found.out


def test_without_the_push_the_rest_of_the_journey_is_seen_to_hold(tmp_path: Path) -> None:
    with Room(Wish(lambdas=without("notify", tmp_path))) as room:
        keeping(room)
        found = behind(room, as_it_is)
    assert found.named["FAIL"] == [PUSHED, TOLD_OF_END]
    assert (found.code, found.named["-"]) == (1, [])


def test_where_visitors_sign_in_three_of_them_walk_through() -> None:
    with Room(Wish(identity="oidc")) as room:
        keeping(room)
        words = [word for name in ("ann", "bob", "cleo") for word in ("--id-token", id_token(room, name))]
        found = behind(room, as_it_is, *words)
    assert (found.code, found.named["FAIL"]) == (0, [])
    assert found.named["skip"] == [BACK_DOOR, GATE_BACK_DOOR, SHUT]


def test_where_nobody_answers_the_verdict_comes_soon() -> None:
    found = asyncio.run(smoke("http://127.0.0.1:9", FAIRLINE_OPERATOR_TOKEN="x"))
    assert found.code == 1
    assert {PAGE, CREATED, CLOSED} <= set(found.named["FAIL"])
    assert found.named["ok"] == []


def test_a_run_that_is_ended_half_way_closes_its_onsale(room: Room) -> None:
    async def run() -> tuple[int | None, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tools.smoke",
            "--url",
            room.url,
            cwd=ROOT,
            env={**os.environ, "FAIRLINE_ROOM": str(room.directory), "PYTHONUNBUFFERED": "1"},
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout
        while JOINED not in (await process.stdout.readline()).decode():
            pass
        process.send_signal(signal.SIGTERM)
        rest, _ = await process.communicate()
        return process.returncode, rest.decode()

    code, rest = asyncio.run(run())
    assert code == 1
    assert CLOSED in rest
    assert left_open(Operator(Api(room.url), room.operator_token())) == []


def test_who_is_nobodys_operator_is_told_how_to_become_one(room: Room, tmp_path: Path) -> None:
    (tmp_path / "room.json").write_text(json.dumps({"pid": os.getpid(), "url": "http://else", "environment": {}}))
    found = asyncio.run(smoke(room.url, FAIRLINE_ROOM=str(tmp_path), FAIRLINE_OPERATOR_TOKEN=""))
    assert (found.code, found.out) == (2, "")
    assert "FAIRLINE_OPERATOR_TOKEN" in found.err
    assert "--stack" in found.err


def test_what_keeps_aws_from_answering_is_said(room: Room, tmp_path: Path) -> None:
    nobody = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), str(tmp_path / "none"))
    nobody |= {"AWS_EC2_METADATA_DISABLED": "true", "AWS_DEFAULT_REGION": "eu-central-1"}
    found = asyncio.run(smoke(room.url, "--stack", "Fairline", **nobody))
    assert (found.code, found.out) == (2, "")
    assert "Unable to locate credentials" in found.err


@pytest.mark.parametrize(
    "words", [["--url", "tickets.example.com"], ["--api", "elsewhere"], ["--id-token", "one"], ["--seconds", "1"]]
)
def test_what_makes_no_sense_is_refused_before_anything_is_sent(room: Room, words: list[str]) -> None:
    found = asyncio.run(smoke(room.url, *words, FAIRLINE_OPERATOR_TOKEN="x"))
    assert (found.code, found.out) == (2, "")
    assert words[0] in found.err
