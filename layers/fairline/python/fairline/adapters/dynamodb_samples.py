"""Samples of lines in DynamoDB: items `sample#1795363200` of their onsale, named by the second their period begins."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from fairline.adapters.dynamodb import BATCH_READ, TRIES, Item, answering, back_off, batches
from fairline.domain.errors import Unavailable
from fairline.domain.figures import PERIOD_MS, Sample

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEYS = ("onsale", "item", "delete_after")


class DynamoDBSamples:
    """`usecases.ports.Samples` over the table of onsales."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def put(self, onsale: str, sample: Sample, delete_after: int) -> None:
        numbers = {name: {"N": str(value)} for name, value in asdict(sample).items()}
        item: Item = {**_key(onsale, sample.at_ms), **numbers, "delete_after": {"N": str(delete_after)}}
        with answering():
            self._client.put_item(TableName=self._table, Item=item)

    def at(self, onsale: str, periods: Sequence[int]) -> list[Sample]:
        keys = [_key(onsale, at_ms) for at_ms in periods]
        found = [_sample(item) for part in batches(keys, BATCH_READ) for item in self._read(part)]
        return sorted(found, key=lambda sample: sample.at_ms)

    def _read(self, keys: Sequence[Item]) -> list[Item]:
        found: list[Item] = []
        for attempt in range(TRIES):
            with answering():
                reply = self._client.batch_get_item(RequestItems={self._table: {"Keys": keys}})
            found += reply["Responses"][self._table]
            keys = list(reply["UnprocessedKeys"].get(self._table, {"Keys": []})["Keys"])
            if not keys:
                return found
            back_off(attempt)
        raise Unavailable("The table of onsales is too busy.", retry_after_seconds=2)


def _key(onsale: str, at_ms: int) -> Item:
    period = at_ms // PERIOD_MS * PERIOD_MS // 1000
    return {"onsale": {"S": onsale}, "item": {"S": f"sample#{period}"}}


def _sample(item: Item) -> Sample:
    return Sample(**{name: int(value["N"]) for name, value in item.items() if name not in KEYS})
