"""The Lambda functions as plain data: what each is told by its environment, and how long it may take.

Read by the CDK app and by the one-machine room, so that a function never knows more in one than in the other.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Function:
    """One folder under `lambdas/`. `settings` are the environment variables it is given."""

    name: str
    settings: tuple[str, ...] = ()
    timeout_seconds: int = 5


FUNCTIONS = (
    Function("onsale", ("ONSALES_TABLE", "STATUS_URL", "WEBSOCKET_URL", "IDENTITY", "OIDC_ISSUER", "OIDC_CLIENT_ID")),
    Function("register", ("REDIS_URL", "KEYS_TABLE", "ONSALES_TABLE", "SESSIONS_TABLE", "PUBLIC_URL", "STATUS_URL")),
    Function("place", ("REDIS_URL", "KEYS_TABLE", "ONSALES_TABLE", "SESSIONS_TABLE", "PUBLIC_URL", "STATUS_URL")),
    Function("authorize_socket", ("KEYS_TABLE",)),
    Function("connect", ("CONNECTIONS_TABLE", "SOCKETS_URL")),
    Function("disconnect", ("CONNECTIONS_TABLE",)),
    Function("message", ("SESSIONS_TABLE", "KEYS_TABLE", "STATUS_BUCKET", "PUBLIC_URL", "STATUS_URL")),
    Function(
        "admit",
        ("REDIS_URL", "ONSALES_TABLE", "SESSIONS_TABLE", "STATUS_BUCKET"),
        timeout_seconds=90,
    ),
    Function(
        "notify",
        ("CONNECTIONS_TABLE", "KEYS_TABLE", "SOCKETS_URL", "PUBLIC_URL", "STATUS_URL"),
        timeout_seconds=30,
    ),
    Function("authorize", ("KEYS_TABLE", "SESSIONS_TABLE", "STATUS_URL")),
    Function("complete", ("REDIS_URL", "ONSALES_TABLE", "SESSIONS_TABLE")),
    Function("admin", ("REDIS_URL", "ONSALES_TABLE", "SESSIONS_TABLE", "KEYS_TABLE", "SEATS_TABLE")),
    Function("rotate", ("KEYS_TABLE", "STATUS_BUCKET", "STATUS_URL"), timeout_seconds=30),
    Function("booking", ("SEATS_TABLE", "PUBLIC_URL"), timeout_seconds=15),
)

NEWS: dict[str, Any] = {
    "eventName": ["INSERT"],
    "dynamodb": {"Keys": {"event": {"S": ["start", "end"]}}},
}
"""The filter between the session table's stream and `notify`: only these records cost an invocation."""
