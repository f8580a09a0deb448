"""Signing keys in DynamoDB: key (`purpose`, `kid`)."""

import json
from typing import TYPE_CHECKING

from fairline.adapters.dynamodb import Item, answering, condition
from fairline.domain.keys import ROW_KEPT_MS, Key, Purpose

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoDBKeys:
    """`usecases.ports.Keys` over one table."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def all(self, purpose: Purpose) -> list[Key]:
        with answering():
            reply = self._client.query(
                TableName=self._table,
                KeyConditionExpression="purpose = :purpose",
                ExpressionAttributeValues={":purpose": {"S": purpose}},
                ConsistentRead=True,
            )
        return [_key(item) for item in reply["Items"]]

    def add(self, key: Key) -> bool:
        item: Item = {
            "purpose": {"S": key.purpose},
            "kid": {"S": key.kid},
            "secret": {"S": key.secret},
            "signs_from": {"N": str(key.signs_from_ms)},
            "public_jwk": {"S": json.dumps(key.public_jwk)},
            "delete_after": {"N": str((key.signs_from_ms + ROW_KEPT_MS) // 1000)},
        }
        with condition() as refused:
            self._client.put_item(TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(purpose)")
        return not refused


def _key(item: Item) -> Key:
    return Key(
        purpose=item["purpose"]["S"],
        kid=item["kid"]["S"],
        secret=item["secret"]["S"],
        signs_from_ms=int(item["signs_from"]["N"]),
        public_jwk=json.loads(item["public_jwk"]["S"]),
    )
