"""Keeps the event where a test can read it."""

import json
import os
from typing import Any

import boto3


def handler(event: dict[str, Any], _context: Any) -> Any:
    identity = event["requestContext"]["connectionId"]
    item = {"place": {"S": f"disconnect {identity}"}, "event": {"S": json.dumps(event)}}
    boto3.client("dynamodb").put_item(TableName=os.environ["CONNECTIONS_TABLE"], Item=item)
    return {"statusCode": 200}
