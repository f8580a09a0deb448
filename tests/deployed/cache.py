"""The cache: a real Valkey behind TLS, with the users of the deployed templates."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis import Redis

from tests.support.tls import make_certificate, tls_in_front_of
from tests.support.valkey import client_of, valkey_server

NAME = "localhost"
KEEPER = "keeper"


@dataclass(frozen=True)
class Cache:
    """`port` of `localhost` speaks TLS with `certificate`. `redis` is let in behind it, as its keeper."""

    port: int
    certificate: Path
    redis: Redis


@contextmanager
def cache(folder: Path) -> Iterator[Cache]:
    """An empty one that runs until the block ends."""
    certificate = make_certificate(folder / "certificate.pem", NAME)
    with valkey_server(folder) as plain, tls_in_front_of(plain, certificate) as front:
        with client_of(plain) as anybody:
            _set_user(anybody, KEEPER, "on", f">{KEEPER}", "~*", "+@all")
        with Redis(port=plain, username=KEEPER, password=KEEPER, decode_responses=True) as redis:
            yield Cache(front.port, certificate, redis)


def admit_users(redis: Redis, users: list[dict[str, Any]]) -> None:
    """Give Valkey the users that ElastiCache was told of. It cannot check IAM's tokens, so any password will do."""
    for user in users:
        nobody = ["resetpass"] if user["UserName"] == "default" else ["nopass"]
        _set_user(redis, user["UserName"], *nobody, *user["AccessString"].split())


def _set_user(redis: Redis, *rules: str) -> None:
    redis.execute_command("ACL", "SETUSER", *rules)  # type: ignore[no-untyped-call]
