"""Execution environments are forked from one process. From within nothing tells it, but that libraries are there."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from local import forks
from local.forks import Fork, ForkServer, ForkServerError
from local.settings import ROOT
from tests.local.test_functions import alive
from tests.local.waiting import eventually

T = TypeVar("T")
RUNTIME = ROOT / "local" / "runtime.py"
HANDLER = """
import gc, os, random, signal, ssl, sys, threading, uuid

MODULES = sorted(sys.modules)

def handler(event, context):
    if event == "random":
        return [random.random(), str(uuid.uuid4()), ssl.RAND_bytes(8).hex(), os.urandom(8).hex()]
    if event == "modules":
        return MODULES
    return {
        "environment": dict(os.environ),
        "paths": [sys.path, sys.argv, os.getcwd(), sys.modules["__main__"].__file__],
        "leads its session": os.getsid(0) == os.getpid(),
        "threads": threading.active_count(),
        "files": len(os.listdir("/proc/self/fd")),
        "signals": {number.name: str(signal.getsignal(number)) for number in signal.Signals},
        "streams": [str(stream) for stream in (sys.stdin, sys.stdout, sys.stderr)],
        "flags": [str(sys.flags), sys.warnoptions, gc.isenabled()],
    }
"""


class Scene:
    """A fork server, and a folder with a function that tells what it finds."""

    def __init__(self, folder: Path) -> None:
        self.server = ForkServer()
        self.forks: list[Fork] = []
        self.folder, self.log = folder, folder / "function.log"
        self.of_all = {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT / "layers" / "fairline" / "python"),
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "any",
            "AWS_SECRET_ACCESS_KEY": "any",
        }
        self.environment = {
            **self.of_all,
            "AWS_LAMBDA_FUNCTION_NAME": "teller",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_LAMBDA_LOG_GROUP_NAME": "teller",
            "AWS_LAMBDA_LOG_STREAM_NAME": "teller",
            "LAMBDA_TASK_ROOT": str(folder),
            "_HANDLER": "handler.handler",
        }

    async def fork(self) -> Fork:
        fork = await self.server.fork(self.environment, self.folder, self.log)
        self.forks.append(fork)
        assert json.loads(await fork.line()) == {"ready": True}
        return fork

    async def close(self) -> None:
        for fork in self.forks:
            await fork.kill()
        await self.server.close()

    async def told(self, fork: Fork, event: str) -> Any:
        fork.send(request(event))
        return json.loads(await fork.line())["result"]


def request(event: str) -> bytes:
    return json.dumps({"event": event, "request_id": "1", "function_arn": "1", "timeout_seconds": 9}).encode() + b"\n"


class Stage:
    """Scenes in one event loop."""

    def __init__(self, folder: Path, runner: asyncio.Runner) -> None:
        (folder / "handler.py").write_text(HANDLER)
        self.runner = runner
        self.scene = Scene(folder)
        self.run(self.scene.server.open(self.scene.of_all, folder / "server.log"))

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(what)

    def told(self, event: str) -> Any:
        """By a fork of its own."""

        async def told() -> Any:
            return await self.scene.told(await self.scene.fork(), event)

        return self.run(told())


@contextmanager
def opened(folder: Path) -> Iterator[Stage]:
    with asyncio.Runner() as runner:
        stage = Stage(folder, runner)
        try:
            yield stage
        finally:
            stage.run(stage.scene.close())
        assert (folder / "server.log").read_text() == ""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with opened(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


def started_anew(folder: Path) -> Any:
    answers = subprocess.run(
        [sys.executable, "-P", str(RUNTIME)],
        cwd=folder,
        env=Scene(folder).environment,
        input=request("all"),
        capture_output=True,
        start_new_session=True,
        check=True,
    ).stdout.splitlines()
    return json.loads(answers[1])["result"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a fork is Python started anew")
def test_a_fork_finds_what_it_would_find_in_a_process_of_its_own(stage: Stage) -> None:
    assert stage.told("all") == started_anew(stage.scene.folder)


def test_where_forks_may_crash_each_is_python_started_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there, real = tmp_path / "there.py", str(forks.FORK_SERVER)
    there.write_text(f"import runpy, sys\nsys.platform = 'darwin'\nrunpy.run_path({real!r}, run_name='__main__')\n")
    monkeypatch.setattr(forks, "FORK_SERVER", there)
    with opened(tmp_path) as stage:
        assert stage.told("all") == started_anew(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is imported before")
def test_a_fork_has_the_libraries_of_others_and_nothing_of_ours(stage: Stage) -> None:
    found = {name.partition(".")[0] for name in stage.told("modules")}
    assert {"boto3", "redis", "jwt", "aws_lambda_powertools"} <= found
    assert not {"fairline", "local", "stacks", "tools", "tether", "runtime"} & found


def test_no_two_forks_choose_the_same_at_random(stage: Stage) -> None:
    assert not set(stage.told("random")) & set(stage.told("random"))


def test_a_fork_that_is_killed_is_known_to_be_gone(stage: Stage) -> None:
    async def killed() -> Fork:
        fork = await stage.scene.fork()
        os.kill(fork.pid, signal.SIGKILL)
        assert await fork.line() == b""
        return fork

    fork = stage.run(killed())
    assert not fork.alive
    eventually(lambda: not alive(fork.pid))


def test_whoever_waits_for_a_fork_that_is_ended_is_told(stage: Stage) -> None:
    async def ended() -> bytes:
        fork = await stage.scene.fork()
        line = asyncio.create_task(fork.line())
        await asyncio.sleep(0)
        await fork.kill()
        return await line

    assert stage.run(ended()) == b""


@pytest.mark.skipif(sys.platform != "linux", reason="counted as Linux tells it")
def test_nothing_runs_beside_the_server_when_it_forks(stage: Stage) -> None:
    stage.told("random")
    assert len(list(Path(f"/proc/{stage.scene.server.process.pid}/task").iterdir())) == 1


def test_closing_returns_when_all_forks_are_gone(tmp_path: Path) -> None:
    with opened(tmp_path) as stage:
        found = [stage.run(stage.scene.fork()).pid for _ in range(3)]
    assert not [pid for pid in found if alive(pid)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_forks_die_with_their_server_and_then_there_are_no_more(tmp_path: Path) -> None:
    with opened(tmp_path) as stage:
        fork = stage.run(stage.scene.fork())
        os.kill(stage.scene.server.process.pid, signal.SIGKILL)
        assert stage.run(fork.line()) == b""
        eventually(lambda: not alive(fork.pid))
        with pytest.raises(ForkServerError, match=r"has ended; its own account is in .*server.log"):
            stage.run(stage.scene.fork())
