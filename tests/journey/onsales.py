"""The onsales of tests that share a deployment: each test's own, one for a module, and all closed afterwards."""

from collections.abc import Iterator

import pytest

from tests.journey.client import Onsale, Operator


@pytest.fixture(autouse=True)
def closed_afterwards(request: pytest.FixtureRequest) -> Iterator[None]:
    """A closed onsale is ticked rarely: those of earlier tests leave the machine to later ones."""
    yield
    if "operator" in request.fixturenames:
        operator: Operator = request.getfixturevalue("operator")
        while operator.made:
            operator.made.pop().act("close")


@pytest.fixture
def onsale(operator: Operator) -> Onsale:
    return operator.onsale()


@pytest.fixture(scope="module")
def standing(operator: Operator) -> Iterator[Onsale]:
    """An onsale that a module's tests share, closed with the last of them."""
    onsale = operator.lasting()
    yield onsale
    onsale.act("close")
