"""Onsales and their versions in DynamoDB: key (`onsale`, `item`).

`item` is `version#00000007` for a version and `record` for the line's durable record. The partition `#roster` holds one
row an onsale with the widest time its line ever was to be live: written before the version that widens it, so that it
may name too many but never too few.
"""

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from fairline.adapters.dynamodb import Item, answering, condition
from fairline.domain.onsale import AUDIT_KEPT_MS, Onsale
from fairline.usecases.ports import Version

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ROSTER = "#roster"


class DynamoDBOnsales:
    """`usecases.ports.Onsales` over one table."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def latest(self, onsale: str) -> Onsale | None:
        found = self._versions(onsale, limit=1)
        return found[0].onsale if found else None

    def versions(self, onsale: str) -> list[Version]:
        return self._versions(onsale)

    def _versions(self, onsale: str, limit: int | None = None) -> list[Version]:
        with answering():
            pages = self._client.get_paginator("query").paginate(
                TableName=self._table,
                KeyConditionExpression="onsale = :onsale AND begins_with(#item, :version)",
                ExpressionAttributeNames={"#item": "item"},
                ExpressionAttributeValues={":onsale": {"S": onsale}, ":version": {"S": "version#"}},
                ScanIndexForward=False,
                ConsistentRead=True,
                PaginationConfig={"MaxItems": limit, "PageSize": limit} if limit else {},
            )
            return [_version(item) for page in pages for item in page["Items"]]

    def put(self, version: Version) -> bool:
        self._widen(version)
        with condition() as refused:
            self._client.put_item(
                TableName=self._table,
                Item=_version_item(version),
                ConditionExpression="attribute_not_exists(onsale)",
            )
        # A retry of ours may have met what its first try wrote.
        return not refused or self._at(version.onsale) == version

    def _at(self, onsale: Onsale) -> Version | None:
        key = {"onsale": {"S": onsale.onsale}, "item": {"S": _item_name(onsale)}}
        with answering():
            reply = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return _version(reply["Item"]) if "Item" in reply else None

    def _widen(self, version: Version) -> None:
        """The row outlives every version, whichever is the latest: `delete_after` is never brought forward either."""
        onsale = version.onsale
        kept = (max(onsale.live_until_ms, version.at_ms) + AUDIT_KEPT_MS) // 1000
        widest = (
            ("delete_after", kept, "<"),
            ("live_from", onsale.live_from_ms, ">"),
            ("live_until", onsale.live_until_ms, "<"),
        )
        for name, value, order in widest:
            with condition():
                self._client.update_item(
                    TableName=self._table,
                    Key={"onsale": {"S": ROSTER}, "item": {"S": onsale.onsale}},
                    UpdateExpression=f"SET {name} = :value",
                    ConditionExpression=f"attribute_not_exists({name}) OR {name} {order} :value",
                    ExpressionAttributeValues={":value": {"N": str(value)}},
                )

    def names(self) -> list[str]:
        return [item["item"]["S"] for item in self._roster()]

    def live(self, now_ms: int) -> list[str]:
        return [
            item["item"]["S"]
            for item in self._roster()
            if int(item["live_from"]["N"]) <= now_ms < int(item.get("live_until", {"N": "0"})["N"])
        ]

    def _roster(self) -> list[Item]:
        with answering():
            pages = self._client.get_paginator("query").paginate(
                TableName=self._table,
                KeyConditionExpression="onsale = :roster",
                ExpressionAttributeValues={":roster": {"S": ROSTER}},
                ConsistentRead=True,
            )
            return [item for page in pages for item in page["Items"]]


NUMBERS = frozenset(f.name for f in fields(Onsale) if f.type in (int, "int"))
FLAGS = frozenset(f.name for f in fields(Onsale) if f.type in (bool, "bool"))


def _item_name(onsale: Onsale) -> str:
    return f"version#{onsale.version:08}"


def _version_item(version: Version) -> Item:
    item: Item = {
        "item": {"S": _item_name(version.onsale)},
        "by": {"S": version.by},
        "changed_at": {"N": str(version.at_ms)},
        "action": {"S": version.action},
        "delete_after": {"N": str(version.onsale.deleted_at_ms(version.at_ms) // 1000)},
    }
    for name, value in version.onsale.as_dict().items():
        item[name] = _attribute(name, value)
    return item


def _attribute(name: str, value: object) -> Item:
    if name in FLAGS:
        return {"BOOL": value}
    if name in NUMBERS:
        return {"N": str(value)}
    return {"S": json.dumps(value) if name == "branding" else str(value)}


def _version(item: Item) -> Version:
    values = {f.name: _value(f.name, item[f.name]) for f in fields(Onsale) if f.name in item}
    return Version(Onsale(**values), item["by"]["S"], int(item["changed_at"]["N"]), item["action"]["S"])


def _value(name: str, attribute: Item) -> Any:
    if name in FLAGS:
        return attribute["BOOL"]
    if name in NUMBERS:
        return int(attribute["N"])
    return json.loads(attribute["S"]) if name == "branding" else attribute["S"]
