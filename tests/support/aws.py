"""DynamoDB, S3 and Secrets Manager by moto in this process, with what a deployment has in them."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords
from mypy_boto3_dynamodb import DynamoDBClient

from local.aws import make_quick
from stacks.tables import TABLES, Key, Table
from tests.support.sessions import SESSION

BUCKET = "status"
ORIGIN_SECRET = "origin"
REGION = "eu-central-1"

WORD = re.compile(r"(?<![#:\w.])[a-z_]+(?!\w|\s*\()")
"""The name of an attribute in an expression: placeholders begin with a sign, and operators are written large."""
RESERVED = frozenset(word.lower() for word in ReservedKeywords.get_reserved_keywords())


class OneAtATime:
    """DynamoDB checks a condition and writes in one step, moto in two: calls through this do not overlap."""

    def __init__(self, client: DynamoDBClient) -> None:
        self._client = client
        self._lock = RLock()

    def __getattr__(self, name: str) -> Any:
        there = getattr(self._client, name)
        return self._locked(there) if callable(there) and name != "get_paginator" else there

    def _locked(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def locked(*args: Any, **request: Any) -> Any:
            with self._lock:
                return call(*args, **request)

        return locked


@contextmanager
def moto() -> Iterator[None]:
    """Whatever is asked of the default session meanwhile is asked of moto, through clients that tests share."""
    make_quick()
    with mock_aws():
        boto3.DEFAULT_SESSION = SESSION  # moto puts back what was there
        yield


@contextmanager
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every boto3 client made inside speaks to an AWS of ours that holds empty tables, a bucket and a secret."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with moto(), SESSION.listening("provide-client-params.dynamodb", refuse_reserved_words):
        dynamodb = boto3.client("dynamodb")
        for table in TABLES:
            _create(dynamodb, table)
        constraint: Any = {"LocationConstraint": REGION}
        boto3.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=constraint)
        boto3.client("secretsmanager").create_secret(Name=ORIGIN_SECRET, SecretString="the CDN of the tests says this")
        yield


def empty(tables: Iterable[str]) -> None:
    """Nothing is left in these tables, which makes what follows quick."""
    there = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables
    for name in tables:
        there[name].items.clear()


def refuse_reserved_words(params: Any, **_: Any) -> None:
    """Fail where DynamoDB would refuse an attribute's name that is a word of its language, which moto seldom does."""
    for name, value in params.items():
        if name.endswith("Expression"):
            assert RESERVED.isdisjoint(WORD.findall(value)), f"{name}: {value}"
        elif name == "RequestItems":
            for request in value.values():
                refuse_reserved_words(request if isinstance(request, dict) else {})


def _create(client: DynamoDBClient, table: Table) -> None:
    keys = [table.key, *(key for _, key in table.indexes)]
    attributes = dict(attribute for key in keys for attribute in (key.hash, key.range) if attribute)
    indexes: Any = [
        {"IndexName": name, "KeySchema": _schema(key), "Projection": {"ProjectionType": "ALL"}}
        for name, key in table.indexes
    ]
    client.create_table(
        TableName=table.name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in attributes.items()],  # type: ignore[typeddict-item]
        KeySchema=_schema(table.key),
        **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
    )


def _schema(key: Key) -> Any:
    roles = [(key.hash, "HASH"), (key.range, "RANGE")]
    return [{"AttributeName": named[0], "KeyType": role} for named, role in roles if named]
