"""The deployment under test: a room of our own, or the one at FAIRLINE_URL (then FAIRLINE_OPERATOR_TOKEN is needed)."""

import os
from collections.abc import Iterator

import pytest

from local.background import Room
from tests.journey.client import Api, Onsale, Operator


@pytest.fixture(scope="session")
def operator() -> Iterator[Operator]:
    if url := os.environ.get("FAIRLINE_URL"):
        yield Operator(Api(url), os.environ["FAIRLINE_OPERATOR_TOKEN"])
        return
    with Room() as room:
        operator = keeping(room)
        yield operator


def keeping(room: Room) -> Operator:
    """The room's operator, its ticker running: while one onsale is live, new ones are found within a second."""
    operator = Operator(Api(room.url), room.operator_token())
    operator.made.remove(operator.onsale())
    room.invoke("admit", {}, wait=False)
    return operator


@pytest.fixture(autouse=True)
def closed_afterwards(operator: Operator) -> Iterator[None]:
    """A closed onsale is ticked rarely: those of earlier tests leave the machine to later ones."""
    yield
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
