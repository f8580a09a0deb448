"""Publishes an empty key set."""

import os
from typing import Any

import boto3


def handler(_event: dict[str, Any], _context: Any) -> Any:
    boto3.client("s3").put_object(
        Bucket=os.environ["STATUS_BUCKET"],
        Key=".well-known/jwks.json",
        Body=b'{"keys": []}',
        ContentType="application/json",
        CacheControl="max-age=60",
    )
