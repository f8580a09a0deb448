"""DynamoDB stream events of the session table in, the failed part out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairline.adapters.dynamodb_sessions import from_item
from fairline.domain.session import End, Start
from fairline.entrypoints.telemetry import logger

if TYPE_CHECKING:
    from fairline.usecases.notify import News, Notifier


def notify(event: dict[str, Any], notifier: Notifier) -> dict[str, Any]:
    """Push what the records tell; the partial batch response names each record that failed.

    The mapping filters for new start and end rows; what came through anyway is passed over. One that cannot be read
    keeps none of the others from being pushed: it is named as failed, until it ends in the failure queue.
    """
    told: list[tuple[str, News]] = []
    failed: list[str] = []
    for record in event["Records"]:
        number = record["dynamodb"]["SequenceNumber"]
        try:
            row = from_item(record["dynamodb"]["NewImage"]) if record["eventName"] == "INSERT" else None
        except (KeyError, TypeError, ValueError):
            logger().error("unreadable record", sequence_number=number)
            failed.append(number)
            continue
        if isinstance(row, Start | End):
            told.append((number, row))
    done = notifier.notify([row for _, row in told])
    failed += [number for (number, _), sent in zip(told, done, strict=True) if not sent]
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}
