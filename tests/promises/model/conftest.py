from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from redis import Redis

from fairline.adapters.dynamodb_records import DynamoDBRecords
from fairline.adapters.dynamodb_sessions import DynamoDBSessions
from tests.promises.model.room import Room
from tests.support.aws import OneAtATime, aws, empty
from tests.support.clock import Clock
from tests.support.clocked import clocked_store
from tests.support.sale import Ledger

Opened = Callable[[int, int], Room]

LONG_HENCE_MS = 4_000_000_000_000
"""Valkey forgets keys by its own clock, which must not get there before ours."""


@pytest.fixture
def on_valkey(valkey: Redis) -> Opened:
    """A room in a real Valkey, with the ledger in memory."""

    def opened(rate: int, cap: int) -> Room:
        clock = Clock(LONG_HENCE_MS)
        return Room(clocked_store(valkey, clock), clock, Ledger(), rate_per_minute=rate, max_active=cap)

    return opened


@pytest.fixture(scope="module")
def tables() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as monkeypatch, aws(monkeypatch):
        yield OneAtATime(boto3.client("dynamodb"))


@pytest.fixture
def on_dynamodb(valkey: Redis, tables: Any) -> Opened:
    """The same with sessions and records in DynamoDB, as moto has it."""

    def opened(rate: int, cap: int) -> Room:
        empty(("sessions", "onsales"))
        clock = Clock(LONG_HENCE_MS)
        ledger = Ledger(DynamoDBSessions(tables, "sessions"), DynamoDBRecords(tables, "onsales"))
        return Room(clocked_store(valkey, clock), clock, ledger, rate_per_minute=rate, max_active=cap)

    return opened
