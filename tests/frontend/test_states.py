"""Every state of the page, as its organiser sees it before the night: reachable, marked, and open to everybody."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.frontend.room import Room
from tests.frontend.script import Script
from tests.frontend.steps import click, heading, see
from tests.support.unseen import unseen
from tools.pictures.page import states

STATES = {
    "unknown": "We do not know this sale",
    "before": "The line is not open yet",
    "open": "The line is open",
    "door": "The sale is on",
    "joining": "Joining the line",
    "lobby": "You have a place in line",
    "far": "You are in line",
    "near": "You are in line",
    "paused": "The line is paused",
    "turn": "It is your turn",
    "shop": "Choose your seat",
    "held": "Choose your seat",
    "ending": "Choose your seat",
    "missed": "Your time to buy has run out",
    "bought": "Thank you, the seat is yours",
    "leaving": "You are in line",
    "left": "You have left the line",
    "moved": "You have a newer place",
    "which": "Which place do you want?",
    "closed": "The sale has closed",
    "sold-out": "The sale has closed",
    "offline": "You are in line",
    "error": "That did not work",
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ONLY_COLOURS = ["cat.color"]


@pytest.fixture(scope="module")
def preview(browser: Browser, server: Room) -> Iterator[Page]:
    """One page that is led from state to state, as an organiser would."""
    server.script = Script()
    with browser.new_context(base_url=server.url, viewport={"width": 390, "height": 844}) as context:
        yield context.new_page()


def shown(page: Page, state: str, language: str = "en") -> Page:
    page.goto(f"/?onsale=demo&preview={state}&lang={language}")
    page.locator('[data-view]:not([hidden]):not([data-view="loading"])').wait_for()
    return page


def coloured(page: Page) -> Iterator[tuple[str, list[str]]]:
    """The page in each set of colours, by name, with the rules that may then find something new."""
    page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="reduce")
    yield "light", RULES
    page.emulate_media(color_scheme="dark")
    yield "dark", ONLY_COLOURS
    page.emulate_media(color_scheme="light", forced_colors="active")
    yield "forced", ONLY_COLOURS


def findings(page: Page, rules: list[str] = RULES) -> list[str]:
    found = Axe().run(page, options={"runOnly": rules}).response["violations"]
    return [f"{each['id']}: {node['html']} {node['failureSummary']}" for each in found for node in each["nodes"]]


def test_the_index_leads_to_every_state(preview: Page, server: Room) -> None:
    assert states(preview, server.url, "demo") == list(STATES)
    assert findings(preview) == []
    preview.locator(".states a").get_by_text("paused").click()
    see(preview, "The line is paused")


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_shown_marked_as_a_preview_and_axe_finds_nothing_in_it(preview: Page, state: str) -> None:
    shown(preview, state)
    see(preview, STATES[state])
    expect(preview.get_by_text("Preview: nothing here is real.")).to_be_visible()
    expect(heading(preview, STATES[state])).to_have_count(1)
    for colours, rules in coloured(preview):
        assert findings(preview, rules) == [], colours
        assert unseen(preview) == [], colours


@pytest.mark.parametrize("state", ["far", "turn", "shop"])
def test_axe_finds_nothing_where_it_is_read_from_right_to_left(preview: Page, state: str) -> None:
    assert findings(shown(preview, state, "ar")) == []


@pytest.mark.parametrize("state", STATES)
def test_a_state_fits_the_narrowest_phone_and_letters_of_twice_the_size(preview: Page, state: str) -> None:
    preview.set_viewport_size({"width": 320, "height": 640})
    shown(preview, state)
    see(preview, STATES[state])
    assert _overhang(preview) <= 0
    preview.set_viewport_size({"width": 390, "height": 844})
    preview.evaluate("document.documentElement.style.fontSize = '212.5%'")
    assert _overhang(preview) <= 0


def _overhang(page: Page) -> int:
    beyond: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return beyond


def test_a_preview_joins_nobody_and_leaves_the_place_of_this_browser_alone(page: Page, script: Script) -> None:
    page.goto("/?onsale=demo")
    click(page, "Join the line")
    see(page, "You are in line")
    heard = script.heard
    for state in ("door", "turn", "left"):
        shown(page, state)
    shown(page, "door")
    click(page, "Join the line")
    see(page, "You are in line")
    asked = {request for request in script.heard[len(heard) :] if not request.startswith("socket")}
    assert asked == {"GET /v1/onsales/demo"}
    page.goto("/?onsale=demo")
    expect(page.locator('dd[data-text="position"]')).to_have_text("500")


def test_a_preview_can_be_played_through(page: Page) -> None:
    shown(page, "turn")
    click(page, "Choose your seat")
    page.get_by_role("button", name="Seat C-4", exact=True).click()
    click(page, "I need more time")
    expect(page.get_by_role("button", name="I need more time")).to_be_hidden()
    click(page, "Buy seat C-4")
    see(page, "Thank you, the seat is yours")


def test_time_that_runs_out_is_shown_and_said_with_what_helps(preview: Page) -> None:
    shown(preview, "ending")
    warning = preview.locator('[data-text="hurry"]')
    expect(warning).to_have_text("One minute left. You can ask for more time, once.")
    expect(preview.locator("#polite")).to_have_text("One minute left. You can ask for more time, once.")
    click(preview, "I need more time")
    expect(warning).to_be_hidden()


def test_what_the_operator_says_at_the_end_is_read_on_arrival(preview: Page) -> None:
    shown(preview, "sold-out")
    expect(preview.get_by_text("Sold out. Thank you all for coming!").locator("visible=true")).to_be_visible()
