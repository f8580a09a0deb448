"""From the stream of the session table to the visitors' WebSockets."""

from typing import Any

from fairline import wiring
from fairline.entrypoints.stream import notify
from fairline.entrypoints.telemetry import count


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Push what the records tell; report the ones that must come again."""
    answer = notify(event, wiring.notifier())
    if answer["batchItemFailures"]:
        count({"PushesToRepeat": len(answer["batchItemFailures"])})
    return answer
