"""What a waiting client works out from the status document."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.waiting import Status, is_near, poll_seconds

Ranges = tuple[tuple[int, int], ...]


def status(serving: int = 0, rate: float = 60, skipped: Ranges = ()) -> Status:
    return Status(epoch=1, phase="on_sale", serving=serving, rate_per_minute=rate, skipped=skipped)


@pytest.mark.parametrize(
    ("serving", "position", "skipped", "ahead"),
    [
        (0, 1, (), 0),
        (0, 10, (), 9),
        (9, 10, (), 0),
        (50, 10, (), 0),
        (0, 10, ((3, 5),), 6),
        (4, 10, ((3, 5),), 4),
        (0, 10, ((8, 20),), 7),
        (0, 10, ((2, 3), (5, 5)), 6),
    ],
)
def test_ahead_counts_the_numbers_still_to_be_called(serving: int, position: int, skipped: Ranges, ahead: int) -> None:
    assert status(serving, skipped=skipped).ahead(position) == ahead


@given(st.integers(0, 50), st.integers(1, 60), st.sets(st.integers(1, 60)))
def test_ahead_agrees_with_counting_one_by_one(serving: int, position: int, never: set[int]) -> None:
    ranges = tuple((number, number) for number in sorted(never))
    counted = sum(number not in never for number in range(serving + 1, position))
    assert status(serving, skipped=ranges).ahead(position) == counted


def test_near_is_less_than_200_ahead_or_less_than_a_minute() -> None:
    assert is_near(199, 900)
    assert is_near(5_000, 59)
    assert not is_near(200, 60)


def test_the_wait_follows_the_rate_and_a_rate_of_nothing_is_no_error() -> None:
    assert status(rate=120).wait_seconds(61) == 30
    assert status(rate=0).wait_seconds(2) == 60


def test_polls_come_closer_together_with_the_distance_but_never_below_5_seconds_unless_told() -> None:
    for told, share, middle in ((60, 1, 60), (60, 0.5, 30), (60, 0, 5), (2, 0.5, 2)):
        waits = [poll_seconds(told, share, Random(seed)) for seed in range(100)]
        assert middle * 0.8 <= min(waits) < middle < max(waits) <= middle * 1.2


@pytest.mark.parametrize("body", [{}, {"epoch": 1, "phase": "x", "serving": None, "rate_per_minute": 1}])
def test_another_document_is_refused(body: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Status.of(body)
