"""Sessions as their rows tell them, in whatever order the rows come."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.place import Ended, Place
from fairline.domain.session import SHARDS, End, Extension, Row, Session, Start, fold, shard
from tests.support.builders import any_place

PLACE = any_place()
START, ENDS, EXTENDED = 1_000, 1_180, 1_360
start, extension = Start(PLACE, START, ENDS), Extension(PLACE, EXTENDED)


def end(at_ms: int, reason: Ended = "completed") -> End:
    return End(PLACE, reason, at_ms)


def folded(*rows: Row) -> Session:
    session = fold(rows)
    assert session is not None
    return session


@pytest.mark.parametrize(
    ("sentence", "rows", "now_ms", "state"),
    [
        ("a session runs from its start", [start], START, "admitted"),
        ("until its end", [start], ENDS - 1, "admitted"),
        ("and not at its end", [start], ENDS, "expired"),
        ("an extension keeps it running", [start, extension], ENDS, "admitted"),
        ("until the extended end", [start, extension], EXTENDED, "expired"),
        ("a purchase completes it", [start, end(1_100)], 1_101, "completed"),
        ("for good", [start, end(1_100)], 9_999, "completed"),
        ("also in the last moment", [start, end(ENDS - 1)], 9_999, "completed"),
        ("a purchase that comes too late does not count", [start, end(ENDS)], ENDS, "expired"),
        ("not even before it is looked at", [start, end(ENDS)], ENDS - 1, "admitted"),
        ("in the extension it comes in time", [start, extension, end(ENDS)], 9_999, "completed"),
        ("after the extension it does not", [start, extension, end(EXTENDED)], EXTENDED, "expired"),
        ("a purchase from before the start does not count", [start, end(START - 1)], START, "admitted"),
        ("giving back ends it", [start, end(1_100, "left")], 1_101, "left"),
        ("leaving before the start ends the place", [start, end(START - 1, "left")], START, "left"),
        ("leaving after the end does not count", [start, end(ENDS, "left")], ENDS, "expired"),
        ("whoever left the line has left", [end(500, "left")], 501, "left"),
    ],
)
def test_what_rows_add_up_to_in_any_order(sentence: str, rows: list[Row], now_ms: int, state: str) -> None:
    assert {folded(*order).state(now_ms) for order in permutations(rows)} == {state}, sentence


@pytest.mark.parametrize("rows", [[], [end(500)], [extension], [extension, end(500)]])
def test_rows_without_a_start_are_no_session(rows: list[Row]) -> None:
    assert fold(rows) is None


def test_a_session_knows_when_it_would_end_extended() -> None:
    for session in (folded(start), folded(start, extension)):
        assert session.extended_ends_at_ms == EXTENDED
    assert not folded(start).extended
    assert folded(start, extension).extended


ends = st.builds(end, st.integers(0, 2_000), st.sampled_from(["completed", "left"]))
rows_of_a_place = st.tuples(st.just(start), st.one_of(st.none(), st.just(extension)), st.one_of(st.none(), ends)).map(
    lambda rows: [row for row in rows if row]
)


@given(rows_of_a_place, st.randoms(), st.integers(0, 2_000))
def test_order_and_repetition_of_rows_change_nothing(rows: list[Row], random: object, now_ms: int) -> None:
    shuffled = rows * 2
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert folded(*shuffled) == folded(*rows)
    assert folded(*shuffled).state(now_ms) == folded(*rows).state(now_ms)


@given(rows_of_a_place, st.integers(0, 2_000))
def test_what_is_over_stays_over(rows: list[Row], now_ms: int) -> None:
    session = folded(*rows)
    if session.state(now_ms) != "admitted":
        assert session.state(now_ms + 1) == session.state(now_ms)


def test_places_of_an_onsale_are_spread_evenly_over_its_shards() -> None:
    keys = [shard(any_place(position, "demo")) for position in range(1, 4_001)]
    counts = [keys.count(f"demo#{number}") for number in range(SHARDS)]
    assert sum(counts) == 4_000
    assert min(counts) > 400
    assert shard(Place("demo", 1, "ann")) == shard(Place("demo", 1, "ann"))
