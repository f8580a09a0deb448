"""Onsales and their versions: the same in memory and in DynamoDB."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from fairline.domain.onsale import Onsale
from fairline.usecases.ports import Onsales, Version
from tests.contract.conftest import Ledger
from tests.support.builders import any_name, any_onsale
from tests.support.clock import HOUR_MS, START_MS


@pytest.fixture
def onsales(ledger: Ledger) -> Onsales:
    return ledger.onsales


def version_of(onsale: Onsale, by: str = "kim") -> Version:
    return Version(onsale, by, START_MS, "create")


def test_an_onsale_that_was_never_put_is_unknown(onsales: Onsales) -> None:
    assert onsales.latest(any_name()) is None
    assert onsales.versions(any_name()) == []
    assert any_name() not in [*onsales.names(), *onsales.live(START_MS)]


def test_an_onsale_comes_back_as_it_was_put(onsales: Onsales) -> None:
    onsale = any_onsale(
        name="Großes Konzert 🎸",
        rejoin=False,
        paused=True,
        closed=True,
        notice="Zwei Minuten, bitte",
        branding={"colour": "#123456", "logo": None, "links": [{"text": "Imprint", "order": 1.5}]},
        session_seconds=77,
    )
    assert onsales.put(version_of(onsale)) is True
    assert onsales.latest(onsale.onsale) == onsale
    assert onsales.versions(onsale.onsale) == [version_of(onsale)]


def test_a_version_is_put_once(onsales: Onsales) -> None:
    onsale = any_onsale()
    assert onsales.put(version_of(onsale, "kim")) is True
    assert onsales.put(version_of(replace(onsale, rate_per_minute=9), "lee")) is False
    assert onsales.put(version_of(onsale, "kim")) is True, "a repeated try meets what it wrote itself"
    assert onsales.versions(onsale.onsale) == [version_of(onsale, "kim")]


def test_of_many_who_change_the_same_version_one_does(onsales: Onsales) -> None:
    onsale = any_onsale()
    onsales.put(version_of(onsale))
    following = [version_of(replace(onsale, version=2), f"operator-{number}") for number in range(16)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(onsales.put, following)).count(True) == 1


def test_versions_are_told_newest_first(onsales: Onsales) -> None:
    onsale = any_onsale()
    many = [replace(onsale, version=number, rate_per_minute=number) for number in range(1, 13)]
    for one in many:
        onsales.put(version_of(one))
    assert onsales.latest(onsale.onsale) == many[-1]
    assert [version.onsale for version in onsales.versions(onsale.onsale)] == many[::-1]


def test_every_onsale_is_named_once(onsales: Onsales) -> None:
    made = [any_onsale() for _ in range(3)]
    for onsale in [*made, replace(made[0], version=2)]:
        onsales.put(version_of(onsale))
    names = onsales.names()
    assert [names.count(onsale.onsale) for onsale in made] == [1, 1, 1]


def test_an_onsale_is_live_from_before_its_lobby_to_after_its_close(onsales: Onsales) -> None:
    onsale = any_onsale()
    onsales.put(version_of(onsale))
    low, high = onsale.lobby_opens_at_ms - 120_000, onsale.closes_at_ms + 300_000
    assert [onsale.onsale in onsales.live(now_ms) for now_ms in (low - 1, low, high - 1, high)] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("changes", "at_ms"),
    [
        ({"lobby_opens_at_ms": START_MS - 5 * HOUR_MS}, START_MS - 4 * HOUR_MS),
        ({"closes_at_ms": START_MS + 5 * HOUR_MS}, START_MS + 4 * HOUR_MS),
    ],
)
def test_an_onsale_whose_times_were_widened_is_live_all_that_time(
    onsales: Onsales, changes: dict[str, Any], at_ms: int
) -> None:
    onsale = any_onsale()
    onsales.put(version_of(onsale))
    assert onsale.onsale not in onsales.live(at_ms)
    onsales.put(version_of(replace(onsale, **changes, version=2)))
    assert onsale.onsale in onsales.live(at_ms)
    narrowed = replace(onsale, lobby_opens_at_ms=START_MS, closes_at_ms=START_MS + 1, version=3)
    onsales.put(version_of(narrowed))
    assert all(onsale.onsale in onsales.live(moment) for moment in (at_ms, START_MS))
