"""Both profiles as they come, synthesised once."""

import pytest

from stacks.settings import PROFILES
from tests.support.synthesis import Synthesised, synthesise


@pytest.fixture(scope="session")
def lean(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    return synthesise(PROFILES["lean"], tmp_path_factory.mktemp("lean"))


@pytest.fixture(scope="session")
def standard(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    return synthesise(PROFILES["standard"], tmp_path_factory.mktemp("standard"))


@pytest.fixture(params=["lean", "standard"])
def app(request: pytest.FixtureRequest) -> Synthesised:
    """Each profile in turn."""
    made: Synthesised = request.getfixturevalue(request.param)
    return made
