"""An execution environment as the room knows it: a forked `runtime.py` that handles one event at a time."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.aws_shapes import ACCOUNT, REGION, request_id
from local.forks import Fork, ForkServer, ForkServerError
from stacks.functions import Function

INIT_SECONDS = 60.0
"""Lambda gives 10 s; a laptop that starts everything at once may need more."""

LARGEST_PAYLOAD = 6_291_556
"""Bytes of a synchronous invocation, as in Lambda."""


class FunctionError(Exception):
    """An invocation failed. `error_type` and the message are those of Lambda's error document."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(f"{error_type}: {message}")
        self.document = {"errorType": error_type, "errorMessage": message}


def function_arn(name: str) -> str:
    """The name Lambda would give the function in full."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:fairline-{name}"


@dataclass(frozen=True)
class Worker:
    """A loaded execution environment. Whoever invokes it must not do so twice at once."""

    function: Function
    process: Fork

    async def invoke(self, event: Any) -> Any:
        """The function's answer to `event`. Raises FunctionError; the worker may then be dead."""
        identity = request_id()
        line = self._request(event, identity)
        try:
            async with asyncio.timeout(self.function.timeout_seconds):
                return await self._exchange(line, identity)
        except TimeoutError:
            limit = f"{self.function.timeout_seconds:.2f}"
            raise FunctionError("Sandbox.Timedout", f"{identity} Task timed out after {limit} seconds") from None

    def _request(self, event: Any, identity: str) -> bytes:
        request = {
            "event": event,
            "request_id": identity,
            "function_arn": function_arn(self.function.name),
            "timeout_seconds": self.function.timeout_seconds,
        }
        line = json.dumps(request).encode() + b"\n"
        if len(line) > LARGEST_PAYLOAD:
            raise FunctionError("RequestTooLargeException", f"the event exceeds {LARGEST_PAYLOAD} bytes")
        return line

    async def _exchange(self, line: bytes, identity: str) -> Any:
        self.process.send(line)
        return _unpack(await self._line(identity)).get("result")

    async def ready(self) -> None:
        """Wait until the function is imported. Raises FunctionError when it cannot be; then the worker is gone."""
        try:
            _unpack(await self._line("init"))
        except BaseException:
            await self.end()
            raise

    async def _line(self, identity: str) -> bytes:
        line = await self.process.line()
        if not line:
            raise FunctionError("Runtime.ExitError", f"RequestId: {identity} Error: Runtime exited")
        return line

    async def end(self) -> None:
        """Kill the process, whatever it is doing."""
        await self.process.kill()


def _unpack(line: bytes) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(line)
    if error := answer.get("error"):
        raise FunctionError(error["errorType"], error["errorMessage"])
    return answer


async def start_worker(
    forks: ForkServer, function: Function, environment: Mapping[str, str], task_root: Path, log: Path
) -> Worker:
    """Start an execution environment and wait until it has loaded its function. Raises FunctionError."""
    try:
        async with asyncio.timeout(INIT_SECONDS):
            worker = Worker(function, await forks.fork(environment, task_root, log))
            await worker.ready()
            return worker
    except TimeoutError:
        raise FunctionError("Sandbox.Timedout", f"the function did not load in {INIT_SECONDS:.0f} s") from None
    except ForkServerError as error:
        raise FunctionError("ServiceException", str(error)) from error
