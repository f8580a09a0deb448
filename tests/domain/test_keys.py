"""When keys sign, retire and are due."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.errors import Unavailable
from fairline.domain.keys import (
    DAY_MS,
    HOUR_MS,
    LONGEST_TOKEN_MS,
    ROW_KEPT_MS,
    Key,
    Purpose,
    in_use,
    next_signs_from_ms,
    signing_key,
)


def key(at_ms: int, purpose: Purpose = "access") -> Key:
    return Key(purpose, f"{purpose}-{at_ms}", "secret", at_ms)


def test_the_newest_key_that_has_begun_signs() -> None:
    keys = [key(300), key(100), key(200)]
    assert [signing_key(keys, now_ms).signs_from_ms for now_ms in (100, 199, 200, 299, 300, 9_999)] == [
        100,
        100,
        200,
        200,
        300,
        300,
    ]


@pytest.mark.parametrize("keys", [[], [key(101)]])
def test_before_the_first_key_begins_nothing_is_signed(keys: list[Key]) -> None:
    with pytest.raises(Unavailable) as refused:
        signing_key(keys, 100)
    assert refused.value.retry_after_seconds


@pytest.mark.parametrize(("purpose", "hours"), [("access", 4 + 2), ("visitor", 32 * 24 + 2)])
def test_a_key_verifies_until_its_last_token_and_every_copy_of_the_key_set_have_gone(
    purpose: Purpose, hours: int
) -> None:
    old, new = key(0, purpose), key(DAY_MS, purpose)
    last_ms = DAY_MS + hours * HOUR_MS
    assert in_use([new, old], last_ms - 1) == [old, new]
    assert in_use([new, old], last_ms) == [new]


def test_a_key_that_does_not_sign_yet_is_published_already() -> None:
    assert in_use([key(DAY_MS)], 0) == [key(DAY_MS)]
    assert in_use([], 0) == []


def test_the_first_key_signs_at_once_and_a_new_one_is_made_after_thirty_days_two_days_and_two_hours_ahead() -> None:
    assert next_signs_from_ms([], 77) == 77
    assert next_signs_from_ms([key(0)], 30 * DAY_MS - 1) is None
    assert next_signs_from_ms([key(0)], 30 * DAY_MS) == 32 * DAY_MS + 2 * HOUR_MS
    assert next_signs_from_ms([key(0), key(32 * DAY_MS + 2 * HOUR_MS)], 32 * DAY_MS + HOUR_MS) is None


def test_a_secret_does_not_show() -> None:
    assert "secret" not in repr(Key("visitor", "kid", "a-secret", 0)).replace("secret=", "")


@given(st.lists(st.integers(0, 100 * DAY_MS), min_size=1, unique=True), st.integers(0, 150 * DAY_MS))
def test_whoever_holds_a_living_token_finds_its_key_in_use(starts: list[int], now_ms: int) -> None:
    """For tokens signed at any time with the key of that time, for as long as such a token lives."""
    keys = [key(at_ms) for at_ms in starts]
    usable = in_use(keys, now_ms)
    for signed_at_ms in (now_ms, now_ms - LONGEST_TOKEN_MS["access"] + 1):
        if signed_at_ms >= min(starts):
            assert signing_key(keys, signed_at_ms) in usable


def test_rows_of_keys_outlive_their_use() -> None:
    assert 30 * DAY_MS + max(LONGEST_TOKEN_MS.values()) + 3 * DAY_MS < ROW_KEPT_MS
