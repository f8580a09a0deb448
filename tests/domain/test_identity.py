"""Who a visitor is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.errors import InvalidRequest, InvalidToken
from fairline.domain.identity import guest, new_key, signed_in

KEY = "0123456789abcdefABCDEF-_"
OPAQUE = re.compile(r"[A-Za-z0-9_-]{22}")


def test_the_same_key_is_the_same_visitor_and_another_is_another() -> None:
    assert guest(KEY) == guest(KEY) != guest(KEY + "0")


def test_a_visitor_tells_nothing_of_the_key() -> None:
    assert OPAQUE.fullmatch(guest(KEY))
    assert guest(KEY) not in KEY


def test_without_a_key_everybody_is_new() -> None:
    many = {guest(new_key()) for _ in range(100)}
    assert len(many) == 100
    assert all(OPAQUE.fullmatch(visitor) for visitor in many)


@pytest.mark.parametrize(
    "key", ["", "short", "x" * 21, "x" * 129, "x" * 22 + " ", "x" * 22 + "\n", "ä" * 30, "x" * 22 + "."]
)
def test_a_key_that_cannot_be_random_enough_is_refused(key: str) -> None:
    with pytest.raises(InvalidRequest, match="Idempotency-Key"):
        guest(key)


def test_who_signed_in_is_known_by_issuer_and_subject() -> None:
    ann = signed_in("https://id.example", "ann")
    assert ann == signed_in("https://id.example", "ann")
    assert OPAQUE.fullmatch(ann)
    assert len({ann, signed_in("https://id.example", "bob"), signed_in("https://other.example", "ann")}) == 3


@pytest.mark.parametrize("subject", [None, ""])
def test_an_identity_that_names_nobody_is_no_visitor(subject: str | None) -> None:
    with pytest.raises(InvalidToken):
        signed_in("https://id.example", subject)


@given(st.text(max_size=200), st.text(min_size=1, max_size=200))
def test_any_subject_is_a_visitor(issuer: str, subject: str) -> None:
    assert OPAQUE.fullmatch(signed_in(issuer, subject))
