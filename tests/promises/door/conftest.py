"""The deployment of the handlers' tests: every function over a real Valkey and a simulated AWS."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from redis.connection import AbstractConnection

from tests.handlers.cloud import Cloud
from tests.handlers.conftest import aws, cloud, gateway, one_gateway, signing_keys, valkey_url

__all__ = ["aws", "cloud", "gateway", "one_gateway", "signing_keys", "valkey_url"]

Watched = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def watched(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Watched:
    """While it is entered, every call of AWS and of Redis is listed."""
    sent: list[str] = []
    send = AbstractConnection.send_command

    def sending(self: AbstractConnection, *args: Any, **options: Any) -> None:
        sent.append(f"redis.{args[0]}")
        send(self, *args, **options)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(AbstractConnection, "send_command", sending)

    @contextmanager
    def watching() -> Iterator[list[str]]:
        sent.clear()
        cloud.aws_calls.clear()
        calls: list[str] = []
        yield calls
        calls += [*sent, *cloud.aws_calls]

    return watching
