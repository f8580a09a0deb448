"""Hashes of origin secrets in DynamoDB: rows of the keys table under the purpose `origin`, each its own `kid`."""

from typing import TYPE_CHECKING

from fairline.adapters.dynamodb import Item, answering
from fairline.domain.origin import OriginSecret

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PURPOSE = "origin"


class DynamoDBOriginSecrets:
    """`usecases.ports.OriginSecrets` over the table of keys."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def all(self) -> list[OriginSecret]:
        with answering():
            reply = self._client.query(
                TableName=self._table,
                KeyConditionExpression="purpose = :purpose",
                ExpressionAttributeValues={":purpose": {"S": PURPOSE}},
                Select="SPECIFIC_ATTRIBUTES",
                ProjectionExpression="kid, accepted_from",
                ConsistentRead=True,
            )
        return [OriginSecret(item["kid"]["S"], int(item["accepted_from"]["N"])) for item in reply["Items"]]

    def keep(self, secret: OriginSecret, delete_after: int) -> None:
        item: Item = {
            "purpose": {"S": PURPOSE},
            "kid": {"S": secret.sha256},
            "accepted_from": {"N": str(secret.accepted_from_ms)},
            "delete_after": {"N": str(delete_after)},
        }
        with answering():
            self._client.put_item(TableName=self._table, Item=item)
