"""What the benchmarks measure against: a real Valkey of their own, a kept line, an AWS that answers in memory."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import AWSResponse

from fairline import clients
from fairline.adapters.access_tokens import generate
from fairline.adapters.memory_ledger import MemoryOriginSecrets
from fairline.adapters.scripts import keys
from fairline.domain.keys import Key, PublicKey
from fairline.domain.origin import OriginSecret, digest
from tests.support.keeper import Keeper
from tests.support.stores import redis_store
from tests.support.valkey import valkey_server

if TYPE_CHECKING:
    from redis import Redis

ISSUER = "https://status.tickets.example"
ORIGIN = "what the CDN of the benchmarks adds"
SETTINGS = {
    "PUBLIC_URL": "https://tickets.example",
    "STATUS_URL": ISSUER,
    "KEYS_TABLE": "keys",
    "ONSALES_TABLE": "onsales",
    "SESSIONS_TABLE": "sessions",
    "POLL_SECONDS": "5-60",
    "GUEST_PLACES_PER_ADDRESS": "0",
    "GUEST_ONE_PER_BROWSER": "true",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "benchmark",
    "AWS_SECRET_ACCESS_KEY": "benchmark",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextmanager
def redis() -> Iterator["Redis"]:
    """The client that functions have, of an empty server that ends with the block; settings told."""
    with tempfile.TemporaryDirectory() as directory, valkey_server(Path(directory)) as port:
        os.environ |= {**SETTINGS, "REDIS_URL": f"redis://127.0.0.1:{port}/0"}
        client = clients.redis()
        yield client
        client.close()


def line(client: "Redis", **policy: Any) -> Keeper:
    """A line that can be joined for as long as a benchmark takes, by as many as it takes."""
    keeper = Keeper(redis_store(client), **policy)
    client.hset(keys(keeper.name, "state")[0], mapping={"lease_until": "9000000000000", "limit": "9000000000000"})
    return keeper


class KeysInMemory:
    """What signing reads of `usecases.ports.Keys`: one key of each purpose, counting how often it is asked."""

    def __init__(self) -> None:
        self.reads = 0
        self.access = generate("access-1", 0)
        self.visitor = Key("visitor", "visitor-1", "a secret of at least thirty-two bytes", 0)

    def all(self, purpose: str) -> list[Key]:
        """The key of a purpose."""
        self.reads += 1
        return [self.access if purpose == "access" else self.visitor]

    def public(self, purpose: str) -> list[PublicKey]:
        """As `all`, without what is secret."""
        return [key.public for key in self.all(purpose)]


class OriginInMemory(MemoryOriginSecrets):
    """What is read to know who comes through the CDN, counting how often it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0
        self.keep(OriginSecret(digest(ORIGIN), 0), delete_after=0)

    def all(self) -> list[OriginSecret]:
        """The one secret."""
        self.reads += 1
        return super().all()


def answer_in_memory(client: Any, body: Callable[[Any], bytes] = lambda _: b"{}") -> list[str]:
    """Let a boto3 client do all its work but the sending: it is answered at once. The URLs it would have called."""
    sent: list[str] = []

    def answered(request: Any, **_: Any) -> AWSResponse:
        sent.append(request.url)
        headers: Any = {"content-type": "application/x-amz-json-1.0"}
        return AWSResponse(request.url, 200, headers, _Raw(body(request)))

    client.meta.events.register("before-send", answered)
    return sent


class _Raw:
    """A body as urllib3 hands it over."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        """All at once."""
        yield self._body
