"""Child processes that end with the room."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import DEVNULL, PIPE

TETHER = Path(__file__).with_name("tether.py")
LARGEST_LINE = 16 * 1024 * 1024
"""Bytes a child may write as one line; above the largest payload Lambda takes, escaped."""


async def start(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    log: Path,
    piped: bool = False,
    control: int | None = None,
) -> asyncio.subprocess.Process:
    """Start `command` (its first word an absolute path) so that it dies with this process.

    Its errors, and unless `piped` its output, are appended to `log`; the open file `control` becomes its input. It gets
    a session of its own: Ctrl-C in the terminal reaches the room alone, which then ends its children in order.
    """
    with log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-IS",
            str(TETHER),
            str(os.getpid()),
            *command,
            env=dict(environment),
            stdin=control or (PIPE if piped else DEVNULL),
            stdout=PIPE if piped else output,
            stderr=output,
            limit=LARGEST_LINE,
            start_new_session=True,
        )


async def stop(process: asyncio.subprocess.Process, *, grace_seconds: float = 2) -> None:
    """End a child: politely, then not. Returns when it is gone."""
    if process.returncode is None:
        _send(process, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), grace_seconds)
        except TimeoutError:
            _send(process, signal.SIGKILL)
    await process.wait()


async def kill(process: asyncio.subprocess.Process) -> None:
    """End a child that holds nothing worth an orderly end. Returns when it is gone."""
    if process.returncode is None:
        _send(process, signal.SIGKILL)
    await process.wait()


def _send(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    """Send a signal without looking at the child first: `process.kill()` does, and may take its exit from asyncio."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, number)
