"""A thousand nights on a real Valkey that is sound, while visitors, tickers, operators and messages do what they do."""

import pytest

from tests.promises.model.conftest import Opened
from tests.promises.model.histories import PARTS, SOAKED_VALKEY, VALKEY, play
from tests.promises.model.machine import Night


@pytest.mark.parametrize("part", PARTS)
def test_every_promise_is_kept(request: pytest.FixtureRequest, on_valkey: Opened, part: int) -> None:
    play(request, lambda tally: Night(on_valkey, tally), VALKEY)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", PARTS)
def test_every_promise_is_kept_for_many_nights(request: pytest.FixtureRequest, on_valkey: Opened, part: int) -> None:
    play(request, lambda tally: Night(on_valkey, tally), SOAKED_VALKEY)
