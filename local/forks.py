"""The room's end of `fork_server.py`: asks it for processes, and talks to each by lines on a socket."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local import children

FORK_SERVER = Path(__file__).with_name("fork_server.py")
GRACE_SECONDS = 2


class ForkServerError(Exception):
    """There is no fork server that could fork."""


@dataclass(frozen=True)
class Fork:
    """A forked process, and what leads to it and back. It ends when that is closed."""

    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @property
    def alive(self) -> bool:
        """Whether the process still runs, as far as is known: its end of the socket closes with it."""
        return not (self.reader.at_eof() or self.writer.is_closing())

    def send(self, line: bytes) -> None:
        """Hand a line over. Whether it arrives shows in the answer."""
        self.writer.write(line)

    async def line(self) -> bytes:
        """The next line of the process, or nothing if it ends instead."""
        with contextlib.suppress(ConnectionError):
            line = await self.reader.readline()
            return line if line.endswith(b"\n") else b""
        return b""

    async def kill(self) -> None:
        """End the process, whatever it is doing; whoever waits for a line of it reads the end."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        await _close(self.writer)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


class ForkServer:
    """One process that all execution environments are forked from, and that they die with."""

    process: asyncio.subprocess.Process
    _control: socket.socket
    _log: Path

    async def open(self, environment: Mapping[str, str], log: Path) -> None:
        """Start it. What is asked for while it still imports has to wait."""
        self._log = log
        self._control, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-P", str(FORK_SERVER)]
            self.process = await children.start(command, environment=environment, log=log, control=theirs.fileno())

    async def fork(self, environment: Mapping[str, str], directory: Path, log: Path) -> Fork:
        """A process that has become `runtime.py`, with this environment alone. Raises ForkServerError."""
        ours, theirs = socket.socketpair()
        reader, writer = await asyncio.open_unix_connection(sock=ours, limit=children.LARGEST_LINE)
        wanted = {"environment": dict(environment), "directory": str(directory), "log": str(log)}
        try:
            with theirs:
                socket.send_fds(self._control, [b"+"], [theirs.fileno()])
            writer.write(json.dumps(wanted).encode() + b"\n")
            return Fork(json.loads(await reader.readline())["pid"], reader, writer)
        except (OSError, ValueError) as error:
            await _close(writer)
            raise ForkServerError(f"the fork server has ended; its own account is in {self._log}") from error
        except BaseException:
            await _close(writer)
            raise

    async def close(self) -> None:
        """Let it end, which it does when all that it forked are gone; they have a moment for it."""
        self._control.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.process.wait(), GRACE_SECONDS)
        await children.kill(self.process)
