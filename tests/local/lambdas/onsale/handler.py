"""Answers with the event it was sent, or does what the query asks for."""

import json
import os
import time
from typing import Any


def handler(event: dict[str, Any], context: Any) -> Any:  # noqa: PLR0911 - one answer per wish
    print('{"result": "what a function prints is no answer"}')  # noqa: T201 - what it is about
    what = (event.get("queryStringParameters") or {}).get("do")
    if what == "raise":
        raise ValueError("as asked")
    if what == "exit":
        os._exit(3)
    if what == "sleep":
        time.sleep(60)
    if what == "bare":
        return {"bare": True}
    if what == "cookies":
        return {"statusCode": 200, "cookies": ["a=1", "b=2"], "headers": {"X-One": 1}, "body": "hi"}
    if what == "binary":
        return {"statusCode": 200, "isBase64Encoded": True, "body": "AAEC"}
    if what == "malformed":
        return {"statusCode": "none"}
    if what == "environment":
        return dict(os.environ)
    if what == "unserialisable":
        return {1, 2}
    body = {
        "event": event,
        "pid": os.getpid(),
        "remaining": context.get_remaining_time_in_millis(),
        "arn": context.invoked_function_arn,
    }
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(body)}
