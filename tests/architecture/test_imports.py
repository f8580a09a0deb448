"""What importing a handler does not do: cold starts are paid by whoever comes first."""

import json
import subprocess
import sys
from typing import Any

import pytest

from stacks.functions import FUNCTIONS
from tests.architecture.source import LAMBDAS, LIBRARY

HEAVY = (
    "boto3",
    "botocore",
    "redis",
    "jwt",
    "cryptography",
    "aws_lambda_powertools",
    "urllib3",
    "jmespath",
    "pydantic",
    "segno",
)
"""Each costs tens to hundreds of milliseconds, and is imported by the first call that needs it."""

SELDOM = ("asyncio", "unittest", "xml", "multiprocessing", "tkinter", "sqlite3", "email.mime")
"""Of the standard library, too dear for something that no handler needs."""

PROBE = """
import json, os, socket, subprocess, sys, threading

reads = []


class Environment(dict):
    def _note(self, name):
        frame = sys._getframe(2)
        while frame.f_code.co_filename.startswith("<frozen os") or frame.f_code.co_filename == os.__file__:
            frame = frame.f_back
        reads.append([str(name), frame.f_code.co_filename])

    def __getitem__(self, name):
        self._note(name)
        return super().__getitem__(name)

    def __contains__(self, name):
        self._note(name)
        return super().__contains__(name)

    def get(self, name, default=None):
        self._note(name)
        return super().get(name, default)


def refuse(*_args, **_kwargs):
    raise AssertionError("nothing is opened at import")


os.environ = Environment(os.environ)
socket.socket.__init__ = refuse
socket.socket.connect = refuse
socket.getaddrinfo = refuse
subprocess.Popen.__init__ = refuse
threading.Thread.start = refuse
before = set(sys.modules)
library, folder = sys.argv[1:]
sys.path[:0] = [folder, library]
import handler

assert callable(handler.handler)
ours = [read for read in reads if read[1].startswith((library, folder))]
print(json.dumps({"imported": sorted(set(sys.modules) - before), "read": ours}))
"""


@pytest.fixture(scope="module", params=[function.name for function in FUNCTIONS])
def imported(request: pytest.FixtureRequest) -> Any:
    """What a fresh process with an empty environment, and no way to open anything, did to import a handler."""
    command = [sys.executable, "-I", "-c", PROBE, str(LIBRARY), str(LAMBDAS / request.param)]
    done = subprocess.run(command, env={}, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_importing_a_handler_opens_nothing_and_reads_no_setting(imported: Any) -> None:
    assert imported["read"] == []


def test_importing_a_handler_imports_nothing_heavy(imported: Any) -> None:
    tops = {name.split(".")[0] for name in imported["imported"]}
    assert tops & set(HEAVY) == set()


def test_importing_a_handler_imports_nothing_it_does_not_need(imported: Any) -> None:
    assert set(imported["imported"]) & set(SELDOM) == set()


def test_importing_a_handler_imports_no_more_of_ours_than_is_used(imported: Any) -> None:
    ours = {name for name in imported["imported"] if name.startswith("fairline.adapters.")}
    assert ours <= {"fairline.adapters.dynamodb_sessions", "fairline.adapters.dynamodb"}
