"""Each function's grants beside the calls it makes: nothing missing, and nothing granted that no call uses."""

from fnmatch import fnmatchcase
from typing import Any

import pytest
from redis import Redis

from fairline.adapters.dynamodb_sessions import DynamoDBSessions
from lambdas.admit import handler as admit
from stacks.functions import FUNCTIONS
from stacks.grants import GRANTS, Grant
from tests.handlers.cloud import Cloud, policy
from tests.handlers.events import gate_event, schedule_event, socket_authorizer_event, socket_event, stream_event
from tests.handlers.reader import Reader
from tests.handlers.recorder import Call, recording
from tests.handlers.test_booking import at
from tests.handlers.test_pictures import upload
from tests.handlers.test_plain_door import joined
from tests.support.pictures import png


class Crash(Exception):
    pass


def _crash(*_args: object) -> None:
    raise Crash


class Night:
    """A whole sale, with all that fans, operators and misfortune do in it."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud

    def walk(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rotate()
        self.open(monkeypatch)
        self.wait()
        self.read_pages()
        self.buy()
        self.extend_and_leave()
        self.lose_the_cache()
        self.operate()

    def rotate(self) -> None:
        self.cloud.call("rotate", schedule_event())

    def open(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.key = self.cloud.create()["completion_key"]
        monkeypatch.setattr(admit, "RUN_SECONDS", 1.2)
        self.cloud.call("admit", schedule_event())
        assert self.cloud.http("GET", "/v1/onsales/demo").status == 200
        for method, path in (("GET", ""), ("POST", "/registrations")):
            assert self.cloud.http(method, f"/v1/onsales/nowhere{path}").status == 404

    def wait(self) -> None:
        early = {"idempotency-key": "0123456789abcdef0123456789abcdef"}
        self.token = self.cloud.register(headers=early)["visitor_token"]
        assert self.cloud.http("POST", "/v1/onsales/demo/registrations", headers=early).status == 200
        query = {"onsale": "demo", "visitor_token": self.token}
        self.context = self.cloud.call("authorize_socket", socket_authorizer_event(query))["context"]
        for number in range(7):
            opened = socket_event("$connect", self.context, connection=f"c{number}=", connected_at=number)
            self.cloud.call("connect", opened)
        self.ask()

    def read_pages(self) -> None:
        """Somebody without JavaScript opens the door, joins, and leaves."""
        reader = Reader(self.cloud)
        asked = reader.press(joined(reader), "Leave the line")
        assert reader.press(asked, "Yes, give it up").heading == "You have left the line"

    def ask(self) -> None:
        self.cloud.call("message", socket_event("$default", self.context, body='{"action": "place"}'))
        self.cloud.call("message", socket_event("$default", self.context, body='{"action": "ping"}'))

    def buy(self) -> None:
        place = self.cloud.admitted(token=self.token)
        self.announce(place)
        self.ask()
        assert self.cloud.http("POST", "/v1/onsales/demo/registrations", token=self.token).status == 200
        for seat in ("A-1", "A-2"):
            assert at(self.cloud, place, "POST", "holds", {"seat": seat}).status == 201
        at(self.cloud, place, "GET", "seats")
        assert at(self.cloud, place, "POST", "purchases", {}).status == 201
        path = f"/v1/onsales/demo/sessions/{place['session']}/completion"
        assert [self.cloud.http("POST", path, token=self.key).status for _ in range(2)] == [204, 204]
        self.cloud.call("disconnect", socket_event("$disconnect", self.context, connection="c6=", connected_at=6))

    def announce(self, place: dict[str, Any]) -> None:
        """The stream brings the session's rows; one of the visitor's sockets is gone by then."""
        self.cloud.gateway.gone.add("c5=")
        assert self.cloud.call("notify", stream_event(self.cloud.rows(place["session"]))) == {"batchItemFailures": []}

    def extend_and_leave(self) -> None:
        place = self.cloud.admitted()
        token = place["visitor_token"]
        assert self.cloud.http("POST", "/v1/onsales/demo/place/extension", token=token).status == 200
        gate = gate_event("GET", "/v1/onsales/demo/booking/seats", token=place["access_token"])
        assert self.cloud.call("authorize", gate)["isAuthorized"]
        assert self.cloud.http("DELETE", "/v1/onsales/demo/place", token=token).status == 204

    def lose_the_cache(self) -> None:
        staying = self.cloud.admitted()
        self.crash_between_taking_and_writing()
        self.cloud.flush()
        assert self.cloud.place(self.token).status == 200
        assert self.cloud.place(self.waiting).status == 503
        assert self.cloud.admin("POST", "/demo/place-lookup", {"visitor_token": self.token}).status == 200
        self.cloud.tick(times=3)
        assert self.cloud.place(staying["visitor_token"]).body["state"] == "admitted"

    def crash_between_taking_and_writing(self) -> None:
        self.cloud.register()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(DynamoDBSessions, "start", _crash)
            with pytest.raises(Crash):
                self.cloud.tick(times=50)
        self.age_outbox()
        self.cloud.tick()
        self.cloud.admin("POST", "/demo/pause", {"expected_version": 1})
        self.cloud.tick()
        self.waiting = self.cloud.register()["visitor_token"]

    def age_outbox(self) -> None:
        """Let the unconfirmed admission have been taken a minute ago."""
        with Redis.from_url(self.cloud.environment["REDIS_URL"], decode_responses=True) as client:
            taken = client.hgetall("{demo}:outbox")
            assert taken
            for session, times in taken.items():
                began, _, ends = times.partition(":")
                client.hset("{demo}:outbox", session, f"{int(began) - 60_000}:{ends}")

    def operate(self) -> None:
        shown = self.cloud.admin("GET", "/demo").body
        assert self.cloud.admin("POST", "/demo/resume", {"expected_version": shown["version"]}).status == 200
        for look in ("", "/demo/metrics", "/demo/history", "/demo/audit"):
            assert self.cloud.admin("GET", look).status == 200
        assert self.cloud.admin("POST", "/demo/place-lookup", {"visitor_token": self.token}).status == 200
        assert self.cloud.admin("POST", "", policy("demo")).status == 409
        assert (
            self.cloud.admin("POST", "/demo/completion-key", {"expected_version": shown["version"] + 1}).status == 200
        )
        assert self.cloud.http("GET", "/v1/admin/errors").status == 200
        assert upload(self.cloud, png()).status == 201
        assert self.cloud.http("GET", "/v1/nothing").status == 404


RECORDED: list[Call] = []
"""One night is enough for all questions about it."""


@pytest.fixture
def calls(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    if not RECORDED:
        cloud.forget_keys("visitor", "access")
        with recording(cloud, monkeypatch) as made:
            Night(cloud).walk(monkeypatch)
        RECORDED.extend(made)
    return RECORDED


def allows(grant: Grant, call: Call) -> bool:
    return (
        grant.effect == "Allow"
        and call.action in grant.actions
        and fnmatchcase(call.resource, grant.resource)
        and all(_holds(operator, asked, call) for operator, asked in grant.conditions.items())
    )


def _holds(operator: str, asked: Any, call: Call) -> bool:
    """As IAM decides: a set operator holds for what the request does not name, a plain one does not."""
    for key, allowed in asked.items():
        told = call.context.get(key)
        if told is None and not operator.startswith("ForAllValues"):
            return False
        if not (told or frozenset()) <= set(allowed):
            return False
    return True


def test_every_function_makes_calls_in_the_course_of_a_sale(calls: list[Call]) -> None:
    assert {call.function for call in calls} == {function.name for function in FUNCTIONS}


def test_every_call_is_granted(calls: list[Call]) -> None:
    refused = {str(call) for call in calls if not any(allows(grant, call) for grant in GRANTS[call.function])}
    assert refused == set()


def test_nothing_is_granted_that_no_call_uses(calls: list[Call]) -> None:
    unused = [
        f"{name}: {action} on {grant.resource}"
        for name, grants in GRANTS.items()
        for grant in grants
        for action in grant.actions
        if not grant.reason
        and not any(call.function == name and call.action == action and allows(grant, call) for call in calls)
    ]
    assert unused == []


def test_no_condition_lets_through_more_than_calls_ask_for(calls: list[Call]) -> None:
    wider = [
        f"{name}: {key}={value} on {grant.resource}"
        for name, grants in GRANTS.items()
        for grant in grants
        if not grant.reason
        for asked in grant.conditions.values()
        for key, values in asked.items()
        for value in values
        if not any(
            value in call.context.get(key, ()) for call in calls if call.function == name and allows(grant, call)
        )
    ]
    assert wider == []
