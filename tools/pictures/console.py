"""Pictures of every view of the operators' console, at two widths, by day and by night."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tools.pictures.organiser import DRESSED

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = {"laptop": (1280, 800), "phone": (390, 844)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
VIEWS = {
    "list": "#/",
    "live": "#/onsale/demo",
    "edit": "#/onsale/demo/edit",
    "branding": f"#/onsale/{DRESSED}/branding",
    "key": "#/onsale/demo/key",
    "audit": f"#/onsale/{DRESSED}/audit",
    "visitor": "#/onsale/demo/visitor",
    "new": "#/new",
}


def take(browser: "Browser", url: str, folder: Path) -> Iterator[Path]:
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
    if address.endswith("/visitor"):
        page.get_by_label("Position or visitor token").fill("42")
        page.get_by_role("button", name="Find").click()
    page.wait_for_timeout(2_500)
    path = folder / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path
