from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from fairline.adapters.documents import S3Documents
from fairline.adapters.dynamodb_connections import DynamoDBConnections
from fairline.adapters.dynamodb_keys import DynamoDBKeys
from fairline.adapters.dynamodb_onsales import DynamoDBOnsales
from fairline.adapters.dynamodb_origin import DynamoDBOriginSecrets
from fairline.adapters.dynamodb_records import DynamoDBRecords
from fairline.adapters.dynamodb_samples import DynamoDBSamples
from fairline.adapters.dynamodb_sessions import DynamoDBSessions
from fairline.adapters.memory_ledger import (
    MemoryConnections,
    MemoryDocuments,
    MemoryKeys,
    MemoryOnsales,
    MemoryOriginSecrets,
    MemoryRecords,
    MemorySessions,
)
from fairline.adapters.memory_samples import MemorySamples
from fairline.usecases.ports import Connections, Documents, Keys, Onsales, OriginSecrets, Records, Samples, Sessions
from tests.support.aws import BUCKET, OneAtATime, aws


@dataclass(frozen=True)
class Ledger:
    sessions: Sessions
    records: Records
    onsales: Onsales
    connections: Connections
    keys: Keys
    documents: Documents
    origins: OriginSecrets
    samples: Samples


@pytest.fixture(scope="module")
def dynamodb_tables() -> Iterator[Any]:
    """Made once a module, since making tables is what takes time: a test shares them with its neighbours."""
    with pytest.MonkeyPatch.context() as monkeypatch, aws(monkeypatch):
        yield OneAtATime(boto3.client("dynamodb"))


@pytest.fixture(params=["memory", "moto"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """Everything durable, in memory and in DynamoDB and S3 as moto has them."""
    if request.param == "memory":
        durable = (MemorySessions(), MemoryRecords(), MemoryOnsales(), MemoryConnections(), MemoryKeys())
        return Ledger(*durable, MemoryDocuments(), MemoryOriginSecrets(), MemorySamples())
    client = request.getfixturevalue("dynamodb_tables")
    return Ledger(
        DynamoDBSessions(client, "sessions"),
        DynamoDBRecords(client, "onsales"),
        DynamoDBOnsales(client, "onsales"),
        DynamoDBConnections(client, "connections"),
        DynamoDBKeys(client, "keys"),
        S3Documents(boto3.client("s3"), BUCKET),
        DynamoDBOriginSecrets(client, "keys"),
        DynamoDBSamples(client, "onsales"),
    )
