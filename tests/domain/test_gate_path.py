"""Which paths the gate reads an onsale from: those that a backend cannot read otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.gate import onsale_of

BOOKING = "/v1/onsales/demo/booking"


@pytest.mark.parametrize(
    "rest", ["/seats", "/seats/", "/a/b/c", "/seats/A-1", "/v1.0/x_y~z", "/@me", "/a;b=c", "/.well-known/x"]
)
def test_a_plain_path_names_its_onsale(rest: str) -> None:
    assert onsale_of(BOOKING + rest) == "demo"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        BOOKING,
        BOOKING + "/",
        BOOKING + "//seats",
        BOOKING + "/seats//",
        BOOKING + "/../admin",
        BOOKING + "/./seats",
        BOOKING + "/a/..",
        BOOKING + "/a/.",
        BOOKING + "/..;/admin",
        BOOKING + "/...",
        BOOKING + "/.../admin",
        BOOKING + "/seats.",
        BOOKING + "/seats../x",
        BOOKING + "/seats.;a=b/x",
        BOOKING + "/..;a=b/admin",
        BOOKING + "/.;/seats",
        BOOKING + "/%2e%2e/admin",
        BOOKING + "/a%2fb",
        BOOKING + "/a%00",
        BOOKING + "/a\\..\\b",
        BOOKING + "/a b",
        BOOKING + "/a\n",
        BOOKING + "/a\x00",
        BOOKING + "/a?b",
        BOOKING + "/a#b",
        BOOKING + "/ä",
        BOOKING + "/\uff0e\uff0e/a",
        "v1/onsales/demo/booking/seats",
        "//v1/onsales/demo/booking/seats",
        "/V1/onsales/demo/booking/seats",
        "/v1/onsales/Demo/booking/seats",
        "/v1/onsales/-demo/booking/seats",
        "/v1/onsales//booking/seats",
        "/v1/onsales/demo/bookings/seats",
        "/v1/onsales/demo/other/../booking/seats",
        "/v1/onsales/demo/x/booking/seats",
        "/v1/onsales/../demo/booking/seats",
        f"/v1/onsales/{'a' * 64}/booking/seats",
        "https://host/v1/onsales/demo/booking/seats",
    ],
)
def test_whatever_a_backend_might_read_otherwise_names_none(path: str) -> None:
    assert onsale_of(path) is None


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    assert onsale_of(text) is None or text.startswith("/v1/onsales/")


@given(st.lists(st.sampled_from(["a", ".", "..", "..;", ".;x", "", "%2e", "b.c"]), min_size=1, max_size=8))
def test_no_mixture_of_tricks_goes_through(segments: list[str]) -> None:
    plain = all(segment in ("a", "b.c") for segment in segments[:-1]) and segments[-1] in ("a", "b.c", "")
    named = onsale_of(f"{BOOKING}/{'/'.join(segments)}")
    assert (named is not None) is (plain and segments != [""])


def test_a_long_path_of_almost_plain_segments_is_answered() -> None:
    """Nothing to backtrack over: this would not come back if there were."""
    assert onsale_of(BOOKING + "/a" * 50_000 + "%") is None
