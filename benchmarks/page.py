"""Seconds until a fan can press the button to join, on a slow mobile network, and the bytes of the first view."""

from statistics import median

from playwright.sync_api import Browser, Page

from benchmarks.figures import Figure, show
from fairline.languages import LANGUAGES
from tests.frontend.room import Room, serving
from tools.browser import open_browser

ROUND_TRIP_MS, BYTES_A_SECOND, SLOWER_PROCESSOR = 400, 50_000, 4
"""Slow 3G: 400 kbit/s. A phone computes that much slower than this machine."""
ROUNDS = 5
SECONDS, KILOBYTES, REQUESTS = 2.0, 30.0, 4.0
RECEIVED = """performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"))
    .filter(({ name }) => name.startsWith("http")).map(({ transferSize }) => transferSize)"""


def slow(page: Page) -> None:
    """Makes a browser's network and processor those of a phone far out."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    conditions = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
    session.send("Network.emulateNetworkConditions", {"offline": False, "latency": ROUND_TRIP_MS, **conditions})
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})


def first_view(browser: Browser, room: Room, language: str) -> tuple[float, list[int]]:
    """Seconds until the button can be pressed, and the bytes of each answer, headers included."""
    with browser.new_context(base_url=room.url, viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        slow(page)
        page.goto(f"/?onsale=demo&lang={language}", wait_until="commit")
        page.locator('[data-view="join"] button').wait_for()
        return page.evaluate("performance.now()") / 1_000, page.evaluate(RECEIVED)


def main() -> None:
    """Measure each language."""
    rows = []
    with serving() as room, open_browser() as browser:
        for language in LANGUAGES:
            seen = [first_view(browser, room, language) for _ in range(ROUNDS)]
            seconds, received = median(took for took, _ in seen), seen[-1][1]
            rows.append(Figure(f"join button on slow 3G, {language}", seconds, "s", SECONDS, "below"))
            rows.append(Figure(f"first view, {language}", sum(received) / 1_000, "kB", KILOBYTES, "below"))
            rows.append(Figure(f"requests, {language}", len(received), "requests", REQUESTS, "below"))
    show("The page's first view", *rows)


if __name__ == "__main__":
    main()
