"""The product deployed to an emulator, once for all tests of this folder, and ended with the last of them."""

import json
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.deployed.app import Assembly, synthesise
from tests.deployed.cache import cache
from tests.deployed.deployment import Deployed, deploy
from tests.deployed.emulator import emulator
from tests.deployed.front import Front, front
from tests.deployed.host import Host
from tests.deployed.layer import host_layer
from tests.deployed.operators import operator_token
from tests.journey.client import Api, Operator
from tests.journey.onsales import closed_afterwards, onsale, standing
from tests.support.synthesis import ROOT

__all__ = ["closed_afterwards", "onsale", "standing"]

SECONDS = 300
"""For one test: the first waits for the deployment."""


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.timeout(SECONDS))


@pytest.fixture(scope="package")
def fronts() -> Iterator[tuple[Front, Front]]:
    """The public address, and that of the status documents: held before anything is told of them."""
    with ExitStack() as stack:
        yield stack.enter_context(front()), stack.enter_context(front())


@pytest.fixture(scope="package")
def host(fronts: tuple[Front, Front]) -> Host:
    site, status = fronts
    return Host(front=site.server_port, status=status.server_port)


@pytest.fixture(scope="package")
def assembly(host: Host, tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    folder = tmp_path_factory.mktemp("assembly")
    layer = host_layer(folder / "host", ROOT / "requirements" / "layer.txt")
    return synthesise(host, layer, folder / "cdk.out")


@pytest.fixture(scope="package")
def deployed(
    host: Host, fronts: tuple[Front, Front], assembly: Assembly, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp
    with cache(folder("cache")) as line, emulator(host, folder("emulator"), line) as running:
        made = deploy(running, assembly, line)
        for served, name in zip(fronts, ("PublicUrl", "StatusUrl"), strict=True):
            served.lead_to(host.emulator, made.outputs[name].removeprefix("https://"))
        yield made


@pytest.fixture(scope="package")
def token(deployed: Deployed) -> str:
    return operator_token(deployed)


@pytest.fixture(scope="package")
def operator(deployed: Deployed, token: str) -> Operator:
    """Its ticker running: while one onsale is live, if only closed, new ones are found within a second."""
    operator = Operator(Api(deployed.emulator.host.public_url), token)
    operator.lasting().act("close")
    tick(deployed)
    return operator


def tick(deployed: Deployed) -> None:
    """Start the ticker as the schedule does each minute, without waiting for the minute."""
    deployed.emulator.client("lambda").invoke(
        FunctionName=deployed.functions["admit"]["FunctionName"], InvocationType="Event", Payload=json.dumps({})
    )
