"""The durable record of each line in DynamoDB: item `record` of its onsale."""

import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from fairline.adapters.dynamodb import Item, answering, condition
from fairline.domain.tick import Counts, Record

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NUMBERS = tuple(f.name for f in fields(Record) if f.name not in ("skipped", "counts"))
COUNTS = tuple(f.name for f in fields(Counts))


class DynamoDBRecords:
    """`usecases.ports.Records` over the table of onsales."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def read(self, onsale: str) -> Record:
        with answering():
            reply = self._client.get_item(TableName=self._table, Key=_key(onsale), ConsistentRead=True)
        return _record(reply["Item"]) if "Item" in reply else Record()

    def begin(self, onsale: str, previous_epoch: int, record: Record, delete_after: int) -> bool:
        return self._put(
            onsale,
            record,
            delete_after,
            "attribute_not_exists(onsale) OR (epoch = :previous AND issue_limit <= :issue_limit)",
            {":previous": {"N": str(previous_epoch)}, ":issue_limit": {"N": str(record.issue_limit)}},
        )

    def advance(self, onsale: str, record: Record, delete_after: int) -> bool:
        values = {f":{name}": {"N": str(getattr(record, name))} for name in ("epoch", "tick", "issue_limit")}
        follows = "epoch = :epoch AND tick < :tick AND issue_limit <= :issue_limit"
        if self._put(onsale, record, delete_after, follows, values):
            return True
        known = self.read(onsale)
        return known.epoch == record.epoch and known.issue_limit >= record.issue_limit

    def _put(self, onsale: str, record: Record, delete_after: int, expression: str, values: Item) -> bool:
        item = {**_key(onsale), **_attributes(record), "delete_after": {"N": str(delete_after)}}
        with condition() as refused:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression=expression,
                ExpressionAttributeValues=values,
            )
        return not refused


def _key(onsale: str) -> Item:
    return {"onsale": {"S": onsale}, "item": {"S": "record"}}


def _attributes(record: Record) -> Item:
    numbers = {name: getattr(record, name) for name in NUMBERS} | asdict(record.counts)
    return {name: {"N": str(value)} for name, value in numbers.items()} | {"skipped": {"S": json.dumps(record.skipped)}}


def _record(item: Item) -> Record:
    return Record(
        **{name: int(item[name]["N"]) for name in NUMBERS},
        skipped=tuple((low, high) for low, high in json.loads(item["skipped"]["S"])),
        counts=Counts(**{name: int(item[name]["N"]) for name in COUNTS}),
    )
