"""What each function may do, as plain data: its role in the CDK app, and what its recorded calls are compared with.

A grant names its resource by a word:

- `table:onsales`, `index:sessions/by_shard`, `stream:sessions`, `streams:sessions` (every stream the table ever had)
- `status` (the bucket), `status/…` (its objects under a prefix)
- `sockets:POST`, `sockets:DELETE` (that method of `@connections`)
- `cache`, `keys_encryption`, `origin_secret`, `failures:notify`, `logs` (the function's own), `interfaces`, `*`

Conditions may name `{partition}`, `{region}` and `{account}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from stacks.functions import Function

Conditions = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Grant:
    """Actions on one resource.

    `reason` says who needs them where no call of the function's own code does, `wildcard` why its resource is a
    pattern.
    """

    resource: str
    actions: tuple[str, ...]
    conditions: Conditions = field(default_factory=dict)
    reason: str = ""
    wildcard: str = ""
    effect: Literal["Allow", "Deny"] = "Allow"


KEY_ATTRIBUTES = ("purpose", "kid", "signs_from", "public_jwk")
ORIGIN_ATTRIBUTES = ("purpose", "kid", "accepted_from")


def _table(name: str, *actions: str) -> Grant:
    return Grant(f"table:{name}", tuple(f"dynamodb:{action}" for action in actions))


def _sockets(method: str) -> Grant:
    actions = ("execute-api:ManageConnections",)
    return Grant(f"sockets:{method}", actions, wildcard="API Gateway names connections as they open.")


def _documents(action: str, key: str) -> Grant:
    wildcard = "An object for each onsale, named after it." if key.endswith("*") else ""
    return Grant(f"status/{key}", (f"s3:{action}",), wildcard=wildcard)


def _keys(action: str, *purposes: str) -> Grant:
    """Whole rows of the keys table, of these purposes alone."""
    return replace(_table("keys", action), conditions={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": purposes}})


def _attributes(purposes: tuple[str, ...], attributes: tuple[str, ...]) -> Grant:
    """Rows of the keys table without their secrets: a query that does not name its attributes is refused."""
    names = {"dynamodb:LeadingKeys": purposes, "dynamodb:Attributes": attributes}
    select = {"dynamodb:Select": ("SPECIFIC_ATTRIBUTES",)}
    return replace(_table("keys", "Query"), conditions={"ForAllValues:StringEquals": names, "StringEquals": select})


def _decryption(*actions: str) -> Grant:
    return Grant(
        "keys_encryption",
        tuple(f"kms:{action}" for action in actions),
        {"StringEquals": {"kms:ViaService": ("dynamodb.{region}.amazonaws.com",)}},
        reason="DynamoDB calls KMS with the caller's permissions to open the keys table.",
    )


DECRYPT = _decryption("Decrypt", "DescribeKey")
ORIGIN = (_attributes(("origin",), ORIGIN_ATTRIBUTES), DECRYPT)
"""What each function behind the CDN needs to tell its requests from others."""
CACHE = Grant("cache", ("elasticache:Connect",), reason="ElastiCache asks for it when a connection logs in.")

GRANTS: Mapping[str, tuple[Grant, ...]] = {
    "onsale": (*ORIGIN, _table("onsales", "Query")),
    "register": (
        *ORIGIN,
        _keys("Query", "visitor", "access"),
        _table("onsales", "Query"),
        _table("sessions", "Query"),
        CACHE,
    ),
    "place": (
        *ORIGIN,
        _keys("Query", "visitor", "access"),
        _table("onsales", "Query"),
        _table("sessions", "Query", "PutItem"),
        CACHE,
    ),
    "authorize_socket": (_keys("Query", "visitor"), DECRYPT),
    "connect": (_table("connections", "UpdateItem"), _sockets("DELETE")),
    "disconnect": (_table("connections", "UpdateItem"),),
    "message": (
        _keys("Query", "access"),
        DECRYPT,
        _table("sessions", "Query"),
        _documents("GetObject", "status/*"),
        Grant(
            "status",
            ("s3:ListBucket",),
            {"StringLikeIfExists": {"s3:prefix": ("status/*",)}},
            reason="Without it S3 answers a read of what is not there with 403 instead of 404. IfExists, because "
            "such a read has no prefix.",
        ),
    ),
    "admit": (
        _table("onsales", "Query", "GetItem", "PutItem"),
        _table("sessions", "BatchWriteItem", "BatchGetItem"),
        Grant("index:sessions/by_shard", ("dynamodb:Query",)),
        _documents("PutObject", "status/*"),
        CACHE,
    ),
    "notify": (
        _keys("Query", "access"),
        DECRYPT,
        _table("connections", "BatchGetItem", "UpdateItem"),
        _sockets("POST"),
        Grant(
            "stream:sessions",
            ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
            reason="Lambda reads the stream with the function's role.",
        ),
        Grant(
            "streams:sessions",
            ("dynamodb:ListStreams",),
            reason="Lambda looks for the stream with the function's role.",
            wildcard="What is asked for is the table's streams, not one of them.",
        ),
        Grant(
            "failures:notify",
            ("sqs:SendMessage",),
            reason="Lambda puts down what could not be pushed with the function's role.",
        ),
    ),
    "authorize": (
        _attributes(("origin", "access"), tuple(dict.fromkeys((*KEY_ATTRIBUTES, *ORIGIN_ATTRIBUTES)))),
        DECRYPT,
        _table("sessions", "Query"),
    ),
    "complete": (*ORIGIN, _table("onsales", "Query"), _table("sessions", "Query", "PutItem"), CACHE),
    "admin": (
        *ORIGIN,
        _keys("Query", "visitor"),
        _table("onsales", "Query", "GetItem", "PutItem", "UpdateItem", "BatchGetItem"),
        _table("sessions", "Query"),
        _table("seats", "PutItem"),
        _documents("PutObject", "pictures/*"),
        CACHE,
    ),
    "errors": (
        *ORIGIN,
        Grant("*", ("cloudwatch:GetMetricData",), wildcard="CloudWatch knows no resources for what reads metrics."),
    ),
    "rotate": (
        _attributes(("visitor", "access"), KEY_ATTRIBUTES),
        _attributes(("origin",), ORIGIN_ATTRIBUTES),
        _keys("PutItem", "visitor", "access", "origin"),
        _decryption("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo"),
        _documents("PutObject", ".well-known/jwks.json"),
        _documents("PutObject", ".well-known/openid-configuration"),
        Grant("origin_secret", ("secretsmanager:GetSecretValue",)),
    ),
    "booking": (*ORIGIN, _table("seats", "GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem")),
}

LOGS = Grant(
    "logs",
    ("logs:CreateLogStream", "logs:PutLogEvents"),
    reason="Lambda writes down what the function prints with the function's role.",
    wildcard="Lambda names the streams in the function's own log group.",
)
_MAKING_INTERFACES = (
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)
_NETWORK = "Lambda keeps the function's network interfaces with the function's role."
_FINDING_INTERFACES = ("ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets")
IN_A_VPC = (
    Grant(
        "interfaces",
        _MAKING_INTERFACES,
        reason=_NETWORK,
        wildcard="Interfaces have no id before they are made.",
    ),
    Grant("*", _FINDING_INTERFACES, reason=_NETWORK, wildcard="EC2 knows no resources for what describes."),
    Grant(
        "*",
        (*_MAKING_INTERFACES, *_FINDING_INTERFACES),
        {"ArnLike": {"lambda:SourceFunctionArn": ("arn:{partition}:lambda:{region}:{account}:function:*",)}},
        reason="Takes the same from the function's code: the key is there only where code is calling, and not Lambda.",
        wildcard="It takes away, and takes everything.",
        effect="Deny",
    ),
)


def grants_of(function: Function) -> tuple[Grant, ...]:
    """Everything that a function's role says."""
    return (*GRANTS[function.name], LOGS, *(IN_A_VPC if in_a_vpc(function) else ()))


def in_a_vpc(function: Function) -> bool:
    """Whether a function runs in the VPC: those that reach the cache, and no other."""
    return "REDIS_URL" in function.settings
