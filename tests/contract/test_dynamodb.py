"""What only DynamoDB and S3 can show: every row expires, calls are few, batches are repeated, errors stay inside."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from fairline.adapters import dynamodb
from fairline.adapters.documents import S3Documents
from fairline.adapters.dynamodb_connections import DynamoDBConnections
from fairline.adapters.dynamodb_keys import DynamoDBKeys
from fairline.adapters.dynamodb_onsales import DynamoDBOnsales
from fairline.adapters.dynamodb_origin import DynamoDBOriginSecrets
from fairline.adapters.dynamodb_records import DynamoDBRecords
from fairline.adapters.dynamodb_sessions import DynamoDBSessions, from_item, to_item
from fairline.domain.errors import Unavailable
from fairline.domain.keys import Key
from fairline.domain.onsale import DAY_MS
from fairline.domain.origin import OriginSecret
from fairline.domain.session import End, Extension, Start
from fairline.domain.tick import Record
from fairline.usecases.ports import Socket, Version
from tests.support.aws import BUCKET
from tests.support.builders import any_name, any_onsale, any_place
from tests.support.clock import START_MS
from tests.support.sessions import SESSION

KEPT = START_MS // 1000 + 777


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.uniform", lambda *_: 0.0)


@pytest.fixture
def stubbed(dynamodb_tables: Any) -> Any:
    """A client that answers as told and calls nobody."""
    del dynamodb_tables
    client = SESSION.own_client("dynamodb")
    with Stubber(client) as stubber:
        yield client, stubber


def test_every_row_says_when_it_may_be_deleted(dynamodb_tables: Any) -> None:
    place, onsale = any_place(), any_onsale()
    sessions = DynamoDBSessions(dynamodb_tables, "sessions")
    sessions.start([Start(place, START_MS, START_MS)], KEPT)
    sessions.add(Extension(place, START_MS), KEPT)
    sessions.add(End(place, "left", START_MS), KEPT)
    connections = DynamoDBConnections(dynamodb_tables, "connections")
    connections.add(place, Socket(1, "a"), KEPT)
    connections.remove(place, [Socket(1, "a")])
    connections.remove(any_place(), [Socket(1, "a")])
    DynamoDBKeys(dynamodb_tables, "keys").add(Key("visitor", any_name(), "secret", START_MS))
    DynamoDBOriginSecrets(dynamodb_tables, "keys").keep(OriginSecret("0" * 64, START_MS), KEPT)
    onsales = DynamoDBOnsales(dynamodb_tables, "onsales")
    onsales.put(Version(onsale, "kim", START_MS, "create"))
    onsales.put(Version(replace(onsale, closes_at_ms=onsale.closes_at_ms + 1, version=2), "kim", START_MS, "change"))
    records = DynamoDBRecords(dynamodb_tables, "onsales")
    records.begin(onsale.onsale, 0, Record(epoch=1), KEPT)
    records.advance(onsale.onsale, Record(epoch=1, tick=1), KEPT)
    for table, least in (("sessions", 3), ("connections", 1), ("keys", 2), ("onsales", 4)):
        rows = dynamodb_tables.scan(TableName=table)["Items"]
        assert len(rows) >= least
        assert all(int(row["delete_after"]["N"]) >= KEPT for row in rows), table


def test_an_onsale_that_was_moved_and_moved_back_is_not_forgotten_before_its_sale(dynamodb_tables: Any) -> None:
    """Nor one whose closing is a slip of the pen: its newest version would go, and the one before would count."""
    onsale, onsales = any_onsale(), DynamoDBOnsales(dynamodb_tables, "onsales")
    for version, day in enumerate((200, 30, 195, -400), start=1):
        at_ms = START_MS + day * DAY_MS
        times: dict[str, Any] = {"lobby_opens_at_ms": at_ms, "sale_starts_at_ms": at_ms, "closes_at_ms": at_ms + DAY_MS}
        onsales.put(Version(replace(onsale, version=version, **times), "kim", START_MS, "change"))
    roster = {"onsale": {"S": "#roster"}, "item": {"S": onsale.onsale}}
    newest = {"onsale": {"S": onsale.onsale}, "item": {"S": "version#00000004"}}
    kept = [dynamodb_tables.get_item(TableName="onsales", Key=key)["Item"]["delete_after"] for key in (roster, newest)]
    assert int(kept[0]["N"]) * 1000 > START_MS + (200 + 90) * DAY_MS
    assert int(kept[1]["N"]) * 1000 >= START_MS + 90 * DAY_MS


@pytest.mark.parametrize(
    "row",
    [
        Start(any_place(), START_MS, START_MS + 1),
        Extension(any_place(), START_MS + 2),
        End(any_place(), "completed", START_MS + 3),
        End(any_place(), "left", START_MS + 3),
    ],
)
def test_a_row_is_read_from_a_stream_as_it_was_written(row: Start | Extension | End) -> None:
    assert from_item(json.loads(json.dumps(to_item(row, KEPT)))) == row


def test_an_event_that_we_never_wrote_is_refused() -> None:
    with pytest.raises(ValueError, match="other"):
        from_item({"place": {"S": any_place().key}, "event": {"S": "other"}})


def test_the_newest_version_is_read_without_the_older_ones(stubbed: Any) -> None:
    """The ticker reads it each second; its cost must not grow with the audit trail."""
    client, stubber = stubbed
    asked: list[dict[str, Any]] = []
    client.meta.events.register("provide-client-params.dynamodb.Query", lambda params, **_: asked.append(params))
    stubber.add_response("query", {"Items": []})
    assert DynamoDBOnsales(client, "onsales").latest("demo") is None
    assert asked[0]["Limit"] == 1
    assert asked[0]["ConsistentRead"] is True
    assert asked[0]["ScanIndexForward"] is False


@pytest.mark.parametrize(
    ("read", "attributes"),
    [
        (lambda c: DynamoDBKeys(c, "keys").public("access"), {"kid", "signs_from", "public_jwk"}),
        (lambda c: DynamoDBOriginSecrets(c, "keys").all(), {"kid", "accepted_from"}),
    ],
)
def test_who_needs_no_secret_asks_for_none_so_that_a_role_may_withhold_it(
    stubbed: Any, read: Callable[[Any], object], attributes: set[str]
) -> None:
    client, stubber = stubbed
    asked: list[dict[str, Any]] = []
    client.meta.events.register("provide-client-params.dynamodb.Query", lambda params, **_: asked.append(params))
    stubber.add_response("query", {"Items": []})
    assert read(client) == []
    assert asked[0]["Select"] == "SPECIFIC_ATTRIBUTES"
    assert set(asked[0]["ProjectionExpression"].split(", ")) == attributes


def test_a_batch_that_was_taken_in_part_is_repeated_for_the_rest(stubbed: Any) -> None:
    client, stubber = stubbed
    one, other = (Start(any_place(number), START_MS, START_MS) for number in (1, 2))
    put = {"PutRequest": {"Item": to_item(other, KEPT)}}
    stubber.add_response("batch_write_item", {"UnprocessedItems": {"sessions": [put]}})
    stubber.add_response("batch_write_item", {"UnprocessedItems": {}}, {"RequestItems": {"sessions": [put]}})
    assert DynamoDBSessions(client, "sessions").start([one, other], KEPT) == []
    stubber.assert_no_pending_responses()


def test_what_is_left_over_again_and_again_is_told(stubbed: Any) -> None:
    client, stubber = stubbed
    one, other = (Start(any_place(number), START_MS, START_MS) for number in (1, 2))
    put = {"PutRequest": {"Item": to_item(other, KEPT)}}
    for _ in range(dynamodb.TRIES):
        stubber.add_response("batch_write_item", {"UnprocessedItems": {"sessions": [put]}})
    assert DynamoDBSessions(client, "sessions").start([one, other], KEPT) == [other]
    stubber.assert_no_pending_responses()


def test_a_batch_that_fails_leaves_all_of_it_unwritten_and_the_next_one_is_tried(stubbed: Any) -> None:
    client, stubber = stubbed
    starts = [Start(any_place(number), START_MS, START_MS) for number in range(1, 31)]
    stubber.add_client_error("batch_write_item", "InternalServerError")
    stubber.add_response("batch_write_item", {"UnprocessedItems": {}})
    assert DynamoDBSessions(client, "sessions").start(starts, KEPT) == starts[:25]


@pytest.mark.parametrize("enough", [True, False])
def test_keys_left_over_by_a_batch_are_read_again_a_few_times(stubbed: Any, *, enough: bool) -> None:
    client, stubber = stubbed
    place = any_place()
    key = {"place": {"S": place.key}, "event": {"S": "start"}}
    left: dict[str, Any] = {"Responses": {"sessions": []}, "UnprocessedKeys": {"sessions": {"Keys": [key]}}}
    for _ in range(1 if enough else dynamodb.TRIES):
        stubber.add_response("batch_get_item", left)
    stubber.add_response("batch_get_item", {"Responses": {"sessions": [key]}, "UnprocessedKeys": {}})
    sessions = DynamoDBSessions(client, "sessions")
    if enough:
        assert sessions.started([place]) == {place}
    else:
        with pytest.raises(Unavailable):
            sessions.started([place])


def test_sockets_left_over_by_a_batch_are_read_again(stubbed: Any) -> None:
    client, stubber = stubbed
    place = any_place()
    key = {"place": {"S": place.key}}
    stubber.add_response(
        "batch_get_item", {"Responses": {"connections": []}, "UnprocessedKeys": {"connections": {"Keys": [key]}}}
    )
    item = {**key, "sockets": {"SS": ["0000000000000007|a"]}}
    stubber.add_response("batch_get_item", {"Responses": {"connections": [item]}, "UnprocessedKeys": {}})
    assert DynamoDBConnections(client, "connections").of([place]) == {place: [Socket(7, "a")]}


CALLS: list[tuple[str, Callable[[Any], object]]] = [
    ("query", lambda c: DynamoDBSessions(c, "sessions").rows(any_place())),
    ("query", lambda c: DynamoDBSessions(c, "sessions").since("demo", 0)),
    ("put_item", lambda c: DynamoDBSessions(c, "sessions").add(Extension(any_place(), 1), KEPT)),
    ("batch_get_item", lambda c: DynamoDBSessions(c, "sessions").started([any_place()])),
    ("get_item", lambda c: DynamoDBRecords(c, "onsales").read("demo")),
    ("put_item", lambda c: DynamoDBRecords(c, "onsales").begin("demo", 0, Record(), KEPT)),
    ("put_item", lambda c: DynamoDBRecords(c, "onsales").advance("demo", Record(), KEPT)),
    ("query", lambda c: DynamoDBOnsales(c, "onsales").latest("demo")),
    ("query", lambda c: DynamoDBOnsales(c, "onsales").live(0)),
    ("update_item", lambda c: DynamoDBOnsales(c, "onsales").put(Version(any_onsale(), "kim", 1, "create"))),
    ("update_item", lambda c: DynamoDBConnections(c, "connections").add(any_place(), Socket(1, "a"), KEPT)),
    ("update_item", lambda c: DynamoDBConnections(c, "connections").remove(any_place(), [Socket(1, "a")])),
    ("batch_get_item", lambda c: DynamoDBConnections(c, "connections").of([any_place()])),
    ("query", lambda c: DynamoDBKeys(c, "keys").all("access")),
    ("query", lambda c: DynamoDBKeys(c, "keys").public("access")),
    ("put_item", lambda c: DynamoDBKeys(c, "keys").add(Key("access", "k", "s", 1))),
    ("query", lambda c: DynamoDBOriginSecrets(c, "keys").all()),
    ("put_item", lambda c: DynamoDBOriginSecrets(c, "keys").keep(OriginSecret("0" * 64, 1), KEPT)),
]


@pytest.mark.parametrize(("operation", "call"), CALLS)
def test_a_call_that_fails_is_unavailable_for_now(stubbed: Any, operation: str, call: Callable[[Any], object]) -> None:
    client, stubber = stubbed
    stubber.add_client_error(operation, "ProvisionedThroughputExceededException")
    with pytest.raises(Unavailable) as refused:
        call(client)
    assert refused.value.retry_after_seconds


def test_a_bucket_that_fails_is_unavailable_for_now(dynamodb_tables: Any) -> None:
    del dynamodb_tables
    documents = S3Documents(boto3.client("s3", config=Config(retries={"total_max_attempts": 1})), "no-such-bucket")
    with pytest.raises(Unavailable):
        documents.read("k")
    with pytest.raises(Unavailable):
        documents.write("k", {}, max_age_seconds=1)


def test_a_document_says_how_long_caches_may_keep_it(dynamodb_tables: Any) -> None:
    del dynamodb_tables
    s3 = boto3.client("s3")
    S3Documents(s3, BUCKET).write("status/demo.json", {"serving": 1}, max_age_seconds=1)
    there = s3.get_object(Bucket=BUCKET, Key="status/demo.json")
    assert (there["CacheControl"], there["ContentType"]) == ("public, max-age=1", "application/json")
    assert there["Body"].read() == b'{"serving":1}'
