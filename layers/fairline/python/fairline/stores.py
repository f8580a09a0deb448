"""The stores of this deployment: each adapter over its client, made on first use from the environment."""

from functools import cache
from typing import TYPE_CHECKING

from fairline.clients import aws, dynamodb, dynamodb_of_keys, dynamodb_of_samples, redis, setting

if TYPE_CHECKING:
    from fairline.adapters.documents import S3Documents
    from fairline.adapters.dynamodb_connections import DynamoDBConnections
    from fairline.adapters.dynamodb_keys import DynamoDBKeys
    from fairline.adapters.dynamodb_onsales import DynamoDBOnsales
    from fairline.adapters.dynamodb_origin import DynamoDBOriginSecrets
    from fairline.adapters.dynamodb_records import DynamoDBRecords
    from fairline.adapters.dynamodb_samples import DynamoDBSamples
    from fairline.adapters.dynamodb_seats import DynamoDBHouses, DynamoDBSeats
    from fairline.adapters.dynamodb_sessions import DynamoDBSessions
    from fairline.adapters.redis_admissions import RedisAdmissions
    from fairline.adapters.redis_line import RedisLine
    from fairline.adapters.secrets_manager import SecretsManagerSecret
    from fairline.adapters.sockets import ApiGatewaySockets


@cache
def line() -> "RedisLine":
    """The line, as visitors meet it."""
    from fairline.adapters.redis_line import RedisLine

    return RedisLine(redis())


@cache
def admissions() -> "RedisAdmissions":
    """The line, as the ticker meets it."""
    from fairline.adapters.redis_admissions import RedisAdmissions

    return RedisAdmissions(redis())


@cache
def sessions() -> "DynamoDBSessions":
    """The ledger of sessions."""
    from fairline.adapters.dynamodb_sessions import DynamoDBSessions

    return DynamoDBSessions(dynamodb(), setting("SESSIONS_TABLE"))


@cache
def onsales() -> "DynamoDBOnsales":
    """Onsales and their versions."""
    from fairline.adapters.dynamodb_onsales import DynamoDBOnsales

    return DynamoDBOnsales(dynamodb(), setting("ONSALES_TABLE"))


@cache
def records() -> "DynamoDBRecords":
    """The durable records of lines."""
    from fairline.adapters.dynamodb_records import DynamoDBRecords

    return DynamoDBRecords(dynamodb(), setting("ONSALES_TABLE"))


@cache
def samples(*, ticking: bool = False) -> "DynamoDBSamples":
    """Samples of lines; a tick does not wait for them."""
    from fairline.adapters.dynamodb_samples import DynamoDBSamples

    return DynamoDBSamples(dynamodb_of_samples() if ticking else dynamodb(), setting("ONSALES_TABLE"))


@cache
def keys() -> "DynamoDBKeys":
    """Signing keys."""
    from fairline.adapters.dynamodb_keys import DynamoDBKeys

    return DynamoDBKeys(dynamodb_of_keys(), setting("KEYS_TABLE"))


@cache
def origin_secrets() -> "DynamoDBOriginSecrets":
    """Hashes of what the CDN sends."""
    from fairline.adapters.dynamodb_origin import DynamoDBOriginSecrets

    return DynamoDBOriginSecrets(dynamodb_of_keys(), setting("KEYS_TABLE"))


@cache
def origin_secret() -> "SecretsManagerSecret":
    """What the CDN sends, in clear."""
    from fairline.adapters.secrets_manager import SecretsManagerSecret

    return SecretsManagerSecret(aws("secretsmanager"), setting("ORIGIN_SECRET"))


@cache
def connections() -> "DynamoDBConnections":
    """Open sockets."""
    from fairline.adapters.dynamodb_connections import DynamoDBConnections

    return DynamoDBConnections(dynamodb(), setting("CONNECTIONS_TABLE"))


@cache
def sockets() -> "ApiGatewaySockets":
    """The other ends of sockets."""
    from fairline.adapters.sockets import ApiGatewaySockets

    return ApiGatewaySockets(aws("apigatewaymanagementapi", endpoint_url=setting("SOCKETS_URL")))


@cache
def documents() -> "S3Documents":
    """The status bucket."""
    from fairline.adapters.documents import S3Documents

    return S3Documents(aws("s3"), setting("STATUS_BUCKET"))


@cache
def houses() -> "DynamoDBHouses":
    """The sample backend's houses."""
    from fairline.adapters.dynamodb_seats import DynamoDBHouses

    return DynamoDBHouses(dynamodb(), setting("SEATS_TABLE"))


@cache
def seats() -> "DynamoDBSeats":
    """The sample backend's seats."""
    from fairline.adapters.dynamodb_seats import DynamoDBSeats

    return DynamoDBSeats(dynamodb(), setting("SEATS_TABLE"))
