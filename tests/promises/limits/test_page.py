"""The limits in a room that has them, as people in browsers meet them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from local.background import Room, Wish
from tests.journey.client import Onsale
from tests.journey.conftest import keeping
from tests.journey.test_browser import heading, joined, position
from tests.support.browser import open_browser

LIMITS = Wish(guest_places_per_address=2, guest_one_per_browser=True)


@pytest.fixture
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def onsale() -> Iterator[Onsale]:
    with Room(LIMITS) as room:
        yield keeping(room).onsale(starts_in=600)


def forgotten(context: BrowserContext, onsale: Onsale) -> Page:
    """The page in a browser whose user has cleared what the page kept, but not the cookies."""
    page = context.new_page()
    page.goto(f"{onsale.api.url}/?onsale={onsale.name}")
    page.evaluate("localStorage.clear()")
    page.close()
    return joined(context, onsale)


def test_a_browser_keeps_its_place_and_a_network_that_is_full_says_what_helps(browser: Browser, onsale: Onsale) -> None:
    ann, bob, cat = (browser.new_context() for _ in range(3))
    assert position(joined(ann, onsale)) == "1"
    assert position(forgotten(ann, onsale)) == "1"
    opened = joined(bob, onsale)
    assert position(opened) == "2"

    refused = joined(cat, onsale)
    heading(refused, "That did not work")
    expect(refused.get_by_text("such as mobile data")).to_be_visible()
    expect(refused.get_by_role("button", name="Try again")).to_be_visible()

    token = "Object.values(localStorage).map(v => JSON.parse(v)).find(v => v && v.token).token"
    handed_over = cat.new_page()
    handed_over.goto(f"{opened.url}#place={opened.evaluate(token)}")
    assert position(handed_over) == "2"
    assert onsale.metrics()["issued"] == 2
