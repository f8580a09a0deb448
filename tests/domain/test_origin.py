"""Whom the API answers: those who send a secret that is accepted now."""

import pytest

from fairline.domain.keys import DAY_MS
from fairline.domain.origin import OriginSecret, accepted, digest, is_genuine, newest

FIRST, SECOND, THIRD = (OriginSecret(digest(name), at_ms) for name, at_ms in (("one", 10), ("two", 20), ("three", 30)))


def test_the_newest_secret_is_accepted_for_as_long_as_it_has_no_successor() -> None:
    assert accepted([FIRST], 10_000 * DAY_MS) == [FIRST]


def test_an_older_secret_is_accepted_for_a_day_after_its_successor_came() -> None:
    known = [THIRD, FIRST, SECOND]
    assert accepted(known, 20 + DAY_MS - 1) == [FIRST, SECOND, THIRD]
    assert accepted(known, 20 + DAY_MS) == [SECOND, THIRD]
    assert accepted(known, 30 + DAY_MS) == [THIRD]


def test_without_any_secret_nobody_is_answered() -> None:
    assert accepted([], 0) == []
    assert newest([]) is None
    assert not is_genuine("one", [], 0)


@pytest.mark.parametrize("claimed", ["one", "two"])
def test_who_sends_an_accepted_secret_is_genuine(claimed: str) -> None:
    assert is_genuine(claimed, [FIRST, SECOND], 20)


@pytest.mark.parametrize(
    "claimed", [None, "", "On", "one ", "one,one", "three", digest("one"), "\ud800", "é", "one\x00", "x" * 100_000]
)
def test_who_sends_anything_else_is_not(claimed: str | None) -> None:
    assert not is_genuine(claimed, [FIRST, SECOND], 20)


def test_a_secret_is_not_genuine_once_its_day_is_over() -> None:
    assert not is_genuine("one", [FIRST, SECOND], 20 + DAY_MS)
