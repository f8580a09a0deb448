"""Answers with the event it was sent, or does what the message asks for."""

import json
from typing import Any


def handler(event: dict[str, Any], _context: Any) -> Any:
    if event["body"] == "raise":
        raise RuntimeError("as asked")
    if event["body"] == "silence":
        return {"statusCode": 200}
    return {"statusCode": 200, "body": json.dumps(event)}
