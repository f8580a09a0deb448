"""DynamoDB stream events of the session table in, the failed part out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairline.adapters.dynamodb_sessions import from_item
from fairline.domain.session import End, Start

if TYPE_CHECKING:
    from fairline.usecases.notify import News, Notifier


def notify(event: dict[str, Any], notifier: Notifier) -> dict[str, Any]:
    """Push what the records tell; the partial batch response names the first record of each that failed.

    The mapping filters for new start and end rows; what came through anyway is passed over.
    """
    records = [record for record in event["Records"] if record["eventName"] == "INSERT"]
    told: list[tuple[str, News]] = []
    for record in records:
        row = from_item(record["dynamodb"]["NewImage"])
        if isinstance(row, Start | End):
            told.append((record["dynamodb"]["SequenceNumber"], row))
    done = notifier.notify([row for _, row in told])
    failed = [number for (number, _), sent in zip(told, done, strict=True) if not sent]
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}
