"""Settings from the environment, and clients whose every call is bounded in time. Nothing is made at import."""

import os
import time
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from redis import Redis


class SettingMissing(LookupError):
    """An environment variable that this function was to be given."""


def setting(name: str) -> str:
    """A setting from the environment."""
    try:
        return os.environ[name]
    except KeyError:
        raise SettingMissing(f"The environment variable {name} is not set for this function.") from None


def now_ms() -> int:
    """This host's clock, in milliseconds."""
    return time.time_ns() // 1_000_000


def aws(service: str, *, read_timeout: float = 3, **kwargs: Any) -> Any:
    """A boto3 client whose calls take seconds at most, retries included."""
    import boto3
    from botocore.config import Config

    retries: Any = {"mode": "standard", "total_max_attempts": 3}
    config = Config(connect_timeout=1, read_timeout=read_timeout, retries=retries, max_pool_connections=32)
    return boto3.client(service, config=config, **kwargs)


@cache
def dynamodb() -> "DynamoDBClient":
    """The DynamoDB client."""
    client: DynamoDBClient = aws("dynamodb")
    return client


@cache
def redis() -> "Redis":
    """The Redis client: one quick retry, since every script may be run again safely."""
    from redis import Redis
    from redis.backoff import ExponentialWithJitterBackoff
    from redis.retry import Retry

    return Redis.from_url(
        setting("REDIS_URL"),
        decode_responses=True,
        socket_connect_timeout=1,
        socket_timeout=2,
        retry=Retry(ExponentialWithJitterBackoff(base=0.02, cap=0.2), retries=1),
    )
