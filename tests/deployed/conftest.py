"""The product deployed to an emulator, once for all tests of this folder."""

import json
from collections.abc import Iterator

import pytest

from tests.deployed.app import Assembly, synthesise
from tests.deployed.cache import cache
from tests.deployed.deployment import Deployed, deploy
from tests.deployed.emulator import emulator
from tests.deployed.front import Front, front
from tests.deployed.host import Host
from tests.deployed.layer import host_layer
from tests.deployed.operators import operator_token
from tests.journey.client import Api, Onsale, Operator
from tests.support.synthesis import ROOT


@pytest.fixture(scope="session")
def host() -> Host:
    return Host()


@pytest.fixture(scope="session")
def assembly(host: Host, tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    folder = tmp_path_factory.mktemp("assembly")
    layer = host_layer(folder / "host", ROOT / "requirements" / "layer.txt")
    return synthesise(host, layer, folder / "cdk.out")


@pytest.fixture(scope="session")
def deployed(host: Host, assembly: Assembly, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp
    with cache(folder("cache")) as line, emulator(host, folder("emulator"), line) as running:
        yield deploy(running, assembly, line)


@pytest.fixture(scope="session")
def entrance(deployed: Deployed) -> Iterator[Front]:
    """The public address, and beside it that of the status documents."""
    host, outputs = deployed.emulator.host, deployed.outputs
    names = [outputs[name].removeprefix("https://") for name in ("PublicUrl", "StatusUrl")]
    with front(host.front, names[0], host) as served, front(host.status, names[1], host):
        yield served


@pytest.fixture(scope="session")
def token(deployed: Deployed) -> str:
    return operator_token(deployed)


@pytest.fixture(scope="session")
def operator(deployed: Deployed, entrance: Front, token: str) -> Operator:
    """Its ticker running: while one onsale is live, new ones are found within a second."""
    operator = Operator(Api(deployed.emulator.host.public_url), token)
    operator.made.remove(operator.onsale())
    tick(deployed)
    return operator


def tick(deployed: Deployed) -> None:
    """Start the ticker as the schedule does each minute, without waiting for the minute."""
    deployed.emulator.client("lambda").invoke(
        FunctionName=deployed.functions["admit"]["FunctionName"], InvocationType="Event", Payload=json.dumps({})
    )


@pytest.fixture(autouse=True)
def closed_afterwards(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "operator" in request.fixturenames:
        operator: Operator = request.getfixturevalue("operator")
        while operator.made:
            operator.made.pop().act("close")


@pytest.fixture
def onsale(operator: Operator) -> Onsale:
    return operator.onsale()


@pytest.fixture(scope="module")
def standing(operator: Operator) -> Onsale:
    """An onsale that a module's tests share."""
    onsale = operator.onsale()
    operator.made.remove(onsale)
    return onsale
