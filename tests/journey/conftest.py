"""The deployment under test: a room of our own, or the one at FAIRLINE_URL (then FAIRLINE_OPERATOR_TOKEN is needed)."""

import os
from collections.abc import Iterator

import pytest

from local.background import Room
from tests.journey.client import Api, Operator
from tests.journey.onsales import closed_afterwards, onsale, standing

__all__ = ["closed_afterwards", "onsale", "standing"]


@pytest.fixture(scope="package")
def operator() -> Iterator[Operator]:
    if url := os.environ.get("FAIRLINE_URL"):
        yield Operator(Api(url), os.environ["FAIRLINE_OPERATOR_TOKEN"])
        return
    with Room() as room:
        operator = keeping(room)
        yield operator


def keeping(room: Room) -> Operator:
    """The room's operator, its ticker running: while one onsale is live, new ones are found within a second.

    One that was closed is live too, until its closing time has passed, and is seldom ticked.
    """
    operator = Operator(Api(room.url), room.operator_token())
    operator.lasting().act("close")
    room.invoke("admit", {}, wait=False)
    return operator
