"""What the first view costs, what it may load, and how it holds on a narrow screen."""

import gzip
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request

from tests.frontend.script import Script
from tests.frontend.stand_in import FRONTEND
from tests.frontend.steps import arrive, be_near, click, enter_shop, see

FIRST_VIEW_BYTES = 30_000
FIRST_VIEW_REQUESTS = 4


def _compressed(url: str) -> int:
    path = re.sub(r"^https?://[^/]+/", "", url).partition("?")[0] or "index.html"
    file = FRONTEND / path
    return len(gzip.compress(file.read_bytes())) if file.is_file() else 0


def test_the_first_view_keeps_within_its_weight_and_requests(page: Page, requests: list[Request]) -> None:
    arrive(page)
    see(page, "The sale is on")
    page.wait_for_load_state("networkidle")
    assert len(requests) <= FIRST_VIEW_REQUESTS, [request.url for request in requests]
    assert sum(_compressed(request.url) for request in requests) <= FIRST_VIEW_BYTES


def test_the_whole_page_weighs_less_than_the_first_view_may() -> None:
    files = [path for path in FRONTEND.rglob("*") if path.is_file() and "console" not in path.parts[-2:]]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) <= FIRST_VIEW_BYTES


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


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    boxes = [box for button in page.get_by_role("button").all() if (box := button.bounding_box())]
    assert min(min(box["width"], box["height"]) for box in boxes) >= 24


def test_the_fast_counter_is_hidden_beside_a_slower_polite_region(page: Page, script: Script) -> None:
    be_near(page, script)
    assert page.locator('[aria-hidden="true"] [data-text="ahead"]').count() == 1
    assert page.locator("#polite").text_content() == "20 people are ahead of you. "
