"""A table of keys that hangs is given up while a function still has time to go on with the keys it holds."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from fairline import clients, stores, wiring
from fairline.domain.errors import Unavailable
from stacks.functions import FUNCTIONS

LONGEST_PAUSE_SECONDS = 1
"""Before botocore's second attempt."""
LOOKUPS = 3
"""Of one event: the secret of the CDN, the keys of visitor tokens, and those of access tokens."""


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A new execution environment."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "KEYS_TABLE"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setattr("random.random", lambda: 0.0)
    made: list[Any] = [clients.dynamodb_of_keys, stores.keys, stores.origin_secrets, wiring.origin_check]
    for each in made:
        each.cache_clear()
    yield
    for each in made:
        each.cache_clear()


@pytest.mark.parametrize("read", [lambda: stores.keys().all("visitor"), lambda: wiring.origin_check().passes("x")])
def test_a_table_of_keys_that_hangs_is_asked_twice_and_is_unavailable(read: Callable[[], object]) -> None:
    asked: list[str] = []

    def silent(request: Any, **_: Any) -> None:
        asked.append(request.url)
        raise ReadTimeoutError(endpoint_url=request.url)

    clients.dynamodb_of_keys().meta.events.register("before-send.dynamodb", silent)
    with pytest.raises(Unavailable):
        read()
    assert len(asked) == 2


def test_every_function_outlasts_a_table_of_keys_that_hangs() -> None:
    told: Any = clients.dynamodb_of_keys().meta.config
    attempts = told.retries["total_max_attempts"]
    longest = attempts * max(told.connect_timeout, told.read_timeout) + (attempts - 1) * LONGEST_PAUSE_SECONDS
    timeouts = {each.name: each.timeout_seconds for each in FUNCTIONS if "KEYS_TABLE" in each.settings}
    assert {name: seconds for name, seconds in timeouts.items() if seconds <= LOOKUPS * longest} == {}
