"""Deployments that differ in everything that the stacks make of their settings, each synthesised once."""

import pytest

from stacks.settings import LEAN, STANDARD
from tests.support.stateless import Answering
from tests.support.synthesis import ELSEWHERE, PRIVATE, Synthesised, synthesise


@pytest.fixture(scope="session")
def lean(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    return synthesise(LEAN, tmp_path_factory.mktemp("lean"))


@pytest.fixture(scope="session")
def standard(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    return synthesise(STANDARD, tmp_path_factory.mktemp("standard"))


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    return synthesise(ELSEWHERE, tmp_path_factory.mktemp("elsewhere"))


@pytest.fixture(scope="session")
def private(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    return synthesise(PRIVATE, tmp_path_factory.mktemp("private"))


@pytest.fixture(params=["lean", "standard"])
def app(request: pytest.FixtureRequest) -> Synthesised:
    """Each profile as it comes, in turn."""
    made: Synthesised = request.getfixturevalue(request.param)
    return made


@pytest.fixture(params=["lean", "standard", "elsewhere", "private"])
def any_app(request: pytest.FixtureRequest) -> Synthesised:
    """Each of the deployments in turn."""
    made: Synthesised = request.getfixturevalue(request.param)
    return made


@pytest.fixture
def answering(lean: Synthesised) -> Answering:
    """What answers in the lean profile."""
    return Answering(lean)


@pytest.fixture
def any_answering(any_app: Synthesised) -> Answering:
    """What answers in each of the deployments."""
    return Answering(any_app)
