"""A person in a browser takes part in an onsale, among others, against a running deployment."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from local.background import Room, Wish
from tests.journey.client import Onsale, Operator, eventually
from tests.journey.conftest import keeping
from tests.support.browser import open_browser

PATIENCE_MS = 45_000
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(**PHONE)
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", name=text)).to_be_visible(timeout=PATIENCE_MS)


def joined(context: BrowserContext, onsale: Onsale) -> Page:
    page = context.new_page()
    page.goto(f"{onsale.api.url}/?onsale={onsale.name}")
    page.get_by_role("button", name="Join the line").click()
    return page


def position(page: Page) -> str:
    shown = page.locator("[data-text=position]")
    expect(shown).not_to_be_empty(timeout=PATIENCE_MS)
    return shown.inner_text()


def test_a_person_waits_is_let_in_by_push_buys_a_seat_and_the_next_one_enters(
    operator: Operator, context: BrowserContext
) -> None:
    onsale = operator.onsale(max_active=1)
    first = onsale.join()
    token = first.admitted()["access_token"]
    page = joined(context, onsale)
    heading(page, "You are in line")
    following = onsale.join()
    assert first.buy(token, "A-1").status == 201

    heading(page, "It is your turn")
    page.get_by_role("button", name="Choose your seat").click()
    page.get_by_role("button", name="Seat B-2", exact=False).first.click()
    buy = page.locator("#buy")
    expect(buy).to_be_enabled(timeout=PATIENCE_MS)
    buy.click()
    heading(page, "Thank you, the seat is yours")
    page.reload()
    heading(page, "Thank you, the seat is yours")

    entered = following.admitted()["access_token"]
    seen = eventually(lambda: following.enter(entered, "GET", "seats"), lambda seats: len(seats.body["taken"]) > 1)
    assert seen.body["taken"] == ["A-1", "B-2"]


def test_a_refresh_a_second_tab_and_a_second_device_keep_the_one_place(
    operator: Operator, browser: Browser, context: BrowserContext
) -> None:
    onsale = operator.onsale(starts_in=600)
    onsale.join()
    page = joined(context, onsale)
    assert position(page) == "2"
    page.reload()
    assert position(page) == "2"
    second_tab = context.new_page()
    second_tab.goto(page.url)
    assert position(second_tab) == "2"

    handed_over = page.evaluate("Object.values(localStorage).map(v => JSON.parse(v)).find(v => v && v.token).token")
    device = browser.new_context()
    elsewhere = device.new_page()
    elsewhere.goto(f"{page.url}#place={handed_over}")
    assert position(elsewhere) == "2"
    assert "#" not in elsewhere.url
    device.close()
    assert onsale.metrics()["issued"] == 2


def test_a_closed_laptop_opens_to_the_same_place_and_its_turn(operator: Operator, context: BrowserContext) -> None:
    onsale = operator.onsale(starts_in=600)
    page = joined(context, onsale)
    assert position(page) == "1"
    context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    expect(page.get_by_text("Your place is safe", exact=False).first).to_be_visible(timeout=PATIENCE_MS)
    onsale.change(sale_starts_at=onsale.describe()["lobby_opens_at"])
    context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    heading(page, "It is your turn")


def test_where_people_have_accounts_joining_leads_through_the_issuer_and_back(context: BrowserContext) -> None:
    with Room(Wish(identity="oidc")) as room:
        onsale = keeping(room).onsale(starts_in=600)
        page = joined(context, onsale)
        page.get_by_role("textbox").fill("ann")
        page.get_by_role("button").first.click()
        assert position(page) == "1"
        assert page.url == f"{onsale.api.url}/?onsale={onsale.name}"
        page.evaluate("localStorage.clear()")
        page.reload()
        page.get_by_role("button", name="Join the line").click()
        page.get_by_role("textbox").fill("ann")
        page.get_by_role("button").first.click()
        assert position(page) == "1"
        page.goto(f"{onsale.api.url}/?code=forged&state=forged.{onsale.name}")
        assert position(page) == "1"
        page.evaluate("localStorage.clear()")
        page.goto(f"{onsale.api.url}/?code=forged&state=forged.{onsale.name}")
        expect(page.get_by_text("Signing in did not work")).to_be_visible(timeout=PATIENCE_MS)
