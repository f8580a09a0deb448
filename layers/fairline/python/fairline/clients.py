"""Settings from the environment, and clients whose every call is bounded in time. Nothing is made at import."""

import os
import time
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

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


def aws(service: str, *, read_timeout: float = 3, attempts: int = 3, **kwargs: Any) -> Any:
    """A boto3 client whose calls take seconds at most, retries included."""
    import boto3
    from botocore.config import Config

    retries: Any = {"mode": "standard", "total_max_attempts": attempts}
    config = Config(connect_timeout=1, read_timeout=read_timeout, retries=retries, max_pool_connections=32)
    return boto3.client(service, config=config, **kwargs)


@cache
def dynamodb() -> "DynamoDBClient":
    """The DynamoDB client."""
    client: DynamoDBClient = aws("dynamodb")
    return client


@cache
def dynamodb_of_keys() -> "DynamoDBClient":
    """Another one, for the table of keys: it gives up while the function still has time to go on with what it holds."""
    client: DynamoDBClient = aws("dynamodb", read_timeout=1, attempts=2)
    return client


@cache
def dynamodb_of_samples() -> "DynamoDBClient":
    """A third one, for what nothing leans on: it gives up before a tick that waits for it would be missed."""
    client: DynamoDBClient = aws("dynamodb", read_timeout=0.5, attempts=1)
    return client


@cache
def redis() -> "Redis":
    """The Redis client: one quick retry, since every script may be run again safely.

    Over TLS (`rediss://user@host:port`) it signs in as that user, with the function's own role. It neither tells the
    server its name nor asks to be told of maintenance: that takes commands that ElastiCache's Redis does not know and
    its users are not allowed.
    """
    from redis import Redis
    from redis.backoff import ExponentialWithJitterBackoff
    from redis.maint_notifications import MaintNotificationsConfig
    from redis.retry import Retry

    address, sign_in = _sign_in(setting("REDIS_URL"))
    return Redis.from_url(
        address,
        **sign_in,
        decode_responses=True,
        driver_info=None,
        maint_notifications_config=MaintNotificationsConfig(enabled=False),
        socket_connect_timeout=1,
        socket_timeout=2,
        retry=Retry(ExponentialWithJitterBackoff(base=0.02, cap=0.2), retries=1),
    )


def _sign_in(url: str) -> tuple[str, dict[str, Any]]:
    """The address without its user, and how to sign in there. A certificate that does not hold is told nothing."""
    parts = urlsplit(url)
    if parts.scheme != "rediss":
        return url, {}
    from fairline.cache_login import CacheLogin

    login = CacheLogin(unquote(parts.username or ""), setting("REDIS_CACHE"))
    checks = {"ssl_cert_reqs": "required", "ssl_check_hostname": True}
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl(), {"credential_provider": login, **checks}
