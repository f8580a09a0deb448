"""What one tick decides and records."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.admission import Bucket
from fairline.domain.session import Start
from fairline.domain.status import Progress, Ranges
from fairline.domain.tick import HEADROOM, Counts, Record, Taken, View, advanced, decide, with_range
from tests.support.builders import any_onsale, any_place
from tests.support.clock import HOUR_MS, START_MS

NOBODY = Taken((), 4_000)


def any_view(*, issued: int = 5_000, waiting: int = 50, active: int = 10, **values: Any) -> View:
    """A line with 5,000 positions issued: 50 wait, 10 are inside, the last tick was a second ago."""
    given: dict[str, Any] = {
        "now_ms": START_MS,
        "tick": 7,
        "version": 1,
        "progress": Progress(1, 4_000, issued, waiting, active),
        "bucket": Bucket(0, START_MS - 1_000),
        "limit": 105_000,
        "lease_until_ms": START_MS + 4_000,
        "resumes_at_ms": 0,
        "counts": Counts(admitted=100),
    }
    return View(**given | values)


RECORD = Record(epoch=1, tick=7, issue_limit=105_000, issued=5_000, serving=4_000)


# Deciding


def test_a_second_at_sixty_a_minute_lets_one_in() -> None:
    assert decide(any_onsale(), any_view()) == (1, Bucket(0, START_MS))


@pytest.mark.parametrize(
    "values",
    [
        {"paused": True},
        {"closed": True},
        {"sale_starts_at_ms": START_MS + 1},
        {"lobby_opens_at_ms": START_MS + 1, "sale_starts_at_ms": START_MS + 2},
        {"closes_at_ms": START_MS},
    ],
)
def test_nobody_is_let_in_unless_the_sale_is_on_and_nothing_is_saved_up(values: dict[str, Any]) -> None:
    full = any_view(bucket=Bucket(10**6, START_MS - HOUR_MS))
    assert decide(any_onsale(**values), full) == (0, Bucket(0, START_MS))


def test_nobody_is_let_in_while_visitors_return() -> None:
    onsale = any_onsale()
    assert decide(onsale, any_view(resumes_at_ms=START_MS + 1)) == (0, Bucket(0, START_MS))
    assert decide(onsale, any_view(resumes_at_ms=START_MS))[0] == 1


def test_the_cap_counts_those_inside() -> None:
    onsale = any_onsale(rate_per_minute=6_000, max_active=12)
    assert [decide(onsale, any_view(active=active))[0] for active in (0, 10, 12, 20)] == [12, 2, 0, 0]


def test_what_was_not_used_stays_in_the_bucket_up_to_a_second_s_worth() -> None:
    many, bucket = decide(any_onsale(rate_per_minute=600), any_view(waiting=3))
    assert (many, bucket) == (3, Bucket(7 * 60_000, START_MS))


# Seeing


def test_a_line_lapses_when_its_lease_ends() -> None:
    assert [any_view(lease_until_ms=START_MS + ms).lapsed for ms in (1, 0, -1)] == [False, True, True]


def test_an_admission_is_abandoned_after_five_seconds() -> None:
    starts = tuple(Start(any_place(), START_MS - age, START_MS + HOUR_MS) for age in (0, 5_000, 5_001))
    assert any_view(unconfirmed=starts).abandoned == starts[2:]


# Recording


def test_a_tick_is_recorded_with_what_it_found_and_took() -> None:
    starts = tuple(Start(any_place(number), START_MS, START_MS + 180_000) for number in (4_001, 4_002))
    assert advanced(RECORD, any_view(), Taken(starts, 4_002)) == Record(
        epoch=1,
        tick=8,
        issue_limit=5_000 + HEADROOM,
        issued=5_000,
        serving=4_002,
        skipped=(),
        waiting=48,
        active=12,
        counts=Counts(admitted=102),
        updated_at_ms=START_MS,
    )


def test_the_limit_leaves_room_for_ten_more_of_what_just_came() -> None:
    assert advanced(RECORD, any_view(issued=25_000), NOBODY).issue_limit == 25_000 + HEADROOM + 10 * 20_000


def test_the_limit_never_falls() -> None:
    assert advanced(replace(RECORD, issue_limit=10**9), any_view(), NOBODY).issue_limit == 10**9


def test_after_a_lapse_the_next_position_follows_the_limit() -> None:
    lapsed = any_view(lease_until_ms=START_MS)
    record = advanced(RECORD, lapsed, NOBODY)
    assert (record.issued, record.skipped) == (105_000, ((5_001, 105_000),))
    assert record.issue_limit >= 105_000 + HEADROOM


def test_after_a_lapse_a_copy_that_forgot_the_limit_itself_is_not_believed() -> None:
    lapsed = any_view(lease_until_ms=START_MS, limit=90_000)
    record = advanced(RECORD, lapsed, NOBODY)
    assert (record.issued, record.skipped) == (105_000, ((5_001, 105_000),))


def test_two_ticks_of_one_lapse_skip_once() -> None:
    """The first was recorded and broke off before it confirmed."""
    lapsed = any_view(lease_until_ms=START_MS, tick=8)
    first = advanced(RECORD, lapsed, NOBODY)
    second = advanced(first, lapsed, NOBODY)
    assert len(second.skipped) == 1
    assert second.skipped[0][0] == 5_001
    assert second.issued >= first.issued


def test_a_new_epoch_issues_nothing_up_to_the_limit_again() -> None:
    record = replace(RECORD, waiting=900, active=80, counts=Counts(admitted=3), skipped=((1, 9),))
    following = record.next_epoch()
    assert (following.epoch, following.issued, following.issue_limit) == (2, 105_000, 105_000)
    assert following.skipped == ((1, 9), (5_001, 105_000))
    assert (following.tick, following.serving, following.waiting, following.active) == (7, 4_000, 0, 0)


def test_an_epoch_in_which_nothing_happened_skips_nothing_more() -> None:
    once = RECORD.next_epoch()
    assert once.next_epoch().skipped == once.skipped
    assert Record().next_epoch() == Record(epoch=1)


@pytest.mark.parametrize(
    ("sentence", "ranges", "new", "joined"),
    [
        ("an empty range adds nothing", ((1, 2),), (5, 4), ((1, 2),)),
        ("the first", (), (5, 9), ((5, 9),)),
        ("one apart", ((1, 3),), (5, 9), ((1, 3), (5, 9))),
        ("one that touches", ((1, 4),), (5, 9), ((1, 9),)),
        ("one that overlaps", ((1, 7),), (5, 9), ((1, 9),)),
        ("one that is there already", ((1, 9),), (5, 7), ((1, 9),)),
    ],
)
def test_ranges_are_joined_where_they_touch(
    sentence: str, ranges: Ranges, new: tuple[int, int], joined: Ranges
) -> None:
    assert with_range(ranges, *new) == joined, sentence


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 20))))
def test_ranges_that_come_in_order_cover_exactly_what_they_were_given(steps: list[tuple[int, int]]) -> None:
    ranges: Ranges = ()
    covered: set[int] = set()
    for low, length in sorted(steps):
        ranges = with_range(ranges, low, low + length)
        covered |= set(range(low, low + length + 1))
        assert {n for first, last in ranges for n in range(first, last + 1)} == covered
    assert all(after[0] > before[1] + 1 for before, after in pairwise(ranges))


steps = st.lists(st.tuples(st.integers(0, 300_000), st.sampled_from(["ticks", "fails over", "is lost"])), max_size=30)


@given(steps)
def test_no_sequence_of_rushes_failovers_and_losses_issues_a_position_twice(steps: list[tuple[int, str]]) -> None:
    """A store that obeys its limit. The copy it fails over to lacks the last arrivals and the last confirmation."""
    record = Record().next_epoch()
    highest = issued = limit = 0
    copy = (issued, limit)
    for arrivals, event in steps:
        if arrivals and issued < limit:
            assert issued + 1 > highest
            highest = issued = min(issued + arrivals, limit)
        if event == "is lost":
            record = record.next_epoch()
            issued = limit = record.issue_limit
        elif event == "fails over":
            issued, limit = copy
        copy = (issued, limit)
        lease = START_MS + 1 if event == "ticks" else START_MS
        view = any_view(issued=issued, limit=limit, tick=record.tick, lease_until_ms=lease)
        record = advanced(record, view, NOBODY)
        issued, limit = max(issued, record.issued), max(limit, record.issue_limit)
