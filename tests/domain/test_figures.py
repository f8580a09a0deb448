"""What an operator reads from samples."""

from dataclasses import replace

import pytest

from fairline.domain.estimate import line_ends_in
from fairline.domain.figures import (
    LONGEST_HISTORY,
    PERIOD_MS,
    LastMinute,
    Sample,
    arrived,
    begins_period,
    counted,
    last_minute,
    periods,
)
from fairline.domain.tick import Record

HOUR_MS = 3_600_000
NOTHING = Sample(
    at_ms=0,
    epoch=1,
    issued=0,
    serving=0,
    arrived=0,
    waiting=0,
    active=0,
    admitted=0,
    completed=0,
    expired=0,
    left=0,
    rate_per_minute=60,
    max_active=100,
)


def at(seconds: int, **values: int) -> Sample:
    return replace(NOTHING, at_ms=seconds * 1000, **values)


@pytest.mark.parametrize(("before", "after", "first"), [(0, 1, True), (9_999, 10_000, True), (10_000, 19_999, False)])
def test_the_first_tick_of_ten_seconds_makes_their_sample(before: int, after: int, *, first: bool) -> None:
    before_ms = 0 if before == 0 else 1_000_000_000 + before
    assert begins_period(Record(updated_at_ms=before_ms), Record(updated_at_ms=1_000_000_000 + after)) is first


def test_positions_that_were_passed_over_have_not_arrived() -> None:
    assert arrived(Record(issued=250, skipped=((11, 110), (200, 209)))) == 140


def test_two_hours_are_told_in_steps_of_ten_seconds_and_a_longer_time_in_wider_ones() -> None:
    assert list(periods(5_000, 30_000)) == [10_000, 20_000, 30_000]
    assert periods(0, 2 * HOUR_MS).step == PERIOD_MS
    assert periods(0, 3 * HOUR_MS).step == 2 * PERIOD_MS
    assert len(periods(0, 24 * 30 * HOUR_MS)) <= LONGEST_HISTORY


def test_a_time_that_has_not_come_has_no_periods() -> None:
    assert list(periods(HOUR_MS + 1, HOUR_MS)) == []


def test_the_last_minute_is_counted_from_the_sample_a_minute_ago() -> None:
    samples = [at(second, arrived=second, admitted=second // 2) for second in range(0, 300, 10)]
    told = last_minute(samples, at(300, arrived=300, admitted=150))
    assert (told.arrivals, told.admissions) == (60, 30)


def test_a_line_younger_than_a_minute_tells_what_has_happened_so_far() -> None:
    told = last_minute([at(0)], at(20, arrived=50, admitted=5))
    assert (told.arrivals, told.admissions) == (50, 5)


def test_without_a_sample_of_the_last_minute_nothing_is_claimed() -> None:
    assert last_minute([], at(20, arrived=50)) == LastMinute(None, None, None)
    assert last_minute([at(0)], at(120, arrived=50)).arrivals is None


def test_a_count_goes_on_across_an_epoch_that_begins_at_nothing() -> None:
    assert counted("admitted", at(0, admitted=70), at(10, admitted=75)) == 5
    assert counted("admitted", at(0, admitted=70), at(10, admitted=3, epoch=2)) == 3


def test_the_average_session_is_how_long_all_ran_over_how_many_ended() -> None:
    """Ten at once, and one ends each ten seconds: each took a hundred."""
    samples = [at(second, active=10, admitted=10 + second // 10) for second in range(0, 300, 10)]
    assert last_minute(samples, at(300, active=10, admitted=40)).session_seconds == 100


def test_while_no_session_has_ended_none_is_averaged() -> None:
    samples = [at(second, active=second, admitted=second) for second in range(0, 100, 10)]
    assert last_minute(samples, at(100, active=100, admitted=100)).session_seconds is None


ENDS = (
    # waiting, active, rate, cap, session, starts in -> ends in
    (0, 0, 60, 100, 180, 0, 0),
    (600, 0, 60, 1_000, 180, 0, 600),  # the rate alone
    (600, 100, 6_000, 100, 180, 0, 1_080),  # the cap alone: six rounds of sessions
    (600, 100, 6_000, 100, 30, 0, 180),  # as short as sessions are
    (50, 40, 6_000, 100, 180, 0, 1),  # a slot is free for each
    (100, 300, 6_000, 200, 100, 0, 100),  # a lowered cap first lets sessions end
    (600, 0, 60, 1_000, 180, 90, 690),  # before the start
    (1, 0, 1_000_000, 1, 30, 0, 1),
)


@pytest.mark.parametrize(("waiting", "active", "rate", "cap", "session", "start", "seconds"), ENDS)
def test_the_line_ends_when_the_slower_of_rate_and_cap_has_let_the_last_in(  # noqa: PLR0917 - a row of the table
    waiting: int, active: int, rate: int, cap: int, session: int, start: int, seconds: int
) -> None:
    found = line_ends_in(
        waiting, active, rate_per_minute=rate, max_active=cap, session_seconds=session, start_in_seconds=start
    )
    assert found == seconds
