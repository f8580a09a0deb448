import json
from typing import Any

from websockets.sync.client import connect

from local.background import Room
from local.provision import client
from local.stream import event_record, matches
from stacks.functions import NEWS
from tests.local.test_websocket_api import address, ask
from tests.local.waiting import eventually


def put(room: Room, place: str, event: str, to: str = "") -> None:
    item = {"place": {"S": place}, "event": {"S": event}, "to": {"S": to}, "at": {"N": "1"}, "shard": {"S": "0"}}
    client("dynamodb", room.environment).put_item(TableName=room.environment["SESSIONS_TABLE"], Item=item)


def test_a_row_in_the_table_reaches_the_notifier_and_through_it_an_open_socket(room: Room) -> None:
    with connect(address(room)) as connection:
        identity = ask(connection)["requestContext"]["connectionId"]
        put(room, "demo#1.v", "extend", identity)
        put(room, "demo#1.v", "start", identity)
        record = json.loads(connection.recv(30))
    assert record["eventName"] == "INSERT"
    assert record["eventSource"] == "aws:dynamodb"
    assert record["dynamodb"]["Keys"] == {"place": {"S": "demo#1.v"}, "event": {"S": "start"}}
    assert record["dynamodb"]["NewImage"]["at"] == {"N": "1"}
    assert record["dynamodb"]["StreamViewType"] == "NEW_IMAGE"
    assert isinstance(record["dynamodb"]["ApproximateCreationDateTime"], int)
    assert ":table/fairline-sessions/stream/" in record["eventSourceARN"]


def test_a_record_nobody_can_deliver_ends_in_the_failure_queue(room: Room) -> None:
    put(room, "poison#1.v", "start")

    def failed() -> Any:
        return room.report()["records"]["failed"]

    assert eventually(failed)
    assert "poison#1.v" in (room.directory / "failed-records.jsonl").read_text()


def test_only_new_rows_about_starts_and_ends_pass_the_filter() -> None:
    def passes(name: str, event: str) -> bool:
        return matches({"eventName": name, "dynamodb": {"Keys": {"event": {"S": event}}}}, NEWS)

    assert passes("INSERT", "start")
    assert passes("INSERT", "end")
    assert not passes("MODIFY", "start")
    assert not passes("INSERT", "extension")


def test_binary_values_travel_in_base64() -> None:
    record = event_record({"dynamodb": {"NewImage": {"b": {"B": b"\x00"}, "l": {"L": [{"S": "x"}]}}}}, "arn")
    assert record["dynamodb"]["NewImage"] == {"b": {"B": "AA=="}, "l": {"L": [{"S": "x"}]}}
