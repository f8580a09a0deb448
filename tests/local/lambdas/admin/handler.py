"""Creates nothing, and says with whose token."""

import json
from typing import Any


def handler(event: dict[str, Any], _context: Any) -> Any:
    body = {"jwt": event["requestContext"]["authorizer"]["jwt"]}
    return {"statusCode": 201, "headers": {"content-type": "application/json"}, "body": json.dumps(body)}
