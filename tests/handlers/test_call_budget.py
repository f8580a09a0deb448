"""How many calls one fan's journey costs, counted from what redis-py and botocore really send.

The booking backend's own storage is not counted, and what is shared (ticks, batches, cached keys) counts by its share.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from redis.connection import AbstractConnection

from fairline import wiring
from fairline.domain.place import Place
from tests.handlers.cloud import Cloud
from tests.handlers.events import gate_event, socket_event, stream_event
from tests.support.sessions import SESSION

FANS = 100
SET_UP = frozenset({"HELLO", "AUTH", "SELECT", "CLIENT", "SCRIPT LOAD"})
GATE_CALLS = (("GET", "seats"), ("POST", "holds"), ("POST", "purchases"))


@dataclass
class Calls:
    """Calls by kind, counted while a step of the journey is taken."""

    sent: Counter[str] = field(default_factory=Counter)
    counting: bool = False

    def note(self, kind: str) -> None:
        if self.counting:
            self.sent[kind] += 1

    @contextmanager
    def step(self) -> Iterator[None]:
        self.counting = True
        yield
        self.counting = False

    def each(self) -> float:
        return self.sent.total() / FANS


@pytest.fixture
def calls(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Calls]:
    monkeypatch.setattr(wiring, "time", SimpleNamespace(monotonic=float))  # a busy machine reads no cache again
    calls = Calls()
    send = AbstractConnection.send_command

    def sending(self: AbstractConnection, *args: Any, **options: Any) -> None:
        if args[0] not in SET_UP and not str(args[0]).startswith("CLIENT"):
            calls.note(f"redis.{args[0]}")
        send(self, *args, **options)  # type: ignore[no-untyped-call]

    def requested(event_name: str, **_: object) -> None:
        calls.note(event_name.removeprefix("before-send."))

    monkeypatch.setattr(AbstractConnection, "send_command", sending)
    with SESSION.listening("before-send", requested):
        yield calls


class Journey:
    """A hundred fans walk the same way, step by step, each step in one warm function and within a second."""

    def __init__(self, cloud: Cloud, calls: Calls) -> None:
        self.cloud = cloud
        self.calls = calls
        self.completion_key = cloud.open(max_active=FANS)["completion_key"]
        self.tokens: list[str] = []
        self.places: list[Place] = []

    def register(self) -> None:
        with self.calls.step():
            self.tokens = [self.cloud.register()["visitor_token"] for _ in range(FANS)]
        self.places = [self.cloud.place_of(token) for token in self.tokens]

    def say(self, function: str, route: str, **more: str) -> None:
        with self.calls.step():
            for place in self.places:
                context = {"onsale": place.onsale, "place": place.key}
                event = socket_event(route, context, connection=place.visitor, connected_at=1)
                assert self.cloud.call(function, {**event, **more})["statusCode"] == 200

    def admit(self) -> None:
        with self.calls.step():
            self.cloud.tick()

    def announce(self, event: str) -> None:
        images = [row for place in self.places for row in self.cloud.rows(place.id) if row["event"]["S"] == event]
        assert len(images) == FANS
        with self.calls.step():
            assert self.cloud.call("notify", stream_event(images)) == {"batchItemFailures": []}

    def poll(self) -> list[str]:
        with self.calls.step():
            return [self.cloud.place(token).body["access_token"] for token in self.tokens]

    def access_tokens(self) -> list[str]:
        """As the push brought them: reading them again is no step of the journey."""
        return [self.cloud.place(token).body["access_token"] for token in self.tokens]

    def buy(self, access_tokens: list[str]) -> None:
        with self.calls.step():
            for token in access_tokens:
                for method, what in GATE_CALLS:
                    request = gate_event(method, f"/v1/onsales/demo/booking/{what}", token=token)
                    assert self.cloud.call("authorize", request)["isAuthorized"]
            for place in self.places:
                path = f"/v1/onsales/demo/sessions/{place.id}/completion"
                assert self.cloud.http("POST", path, token=self.completion_key).status == 204


def test_a_registration_makes_one_call_of_redis_and_none_of_dynamodb(cloud: Cloud, calls: Calls) -> None:
    cloud.open()
    cloud.register()
    with calls.step():
        for _ in range(FANS):
            cloud.register()
    assert calls.sent == {"redis.EVALSHA": FANS}


def test_a_journey_with_socket_and_push_keeps_to_nine_and_a_half_calls(cloud: Cloud, calls: Calls) -> None:
    journey = Journey(cloud, calls)
    journey.register()
    journey.say("connect", "$connect")
    journey.say("message", "$default", body='{"action": "place"}')
    journey.admit()
    journey.announce("start")
    assert len(cloud.gateway.pushed) == FANS
    journey.buy(journey.access_tokens())
    journey.announce("end")
    assert len(cloud.gateway.pushed) == 2 * FANS
    journey.say("disconnect", "$disconnect")
    assert calls.each() <= 9.5, calls.sent


def test_a_journey_by_polling_keeps_to_six_and_a_half_calls(cloud: Cloud, calls: Calls) -> None:
    journey = Journey(cloud, calls)
    journey.register()
    journey.admit()
    journey.announce("start")
    journey.buy(journey.poll())
    journey.announce("end")
    assert calls.each() <= 6.5, calls.sent


def test_a_tick_makes_at_most_four_round_trips_of_redis_and_four_calls_of_dynamodb_beside_its_batches(
    cloud: Cloud, calls: Calls
) -> None:
    journey = Journey(cloud, calls)
    journey.register()
    _let_a_sample_be_due(cloud)
    calls.sent.clear()
    journey.admit()
    assert calls.sent["dynamodb.PutItem"] == 2
    redis = sum(count for kind, count in calls.sent.items() if kind.startswith("redis."))
    dynamodb = sum(count for kind, count in calls.sent.items() if kind.startswith("dynamodb."))
    assert redis <= 4
    assert dynamodb <= FANS / 25 + 4
    assert cloud.place(journey.tokens[-1]).body["state"] == "admitted"


def _let_a_sample_be_due(cloud: Cloud) -> None:
    """As if the tick before had been long ago."""
    boto3.client("dynamodb").update_item(
        TableName=cloud.environment["ONSALES_TABLE"],
        Key={"onsale": {"S": "demo"}, "item": {"S": "record"}},
        UpdateExpression="SET updated_at_ms = :long_ago",
        ExpressionAttributeValues={":long_ago": {"N": "1"}},
    )
