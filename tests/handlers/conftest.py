from collections.abc import Iterator

import pytest

from fairline.adapters.access_tokens import generate
from fairline.domain.keys import Key
from stacks.tables import TABLES
from tests.handlers import gateway as gateways
from tests.handlers.cloud import Cloud, forget
from tests.handlers.events import ORIGIN
from tests.handlers.gateway import Gateway
from tests.support.aws import BUCKET, ORIGIN_SECRET, REGION
from tests.support.aws import aws as own_aws
from tests.support.sessions import SESSION
from tests.support.valkey import valkey_server

ALWAYS = {
    "AWS_REGION": REGION,
    "POWERTOOLS_METRICS_NAMESPACE": "Fairline",
    "LOG_LEVEL": "DEBUG",
}


@pytest.fixture(scope="session")
def valkey_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server apart from the one that other tests share: here everything in it is lost now and then."""
    with valkey_server(tmp_path_factory.mktemp("valkey")) as port:
        yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture(scope="session")
def one_gateway() -> Iterator[Gateway]:
    gateway = gateways.start()
    yield gateway
    gateway.server.shutdown()
    gateway.server.server_close()


@pytest.fixture(scope="session")
def signing_keys() -> tuple[Key, Key]:
    """Made once: an RSA key takes a moment."""
    return generate("access-1", 0), Key("visitor", "visitor-1", "a visitor secret of the tests, 32+ bytes", 0)


@pytest.fixture
def gateway(one_gateway: Gateway) -> Gateway:
    one_gateway.forget()
    return one_gateway


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """An empty AWS of this test's; every call that a client of the default session makes is listed."""
    for name, value in ALWAYS.items():
        monkeypatch.setenv(name, value)
    calls: list[str] = []

    def note(model: object, **_: object) -> None:
        calls.append(getattr(model, "name", "?"))

    with own_aws(monkeypatch), SESSION.listening("before-call", note):
        yield calls


@pytest.fixture
def cloud(
    monkeypatch: pytest.MonkeyPatch,
    aws: list[str],
    gateway: Gateway,
    valkey_url: str,
    signing_keys: tuple[Key, Key],
    *,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Cloud]:
    """A deployment with its keys and without an onsale. At the end nothing secret may stand in what was printed."""
    environment = {
        "REDIS_URL": valkey_url,
        "REDIS_CACHE": "unused without TLS",
        **{table.setting: table.name for table in TABLES},
        "STATUS_BUCKET": BUCKET,
        "PUBLIC_URL": gateway.url,
        "STATUS_URL": "https://status.tickets.example",
        "WEBSOCKET_URL": "wss://sockets.tickets.example/live",
        "SOCKETS_URL": gateway.url,
        "ORIGIN_SECRET": ORIGIN_SECRET,
        "API_ID": "a1b2c3d4e5",
        "SESSION_SECONDS": "240",
        "POLL_SECONDS": "5-60",
        "GUEST_PLACES_PER_ADDRESS": "0",
        "GUEST_ONE_PER_BROWSER": "false",
        "IDENTITY": "guest",
        "OIDC_ISSUER": "https://issuer.tickets.example",
        "OIDC_CLIENT_ID": "fans",
    }
    cloud = Cloud(monkeypatch, environment, gateway, capsys, aws_calls=aws)
    cloud.flush()
    for key in signing_keys:
        cloud.add_key(key)
    cloud.add_origin(ORIGIN)
    yield cloud
    printed = cloud.printed()
    forget()
    assert cloud.leaked(printed) == []
