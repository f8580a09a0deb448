"""Signing keys in DynamoDB: key (`purpose`, `kid`)."""

import json
from typing import TYPE_CHECKING, Any

from fairline.adapters.dynamodb import Item, answering, condition
from fairline.domain.keys import ROW_KEPT_MS, Key, PublicKey, Purpose

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoDBKeys:
    """`usecases.ports.Keys` over one table."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def all(self, purpose: Purpose) -> list[Key]:
        return [_key(item, purpose) for item in self._query(purpose)]

    def public(self, purpose: Purpose) -> list[PublicKey]:
        # What is not asked for need not be allowed: a role without the attribute `secret` can make this query.
        items = self._query(purpose, Select="SPECIFIC_ATTRIBUTES", ProjectionExpression="kid, signs_from, public_jwk")
        return [_public(item, purpose) for item in items]

    def _query(self, purpose: Purpose, **projection: Any) -> list[Item]:
        with answering():
            reply = self._client.query(
                TableName=self._table,
                KeyConditionExpression="purpose = :purpose",
                ExpressionAttributeValues={":purpose": {"S": purpose}},
                ConsistentRead=True,
                **projection,
            )
        return list(reply["Items"])

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


def _public(item: Item, purpose: Purpose) -> PublicKey:
    return PublicKey(purpose, item["kid"]["S"], int(item["signs_from"]["N"]), json.loads(item["public_jwk"]["S"]))


def _key(item: Item, purpose: Purpose) -> Key:
    public = _public(item, purpose)
    return Key(purpose, public.kid, item["secret"]["S"], public.signs_from_ms, public.public_jwk)
