"""What the page makes of the numbers it is told: pure functions, run where they live."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.frontend.room import Room
from tests.frontend.steps import arrive

STEADY = {"ratePerMinute": 60, "pace": None, "untilStart": 0}


@pytest.fixture(scope="module")
def page(browser: Browser, server: Room) -> Iterator[Page]:
    """One page for all: the functions keep nothing."""
    with browser.new_context(base_url=server.url) as context:
        page = context.new_page()
        arrive(page)
        yield page


def _line(page: Page, function: str, *args: object) -> Any:
    call = "async ([name, args]) => (await import('/js/line.js'))[name](...args)"
    return page.evaluate(call, [function, list(args)])


@pytest.mark.parametrize(
    ("serving", "skipped", "ahead"),
    [
        (0, [], 99),
        (98, [], 1),
        (99, [], 0),
        (150, [], 0),
        (50, [[60, 69]], 39),
        (65, [[60, 69]], 30),
        (50, [[95, 200]], 44),
        (50, [[1, 40]], 49),
    ],
)
def test_ahead_counts_those_between_the_called_and_me(
    page: Page, serving: int, skipped: list[list[int]], ahead: int
) -> None:
    assert _line(page, "aheadOf", 100, {"serving": serving, "skipped": skipped}) == ahead


def test_the_wait_reaches_from_the_rate_to_the_pace_that_was_seen(page: Page) -> None:
    assert _line(page, "waitOf", 59, STEADY) == {"low": 60, "high": 78}
    assert _line(page, "waitOf", 59, {**STEADY, "pace": 20}) == {"low": 60, "high": 180}
    assert _line(page, "waitOf", 59, {**STEADY, "untilStart": 600}) == {"low": 660, "high": 678}


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (5, 50, "less than a minute"),
        (60, 60, "about 1 minute"),
        (650, 900, "about 10 to 15 minutes"),
        (130, 290, "about 2 to 5 minutes"),
        (3_000, 5_300, "about 50 to 90 minutes"),
        (5_000, 9_000, "about 1 to 3 hours"),
    ],
)
def test_the_wait_is_said_in_words(page: Page, low: int, high: int, words: str) -> None:
    assert _line(page, "waitWords", {"low": low, "high": high}) == words


@pytest.mark.parametrize(
    ("ahead", "low", "seconds"),
    [(100_000, 10_000, 60), (5_000, 600, 30), (5_000, 70, 5), (150, 900, 5), (20, 10, 2)],
)
def test_the_status_is_read_less_often_at_the_back(page: Page, ahead: int, low: int, seconds: int) -> None:
    assert _line(page, "nextLook", ahead, low) == pytest.approx(seconds * 1_000, rel=0.16)
