"""Open sockets in DynamoDB: one item a place, its sockets a set of `0001763827200123|connection`.

One item, so that a batch of admissions finds all its sockets in one call, and so that connecting, finding out how many
there are, and disconnecting are one call each.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from fairline.adapters.dynamodb import BATCH_READ, TRIES, Item, answering, back_off, batches, condition
from fairline.domain.errors import Unavailable
from fairline.domain.place import Place
from fairline.usecases.ports import Socket

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import KeysAndAttributesTypeDef


class DynamoDBConnections:
    """`usecases.ports.Connections` over one table."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def add(self, place: Place, socket: Socket, delete_after: int) -> list[Socket]:
        with answering():
            reply = self._client.update_item(
                TableName=self._table,
                Key={"place": {"S": place.key}},
                UpdateExpression="ADD sockets :socket SET delete_after = :kept",
                ExpressionAttributeValues={":socket": _set([socket]), ":kept": {"N": str(delete_after)}},
                ReturnValues="ALL_NEW",
            )
        return _sockets(reply["Attributes"])

    def remove(self, place: Place, sockets: Iterable[Socket]) -> None:
        # An update makes the item it does not find, and that one would never expire: hence the condition.
        with condition():
            self._client.update_item(
                TableName=self._table,
                Key={"place": {"S": place.key}},
                UpdateExpression="DELETE sockets :sockets",
                ConditionExpression="attribute_exists(place)",
                ExpressionAttributeValues={":sockets": _set(sockets)},
            )

    def of(self, places: Sequence[Place]) -> dict[Place, list[Socket]]:
        found: dict[Place, list[Socket]] = {}
        for part in batches(list(dict.fromkeys(places)), BATCH_READ):
            for item in self._read([{"place": {"S": place.key}} for place in part]):
                found[Place.at(item["place"]["S"])] = _sockets(item)
        return found

    def _read(self, keys: list[Item]) -> list[Item]:
        items: list[Item] = []
        for attempt in range(TRIES):
            asked: KeysAndAttributesTypeDef = {"Keys": keys, "ConsistentRead": True}
            with answering():
                reply = self._client.batch_get_item(RequestItems={self._table: asked})
            items += reply["Responses"][self._table]
            keys = list(reply["UnprocessedKeys"].get(self._table, {"Keys": []})["Keys"])
            if not keys:
                return items
            back_off(attempt)
        raise Unavailable("The ledger is too busy.", retry_after_seconds=2)


def _set(sockets: Iterable[Socket]) -> Item:
    return {"SS": [f"{socket.connected_at_ms:016}|{socket.connection}" for socket in sockets]}


def _sockets(item: Item) -> list[Socket]:
    texts = sorted(item.get("sockets", {"SS": []})["SS"])
    return [Socket(int(connected_at), connection) for connected_at, _, connection in (t.partition("|") for t in texts)]
