"""The append-only rows of sessions in DynamoDB: key (`place`, `event`), index `by_shard` (`shard`, `at`)."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fairline.adapters.dynamodb import BATCH_READ, BATCH_WRITE, TRIES, Item, answering, back_off, batches, condition
from fairline.domain.errors import Unavailable
from fairline.domain.place import Place
from fairline.domain.session import SHARDS, End, Extension, Row, Session, Start, fold, shard

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import KeysAndAttributesTypeDef


class DynamoDBSessions:
    """`usecases.ports.Sessions` over one table."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def start(self, starts: Sequence[Start], delete_after: int) -> list[Start]:
        items = [(start, to_item(start, delete_after)) for start in starts]
        unwritten: list[Start] = []
        for part in batches(items, BATCH_WRITE):
            left = self._write([item for _, item in part])
            unwritten += [start for start, item in part if item["place"]["S"] in left]
        return unwritten

    def _write(self, items: list[Item]) -> set[str]:
        """Write one batch; returns the keys of what DynamoDB would not take in time."""
        requests = [{"PutRequest": {"Item": item}} for item in items]
        for attempt in range(TRIES):
            try:
                with answering():
                    reply = self._client.batch_write_item(RequestItems={self._table: requests})  # type: ignore[dict-item]
            except Unavailable:
                break
            requests = reply["UnprocessedItems"].get(self._table, [])  # type: ignore[assignment]
            if not requests:
                break
            back_off(attempt)
        return {request["PutRequest"]["Item"]["place"]["S"] for request in requests}

    def started(self, places: Sequence[Place]) -> set[Place]:
        found: set[Place] = set()
        for part in batches(places, BATCH_READ):
            found |= self._read([{"place": {"S": place.key}, "event": {"S": "start"}} for place in part])
        return found

    def _read(self, keys: list[Item]) -> set[Place]:
        found: set[Place] = set()
        for attempt in range(TRIES):
            asked: KeysAndAttributesTypeDef = {"Keys": keys, "ConsistentRead": True, "ProjectionExpression": "place"}
            with answering():
                reply = self._client.batch_get_item(RequestItems={self._table: asked})
            found |= {Place.at(item["place"]["S"]) for item in reply["Responses"][self._table]}
            keys = list(reply["UnprocessedKeys"].get(self._table, {"Keys": []})["Keys"])
            if not keys:
                return found
            back_off(attempt)
        raise Unavailable("The ledger is too busy.", retry_after_seconds=2)

    def rows(self, place: Place) -> list[Row]:
        with answering():
            reply = self._client.query(
                TableName=self._table,
                KeyConditionExpression="place = :place",
                ExpressionAttributeValues={":place": {"S": place.key}},
                ConsistentRead=True,
            )
        return [from_item(item) for item in reply["Items"]]

    def add(self, row: End | Extension, delete_after: int) -> bool:
        with condition() as refused:
            self._client.put_item(
                TableName=self._table,
                Item=to_item(row, delete_after),
                ConditionExpression="attribute_not_exists(place)",
            )
        return not refused

    def since(self, onsale: str, at_ms: int) -> list[Session]:
        rows: dict[Place, list[Row]] = defaultdict(list)
        for number in range(SHARDS):
            for row in self._shard_since(f"{onsale}#{number}", at_ms):
                rows[row.place].append(row)
        return [session for found in rows.values() if (session := fold(found))]

    def _shard_since(self, key: str, at_ms: int) -> list[Row]:
        with answering():
            pages = self._client.get_paginator("query").paginate(
                TableName=self._table,
                IndexName="by_shard",
                KeyConditionExpression="#shard = :shard AND #at > :at",
                ExpressionAttributeNames={"#shard": "shard", "#at": "at"},
                ExpressionAttributeValues={":shard": {"S": key}, ":at": {"N": str(at_ms)}},
            )
            return [from_item(item) for page in pages for item in page["Items"]]


def to_item(row: Row, delete_after: int) -> Item:
    """The item of a row."""
    common = {
        "place": {"S": row.place.key},
        "onsale": {"S": row.place.onsale},
        "shard": {"S": shard(row.place)},
        "delete_after": {"N": str(delete_after)},
    }
    match row:
        case Start():
            ends_at = {"N": str(row.ends_at_ms)}
            started_at = {"N": str(row.started_at_ms)}
            return {**common, "event": {"S": "start"}, "started_at": started_at, "ends_at": ends_at, "at": ends_at}
        case Extension():
            ends_at = {"N": str(row.ends_at_ms)}
            return {**common, "event": {"S": "extension"}, "ends_at": ends_at, "at": ends_at}
        case End():
            ended_at = {"N": str(row.ended_at_ms)}
            reason = {"S": row.reason}
            return {**common, "event": {"S": "end"}, "reason": reason, "ended_at": ended_at, "at": ended_at}


def from_item(item: Item) -> Row:
    """The row of an item, from the table or from its stream."""
    place = Place.at(item["place"]["S"])
    match item["event"]["S"]:
        case "start":
            return Start(place, int(item["started_at"]["N"]), int(item["ends_at"]["N"]))
        case "extension":
            return Extension(place, int(item["ends_at"]["N"]))
        case "end":
            return End(place, item["reason"]["S"], int(item["ended_at"]["N"]))
    raise ValueError(item["event"])
