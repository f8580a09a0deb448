"""From the stream of the session table to the visitors' sockets."""

from typing import Any

import boto3
import pytest

from fairline.adapters.dynamodb_sessions import to_item
from fairline.clients import now_ms
from fairline.domain.place import Place
from fairline.domain.session import End, Extension, Row, Start
from tests.handlers.cloud import Cloud
from tests.handlers.events import sequence_number, stream_event
from tests.handlers.test_sockets import sockets

VISITORS = tuple(f"q3hPs0m3Vis1tor0fOurs{number}" for number in range(6))


def start(position: int, lasts_ms: int = 60_000) -> Start:
    began = now_ms() - 1_000
    return Start(Place("demo", position, VISITORS[position]), began, began + 1_000 + lasts_ms)


def told(cloud: Cloud, *rows: Row, name: str = "INSERT") -> Any:
    """The notifier's answer to new rows."""
    return cloud.call("notify", stream_event([to_item(row, 1) for row in rows], name))


def connected(cloud: Cloud, place: Place, *connections: str) -> None:
    """Remember open sockets of a place, oldest first."""
    sockets = {"SS": [f"{age:016}|{connection}" for age, connection in enumerate(connections)]}
    item: Any = {"place": {"S": place.key}, "sockets": sockets, "delete_after": {"N": "1"}}
    boto3.client("dynamodb").put_item(TableName=cloud.environment["CONNECTIONS_TABLE"], Item=item)


def remembered(cloud: Cloud, place: Place) -> list[str]:
    client, table = boto3.client("dynamodb"), cloud.environment["CONNECTIONS_TABLE"]
    item: Any = client.get_item(TableName=table, Key={"place": {"S": place.key}}).get("Item", {})
    return [text.partition("|")[2] for text in item.get("sockets", {"SS": []})["SS"]]


def failures(*numbers: int) -> Any:
    return {"batchItemFailures": [{"itemIdentifier": sequence_number(number)} for number in numbers]}


def test_who_is_let_in_is_pushed_what_the_poll_would_say(cloud: Cloud) -> None:
    cloud.open()
    place = cloud.admitted()
    cloud.socket(place["visitor_token"], "c=")
    answer = cloud.call("notify", stream_event(cloud.rows(place["session"])))
    assert answer == failures()
    names = ("access_token", "session_expires_at", "booking_url")
    assert cloud.gateway.messages("c=") == [{"type": "admitted", **{name: place[name] for name in names}}]


@pytest.mark.parametrize("reason", ["completed", "left"])
def test_the_end_of_a_session_is_pushed_with_its_reason(cloud: Cloud, reason: Any) -> None:
    end = End(start(1).place, reason, now_ms())
    connected(cloud, end.place, "c=")
    assert told(cloud, end) == failures()
    assert cloud.gateway.messages("c=") == [{"type": "session_ended", "reason": reason}]


def test_the_newest_five_sockets_get_the_push(cloud: Cloud) -> None:
    row = start(1)
    connected(cloud, row.place, *(f"c{number}" for number in range(7)))
    told(cloud, row)
    assert {connection for connection, _ in cloud.gateway.pushed} == {"c2", "c3", "c4", "c5", "c6"}


def test_failures_name_exactly_the_records_that_failed(cloud: Cloud) -> None:
    rows = [start(number) for number in range(6)]
    for row in rows:
        connected(cloud, row.place, f"c{row.place.position}")
    cloud.gateway.failing |= {"c1", "c4"}
    assert told(cloud, *rows) == failures(2, 5)
    assert {connection for connection, _ in cloud.gateway.pushed} == {"c0", "c2", "c3", "c5"}
    assert "PushesToRepeat" in cloud.printed()


def test_one_socket_that_fails_makes_its_record_come_again(cloud: Cloud) -> None:
    row = start(1)
    connected(cloud, row.place, "old", "new")
    cloud.gateway.failing.add("old")
    assert told(cloud, row) == failures(1)


def test_gone_connections_are_forgotten_and_no_failure(cloud: Cloud) -> None:
    row = start(1)
    connected(cloud, row.place, "gone", "here")
    cloud.gateway.gone.add("gone")
    assert told(cloud, row) == failures()
    assert remembered(cloud, row.place) == ["here"]
    assert [connection for connection, _ in cloud.gateway.pushed] == ["here"]


def test_a_session_that_has_run_out_meanwhile_is_not_announced(cloud: Cloud) -> None:
    row = start(1, lasts_ms=-500)
    connected(cloud, row.place, "c=")
    assert told(cloud, row) == failures()
    assert cloud.gateway.pushed == []


def test_a_session_that_has_ended_meanwhile_is_announced_with_its_end_behind(cloud: Cloud) -> None:
    row = start(1)
    connected(cloud, row.place, "c=")
    told(cloud, row)
    told(cloud, End(row.place, "left", now_ms()))
    assert [message["type"] for message in cloud.gateway.messages("c=")] == ["admitted", "session_ended"]


def test_a_session_that_ends_in_the_same_batch_is_not_announced(cloud: Cloud) -> None:
    rows = [start(number) for number in range(3)]
    for row in rows:
        connected(cloud, row.place, f"c{row.place.position}")
    assert told(cloud, *rows, End(rows[1].place, "completed", now_ms())) == failures()
    assert [message["type"] for message in cloud.gateway.messages("c1")] == ["session_ended"]
    assert [message["type"] for message in cloud.gateway.messages("c2")] == ["admitted"]


def test_extensions_changes_and_deletions_are_passed_over(cloud: Cloud) -> None:
    row = start(1)
    connected(cloud, row.place, "c=")
    assert told(cloud, Extension(row.place, row.ends_at_ms)) == failures()
    assert told(cloud, row, name="MODIFY") == failures()
    event = stream_event([to_item(row, 1)], "REMOVE")
    del event["Records"][0]["dynamodb"]["NewImage"]
    assert cloud.call("notify", event) == failures()
    assert cloud.gateway.pushed == []


def test_nobody_connected_means_one_read_and_no_key(cloud: Cloud) -> None:
    rows = [start(number) for number in range(6)]
    cloud.aws_calls.clear()
    assert told(cloud, *rows) == failures()
    assert cloud.aws_calls == ["BatchGetItem"]


def test_without_keys_only_admissions_come_again(cloud: Cloud) -> None:
    admitted, ended = start(1), End(start(2).place, "left", now_ms())
    for row in (admitted, ended):
        connected(cloud, row.place, f"c{row.place.position}")
    cloud.environment["KEYS_TABLE"] = "no-such-table"
    assert told(cloud, admitted, ended) == failures(1)
    assert [connection for connection, _ in cloud.gateway.pushed] == ["c2"]


def test_a_record_that_comes_again_pushes_the_same(cloud: Cloud) -> None:
    row = start(1)
    connected(cloud, row.place, "c=")
    told(cloud, row)
    told(cloud, row)
    first, second = cloud.gateway.messages("c=")
    assert first == second


def test_sockets_opened_and_pushed_to_are_the_same(cloud: Cloud) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    cloud.socket(token, "c1=", connected_at=5)
    began = now_ms()
    told(cloud, Start(cloud.place_of(token), began, began + 60_000))
    assert sockets(cloud, token) == [connection for connection, _ in cloud.gateway.pushed] == ["c1="]
