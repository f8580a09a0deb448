"""Houses and seats in DynamoDB: one partition per onsale, one conditional write per step, no transaction.

Items: `house`, `seat#A-1` once held or sold, `session#<session>` with what that session has settled on.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from fairline.domain.errors import Unavailable
from fairline.domain.seats import Choice, House, Seat
from fairline.usecases.book import Written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]

FREE = "attribute_not_exists(#claim) OR (attribute_not_exists(#order) AND held_until_ms <= :now)"
HELD = "#claim = :claim AND attribute_not_exists(#order)"
NAMES = {"#claim": "claim", "#order": "order"}


class _Table:
    """The seats table, its client given. Every error of the vendor's leaves as Unavailable."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def _get(self, onsale: str, item: str) -> Item | None:
        with _translated():
            answer = self._client.get_item(TableName=self._table, Key=_key(onsale, item), ConsistentRead=True)
        return answer.get("Item")


class DynamoDBHouses(_Table):
    """Houses, one item each."""

    def open(self, house: House) -> None:
        """As `Houses.open`."""
        item: Item = {
            **_key(house.onsale, "house"),
            "completion_key": {"S": house.completion_key},
            "closes_at_ms": {"N": str(house.closes_at_ms)},
            "rows": {"N": str(house.rows)},
            "seats_per_row": {"N": str(house.seats_per_row)},
            "price_amount": {"N": str(house.price_amount)},
            "currency": {"S": house.currency},
            "delete_after": {"N": str(house.delete_after)},
        }
        with _translated():
            self._client.put_item(TableName=self._table, Item=item)

    def find(self, onsale: str) -> House | None:
        """As `Houses.find`."""
        item = self._get(onsale, "house")
        if item is None:
            return None
        return House(
            onsale=onsale,
            completion_key=item["completion_key"]["S"],
            closes_at_ms=int(item["closes_at_ms"]["N"]),
            rows=int(item["rows"]["N"]),
            seats_per_row=int(item["seats_per_row"]["N"]),
            price_amount=int(item["price_amount"]["N"]),
            currency=item["currency"]["S"],
        )


class DynamoDBSeats(_Table):
    """Seats and choices, one item each."""

    def standing(self, house: House) -> list[Seat]:
        """As `Seats.standing`: as many queries as there are pages, one for a house of usual size."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="onsale = :onsale AND begins_with(#item, :seat)",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues={":onsale": {"S": house.onsale}, ":seat": {"S": "seat#"}},
            ConsistentRead=True,
        )
        with _translated():
            return [_seat(item) for page in pages for item in page["Items"]]

    def take(self, house: House, seat: Seat, now_ms: int) -> Written:
        """As `Seats.take`."""
        with _translated(), _refusal() as refused:
            self._client.put_item(
                TableName=self._table,
                Item=_item(house, seat),
                ConditionExpression=FREE,
                ExpressionAttributeNames=NAMES,
                ExpressionAttributeValues={":now": {"N": str(now_ms)}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        return refused.or_made(seat)

    ...
