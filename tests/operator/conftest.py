"""The command in this process, over tables that moto keeps."""

import json
import os
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from typer.testing import CliRunner, Result

from stacks.tables import TABLES, Table
from tests.handlers.cloud import forget
from tests.support.aws import moto
from tools.operator.app import app

REGION = "eu-central-1"
ENVIRONMENT = {
    "ONSALES_TABLE": "onsales",
    "SEATS_TABLE": "seats",
    "SESSION_SECONDS": "180",
    "STATUS_BUCKET": "status",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "COLUMNS": "200",
}

Typed = Callable[..., Result]
Json = Callable[..., Any]


def create_table(client: Any, table: Table) -> None:
    attributes = [(table.key.hash, "HASH"), *([(table.key.range, "RANGE")] if table.key.range else [])]
    client.create_table(
        TableName=table.name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for (name, kind), _ in attributes],
        KeySchema=[{"AttributeName": name, "KeyType": role} for (name, _), role in attributes],
    )


@pytest.fixture(autouse=True)
def surroundings() -> Iterator[None]:
    """Nothing of the person's own AWS settings, and nothing left for the next test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "FAIRLINE_"))}
    forget()
    with patch.dict(os.environ, {**kept, **ENVIRONMENT}, clear=True):
        yield
    forget()


@pytest.fixture
def aws() -> Iterator[Any]:
    with moto():
        client = boto3.client("dynamodb", region_name=REGION)
        for table in TABLES:
            if table.name in ENVIRONMENT.values():
                create_table(client, table)
        yield client


@pytest.fixture
def typed() -> Typed:
    """Type a command: its exit code, what it printed, and its complaints apart."""

    def invoke(*words: str, answer: str | None = None) -> Result:
        return CliRunner().invoke(app, words, input=answer, prog_name="fairline")

    return invoke


@pytest.fixture
def answered(typed: Typed) -> Json:
    """What a command that must succeed answers to a program."""

    def parse(*words: str) -> Any:
        result = typed("--json", *words)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return parse


@pytest.fixture
def create(aws: Any, typed: Typed) -> Typed:
    """Create an onsale, with any option other than usual."""
    assert aws

    def invoke(name: str = "demo", *more: str, **other: str) -> Result:
        usual = {"title": "The Lanterns", "lobby": "now", "start": "+10m", "close": "+2h", "rate": "120", "cap": "60"}
        options = [word for option, value in (usual | other).items() for word in (f"--{option}", value)]
        return typed("onsale", "create", name, *options, *more)

    return invoke


@pytest.fixture
def demo(create: Typed) -> str:
    assert create().exit_code == 0
    return "demo"
