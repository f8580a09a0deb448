"""What the console weighs, what it may load, and that it carries no script or style of its own markup."""

import gzip
import re
from pathlib import Path

from playwright.sync_api import Page, Request

from tests.console.steps import go
from tests.journey.client import Onsale

CONSOLE = Path(__file__).resolve().parents[2] / "frontend" / "console"
FIRST_VIEW_BYTES = 60_000


def test_the_whole_console_weighs_less_than_its_first_view_may() -> None:
    files = [path for path in CONSOLE.rglob("*") if path.is_file()]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) <= FIRST_VIEW_BYTES


def test_no_markup_carries_script_or_style() -> None:
    for path in CONSOLE.rglob("*.html"):
        assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", path.read_text()) == []


def test_no_module_makes_markup_of_text() -> None:
    for path in CONSOLE.rglob("*.js"):
        assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", path.read_text()) == []


def test_no_request_goes_to_a_third_party_and_the_policy_is_strict(page: Page, waiting: Onsale) -> None:
    made: list[Request] = []
    page.on("request", lambda request: made.append(request))  # noqa: PLW0108 - it looks inside what it is given
    with page.expect_response(lambda response: response.request.resource_type == "document") as served:
        page.reload()
    policy = served.value.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    go(page, waiting.name)
    sent = [each.url for each in made if each.url.startswith("http")]
    assert [url for url in sent if not url.startswith(waiting.api.url)] == []
    assert len(sent) > 1
