"""Onsales: their phases by the clock, and what may be asked of them."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.errors import InvalidRequest
from fairline.domain.onsale import DAY_MS, MINUTE_MS, Onsale, create

LOBBY, STARTS, CLOSES = 1_000_000, 2_000_000, 3_000_000
VALUES: dict[str, Any] = {
    "onsale": "demo",
    "name": "The Band",
    "lobby_opens_at_ms": LOBBY,
    "sale_starts_at_ms": STARTS,
    "closes_at_ms": CLOSES,
    "rate_per_minute": 600,
    "max_active": 50,
    "completion_key_sha256": "0" * 64,
}


def made(**values: Any) -> Onsale:
    return create(**VALUES | values)


def faults_of(**values: Any) -> dict[str, str]:
    with pytest.raises(InvalidRequest) as refused:
        made(**values)
    listed: Any = refused.value.extras["errors"]
    return {fault["field"]: fault["reason"] for fault in listed}


@pytest.mark.parametrize(
    ("now_ms", "phase"),
    [
        (0, "scheduled"),
        (LOBBY - 1, "scheduled"),
        (LOBBY, "lobby"),
        (STARTS - 1, "lobby"),
        (STARTS, "on_sale"),
        (CLOSES - 1, "on_sale"),
        (CLOSES, "closed"),
    ],
)
def test_the_phase_follows_the_clock(now_ms: int, phase: str) -> None:
    assert made().phase(now_ms) == phase


@pytest.mark.parametrize(
    ("now_ms", "phase"), [(0, "scheduled"), (LOBBY, "lobby"), (STARTS, "paused"), (CLOSES, "closed")]
)
def test_only_a_sale_that_is_on_is_paused(now_ms: int, phase: str) -> None:
    assert replace(made(), paused=True).phase(now_ms) == phase


@pytest.mark.parametrize("now_ms", [0, LOBBY, STARTS, CLOSES])
def test_a_closed_one_is_closed_whatever_the_clock_says(now_ms: int) -> None:
    assert replace(made(), closed=True, paused=True).phase(now_ms) == "closed"


def test_a_sale_without_a_lobby_starts_with_it() -> None:
    assert made(lobby_opens_at_ms=STARTS).phase(STARTS) == "on_sale"


def test_its_line_is_live_from_two_minutes_before_to_five_after_and_forgotten_a_day_later() -> None:
    onsale = made()
    assert (onsale.live_from_ms, onsale.live_until_ms) == (LOBBY - 2 * MINUTE_MS, CLOSES + 5 * MINUTE_MS)
    assert onsale.forgotten_at_ms == CLOSES + DAY_MS


def test_a_new_one_is_version_1_with_sessions_of_three_minutes() -> None:
    onsale = made()
    assert (onsale.version, onsale.session_seconds, onsale.rejoin, onsale.paused, onsale.closed) == (
        1,
        180,
        True,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("onsale", name) for name in ("", "-demo", "Demo", "a b", "ä", "a/b", "a#b", "a" * 64, "demo\n", 7)),
        *(("name", name) for name in ("", "x" * 121, 7, ["x"])),
        *(("rate_per_minute", rate) for rate in (0, -5, 1.5, "60", True, 1_000_001, float("nan"))),
        *(("max_active", cap) for cap in (0, -1, 0.5, False, "1", 1_000_001)),
        *(("session_seconds", seconds) for seconds in (2, 29, 7201, 180.0, None)),
        *(("rejoin", rejoin) for rejoin in (1, "true", None)),
        *(("branding", branding) for branding in ("x", ["x"], None)),
        *(("notice", notice) for notice in ("x" * 281, 7, None)),
        *(("closes_at_ms", at) for at in ("2026-11-22", 1.5, True, -1, 10**15)),
    ],
)
def test_what_does_not_fit_is_named(field: str, value: object) -> None:
    assert field.removesuffix("_ms") in {name.removesuffix("_ms") for name in faults_of(**{field: value})}


@pytest.mark.parametrize("field", ["onsale", "name", "closes_at_ms", "rate_per_minute", "max_active"])
def test_what_is_missing_is_named(field: str) -> None:
    with pytest.raises(InvalidRequest, match="is required"):
        create(**{name: value for name, value in VALUES.items() if name != field})


def test_every_fault_is_named_at_once() -> None:
    assert set(faults_of(rate_per_minute=-5, max_active=0, session_seconds=2, name="")) == {
        "rate_per_minute",
        "max_active",
        "session_seconds",
        "name",
    }


def test_unknown_fields_are_named() -> None:
    assert "colour" in faults_of(colour="red")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"sale_starts_at_ms": LOBBY - 1}, "sale_starts_at"),
        ({"closes_at_ms": STARTS}, "closes_at"),
        ({"closes_at_ms": STARTS - 1}, "closes_at"),
        ({"closes_at_ms": LOBBY + 30 * DAY_MS + 1}, "closes_at"),
    ],
)
def test_times_are_in_order_and_not_too_far_apart(values: dict[str, int], field: str) -> None:
    assert set(faults_of(**values)) == {field}


def test_the_longest_sale_lasts_thirty_days() -> None:
    assert made(closes_at_ms=LOBBY + 30 * DAY_MS)


def test_a_change_is_the_next_version() -> None:
    onsale = made()
    changed = onsale.changed(rate_per_minute=1200, name="Other")
    assert changed == replace(onsale, rate_per_minute=1200, name="Other", version=2)
    assert onsale.rate_per_minute == 600


def test_a_branding_from_before_there_were_rules_stays_until_it_is_changed() -> None:
    old = replace(made(), branding={"colour": "green", "links": [{"text": "Imprint"}]})
    assert old.changed(rate_per_minute=90).branding == old.branding
    with pytest.raises(InvalidRequest, match=r"branding\.colour"):
        old.changed(branding=old.branding)
    assert old.changed(branding={}).branding == {}


@pytest.mark.parametrize("field", ["onsale", "version", "closed", "paused", "completion_key_sha256", "colour"])
def test_what_cannot_be_changed_is_named(field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        made().changed(**{field: 1, "max_active": 0})
    listed: Any = refused.value.extras["errors"]
    assert {fault["field"] for fault in listed} == {field, "max_active"}


def test_while_paused_the_line_reads_the_reason_if_there_is_one() -> None:
    onsale = made(notice="Hello")
    assert onsale.shown_notice == "Hello"
    assert replace(onsale, paused=True).shown_notice == "Hello"
    assert replace(onsale, paused=True, pause_reason="Soon").shown_notice == "Soon"
    assert replace(onsale, pause_reason="Soon").shown_notice == "Hello"


anything = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers()))


@given(st.dictionaries(st.sampled_from([*VALUES, "session_seconds", "rejoin", "branding", "notice"]), anything))
def test_whatever_is_asked_it_fits_or_is_refused_with_reasons(values: dict[str, Any]) -> None:
    try:
        onsale = made(**values)
    except InvalidRequest:
        assert faults_of(**values)
    else:
        assert onsale.phase(STARTS) in ("scheduled", "lobby", "on_sale", "closed")
