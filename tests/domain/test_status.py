"""The status document, and times as they are written."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.onsale import LAST_MS
from fairline.domain.status import Progress, from_iso, iso, status_document, status_key
from tests.support.builders import any_onsale
from tests.support.clock import START_MS


def test_a_time_is_written_in_utc_to_the_millisecond() -> None:
    assert iso(0) == "1970-01-01T00:00:00.000Z"
    assert iso(1_763_827_200_001) == "2025-11-22T16:00:00.001Z"


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("2025-11-22T16:00:00Z", 1_763_827_200_000),
        ("2025-11-22T16:00:00.001Z", 1_763_827_200_001),
        ("2025-11-22T17:00:00+01:00", 1_763_827_200_000),
        ("2025-11-22 16:00+00:00", 1_763_827_200_000),
        ("2025-11-22T16:00:00.0004Z", 1_763_827_200_000),
    ],
)
def test_a_time_is_read_in_any_zone(text: str, ms: int) -> None:
    assert from_iso(text) == ms


@pytest.mark.parametrize(
    "text", ["", "now", "2025-11-22", "2025-11-22T16:00:00", "2025-13-01T00:00:00Z", 7, None, True]
)
def test_what_is_no_time_with_a_zone_is_refused(text: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - that it is no time is all there is to say
        from_iso(text)


@given(st.integers(0, LAST_MS))
def test_a_time_is_read_as_it_was_written(ms: int) -> None:
    assert from_iso(iso(ms)) == ms


zones = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(timezones=zones))
def test_every_time_of_every_zone_is_read_to_the_millisecond(moment: datetime) -> None:
    exact = (moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1)
    assert abs(from_iso(moment.isoformat()) - exact) <= 1


@given(st.text())
def test_any_text_is_a_time_or_a_value_error(text: str) -> None:
    try:
        from_iso(text)
    except ValueError:
        return


def test_the_document_tells_the_line_how_it_moves() -> None:
    onsale = any_onsale(notice="Hello", rate_per_minute=90)
    progress = Progress(epoch=2, serving=7, issued=12, waiting=4, active=3, skipped=((8, 9),))
    assert status_document(onsale, progress, START_MS) == {
        "onsale": onsale.onsale,
        "epoch": 2,
        "phase": "on_sale",
        "serving": 7,
        "issued": 12,
        "skipped": [[8, 9]],
        "waiting": 4,
        "active": 3,
        "rate_per_minute": 90,
        "notice": "Hello",
        "updated_at": iso(START_MS),
    }
    assert status_document(replace(onsale, paused=True, pause_reason="Soon"), progress, START_MS)["notice"] == "Soon"


def test_the_document_stands_where_pages_look_for_it() -> None:
    assert status_key("demo") == "status/demo.json"
