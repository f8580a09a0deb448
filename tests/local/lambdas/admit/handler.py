"""Writes the status document of an onsale that does not exist."""

import json
import os
from typing import Any

import boto3


def handler(event: dict[str, Any], _context: Any) -> Any:
    body = json.dumps({"scheduled": event}).encode()
    boto3.client("s3").put_object(
        Bucket=os.environ["STATUS_BUCKET"], Key="status/fixture.json", Body=body, ContentType="application/json"
    )
