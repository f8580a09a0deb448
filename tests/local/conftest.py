"""A room whose functions are the small ones in `lambdas/`: what is tested here is the room, not the waiting in it."""

from collections.abc import Iterator

import pytest

from local.background import Room, Wish
from tests.local.paths import LAMBDAS


@pytest.fixture(scope="package")
def room() -> Iterator[Room]:
    with Room(Wish(lambdas=LAMBDAS)) as room:
        yield room


@pytest.fixture(scope="package")
def oidc_room() -> Iterator[Room]:
    with Room(Wish(lambdas=LAMBDAS, identity="oidc")) as room:
        yield room
