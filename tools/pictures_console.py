"""Pictures of every view of the console, at two widths, by day and by night: `python -m tools.pictures_console`.

They are taken of a room of their own, with a crowd in it, by the Chromium of this machine.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from local.background import Room, Wish

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = Path("build/pictures/console")
CROWD = 250
WATCHED_SECONDS = 75
WIDTHS = {"laptop": (1280, 800), "phone": (390, 844)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
VIEWS = {
    "list": "#/",
    "live": "#/onsale/demo",
    "edit": "#/onsale/demo/edit",
    "audit": "#/onsale/demo/audit",
    "visitor": "#/onsale/demo/visitor",
    "new": "#/new",
}


def take(url: str, browser: "Browser", folder: Path) -> Iterator[Path]:
    """A picture of each view; the path of each as it is there."""
    for width, (across, down) in WIDTHS.items():
        for scheme in SCHEMES:
            context = browser.new_context(viewport={"width": across, "height": down}, color_scheme=scheme)
            page = context.new_page()
            yield _shot(page, folder, f"door-{width}-{scheme}", f"{url}/console")
            sign_in(page, url)
            for name, view in VIEWS.items():
                yield _shot(page, folder, f"{name}-{width}-{scheme}", f"{url}/console/{view}")
            context.close()


def sign_in(page: "Page", url: str, name: str = "kim@tickets.example") -> None:
    """Through the room's own issuer, and back."""
    page.goto(f"{url}/console")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Onsales").wait_for()


def _shot(page: "Page", folder: Path, name: str, address: str) -> Path:
    page.goto(address)
    page.locator("h1").wait_for()
    page.wait_for_timeout(2_500)
    path = folder / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path


@contextmanager
def watched_room() -> Iterator[Room]:
    """A room whose crowd has moved for a while, so that there is something to see."""
    with Room(Wish(demo=True, crowd=CROWD)) as room:
        time.sleep(WATCHED_SECONDS)
        yield room


def main() -> None:
    """Take them all."""
    from tests.support.browser import open_browser

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--url", help="a room that runs already")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with open_browser() as browser:
        if options.url:
            paths = list(take(options.url, browser, options.folder))
        else:
            with watched_room() as room:
                paths = list(take(room.url, browser, options.folder))
    print("\n".join(map(str, paths)))  # noqa: T201 - what was made is what was asked for


if __name__ == "__main__":
    main()
