"""A child process of the room: it has imported what functions share, and becomes an execution environment when asked.

Runs as a script, apart from the room, with the path and the settings that all functions have. The room sends a byte and
a socket for each environment; a fork of this process answers on that socket with its pid, is told there what it may
know, and becomes `runtime.py`. Only libraries of others are imported here, so that each function still imports all
that is ours. Nothing is opened, no client is kept, no thread started.

Libraries of macOS may crash in a fork. Anywhere but on Linux, a fork therefore starts Python anew.
"""

import contextlib
import gc
import json
import os
import runpy
import signal
import socket
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

WARM = sys.platform == "linux"
RUNTIME = str(Path(__file__).with_name("runtime.py"))
TIE = runpy.run_path(str(Path(__file__).with_name("tether.py")))["tie"]
"""By path, as the runtime: the room's own modules can be imported neither here nor in a function."""

SHARED = ("boto3", "redis", "jwt", "aws_lambda_powertools")
SERVICES = ("dynamodb", "s3")


def prepare() -> None:
    """Import what is heavy, and have botocore read its descriptions of services: it keeps them with its loader.

    A client of each is made and dropped. The garbage collector of a fork leaves alone all that is there by then.
    """
    gc.disable()
    for module in SHARED:
        import_module(module)
    import boto3
    import botocore.session

    loader = botocore.session.create_loader()
    botocore.session.create_loader = lambda *_: loader
    for service in SERVICES:
        boto3.session.Session().client(service)
    gc.freeze()


def channels(control: socket.socket) -> Iterator[int]:
    """Each socket that the room sends, until it closes its end."""
    while received := socket.recv_fds(control, 1, 1)[1]:
        yield received[0]


def become(channel: int, server: int) -> None:
    """Be the environment at the other end of the channel: nothing of the server is left but what it has imported."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    TIE(server)
    os.setsid()
    for stream in (0, 1):
        os.dup2(channel, stream)
    os.close(channel)
    os.write(1, json.dumps({"pid": os.getpid()}).encode() + b"\n")
    with os.fdopen(0, closefd=False) as lines:
        wanted = json.loads(lines.readline())
    log = os.open(wanted["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(log, 2)
    os.close(log)
    os.chdir(wanted["directory"])
    run(wanted["environment"])


def run(environment: dict[str, str]) -> None:
    """Run the runtime in this process, with this environment and no other."""
    if not WARM:
        os.execve(sys.executable, [sys.executable, "-P", RUNTIME], environment)  # noqa: S606 - becoming it is the point
    os.environ.clear()
    os.environ.update(environment)
    gc.enable()
    runpy.run_path(RUNTIME, run_name="__main__")


def reap(*_: Any) -> None:
    """Let go of forks that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def main() -> None:
    """Fork for each socket that comes; at the end wait until all forks are gone."""
    if WARM:
        prepare()
    server = os.getpid()
    signal.signal(signal.SIGCHLD, reap)
    control = socket.socket(fileno=os.dup(0))
    for channel in channels(control):
        if os.fork() == 0:
            control.close()
            become(channel, server)
            return
        os.close(channel)
    with contextlib.suppress(ChildProcessError):
        while os.wait():
            pass


if __name__ == "__main__":
    main()
