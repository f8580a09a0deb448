"""A small Lambda service: each function in processes of its own, which come with demand and are replaced."""

import asyncio
import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.forks import ForkServer
from local.worker import FunctionError, Worker, start_worker
from stacks.functions import Function

LOG = logging.getLogger("local.functions")
MEMORY_MB = 256
CONCURRENCY = 2
"""Environments of one function; further invocations wait. Lambda would start more, on more cores."""
AWS_SETTINGS = (
    "AWS_ENDPOINT_URL",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "POWERTOOLS_METRICS_NAMESPACE",
    "LOG_LEVEL",
)


@dataclass(frozen=True)
class Place:
    """Where functions run: their folders, the layer, the room's settings, and where their logs go."""

    lambdas: Path
    layer: Path
    environment: Mapping[str, str]
    logs: Path


def environment_of(function: Function, place: Place) -> dict[str, str]:
    """What one function is told: what all are, its own settings, and its names."""
    name = f"fairline-{function.name}"
    return {
        **environment_of_all(place),
        **{key: place.environment[key] for key in function.settings},
        "POWERTOOLS_SERVICE_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
        "LAMBDA_TASK_ROOT": str(place.lambdas / function.name),
    }


def environment_of_all(place: Place) -> dict[str, str]:
    """What every function is told: where AWS is, and what Lambda itself sets; nothing of the caller's."""
    return {
        **{key: place.environment[key] for key in AWS_SETTINGS},
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(MEMORY_MB),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_STREAM_NAME": "room",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "_HANDLER": "handler.handler",
        "PYTHONPATH": str(place.layer),
        "PYTHONUNBUFFERED": "1",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": ":UTC",
    }


@dataclass
class Pool:
    """The execution environments of one function, and what became of its invocations."""

    function: Function
    place: Place
    forks: ForkServer
    limit: int = CONCURRENCY
    invocations: int = 0
    errors: int = 0
    cold_starts: int = 0
    workers: list[Worker] = field(default_factory=list)
    closed: bool = False

    def __post_init__(self) -> None:
        self._turns = asyncio.Semaphore(self.limit)
        self._idle: list[Worker] = []

    async def invoke(self, event: Any) -> Any:
        """The function's answer. Raises FunctionError; a worker that failed to answer is gone with it."""
        self.invocations += 1
        try:
            async with self._turns:
                return await self._invoke(event)
        except FunctionError as error:
            self._note(error)
            raise

    def _note(self, error: FunctionError) -> None:
        if not self.closed:
            self.errors += 1
            LOG.warning("%s: %s", self.function.name, error)

    async def _invoke(self, event: Any) -> Any:
        worker = await self._take()
        try:
            result = await worker.invoke(event)
        except BaseException as error:
            if isinstance(error, FunctionError) and worker.process.alive and not _lost(error):
                self._idle.append(worker)
            else:
                await self._discard(worker)
            raise
        self._idle.append(worker)
        return result

    async def _take(self) -> Worker:
        if self.closed:
            raise FunctionError("ServiceException", "the room is closing")
        while self._idle:
            worker = self._idle.pop()
            if worker.process.alive:
                return worker
            await self._discard(worker)
        return await self._start()

    async def _start(self) -> Worker:
        self.cold_starts += 1
        task_root = self.place.lambdas / self.function.name
        if not task_root.is_dir():
            raise FunctionError("Runtime.ImportModuleError", f"{task_root} does not exist")
        log = self.place.logs / f"{self.function.name}.log"
        environment = environment_of(self.function, self.place)
        worker = await start_worker(self.forks, self.function, environment, task_root, log)
        self.workers.append(worker)
        return worker

    async def _discard(self, worker: Worker) -> None:
        self.workers.remove(worker)
        await worker.end()

    async def warm(self) -> None:
        """Start a first environment, unless there is one. What goes wrong will show at the first invocation."""
        if not self.workers:
            async with self._turns:
                try:
                    self._idle.append(await self._take())
                except FunctionError as error:
                    self._note(error)

    async def close(self) -> None:
        """End every environment; whoever waits for one or is being served gets an error."""
        self.closed = True
        await asyncio.gather(*(worker.end() for worker in self.workers))

    def report(self) -> dict[str, Any]:
        """What can be known of the function from outside: `{"pids", "invocations", "errors", "cold_starts"}`."""
        pids = [worker.process.pid for worker in self.workers if worker.process.alive]
        counts = {"invocations": self.invocations, "errors": self.errors, "cold_starts": self.cold_starts}
        return {"pids": pids, **counts}


def _lost(error: FunctionError) -> bool:
    """Whether the environment cannot be used again: it is gone, or still busy with what took too long."""
    return error.document["errorType"] in {"Sandbox.Timedout", "Runtime.ExitError"}


class Functions:
    """All the functions of the room."""

    def __init__(self, table: Iterable[Function], place: Place, *, limits: Mapping[str, int] | None = None) -> None:
        limits = limits or {}
        self._place = place
        self.forks = ForkServer()
        self._pools = {
            function.name: Pool(function, place, self.forks, limits.get(function.name, CONCURRENCY))
            for function in table
        }

    async def open(self) -> None:
        """Start what environments are forked from."""
        await self.forks.open(environment_of_all(self._place), self._place.logs / "fork_server.log")

    async def invoke(self, name: str, event: Any) -> Any:
        """What function `name` answers to `event`. Raises FunctionError, also when there is no such function."""
        if name not in self._pools:
            raise FunctionError("ResourceNotFoundException", f"Function not found: {name}")
        return await self._pools[name].invoke(event)

    async def warm(self, names: Iterable[str]) -> None:
        """Start one environment of each, one after the other: cold starts are hard on a small machine."""
        for name in names:
            await self._pools[name].warm()

    async def close(self) -> None:
        """End every environment of every function."""
        await asyncio.gather(*(pool.close() for pool in self._pools.values()))

    def report(self) -> dict[str, Any]:
        """`Pool.report()` by function."""
        return {name: pool.report() for name, pool in self._pools.items()}
