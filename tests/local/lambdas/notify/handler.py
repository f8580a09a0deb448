"""Pushes each record to the connection it names; reports the ones named `poison` as failed."""

import json
import os
from typing import Any

import boto3


def handler(event: dict[str, Any], _context: Any) -> Any:
    sockets = boto3.client("apigatewaymanagementapi", endpoint_url=os.environ["SOCKETS_URL"])
    failed = []
    for record in event["Records"]:
        image = record["dynamodb"]["NewImage"]
        if image["place"]["S"].startswith("poison"):
            failed.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
        else:
            sockets.post_to_connection(ConnectionId=image["to"]["S"], Data=json.dumps(record).encode())
    return {"batchItemFailures": failed}
