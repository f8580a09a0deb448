"""Sockets are gone, throttled, slow, opened with another's token, too many, or too old: the poll tells all the same."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from typing import Any

import boto3
import pytest

from fairline import stores
from fairline.adapters.dynamodb_sessions import to_item
from fairline.clients import aws as client_of
from fairline.domain.place import Place
from fairline.domain.session import Start
from tests.handlers import gateway as gateways
from tests.handlers.cloud import Cloud
from tests.handlers.events import socket_event, stream_event
from tests.handlers.gateway import Gateway
from tests.handlers.test_notify import connected, failures, remembered, start
from tests.handlers.test_sockets import authorize, effect, sockets

TWO_HOURS_MS = 7_200_000
SLOW_SECONDS = 0.5


def news(cloud: Cloud, session: str) -> Any:
    """The stream's record of an admission."""
    return stream_event([row for row in cloud.rows(session) if row["event"]["S"] == "start"])


def the_poll_tells(cloud: Cloud, place: dict[str, Any]) -> None:
    """Promise 8."""
    told = cloud.place(place["visitor_token"]).body
    assert (told["state"], told["access_token"]) == ("admitted", place["access_token"])


class Throttling(gateways._Handler):
    """`@connections` as it is when too many messages are sent; `slow` ones are read from late, or after others."""

    slow: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    patience_seconds = 0.1

    def _refusal(self) -> tuple[int, str] | None:
        if self._connection in self.slow:
            self._wait()
        if self._connection in self.gateway.failing:
            return 429, "LimitExceededException"
        return super()._refusal()

    def _wait(self) -> None:
        if not self.after:
            time.sleep(SLOW_SECONDS)
        until = time.monotonic() + 20
        while self.after - {connection for connection, _ in self.gateway.pushed} and time.monotonic() < until:
            time.sleep(0.01)


@pytest.fixture
def throttling(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Throttling]]:
    """The gateway behind this deployment's sockets; functions are less patient with it than usual."""

    class Handler(Throttling):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Handler.gateway = cloud.gateway = Gateway(server)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    cloud.environment["SOCKETS_URL"] = Handler.gateway.url
    monkeypatch.setattr(
        stores,
        "aws",
        lambda service, **more: client_of(service, **{"read_timeout": Handler.patience_seconds, "attempts": 2, **more}),
    )
    yield Handler
    server.shutdown()
    server.server_close()


def test_a_socket_that_is_gone_is_forgotten_and_the_poll_tells(cloud: Cloud) -> None:
    cloud.open()
    place = cloud.admitted()
    cloud.socket(place["visitor_token"], "c=")
    cloud.gateway.gone.add("c=")
    assert cloud.call("notify", news(cloud, place["session"])) == failures()
    assert sockets(cloud, place["visitor_token"]) == []
    the_poll_tells(cloud, place)


def test_messages_that_are_throttled_come_again_and_the_others_do_not_wait(
    cloud: Cloud, throttling: type[Throttling]
) -> None:
    rows = [start(number) for number in range(4)]
    for row in rows:
        connected(cloud, row.place, f"c{row.place.position}")
    cloud.gateway.failing |= {"c1"}
    event = stream_event([to_item(row, 1) for row in rows])
    assert cloud.call("notify", event) == failures(2)
    assert {connection for connection, _ in cloud.gateway.pushed} == {"c0", "c2", "c3"}
    cloud.gateway.failing.clear()
    assert cloud.call("notify", {"Records": event["Records"][1:2]}) == failures()
    assert len(cloud.gateway.messages("c1")) == 1
    assert remembered(cloud, rows[1].place) == ["c1"]


def test_a_socket_that_reads_slowly_holds_up_nobody_else(cloud: Cloud, throttling: type[Throttling]) -> None:
    rows = [start(number) for number in range(4)]
    for row in rows:
        connected(cloud, row.place, f"c{row.place.position}")
    throttling.slow = frozenset({"c0"})
    assert cloud.call("notify", stream_event([to_item(row, 1) for row in rows])) == failures(1)
    assert {"c1", "c2", "c3"} <= {connection for connection, _ in cloud.gateway.pushed}


def test_nobody_waits_until_a_slow_socket_has_been_written_to(cloud: Cloud, throttling: type[Throttling]) -> None:
    """It reads when all the others have."""
    rows = [start(number) for number in range(4)]
    for row in rows:
        connected(cloud, row.place, f"c{row.place.position}")
    throttling.slow, throttling.after, throttling.patience_seconds = frozenset({"c0"}), frozenset({"c1", "c2", "c3"}), 8
    assert cloud.call("notify", stream_event([to_item(row, 1) for row in rows])) == failures()
    assert [connection for connection, _ in cloud.gateway.pushed][-1] == "c0"


