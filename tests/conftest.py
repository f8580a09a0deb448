"""Stores that many tests share. What they keep is told apart by onsales' names, which no two tests have in common."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import fakeredis
import pytest
from redis import Redis

from tests.support.aws import OneAtATime, aws
from tests.support.clock import Clock
from tests.support.stores import Store, memory_store, redis_store
from tests.support.valkey import client_of, valkey_server

os.environ.setdefault("JSII_NODE", f"{sys.prefix}/bin/node")  # the CDK's other half, wherever it is first imported

TOGETHER = ("deployed", "infrastructure")
"""Folders whose tests share what is costly to make. They come first: they take longest."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each file's tests, and those of some folders, run in one worker."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item.path)))
    items.sort(key=lambda item: item.path.parent.name not in TOGETHER)


def _group(path: Path) -> str:
    return path.parent.name if path.parent.name in TOGETHER else f"{path.parent.name}/{path.stem}"


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
