"""A child process of the room: one Lambda execution environment, handling one event at a time.

Reads a JSON line per invocation and answers each with a JSON line. Runs as a script, apart from the room: the function
finds its own folder first on the path, then the layer, as in Lambda, and never the room's modules.
"""

import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TextIO

Handler = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Context:
    """The context object of one invocation, as far as Python functions may rely on it."""

    aws_request_id: str
    invoked_function_arn: str
    deadline: float
    function_name: str = field(default_factory=lambda: os.environ["AWS_LAMBDA_FUNCTION_NAME"])
    function_version: str = "$LATEST"
    memory_limit_in_mb: str = field(default_factory=lambda: os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"])
    log_group_name: str = field(default_factory=lambda: os.environ["AWS_LAMBDA_LOG_GROUP_NAME"])
    log_stream_name: str = field(default_factory=lambda: os.environ["AWS_LAMBDA_LOG_STREAM_NAME"])
    identity: None = None
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the invocation is cut off."""
        return max(0, int((self.deadline - time.monotonic()) * 1000))


def take_over_streams() -> tuple[TextIO, TextIO]:
    """Keep the room's pipes to ourselves: what the function prints goes to its log, what it reads is empty."""
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    return requests, answers


def load() -> Handler:
    """Import the function from its own folder."""
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    module, _, name = os.environ["_HANDLER"].rpartition(".")
    handler: Handler = getattr(importlib.import_module(module), name)
    return handler


def failure(error: BaseException) -> dict[str, Any]:
    """The error document Lambda gives for an exception."""
    traceback.print_exception(error)
    return {"error": {"errorMessage": str(error), "errorType": type(error).__name__}}


def answer(handler: Handler, request: dict[str, Any]) -> str:
    """Handle one event: the answer, or the error, as one line."""
    deadline = time.monotonic() + request["timeout_seconds"]
    context = Context(request["request_id"], request["function_arn"], deadline)
    try:
        result = handler(request["event"], context)
    except Exception as error:  # noqa: BLE001 - whatever the function raises is an answer, as in Lambda
        return json.dumps(failure(error))
    try:
        return json.dumps({"result": result})
    except (TypeError, ValueError) as error:
        return json.dumps({"error": {**failure(error)["error"], "errorType": "Runtime.MarshalError"}})


def main() -> None:
    """Say that the function is loaded, then answer until the input closes."""
    requests, answers = take_over_streams()
    try:
        handler = load()
    except Exception as error:  # noqa: BLE001 - a function that cannot be imported is reported, not debugged, here
        print(json.dumps(failure(error)), file=answers, flush=True)
        sys.exit(1)
    print('{"ready": true}', file=answers, flush=True)
    for line in requests:
        print(answer(handler, json.loads(line)), file=answers, flush=True)


if __name__ == "__main__":
    main()
