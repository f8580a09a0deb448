"""How many may enter, as sentences and numbers."""

from dataclasses import dataclass, field
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.admission import DEPTH_MS, VISITOR, Bucket, admissible

CROWD = 10**9


@dataclass
class Line:
    """A line that never ends, ticked at the times it is told, with all the room there is."""

    rate: int
    bucket: Bucket = field(default_factory=Bucket)
    max_active: int = CROWD
    waiting: int = CROWD

    def at(self, now_ms: int, rate: int | None = None) -> int:
        """How many enter at this time."""
        self.rate = rate or self.rate
        full = self.bucket.filled(now_ms=now_ms, rate_per_minute=self.rate)
        many = admissible(full, max_active=self.max_active, active=0, waiting=self.waiting)
        self.bucket = full.without(many)
        return many


@pytest.mark.parametrize(
    ("sentence", "rate", "ticks"),
    [
        ("one a second enters one a second", 60, [(1000, 1), (2000, 1), (3000, 1)]),
        ("nobody enters before there is a whole permit", 60, [(999, 0), (1000, 1)]),
        ("fractions are carried exactly", 90, [(1000, 1), (2000, 2), (3000, 1), (4000, 2)]),
        ("thirds too", 20, [(1000, 0), (2000, 0), (3000, 1), (5999, 0), (6000, 1)]),
        ("a fraction is not lost to a tick that comes early", 60, [(750, 0), (1500, 1), (2250, 1), (3000, 1)]),
        ("nor at a rate a little above one a second", 100, [(750, 1), (1500, 1), (2250, 1), (3000, 2)]),
        ("many enter at a high rate", 6000, [(1000, 100), (1750, 75), (2500, 75)]),
        ("a tick that comes twice takes once", 60, [(1000, 1), (1000, 0)]),
        ("after a pause of ticks there is one tick's worth, no burst", 600, [(1000, 10), (61_000, 10), (61_100, 1)]),
        ("after an outage of hours likewise", 6000, [(1000, 100), (9_000_000, 100), (9_000_010, 1)]),
        ("a clock that goes back adds nothing", 60, [(1000, 1), (2000, 1), (500, 0), (1499, 0), (1500, 1)]),
    ],
)
def test_by_the_rate(sentence: str, rate: int, ticks: list[tuple[int, int]]) -> None:
    line = Line(rate)
    assert [(at, line.at(at)) for at, _ in ticks] == ticks, sentence


@pytest.mark.parametrize(
    ("sentence", "permits", "cap_active_waiting", "enter"),
    [
        ("the rate is tightest", 3, (100, 0, 50), 3),
        ("the cap is tightest", 30, (10, 8, 50), 2),
        ("the line is tightest", 30, (100, 0, 4), 4),
        ("the house is full", 30, (10, 10, 50), 0),
        ("the cap was lowered below those inside: nobody enters, nobody is thrown out", 30, (5, 10, 50), 0),
        ("nobody is waiting", 30, (10, 0, 0), 0),
        ("the bucket owes", -3, (10, 0, 5), 0),
    ],
)
def test_whatever_is_tightest(sentence: str, permits: int, cap_active_waiting: tuple[int, ...], enter: int) -> None:
    bucket = Bucket(permits * VISITOR + VISITOR // 2)
    cap, active, waiting = cap_active_waiting
    assert admissible(bucket, max_active=cap, active=active, waiting=waiting) == enter, sentence


def test_one_a_minute_enters_one_a_minute() -> None:
    line = Line(1)
    entered = [at for at in range(0, 180_001, 750) if line.at(at)]
    assert entered == [60_000, 120_000, 180_000]


def test_a_raised_rate_counts_from_the_next_tick_and_a_lowered_one_saves_nothing() -> None:
    line = Line(60)
    assert line.at(1000) == 1
    assert line.at(2000, rate=600) == 10
    line.waiting = 0
    assert line.at(3000) == 0
    line.waiting = CROWD
    assert [line.at(at, rate=60) for at in (3001, 3002, 4001)] == [1, 1, 0]


def test_permits_are_not_saved_up_while_nobody_waits_or_the_house_is_full() -> None:
    line = Line(600, waiting=0)
    for second in range(1, 60):
        assert line.at(second * 1000) == 0
    line.waiting = CROWD
    assert line.at(60_000) == 10


rates = st.integers(1, 1_000_000)
gaps = st.lists(st.one_of(st.integers(0, 1500), st.integers(0, 10_000_000)), min_size=1, max_size=40)


@given(rates, gaps, st.lists(st.integers(0, 200), min_size=40, max_size=40))
def test_in_any_window_there_are_no_more_than_its_rate_and_one_tick_s_worth(
    rate: int, gaps: list[int], waiting: list[int]
) -> None:
    """For ticks at any times, and any crowd at each: rate·w, and what comes in during a second, in whole visitors."""
    line, times = Line(rate), list(accumulate(gaps))
    entered = []
    for now_ms, crowd in zip(times, waiting, strict=False):
        line.waiting = crowd or CROWD
        entered.append(line.at(now_ms))
    sums = [0, *accumulate(entered)]
    for first in range(len(times)):
        for last in range(first, len(times)):
            many = sums[last + 1] - sums[first]
            assert many <= _rounded_up(rate * (times[last] - times[first] + DEPTH_MS))


def _rounded_up(units: int) -> int:
    return -(-units // VISITOR)


@given(rates, st.lists(st.integers(1, DEPTH_MS), min_size=1, max_size=60))
def test_nothing_of_the_rate_is_lost_however_the_ticks_fall_within_a_second(rate: int, gaps: list[int]) -> None:
    """With a line that never ends exactly the rate enters, to the visitor."""
    line = Line(rate)
    assert sum(line.at(now_ms) for now_ms in accumulate(gaps)) == rate * sum(gaps) // VISITOR


@given(st.lists(st.tuples(st.integers(0, 10_000), rates), min_size=1, max_size=30))
def test_no_order_of_clocks_and_rates_lets_in_more_than_a_full_bucket_at_once(ticks: list[tuple[int, int]]) -> None:
    line = Line(1)
    for now_ms, rate in ticks:
        assert line.at(now_ms, rate) <= _rounded_up(rate * DEPTH_MS)
        assert 0 <= line.bucket.level < VISITOR
