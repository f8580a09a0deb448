"""Answers with the event it was sent."""

from typing import Any


def handler(event: dict[str, Any], context: Any) -> Any:
    return {"event": event, "request_id": context.aws_request_id}
