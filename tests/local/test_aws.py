"""What the room's DynamoDB must do as the real one does."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest

import local.aws


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with subprocess.Popen(
        [sys.executable, str(Path(local.aws.__file__))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        port = int(server.stdout.readline())
        yield boto3.client("dynamodb", endpoint_url=f"http://127.0.0.1:{port}", region_name="eu-central-1")
        server.terminate()


def test_of_many_conditional_writes_at_once_one_is_made(dynamodb: Any) -> None:
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
