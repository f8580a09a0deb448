"""How many nights are played, and how one of them is played again.

`make test` plays the few and always the same, `make soak` the many. A failure prints its smallest history step by
step, and two ways to it:

    make test ARGS="<the test's id> --hypothesis-seed=<its seed>"       the same nights in the same order
    HISTORY=<its blob> make test ARGS="<the test's id>"                 that night alone

The blob stands in the line that names @reproduce_failure, the seed in the one below it. Both lead there again for as
long as neither the machine nor hypothesis changes. A night of a soak is played again by `make soak` in place of `make
test`, which leaves its tests out.
"""

import os
from collections.abc import Callable
from random import SystemRandom
from typing import Any
from zlib import crc32

import pytest
from hypothesis import HealthCheck, Phase, __version__, reproduce_failure, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

PARTS = range(4)
"""Each kind of night is played in so many tests, each with a seed of its own."""

VALKEY, DYNAMODB = 250, 50
"""Nights in each test of `make test`."""

SOAKED_VALKEY, SOAKED_DYNAMODB = 12_500, 2_000
"""And of `make soak`."""

STEPS, STEPS_WITH_DYNAMODB = 20, 10

Tally = Callable[[int], None]


def play(
    request: pytest.FixtureRequest, night: Callable[[Tally], RuleBasedStateMachine], many: int, steps_each: int = STEPS
) -> None:
    """Play so many nights to their end; the report of the test tells how many there were, and their steps."""
    steps: list[int] = []
    number = _seed(request)

    def factory() -> RuleBasedStateMachine:
        return night(steps.append)

    played: Any = seed(number)(factory)
    if os.environ.get("HISTORY"):
        played = reproduce_failure(__version__, os.environ["HISTORY"].encode())(played)
    try:
        run_state_machine_as_test(played, settings=_settings(many, steps_each))
        assert os.environ.get("HISTORY") or len(steps) >= many
    except BaseException as error:
        error.add_note(f"--hypothesis-seed={number}")
        raise
    finally:
        kind = request.node.path.stem.removeprefix("test_")
        request.node.user_properties += [(f"histories, {kind}", len(steps)), (f"their steps, {kind}", sum(steps))]


def _seed(request: pytest.FixtureRequest) -> int:
    """The one that is asked for; else the test's own, so that `make test` ends as it did before, and a soak's any."""
    given = request.config.getoption("--hypothesis-seed")
    if given is not None:
        return int(given)
    if request.node.get_closest_marker("soak"):
        return SystemRandom().randrange(2**32)
    return crc32(request.node.nodeid.encode())


def _settings(many: int, steps_each: int) -> settings:
    return settings(
        max_examples=many,
        stateful_step_count=steps_each,
        database=None,
        deadline=None,
        print_blob=True,
        report_multiple_bugs=False,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
