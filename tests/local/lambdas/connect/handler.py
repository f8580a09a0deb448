"""Accepts every onsale but `refused` and `broken`; keeps the event where a test can read it."""

import json
import os
from typing import Any

import boto3


def handler(event: dict[str, Any], _context: Any) -> Any:
    onsale = event["queryStringParameters"]["onsale"]
    if onsale == "broken":
        raise RuntimeError("as asked")
    identity = event["requestContext"]["connectionId"]
    item = {"place": {"S": f"connect {identity}"}, "event": {"S": json.dumps(event)}}
    boto3.client("dynamodb").put_item(TableName=os.environ["CONNECTIONS_TABLE"], Item=item)
    return {"statusCode": 403 if onsale == "refused" else 200}
