"""How long the wait will be, as sentences and numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.estimate import Polls, Wait, wait
from tests.support.builders import any_pace

USUAL = Polls(5, 60)


@pytest.mark.parametrize(
    ("sentence", "ahead", "pace", "low_high"),
    [
        ("the first waits for a permit", 0, {}, (1, 1)),
        ("at sixty a minute a second each", 9, {}, (10, 10)),
        ("beyond the cap, sessions that all run out make it longer", 100, {}, (101, 180)),
        ("twice that beyond twice the cap", 200, {}, (201, 360)),
        ("a tight cap decides", 10, {"max_active": 1}, (11, 1800)),
        ("a low rate decides", 10, {"rate_per_minute": 1}, (660, 660)),
        ("seconds are rounded up", 0, {"rate_per_minute": 1000}, (1, 1)),
        ("before the sale the time until it starts comes on top", 9, {"sale_starts_at_ms": 30_000}, (40, 40)),
    ],
)
def test_the_wait_is_a_range(sentence: str, ahead: int, pace: dict[str, int], low_high: tuple[int, int]) -> None:
    assert wait(ahead, any_pace(**pace), 0) == Wait(*low_high), sentence


@pytest.mark.parametrize(
    ("low", "seconds"), [(1, 1), (2, 1), (3, 5), (100, 5), (119, 5), (120, 6), (600, 30), (1_200, 60), (90_000, 60)]
)
def test_the_far_end_of_the_line_asks_rarely_and_the_next_one_at_once(low: int, seconds: int) -> None:
    assert Wait(low, low + 1).poll_after_seconds(USUAL) == seconds


@pytest.mark.parametrize(("low", "seconds"), [(1, 1), (3, 10), (199, 10), (220, 11), (600, 30), (90_000, 30)])
def test_a_deployment_says_how_often_visitors_ask_but_the_next_one_asks_at_once(low: int, seconds: int) -> None:
    assert Wait(low, low + 1).poll_after_seconds(Polls.of("10-30")) == seconds


@pytest.mark.parametrize("text", ["", "5", "5-60-70", "five-60", "60-5", "0-60"])
def test_what_is_not_two_numbers_the_smaller_one_first_is_no_setting_of_polls(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Polls.of(text)


paces = st.builds(
    lambda rate, cap, session: any_pace(rate_per_minute=rate, max_active=cap, session_ms=session),
    st.integers(1, 10**6),
    st.integers(1, 10**6),
    st.integers(30_000, 7_200_000),
)


@given(st.integers(0, 10**8), paces, st.integers(0, 10**13))
def test_whoever_is_further_back_never_waits_less(ahead: int, pace: object, now_ms: int) -> None:
    nearer, further = wait(ahead, pace, now_ms), wait(ahead + 1, pace, now_ms)  # type: ignore[arg-type]
    assert 0 <= nearer.low <= nearer.high
    assert nearer.low <= further.low
    assert nearer.high <= further.high
    assert nearer.poll_after_seconds(USUAL) <= further.poll_after_seconds(USUAL)
