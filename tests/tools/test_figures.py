"""Percentiles, rates, and the order of the line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.figures import Spread, Turn, inversions, per_second, percentile


@pytest.mark.parametrize(("q", "expected"), [(0.5, 50), (0.9, 90), (0.99, 99), (1, 100), (0.001, 1)])
def test_a_percentile_is_the_nearest_rank(q: float, expected: int) -> None:
    assert percentile(range(1, 101), q) == expected


def test_a_spread_of_one_is_that_one_and_of_none_is_none() -> None:
    assert Spread.of([7]) == Spread(1, 7, 7, 7, 7)
    assert Spread.of([]) is None


@pytest.mark.parametrize(("moments", "rate"), [([], 0), ([5], 0), ([5, 5], 0), ([0, 500, 1000], 2)])
def test_a_rate_is_of_the_time_between_first_and_last(moments: list[float], rate: float) -> None:
    assert per_second(moments) == rate


@pytest.mark.parametrize(
    ("line", "count"),
    [
        pytest.param([], 0, id="nobody"),
        pytest.param([Turn(1, 0, 10), Turn(2, 0, 20)], 0, id="in order"),
        pytest.param([Turn(1, 0, 10), Turn(2, 0, 10)], 0, id="in one tick"),
        pytest.param([Turn(1, 0, 20), Turn(2, 0, 10)], 1, id="overtaken"),
        pytest.param([Turn(1, 0), Turn(2, 0, 10), Turn(3, 0, 10)], 2, id="never called, overtaken twice"),
        pytest.param([Turn(1, 15, 20), Turn(2, 0, 10)], 0, id="not present yet"),
        pytest.param([Turn(1, 0, gone=5), Turn(2, 0, 10)], 0, id="had left"),
        pytest.param([Turn(1, 0, gone=15), Turn(2, 0, 10)], 1, id="left after being overtaken"),
        pytest.param([Turn(1, 0), Turn(2, 0)], 0, id="nobody called yet"),
    ],
)
def test_an_inversion_is_a_lower_position_present_and_waiting_while_a_higher_one_starts(
    line: list[Turn], count: int
) -> None:
    assert inversions(line) == count


moments = st.integers(0, 30).map(float)
lines = st.lists(st.tuples(moments, st.none() | moments, st.none() | moments), max_size=20).map(
    lambda rows: [Turn(position, *row) for position, row in enumerate(rows)]
)


@given(lines)
def test_inversions_agree_with_comparing_every_pair(line: list[Turn]) -> None:
    pairs = sum(
        low.present < high.started < low.until
        for low in line
        for high in line
        if low.position < high.position and high.started is not None
    )
    assert inversions(line) == pairs