def test_a_slow_socket_keeps_its_visitor_from_no_turn(cloud: Cloud, throttling: type[Throttling]) -> None:
    cloud.open()
    place = cloud.admitted()
    cloud.socket(place["visitor_token"], "c=")
    throttling.slow = frozenset({"c="})
    assert cloud.call("notify", news(cloud, place["session"])) == failures(1)
    the_poll_tells(cloud, place)


def test_a_socket_opened_with_anothers_token_is_that_ones_and_tells_nothing_of_its_opener(cloud: Cloud) -> None:
    """The token is the place: who opens a socket with ann's hears of ann's turn, and cannot ask for bob's."""
    cloud.open()
    ann, bob = (cloud.register()["visitor_token"] for _ in range(2))
    policy = authorize(cloud, {"onsale": "demo", "visitor_token": ann, "place": cloud.place_of(bob).key})
    assert effect(policy) == "Allow"
    assert policy["context"]["place"] == cloud.place_of(ann).key
    opened = socket_event("$connect", policy["context"], connection="bobs=")
    opened["queryStringParameters"] = {"onsale": "demo", "visitor_token": bob}
    cloud.call("connect", opened)
    asked = json.dumps({"action": "place", "visitor_token": bob, "place": cloud.place_of(bob).key})
    told = cloud.call("message", socket_event("$default", policy["context"], connection="bobs=", body=asked))
    assert json.loads(told["body"])["position"] == cloud.place_of(ann).position
    inside = cloud.admitted(token=bob)
    assert cloud.call("notify", news(cloud, inside["session"])) == failures()
    assert cloud.gateway.pushed == []


def test_a_token_of_another_onsale_opens_nothing(cloud: Cloud) -> None:
    cloud.open()
    cloud.open("other")
    token = cloud.register("other")["visitor_token"]
    assert effect(authorize(cloud, {"onsale": "demo", "visitor_token": token})) == "Deny"


@pytest.mark.parametrize("many", [50, pytest.param(1000, marks=pytest.mark.soak)])
def test_of_any_number_of_sockets_the_newest_five_are_kept_and_told(cloud: Cloud, many: int) -> None:
    """The row stays bounded, however many one visitor opens."""
    cloud.open()
    place = cloud.admitted()
    context = {"onsale": "demo", "place": cloud.place_of(place["visitor_token"]).key}
    for number in range(many):
        event = socket_event("$connect", context, connection=f"c{number}", connected_at=1_000 + number)
        assert cloud.call("connect", event) == {"statusCode": 200}
    newest = [f"c{number}" for number in range(many - 5, many)]
    assert sockets(cloud, place["visitor_token"]) == newest
    assert cloud.gateway.closed == [f"c{number}" for number in range(many - 5)]
    cloud.call("notify", news(cloud, place["session"]))
    assert sorted(connection for connection, _ in cloud.gateway.pushed) == sorted(newest)


def test_a_row_of_a_thousand_sockets_costs_five_messages(cloud: Cloud) -> None:
    """As if every `$connect` had been cut off before it could close the oldest."""
    row = start(1)
    connected(cloud, row.place, *(f"c{number}" for number in range(1_000)))
    assert cloud.call("notify", stream_event([to_item(row, 1)])) == failures()
    assert sorted(connection for connection, _ in cloud.gateway.pushed) == [
        f"c{number}" for number in range(995, 1_000)
    ]
    context = {"onsale": "demo", "place": row.place.key}
    cloud.call("connect", socket_event("$connect", context, connection="newest", connected_at=1_000_000))
    assert len(remembered(cloud, row.place)) == 5


def test_a_socket_older_than_the_platform_allows_is_gone_and_the_poll_tells(cloud: Cloud) -> None:
    """API Gateway ended it after two hours and its `$disconnect` never came."""
    cloud.open()
    place = cloud.admitted()
    named: Place = cloud.place_of(place["visitor_token"])
    cloud.socket(place["visitor_token"], "old=", connected_at=time.time_ns() // 1_000_000 - TWO_HOURS_MS - 1)
    cloud.gateway.gone.add("old=")
    assert cloud.call("notify", news(cloud, place["session"])) == failures()
    assert cloud.gateway.pushed == []
    the_poll_tells(cloud, place)
    item: Any = boto3.client("dynamodb").get_item(
        TableName=cloud.environment["CONNECTIONS_TABLE"], Key={"place": {"S": named.key}}
    )["Item"]
    assert "sockets" not in item
    assert int(item["delete_after"]["N"]) > time.time() + TWO_HOURS_MS / 1000
    assert isinstance(cloud.told(place["session"])[0], Start)
