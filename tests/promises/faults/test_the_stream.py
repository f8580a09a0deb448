"""The stream repeats itself, mixes the items up, and carries what nobody can read."""

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from fairline.adapters.dynamodb_sessions import to_item
from local.lanes import FailureQueue, Lanes, Record
from tests.handlers.cloud import Cloud
from tests.handlers.events import gate_event, sequence_number, stream_event
from tests.handlers.test_notify import connected, failures, start

POISON: dict[str, Any] = {
    "of no place": {"event": {"S": "start"}, "place": {"S": "demo"}},
    "without its times": {"event": {"S": "start"}, "place": {"S": "demo#7.q3hPs0m3Vis1tor0fOurs7"}},
    "of an unknown kind": {"event": {"S": "merger"}, "place": {"S": "demo#7.q3hPs0m3Vis1tor0fOurs7"}},
    "of another type": {"event": {"S": "end"}, "place": {"N": "7"}},
}


@pytest.mark.parametrize(("poison", "where"), list(zip(POISON, (0, 2, 3, 4), strict=True)))
def test_a_record_that_nobody_can_read_keeps_no_other_from_being_pushed(cloud: Cloud, poison: str, where: int) -> None:
    """Promise 8 is not even needed by the others; the poisoned one alone is named as failed."""
    rows = [start(number) for number in range(4)]
    for row in rows:
        connected(cloud, row.place, f"c{row.place.position}")
    images = [to_item(row, 1) for row in rows]
    images.insert(where, POISON[poison])
    assert cloud.call("notify", stream_event(images)) == failures(where + 1)
    assert {connection for connection, _ in cloud.gateway.pushed} == {"c0", "c1", "c2", "c3"}
    assert "unreadable record" in cloud.printed()


def test_it_ends_in_the_failure_queue_alone(cloud: Cloud, tmp_path: Path) -> None:
    """Through the room's event source mapping, which tries, halves and gives up as AWS's does."""
    rows = [start(number) for number in range(5)]
    for row in rows:
        connected(cloud, row.place, f"c{row.place.position}")
    images = [to_item(row, 1) for row in rows]
    images.insert(2, POISON["of no place"])

    async def notify(batch: list[Record]) -> Any:
        return cloud.call("notify", {"Records": batch})

    failed = FailureQueue(tmp_path / "failed.jsonl")
    asyncio.run(Lanes(notify, failed, back_off=0).deliver(stream_event(images)["Records"]))
    assert failed.records == 1
    assert sequence_number(3) in (tmp_path / "failed.jsonl").read_text()
    assert {connection for connection, _ in cloud.gateway.pushed} == {f"c{number}" for number in range(5)}


def test_a_record_delivered_again_after_the_end_brings_no_session_back(cloud: Cloud) -> None:
    """Promise 5: whatever the push says, the gate and the poll know better."""
    key = cloud.open()["completion_key"]
    place = cloud.admitted()
    cloud.socket(place["visitor_token"], "c=")
    started = cloud.rows(place["session"])
    path = f"/v1/onsales/demo/sessions/{place['session']}/completion"
    assert cloud.http("POST", path, token=key).status == 204
    for _ in range(2):
        assert cloud.call("notify", stream_event(started)) == failures()
    event = gate_event("GET", "/v1/onsales/demo/booking/seats", token=place["access_token"])
    assert cloud.call("authorize", event) == {"isAuthorized": False}
    assert cloud.place(place["visitor_token"]).body["state"] == "completed"
    cloud.tick()
    progress = cloud.admin("GET", "/demo/metrics").body
    assert (progress["active"], progress["completed"]) == (0, 1)


def test_in_whatever_order_items_come_everybody_is_told_their_own(cloud: Cloud) -> None:
    """Only the order within a place is kept by the stream."""
    cloud.open(max_active=4)
    tokens = [cloud.register()["visitor_token"] for _ in range(4)]
    places = [cloud.admitted(token=token) for token in tokens]
    for place in places:
        cloud.socket(place["visitor_token"], place["session"])
    images = [row for place in places for row in cloud.rows(place["session"])]
    random.Random(7).shuffle(images)
    assert cloud.call("notify", stream_event(images)) == failures()
    for place in places:
        (message,) = cloud.gateway.messages(place["session"])
        assert message["access_token"] == place["access_token"]
