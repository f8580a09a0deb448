"""Whoever cannot see, cannot use a mouse, or sees little at once, runs the night as well (WCAG 2.2 AA)."""

import re
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.console.steps import click, done, fill, go, see
from tests.journey.client import Onsale
from tests.support.unseen import unseen

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS: dict[str, dict[str, Literal["light", "dark", "active", "none"]]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
}
VIEWS = ("", "/edit", "/branding", "/key", "/audit", "/visitor")
SMALLEST = 24


def found(page: Page) -> list[str]:
    """What axe finds, each with where, and what it takes for hidden."""
    answer: dict[str, Any] = Axe().run(page, options=RULES).response
    violations = [f"{each['id']}: {node['target']}" for each in answer["violations"] for node in each["nodes"]]
    return [*violations, *unseen(page)]


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_any_view(page: Page, waiting: Onsale, look: str) -> None:
    page.emulate_media(**LOOKS[look])  # type: ignore[arg-type]
    for view in VIEWS:
        go(page, waiting.name, view)
        assert found(page) == [], view
    for address in ("/console/#/", "/console/#/new"):
        page.goto(address)
        page.locator("h1").wait_for()
        assert found(page) == [], address
    click(page, "Sign out")
    see(page, "Operate onsales")
    assert found(page) == []


def test_axe_finds_nothing_where_something_went_wrong_or_was_done(page: Page, waiting: Onsale) -> None:
    go(page, waiting.name)
    fill(page, rate_per_minute="0")
    click(page, "Apply")
    expect(page.locator("[name=rate_per_minute]")).to_have_attribute("aria-invalid", "true")
    assert found(page) == []
    fill(page, rate_per_minute="70")
    waiting.change(max_active=31)
    click(page, "Apply")
    see(page, "Somebody was faster")
    assert found(page) == []
    click(page, "Make mine on top")
    expect(done(page)).to_contain_text("Rate 60 → 70")
    page.locator(".chart").first.get_by_role("button", name="Show as table").click()
    assert found(page) == []


SMALLEST_TARGET = """Math.min(...[...document.querySelectorAll("button, nav a, input, select, summary")]
  .filter((each) => each.checkVisibility()).map((each) => each.getBoundingClientRect())
  .map(({ width, height }) => Math.min(width, height)))"""
"""All at one moment: a list that is drawn anew takes its buttons with it."""


@pytest.mark.parametrize("width", [320, 390, 1_280])
def test_every_view_reflows_with_targets_of_24_pixels(page: Page, waiting: Onsale, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    for address in (*(f"#/onsale/{waiting.name}{view}" for view in VIEWS), "#/", "#/new"):
        page.goto(f"/console/{address}")
        page.locator("main h1").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert page.evaluate(SMALLEST_TARGET) >= SMALLEST, address


def test_a_night_can_be_run_with_the_keyboard_alone(page: Page, waiting: Onsale) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Onsales", exact=True)).to_be_focused()
    page.goto(f"/console/#/onsale/{waiting.name}")
    page.get_by_role("navigation", name="A test").wait_for()
    rate = page.locator("[name=rate_per_minute]")
    reach(page, "[name=rate_per_minute]")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("61")
    expect(rate).to_have_value("61")
    page.keyboard.press("Enter")
    expect(done(page)).to_contain_text("Rate 60 → 61")
    reach(page, ".outcome button", back=True)
    page.keyboard.press("Enter")
    expect(done(page)).to_contain_text("Taken back")


def reach(page: Page, selector: str, *, back: bool = False) -> None:
    """Goes there with the tab key; what has focus on the way can be seen to have it."""
    for _ in range(60):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(selector)


def test_a_view_that_is_gone_to_begins_at_its_heading(page: Page, waiting: Onsale) -> None:
    go(page, waiting.name)
    page.get_by_role("link", name="Audit trail").click()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page).to_have_title(re.compile("Audit trail of A test"))


def test_a_chart_is_read_with_arrow_keys_and_as_a_table(page: Page, waiting: Onsale) -> None:
    go(page, waiting.name)
    chart = page.locator(".chart").filter(has=page.get_by_role("heading", name="Length of the line"))
    drawing = chart.get_by_role("slider")
    expect(drawing).to_have_attribute("aria-valuetext", re.compile(r"^\d\d:\d\d:\d\d: In the line \d+$"))
    drawing.focus()
    page.keyboard.press("Home")
    expect(chart.locator(".cursor")).to_have_count(1)
    chart.get_by_role("button", name="Show as table").click()
    table = chart.get_by_role("table")
    expect(table.get_by_role("columnheader").nth(1)).to_have_text("In the line")
    expect(table.get_by_role("rowheader").first).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
    expect(drawing).to_be_hidden()
