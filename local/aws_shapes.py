"""Names and stamps in the forms AWS gives them."""

import base64
import os
import time
import uuid

ACCOUNT = "123456789012"
REGION = "us-east-1"
API_ID = "fairline"


def request_id() -> str:
    """A Lambda request id."""
    return str(uuid.uuid4())


def gateway_id() -> str:
    """An API Gateway request, message or connection id: 16 characters, the last one `=`."""
    return base64.urlsafe_b64encode(os.urandom(11)).decode()


def trace_id() -> str:
    """A value for `x-amzn-trace-id`."""
    return f"Root=1-{int(time.time()):08x}-{os.urandom(12).hex()}"


def now_ms() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def request_time(at_ms: int) -> str:
    """A moment as in access logs: `22/Nov/2026:16:00:00 +0000`."""
    return time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(at_ms / 1000))


def execute_api_arn(stage: str, resource: str) -> str:
    """The resource a Lambda authorizer is asked about."""
    return f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API_ID}/{stage}/{resource}"
