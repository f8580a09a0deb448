"""What Lambda's snapshot of a function holds: its heavy imports, and nothing that must not be shared."""

import json
import subprocess
import sys
from typing import Any

import pytest

from stacks.functions import FUNCTIONS
from stacks.stateless.function import SNAPPED
from tests.architecture.source import LAMBDAS, LIBRARY

STAND_IN = """
before, after = [], []


def register_before_snapshot(hook, *args, **kwargs):
    before.append((hook, args, kwargs))


def register_after_restore(hook, *args, **kwargs):
    after.append((hook, args, kwargs))
"""
"""What Lambda's runtime brings."""

PROBE = """
import json, random, socket, sys, threading


def refuse(*_args, **_kwargs):
    raise AssertionError("nothing is opened before a snapshot")


socket.socket.__init__ = refuse
socket.getaddrinfo = refuse
threading.Thread.start = refuse
sys.path[:0] = sys.argv[1:]
import handler, snapshot_restore_py as hooks
from fairline import clients, console, stores, upkeep, wiring

heavy = ("boto3", "redis", "jwt", "aws_lambda_powertools")
early = [name for name in heavy if name in sys.modules]
for hook, args, kwargs in reversed(hooks.before):
    hook(*args, **kwargs)
random.seed(7)
shared = random.getstate()
for hook, args, kwargs in hooks.after:
    hook(*args, **kwargs)
made = [
    name
    for module in (clients, console, stores, upkeep, wiring)
    for name, each in vars(module).items()
    if hasattr(each, "cache_info") and each.cache_info().currsize
]
session = getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)
print(json.dumps({
    "early": early,
    "held": [name for name in heavy if name in sys.modules],
    "made": made,
    "session": session is not None,
    "same random numbers": random.getstate() == shared,
}))
"""
SIGN_OR_VERIFY = {"register", "place", "message", "authorize"}


def test_only_what_starts_from_a_snapshot_holds_anything_for_it() -> None:
    holding = {each.name for each in FUNCTIONS if "\nhold(" in (LAMBDAS / each.name / "handler.py").read_text()}
    assert holding == SNAPPED


@pytest.fixture(
    scope="module", params=[each for each in FUNCTIONS if each.name in SNAPPED], ids=lambda function: function.name
)
def snapshot(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function and what a fresh process holds once its snapshot would have been taken, with an empty environment."""
    stand_in = tmp_path_factory.mktemp("runtime")
    (stand_in / "snapshot_restore_py.py").write_text(STAND_IN)
    paths = [str(stand_in), str(LAMBDAS / request.param.name), str(LIBRARY)]
    command = [sys.executable, "-I", "-c", PROBE, *paths]
    done = subprocess.run(command, env={}, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return request.param, json.loads(done.stdout)


def test_a_snapshot_holds_the_heavy_imports_that_a_function_needs(snapshot: Any) -> None:
    function, found = snapshot
    assert found["early"] == []
    needed = {
        "boto3": True,
        "redis": "REDIS_URL" in function.settings,
        "jwt": function.name in SIGN_OR_VERIFY,
        "aws_lambda_powertools": True,
    }
    assert found["held"] == [name for name, needs in needed.items() if needs]


def test_a_snapshot_holds_no_client_and_no_session(snapshot: Any) -> None:
    _, found = snapshot
    assert (found["made"], found["session"]) == ([], False)


def test_what_is_restored_from_one_snapshot_does_not_draw_the_same_random_numbers(snapshot: Any) -> None:
    _, found = snapshot
    assert found["same random numbers"] is False
