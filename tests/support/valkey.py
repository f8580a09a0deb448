"""A real Valkey of our own, as a process on a free port of this machine."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import ConnectionError as NoConnection

from local.engines import free_port, valkey_binary

ATTEMPTS = 3
START_SECONDS = 20.0


@contextmanager
def valkey_server(directory: Path) -> Iterator[int]:
    """The port of an empty, volatile Valkey that runs until the block ends."""
    process, port = _started(directory)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(10)


def client_of(port: int) -> "Redis":
    """A client as the functions have it, with room for many threads."""
    return Redis(port=port, decode_responses=True, socket_timeout=10, max_connections=200)


def _started(directory: Path) -> tuple["subprocess.Popen[bytes]", int]:
    for _ in range(ATTEMPTS):
        port = free_port()
        where = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(directory)]
        volatile = ["--save", "", "--appendonly", "no", "--databases", "1"]
        process = subprocess.Popen([valkey_binary(), *where, *volatile], stdout=subprocess.DEVNULL)
        if _answers_as_itself(process, port):
            return process, port
        process.kill()
        process.wait(10)
    raise RuntimeError("Valkey did not start")


def _answers_as_itself(process: "subprocess.Popen[bytes]", port: int) -> bool:
    """Whether our own process, and not a stranger, answers on the port."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with Redis(port=port, socket_timeout=2) as client:
            try:
                return bool(client.info("server")["process_id"] == process.pid)
            except NoConnection:
                time.sleep(0.02)
    return False
