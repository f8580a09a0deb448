"""What a deployment would have created: the tables with their streams, indexes and TTL, and the status bucket."""

import threading
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config

from stacks.tables import TABLES, TTL_ATTRIBUTE, Key, Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CONNECT_SECONDS = 2
READ_SECONDS = 10
_one_at_a_time = threading.Lock()


def client(service: str, environment: Mapping[str, str], *, read_timeout: float = READ_SECONDS) -> Any:
    """An AWS client of the room's own AWS, deaf to whatever credentials and settings its user has."""
    config = Config(connect_timeout=CONNECT_SECONDS, read_timeout=read_timeout, retries={"total_max_attempts": 1})
    with _one_at_a_time:
        return _session().create_client(
            service,
            environment["AWS_REGION"],
            endpoint_url=environment["AWS_ENDPOINT_URL"],
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            config=config,
        )


@cache
def _session() -> botocore.session.Session:
    """One for all clients: most of what a client costs is reading what AWS is like, which a session keeps."""
    return botocore.session.get_session()


def provision(environment: Mapping[str, str], origin_secret: str) -> str:
    """Create everything; the answer is the ARN of the stream."""
    secrets = client("secretsmanager", environment)
    secrets.create_secret(Name=environment["ORIGIN_SECRET"], SecretString=origin_secret)
    client("s3", environment).create_bucket(Bucket=environment["STATUS_BUCKET"])
    dynamodb = client("dynamodb", environment)
    streams = [_create(dynamodb, table, environment[table.setting]) for table in TABLES]
    return next(arn for arn in streams if arn)


def _create(dynamodb: "DynamoDBClient", table: Table, name: str) -> str:
    """Create one table: the ARN of its stream, or nothing."""
    options: dict[str, Any] = {}
    if table.indexes:
        options["GlobalSecondaryIndexes"] = [
            {"IndexName": index, "KeySchema": _schema(key), "Projection": {"ProjectionType": "ALL"}}
            for index, key in table.indexes
        ]
    if table.stream:
        options["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    created = dynamodb.create_table(
        TableName=name,
        KeySchema=_schema(table.key),
        AttributeDefinitions=_attributes(table),
        BillingMode="PAY_PER_REQUEST",
        **options,
    )
    ttl: Any = {"Enabled": True, "AttributeName": TTL_ATTRIBUTE}
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)
    return created["TableDescription"].get("LatestStreamArn", "")


def _schema(key: Key) -> Any:
    ranges = [{"AttributeName": key.range[0], "KeyType": "RANGE"}] if key.range else []
    return [{"AttributeName": key.hash[0], "KeyType": "HASH"}, *ranges]


def _attributes(table: Table) -> Any:
    keys = [table.key, *(key for _, key in table.indexes)]
    types = dict(attribute for key in keys for attribute in (key.hash, key.range) if attribute)
    return [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()]
