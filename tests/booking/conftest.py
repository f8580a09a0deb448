from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from fairline.adapters.dynamodb_seats import DynamoDBHouses, DynamoDBSeats
from fairline.adapters.memory_seats import MemoryHouses, MemorySeats
from fairline.usecases.book import Houses, Seats
from stacks.tables import TABLES
from tests.booking.office import Office
from tests.support.aws import moto
from tests.support.sessions import SESSION

TABLE = "seats"


class OneAtATime:
    """DynamoDB checks a condition and writes in one step, moto in two: calls through this do not overlap."""

    def __init__(self, client: DynamoDBClient) -> None:
        self._client = client
        self._lock = Lock()

    def __getattr__(self, name: str) -> Any:
        there = getattr(self._client, name)
        return self._locked(there) if name.endswith("_item") else there

    def _locked(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def locked(**request: Any) -> Any:
            with self._lock:
                return call(**request)

        return locked


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with moto():
        client = SESSION.own_client("dynamodb", region_name="eu-central-1")
        (key,) = (table.key for table in TABLES if table.name == TABLE)
        attributes = [key.hash, *([key.range] if key.range else [])]
        client.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in attributes],
            KeySchema=[
                {"AttributeName": name, "KeyType": role}
                for (name, _), role in zip(attributes, ("HASH", "RANGE"), strict=True)
            ],
        )
        yield OneAtATime(client)


@pytest.fixture(params=["memory", "dynamodb"])
def stores(request: pytest.FixtureRequest) -> tuple[Houses, Seats]:
    if request.param == "memory":
        return MemoryHouses(), MemorySeats()
    client = request.getfixturevalue("dynamodb")
    return DynamoDBHouses(client, TABLE), DynamoDBSeats(client, TABLE)


@pytest.fixture
def office(stores: tuple[Houses, Seats]) -> Office:
    return Office(*stores)
