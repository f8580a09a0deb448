"""Houses and seats in DynamoDB: one partition per onsale, one conditional write per step, no transaction.

Items: `house`, `seat#A-1` once held or sold, `session#<session>` with what that session has settled on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairline.adapters.dynamodb import Item, answering
from fairline.domain.seats import Choice, House, Seat
from fairline.usecases.book import Written

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

SEAT, SESSION = "seat#", "session#"
FREE = "attribute_not_exists(#claim) OR (attribute_not_exists(#order) AND held_until_ms <= :now)"
HELD = "#claim = :claim AND attribute_not_exists(#order)"
NAMES = {"#claim": "claim", "#order": "order"}


class _Table:
    """The seats table, its client given. Every error of the vendor's leaves as Unavailable."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def _get(self, onsale: str, item: str) -> Item | None:
        with answering():
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
        with answering():
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
            ExpressionAttributeValues={":onsale": {"S": house.onsale}, ":seat": {"S": SEAT}},
            ConsistentRead=True,
        )
        with answering():
            return [_seat(item) for page in pages for item in page["Items"]]

    def take(self, house: House, seat: Seat, now_ms: int) -> Written:
        """As `Seats.take`."""
        made, there = self._write(
            self._client.put_item,
            Item=_seat_item(house, seat),
            ConditionExpression=FREE,
            ExpressionAttributeValues={":now": {"N": str(now_ms)}},
        )
        return Written(made, seat if made else _seat_or_none(there))

    def sell(self, house: House, choice: Choice, order: str, now_ms: int) -> Written:
        """As `Seats.sell`."""
        made, there = self._write(
            self._client.update_item,
            Key=_key(house.onsale, SEAT + choice.label),
            UpdateExpression="SET #order = :order",
            ConditionExpression=f"{HELD} AND held_until_ms > :now",
            ExpressionAttributeValues={
                ":claim": {"S": choice.claim},
                ":order": {"S": order},
                ":now": {"N": str(now_ms)},
            },
            ReturnValues="ALL_NEW",
        )
        return Written(made, _seat_or_none(there))

    def give_back(self, house: House, choice: Choice) -> Written:
        """As `Seats.give_back`."""
        made, there = self._write(
            self._client.delete_item,
            Key=_key(house.onsale, SEAT + choice.label),
            ConditionExpression=HELD,
            ExpressionAttributeValues={":claim": {"S": choice.claim}},
        )
        return Written(made, _seat_or_none(there))

    def choice(self, house: House, session: str) -> Choice | None:
        """As `Seats.choice`."""
        item = self._get(house.onsale, SESSION + session)
        return Choice(item["seat"]["S"], item["claim"]["S"]) if item else None

    def choose(self, house: House, session: str, choice: Choice, instead_of: Choice | None) -> bool:
        """As `Seats.choose`."""
        item: Item = {
            **_key(house.onsale, SESSION + session),
            "seat": {"S": choice.label},
            "claim": {"S": choice.claim},
            "delete_after": {"N": str(house.delete_after)},
        }
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(#claim)"}
        if instead_of is not None:
            condition["ConditionExpression"] = "#claim = :claim"
            condition["ExpressionAttributeValues"] = {":claim": {"S": instead_of.claim}}
        made, _ = self._write(
            self._client.put_item, Item=item, ExpressionAttributeNames={"#claim": "claim"}, **condition
        )
        return made

    def _write(self, write: Callable[..., Any], **request: Any) -> tuple[bool, Item | None]:
        """Make a conditional write: whether its condition held, and the item it returned or failed on."""
        from botocore.exceptions import ClientError

        request = {"ExpressionAttributeNames": NAMES, "ReturnValuesOnConditionCheckFailure": "ALL_OLD", **request}
        with answering():
            try:
                return True, write(TableName=self._table, **request).get("Attributes")
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
                answer: Item = {**error.response}
                return False, answer.get("Item")


def _key(onsale: str, item: str) -> Item:
    return {"onsale": {"S": onsale}, "item": {"S": item}}


def _seat_item(house: House, seat: Seat) -> Item:
    return {
        **_key(house.onsale, SEAT + seat.label),
        "session": {"S": seat.session},
        "claim": {"S": seat.claim},
        "held_until_ms": {"N": str(seat.held_until_ms)},
        "delete_after": {"N": str(house.delete_after)},
    }


def _seat(item: Item) -> Seat:
    return Seat(
        label=item["item"]["S"].removeprefix(SEAT),
        session=item["session"]["S"],
        claim=item["claim"]["S"],
        held_until_ms=int(item["held_until_ms"]["N"]),
        order=item["order"]["S"] if "order" in item else None,
    )


def _seat_or_none(item: Item | None) -> Seat | None:
    return _seat(item) if item else None
