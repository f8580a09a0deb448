"""What the first view costs, what it may load, and how it holds on a narrow screen."""

import gzip
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, Route, expect

from fairline.domain.branding import LONGEST, LONGEST_LINK
from fairline.domain.status import Progress, status_document
from fairline.languages import LANGUAGES
from stacks.pages import pages
from tests.frontend.script import Script
from tests.frontend.stand_in import FRONTEND
from tests.frontend.steps import arrive, be_near, click, enter_shop, see
from tests.support.builders import any_onsale

FIRST_VIEW_BYTES = 30_000
FIRST_VIEW_REQUESTS = 4
FIRST_SCRIPT_BYTES, MODULE_BYTES = 8_000, 5_000
UPDATE_BYTES = 300
LONGEST_BRANDING = 4 * sum(LONGEST.values()) + LONGEST_LINK + 300
"""Letters of four bytes each, and the address of a picture."""


def _compressed(url: str) -> int:
    path = re.sub(r"^https?://[^/]+/", "", url).partition("?")[0]
    file = FRONTEND / path
    return len(gzip.compress(file.read_bytes())) if file.is_file() else 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_view_keeps_within_its_weight_and_requests(
    page: Page, requests: list[Request], language: str
) -> None:
    page.goto(f"/?onsale=demo&lang={language}")
    page.get_by_role("button").locator("visible=true").wait_for()
    page.wait_for_load_state("networkidle")
    urls = [request.url for request in requests]
    assert len(urls) <= FIRST_VIEW_REQUESTS, urls
    rendered = len(gzip.compress(pages(FRONTEND)[f"{language}/index.html"].encode()))
    weight = rendered + LONGEST_BRANDING + sum(_compressed(url) for url in urls[1:])
    assert weight <= FIRST_VIEW_BYTES


def test_the_first_view_takes_two_round_trips(page: Page, requests: list[Request]) -> None:
    """The page, then what it names and the sale: none of the second waits for another, least of all for a script."""
    held: list[Route] = []
    page.route("**/js/page.js", lambda route: held.append(route))  # noqa: PLW0108 - Playwright wants a function of its own
    with page.expect_request("**/v1/onsales/demo"):
        page.goto("/?onsale=demo", wait_until="commit")
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    see(page, "The sale is on")
    named = re.findall(r'(?:src|href)="(/[^"]+)"', pages(FRONTEND)["en/index.html"])
    paths = [urlsplit(request.url).path for request in requests]
    assert paths[0] == "/"
    assert sorted(paths[1:]) == sorted([*named, "/v1/onsales/demo"])


def test_nothing_is_asked_for_ahead_that_the_page_does_not_use(page: Page) -> None:
    """A preview speaks to no server, and an address may name no onsale, or what is none."""
    for query in ("onsale=demo&preview=line", "onsale=Demo", "onsale=demo/x", "lang=en"):
        with page.expect_response(lambda response: response.request.resource_type == "document") as served:
            page.goto(f"/?{query}")
        assert "link" not in served.value.headers, query


@pytest.mark.parametrize("module", sorted(path.name for path in (FRONTEND / "js").glob("*.js")))
def test_no_module_weighs_more_than_it_may(module: str) -> None:
    weight = len(gzip.compress((FRONTEND / "js" / module).read_bytes()))
    assert weight <= (FIRST_SCRIPT_BYTES if module == "page.js" else MODULE_BYTES)


def test_an_update_is_no_larger_than_it_may_be() -> None:
    """Of a line of ten millions that was rebuilt once; a notice comes on top."""
    onsale = any_onsale(onsale="the-night-trains-2026")
    progress = Progress(99, 10_000_000, 20_000_000, 10_000_000, 100_000, ((1_000_001, 1_064_000),))
    document = json.dumps(status_document(onsale, progress, onsale.sale_starts_at_ms + 1), separators=(",", ":"))
    assert len(document) <= UPDATE_BYTES


def test_no_request_goes_to_a_third_party(page: Page, requests: list[Request], script: Script) -> None:
    enter_shop(page, script)
    origin = page.evaluate("location.origin")
    assert [request.url for request in requests if not request.url.startswith(origin)] == []


@pytest.mark.parametrize("path", sorted(FRONTEND.rglob("*.html")), ids=lambda path: path.name)
def test_no_markup_carries_script_or_style(path: Path) -> None:
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", path.read_text()) == []


def test_the_page_is_served_under_a_policy_that_allows_only_our_own(page: Page) -> None:
    with page.expect_response(lambda response: response.request.resource_type == "document") as served:
        arrive(page)
    policy = served.value.headers["content-security-policy"]
    socket = str(page.evaluate("location.origin")).replace("http", "ws")
    assert (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' {socket};"
        in policy
    )
    assert "unsafe" not in policy


def test_the_policy_is_kept_to(page: Page, complaints: list[str]) -> None:
    arrive(page)
    assert page.evaluate("fetch('http://localhost:9/').then(() => 'sent', () => 'kept back')") == "kept back"
    refused = [text for text in complaints if "connect-src" in text]
    assert refused
    complaints.clear()


def test_every_view_reflows_at_320_pixels_with_targets_of_24(page: Page, script: Script) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    be_near(page, script)
    _fits(page)
    script.admit(push=True)
    see(page, "It is your turn")
    _fits(page)
    click(page, "Choose your seat")
    see(page, "Choose your seat")
    _fits(page)
    first, second = (page.get_by_role("button", name=f"Seat A-{n}", exact=True).bounding_box() for n in (1, 2))
    assert first
    assert second
    assert first["x"] + first["width"] <= second["x"]


SIDES = """[...document.querySelectorAll("button")].map((button) => button.getBoundingClientRect())
    .flatMap(({ width, height }) => width ? [width, height] : [])"""


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert min(page.evaluate(SIDES)) >= 24


def test_the_fast_counter_is_hidden_beside_a_slower_polite_region(page: Page, script: Script) -> None:
    be_near(page, script)
    expect(page.locator('[data-text="ahead"]')).to_have_attribute("aria-hidden", "true")
    assert page.locator("#polite").text_content() == "20 people are ahead of you."
