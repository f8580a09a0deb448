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
    timeout_seconds: int = 10
    """More than the wait for keys, three times in one event at most: a function that is ended forgets those it held."""


_TELLS_PLACES = (
    "REDIS_URL",
    "REDIS_CACHE",
    "KEYS_TABLE",
    "ONSALES_TABLE",
    "SESSIONS_TABLE",
    "PUBLIC_URL",
    "STATUS_URL",
)
_GUESTS = ("GUEST_PLACES_PER_ADDRESS", "GUEST_ONE_PER_BROWSER")
_IDENTITY = ("IDENTITY", "OIDC_ISSUER", "OIDC_CLIENT_ID")

FUNCTIONS = (
    Function("onsale", ("KEYS_TABLE", "ONSALES_TABLE", "STATUS_URL", "WEBSOCKET_URL", *_IDENTITY)),
    Function("register", (*_TELLS_PLACES, "POLL_SECONDS", *_GUESTS)),
    Function("place", (*_TELLS_PLACES, "POLL_SECONDS", "IDENTITY")),
    Function("authorize_socket", ("KEYS_TABLE",)),
    Function("connect", ("CONNECTIONS_TABLE", "SOCKETS_URL")),
    Function("disconnect", ("CONNECTIONS_TABLE",)),
    Function("message", ("SESSIONS_TABLE", "KEYS_TABLE", "STATUS_BUCKET", "PUBLIC_URL", "STATUS_URL", "POLL_SECONDS")),
    Function(
        "admit",
        ("REDIS_URL", "REDIS_CACHE", "ONSALES_TABLE", "SESSIONS_TABLE", "STATUS_BUCKET"),
        timeout_seconds=90,
    ),
    Function(
        "notify",
        ("CONNECTIONS_TABLE", "KEYS_TABLE", "SOCKETS_URL", "PUBLIC_URL", "STATUS_URL"),
        timeout_seconds=30,
    ),
    Function("authorize", ("KEYS_TABLE", "SESSIONS_TABLE", "STATUS_URL", "PUBLIC_URL")),
    Function("complete", ("REDIS_URL", "REDIS_CACHE", "KEYS_TABLE", "ONSALES_TABLE", "SESSIONS_TABLE")),
    Function(
        "admin",
        (
            *("REDIS_URL", "REDIS_CACHE", "ONSALES_TABLE", "SESSIONS_TABLE", "KEYS_TABLE", "SEATS_TABLE"),
            *("SESSION_SECONDS", "POLL_SECONDS", "STATUS_BUCKET"),
        ),
    ),
    Function("errors", ("KEYS_TABLE", "API_ID")),
    Function("rotate", ("KEYS_TABLE", "STATUS_BUCKET", "STATUS_URL", "ORIGIN_SECRET"), timeout_seconds=30),
    Function("booking", ("KEYS_TABLE", "SEATS_TABLE", "PUBLIC_URL"), timeout_seconds=15),
)

NEWS: dict[str, Any] = {
    "eventName": ["INSERT"],
    "dynamodb": {"Keys": {"event": {"S": ["start", "end"]}}},
}
"""The filter between the session table's stream and `notify`: only these records cost an invocation."""
