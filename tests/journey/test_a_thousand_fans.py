"""A thousand fans in a line, one more in a browser, and an operator who changes the rate at the console."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect

from local.background import Room, Wish
from tests.journey.client import Onsale, eventually
from tests.journey.conftest import keeping
from tests.support.browser import open_browser

FANS = 1_000
PATIENCE_MS = 60_000
CALLED = 60
"""How many are let in while the browser is watched."""


@pytest.fixture
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


def page_of(browser: Browser, room: Room, width: int) -> Page:
    context = browser.new_context(base_url=room.url, viewport={"width": width, "height": 844})
    context.set_default_timeout(PATIENCE_MS)
    return context.new_page()


def console(browser: Browser, room: Room) -> Page:
    page = page_of(browser, room, 1280)
    page.goto("/console/#/onsale/demo")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Name").fill("kim")
    page.get_by_role("button", name="Sign in").click()
    page.locator("[name=rate_per_minute]").wait_for()
    return page


@pytest.mark.timeout(300)
def test_the_line_of_a_thousand_goes_on_in_order_while_its_rate_is_changed(browser: Browser) -> None:
    with Room(Wish(demo=True, crowd=FANS)) as room:
        onsale = Onsale(keeping(room), "demo", "")
        eventually(onsale.metrics, lambda told: told["issued"] >= FANS)
        fan = page_of(browser, room, 390)
        fan.goto("/?onsale=demo")
        fan.get_by_role("button", name="Join the line").click()
        expect(fan.get_by_role("heading", name="You are in line")).to_be_visible(timeout=PATIENCE_MS)

        operators = console(browser, room)
        operators.locator("[name=rate_per_minute]").fill("600")
        expect(operators.locator(".effect")).to_contain_text("120 → 600 a minute")
        operators.get_by_role("button", name="Apply", exact=True).click()
        expect(operators.locator(".outcome .done")).to_contain_text("120 → 600 a minute", timeout=PATIENCE_MS)
        eventually(
            lambda: onsale.api.call("GET", "/status/demo.json").body,
            lambda told: isinstance(told, dict) and told["rate_per_minute"] == 600,
        )

        seen, begun = [ahead(fan)], onsale.metrics()["admitted"]
        while (told := onsale.metrics())["admitted"] < begun + CALLED:
            assert told["active"] <= told["max_active"]
            seen.append(ahead(fan))
            fan.wait_for_timeout(250)
        seen.append(eventually(lambda: ahead(fan), lambda fewer: fewer < seen[0]))
        assert all(later <= earlier for earlier, later in pairwise(seen))


def ahead(fan: Page) -> int:
    return int(fan.locator('[data-text="ahead"]').inner_text().replace(",", ""))
