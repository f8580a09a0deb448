"""What the console shows while it hears nothing, hears old things, or is told to wait."""

import re
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.console.steps import go, tile
from tests.journey.client import Onsale

METRICS = re.compile(r"/metrics$")
ERRORS = re.compile(r"/v1/admin/errors$")
STALE = ".onsale[data-stale]"


def silence(route: Route) -> None:
    route.abort()


def test_figures_that_stand_still_say_so_and_go_on_when_they_can(page: Page, waiting: Onsale) -> None:
    go(page, waiting.name)
    expect(tile(page, "In the line")).to_have_text("12")
    page.route(METRICS, silence)
    expect(page.get_by_text("The figures stand still. The server does not answer.")).to_be_visible()
    expect(page.locator(".health")).to_have_text("Not known: the console hears nothing.")
    expect(page.locator(STALE)).to_have_count(1)
    waiting.join()
    page.unroute(METRICS)
    expect(tile(page, "In the line")).to_have_text("13")
    expect(page.locator(STALE)).to_have_count(0)


def test_a_dead_ticker_is_told_from_a_dead_line(page: Page, waiting: Onsale) -> None:
    def old(route: Route) -> None:
        answer = route.fetch()
        told: dict[str, Any] = answer.json()
        route.fulfill(response=answer, json={**told, "status_age_seconds": told["status_age_seconds"] + 60})

    page.route(METRICS, old)
    go(page, waiting.name)
    expect(page.locator(".health")).to_have_text(re.compile(r"The last tick was 6\d s ago: nobody is let in\."))
    expect(page.locator(STALE)).to_have_count(1)


def test_a_server_that_says_when_to_come_back_is_not_asked_before(page: Page, waiting: Onsale) -> None:
    asked: list[str] = []

    def busy(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=503, headers={"retry-after": "600"}, json={"title": "Busy", "detail": "Come back later."})

    page.clock.install()
    page.route(re.compile(rf"{waiting.name}/metrics$"), busy)
    go(page, waiting.name)
    expect(page.get_by_text("Come back later.").first).to_be_visible()
    page.clock.run_for(500_000)
    assert len(asked) == 1
    for _ in range(60):  # in steps that no request is given up in: it would be asked again
        if len(asked) == 1:
            page.clock.run_for(5_000)
    expect(page.get_by_text("Come back later.").first).to_be_visible()
    assert len(asked) == 2


def test_nothing_is_asked_while_nobody_looks(page: Page, waiting: Onsale) -> None:
    go(page, waiting.name)
    expect(tile(page, "In the line")).to_have_text("12")
    hide = "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
    hide += " document.dispatchEvent(new Event('visibilitychange')); }"
    page.evaluate(hide, arg=True)
    page.wait_for_load_state("networkidle")
    waiting.join()
    expect(tile(page, "In the line")).to_have_text("12")
    page.evaluate(hide, arg=False)
    expect(tile(page, "In the line")).to_have_text("13")


def test_refusals_of_the_api_are_shown_with_how_late_they_are_known(page: Page, waiting: Onsale) -> None:
    minute = {"at": "2026-11-28T21:00:00.000Z", "requests": 900, "refused": 30, "throttled": 25, "failed": 4}
    page.route(ERRORS, lambda route: route.fulfill(json={"server_time": minute["at"], "minutes": [minute]}))
    go(page, waiting.name)
    expect(tile(page, "Refused by the API")).to_have_text("34")
    expect(page.get_by_text("25 were 429, 4 were 5xx")).to_be_visible()
    expect(page.get_by_text("From CloudWatch, which is a minute or two behind.")).to_be_visible()
