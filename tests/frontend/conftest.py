"""A browser, the stand-in room, and a page that may not complain."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.frontend.room import Room, serving
from tests.frontend.script import Script
from tests.support.browser import open_browser

BROWSERS_OWN = ("Failed to load resource", "WebSocket connection to")
"""The browser's note about a request that was refused, which tests provoke; all else would be the page's fault."""


@pytest.fixture(scope="module")
def server() -> Iterator[Room]:
    with serving() as room:
        yield room


@pytest.fixture
def room(server: Room) -> Room:
    server.script = Script()
    return server


@pytest.fixture
def script(room: Room) -> Script:
    return room.script


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium. For one module only: while it lives, this thread has a running event loop."""
    expect.set_options(timeout=30_000)
    with open_browser() as browser:
        yield browser


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def context(browser: Browser, room: Room, complaints: list[str]) -> Iterator[BrowserContext]:
    """A browser of its own for one test, which fails if any page of it complains."""
    with browser.new_context(base_url=room.url, viewport={"width": 390, "height": 844}) as context:
        context.set_default_timeout(30_000)
        context.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        yield context
    assert [text for text in complaints if not text.startswith(BROWSERS_OWN)] == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def requests(page: Page) -> list[Request]:
    """What the page asks for over the network."""
    made: list[Request] = []
    page.on("request", lambda request: made.append(request) if request.url.startswith("http") else None)
    return made
