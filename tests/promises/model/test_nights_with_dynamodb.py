"""Fifty nights of losses with the ledger in DynamoDB."""

import pytest

from tests.promises.model.conftest import Opened
from tests.promises.model.histories import DYNAMODB, SOAKED_DYNAMODB, STEPS_WITH_DYNAMODB, play
from tests.promises.model.losses import NightOfLosses


def test_every_promise_is_kept(request: pytest.FixtureRequest, on_dynamodb: Opened) -> None:
    play(request, lambda tally: NightOfLosses(on_dynamodb, tally), DYNAMODB, STEPS_WITH_DYNAMODB)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_every_promise_is_kept_for_many_nights(request: pytest.FixtureRequest, on_dynamodb: Opened) -> None:
    play(request, lambda tally: NightOfLosses(on_dynamodb, tally), SOAKED_DYNAMODB, STEPS_WITH_DYNAMODB)
