"""The handlers' own small deployment, with its calls numbered."""

from collections.abc import Callable, Iterator

import pytest

from tests.handlers.cloud import Cloud
from tests.handlers.conftest import aws, cloud, gateway, one_gateway, signing_keys, valkey_url
from tests.promises.crashes.deployment import Deployment
from tests.support.crash_points import CrashPoints, crash_points

__all__ = ["aws", "cloud", "gateway", "one_gateway", "signing_keys", "valkey_url"]


@pytest.fixture
def points(monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]) -> Iterator[CrashPoints]:
    with crash_points(monkeypatch) as watched:
        yield watched
        record_property("times that a process died", watched.deaths)
        assert watched.unknown == []


@pytest.fixture
def deployment(cloud: Cloud) -> Deployment:
    deployment = Deployment(cloud.monkeypatch, cloud.environment, cloud.gateway, cloud.capsys, secrets=cloud.secrets)
    deployment.starts()
    return deployment
