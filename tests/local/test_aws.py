"""What the room's DynamoDB must do as the real one does."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

import local.aws
from tests.support.processes import resident


@dataclass(frozen=True)
class Server:
    """A process of its own, and a client of it."""

    pid: int
    dynamodb: Any


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with subprocess.Popen(
        [sys.executable, str(Path(local.aws.__file__))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        port = int(server.stdout.readline())
        client = boto3.client("dynamodb", endpoint_url=f"http://127.0.0.1:{port}", region_name="eu-central-1")
        yield Server(server.pid, client)
        server.terminate()


def test_of_many_conditional_writes_at_once_one_is_made(server: Server) -> None:
    dynamodb = server.dynamodb
    key = {"AttributeName": "id", "AttributeType": "S"}
    dynamodb.create_table(
        TableName="things",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[key],
        BillingMode="PAY_PER_REQUEST",
    )

    def put(item: str) -> bool:
        try:
            condition = "attribute_not_exists(id)"
            dynamodb.put_item(TableName="things", Item={"id": {"S": item}}, ConditionExpression=condition)
        except dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(put, [str(number // 16) for number in range(320)]))
    assert made.count(True) == 20


def test_what_is_read_again_and_again_is_kept_once(server: Server) -> None:
    """Each reading of these rows, were it kept, would take 300 kB."""
    dynamodb = server.dynamodb
    schema = [{"AttributeName": "onsale", "KeyType": "HASH"}, {"AttributeName": "item", "KeyType": "RANGE"}]
    dynamodb.create_table(
        TableName="seats",
        KeySchema=schema,
        AttributeDefinitions=[{"AttributeName": each["AttributeName"], "AttributeType": "S"} for each in schema],
        BillingMode="PAY_PER_REQUEST",
    )
    for first in range(0, 300, 25):
        items = [
            {"onsale": {"S": "demo"}, "item": {"S": f"seat#{first + n}"}, "by": {"S": "s" * 40}} for n in range(25)
        ]
        dynamodb.batch_write_item(RequestItems={"seats": [{"PutRequest": {"Item": item}} for item in items]})

    def read(times: int) -> int:
        for _ in range(times):
            named = {":onsale": {"S": "demo"}}
            found = dynamodb.query(
                TableName="seats", KeyConditionExpression="onsale = :onsale", ExpressionAttributeValues=named
            )
            assert found["Count"] == 300
        return resident([server.pid])[server.pid]

    before = read(20)
    assert read(40) <= before + 4_096
