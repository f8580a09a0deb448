"""A room that runs, operators in browsers of their own, and pages that may not complain."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from local.background import Room
from tests.console.steps import PATIENCE_MS, sign_in
from tests.journey.client import Onsale, Operator
from tests.journey.conftest import keeping
from tests.journey.onsales import closed_afterwards
from tests.support.browser import open_browser

__all__ = ["closed_afterwards"]

BROWSERS_OWN = "Failed to load resource"
"""The browser's note about a request that was refused, which tests provoke; all else would be the page's fault."""

People = Callable[[str], Page]


@pytest.fixture(scope="package")
def operator() -> Iterator[Operator]:
    """Somebody who works by the interface alone, in a room with no other onsale live but one."""
    with Room() as room:
        yield keeping(room)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with open_browser() as browser:
        yield browser


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def person(browser: Browser, operator: Operator, complaints: list[str]) -> Iterator[People]:
    """Somebody who signs in to the console, in a browser of their own."""
    made: list[BrowserContext] = []

    def arrive(name: str) -> Page:
        context = browser.new_context(base_url=operator.api.url, viewport={"width": 1280, "height": 800})
        made.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        page = context.new_page()
        sign_in(page, name)
        return page

    yield arrive
    for context in made:
        context.close()
    assert [text for text in complaints if not text.startswith(BROWSERS_OWN)] == []


@pytest.fixture
def page(person: People) -> Page:
    """Kim's."""
    return person("kim")


@pytest.fixture
def waiting(operator: Operator) -> Onsale:
    """An onsale with a line of twelve that does not move: its sale begins later."""
    onsale = operator.onsale(starts_in=1_800, rate_per_minute=60, max_active=30)
    for _ in range(12):
        onsale.join()
    return onsale
