"""Stores that many tests share. What they keep is told apart by onsales' names, which no two tests have in common."""

import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

import boto3
import fakeredis
import pytest
from redis import Redis
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.support.aws import OneAtATime, aws
from tests.support.clock import Clock
from tests.support.stores import Store, memory_store, redis_store
from tests.support.valkey import client_of, valkey_server

os.environ.setdefault("JSII_NODE", f"{sys.prefix}/bin/node")  # the CDK's other half, wherever it is first imported

TOGETHER = tuple(f"tests/{part}" for part in ("console", "deployed", "infrastructure", "journey", "local", "openapi"))
"""Folders whose tests share what is costly to make."""


class InOneWorker(LoadScopeScheduling):  # type: ignore[misc] # xdist says no types
    """Each file's tests run in one worker, and those of some folders."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = file.rpartition("/")[0]
        return folder if folder in TOGETHER else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> InOneWorker:
    return InOneWorker(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first."""
    items.sort(key=lambda item: not item.nodeid.startswith(TOGETHER))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what each part took, in seconds of its worker and with what its tests share, and what tests counted."""
    taken: dict[str, float] = defaultdict(float)
    counted: dict[str, int] = defaultdict(int)
    for report in (each for kind in terminalreporter.stats.values() for each in kind):
        if isinstance(report, pytest.TestReport):
            taken["/".join(report.nodeid.split("/")[:2])] += report.duration
            for what, many in report.user_properties if report.when == "teardown" else []:
                counted[what] += int(str(many))
    terminalreporter.section("what each part took")
    for part, seconds in sorted(taken.items(), key=itemgetter(1), reverse=True):
        terminalreporter.write_line(f"{seconds:7.1f} s  {part}")
    for what, many in counted.items():
        terminalreporter.write_line(f"{many:9,}  {what}")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def valkey_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with valkey_server(tmp_path_factory.mktemp("valkey")) as port:
        yield port


@pytest.fixture(scope="session")
def valkey(valkey_port: int) -> Iterator[Redis]:
    with client_of(valkey_port) as client:
        yield client


@pytest.fixture
def fake_redis() -> Iterator[Redis]:
    with fakeredis.FakeRedis(decode_responses=True) as client:
        yield client


@pytest.fixture(params=["memory", "fakeredis", "valkey"])
def store(request: pytest.FixtureRequest) -> Store:
    """A line in memory, in the Lua scripts of a simulated Redis, and in those of a real Valkey."""
    if request.param == "memory":
        return memory_store(request.getfixturevalue("clock"))
    return redis_store(request.getfixturevalue("valkey" if request.param == "valkey" else "fake_redis"))


@pytest.fixture
def dynamodb_tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A DynamoDB client whose tables are there and empty, each under the name `stacks.tables` has for it."""
    with aws(monkeypatch):
        yield OneAtATime(boto3.client("dynamodb"))
