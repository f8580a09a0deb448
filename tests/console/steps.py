"""What an operator does and sees, in the words of the page."""

from playwright.sync_api import Locator, Page, expect

PATIENCE_MS = 45_000


def sign_in(page: Page, name: str) -> None:
    page.goto("/console")
    click(page, "Sign in")
    through_the_issuer(page, name)
    see(page, "Onsales")


def through_the_issuer(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    click(page, "Sign in")


def see(page: Page, heading: str) -> None:
    """Waits for the view with this heading."""
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()


def click(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def go(page: Page, name: str, view: str = "") -> None:
    page.goto(f"/console/#/onsale/{name}{view}")
    page.get_by_role("navigation", name="A test").wait_for()


def tile(page: Page, label: str) -> Locator:
    """The figure under a label."""
    return page.locator(".tile").filter(has=page.get_by_text(label, exact=True)).locator(".big")


def done(page: Page) -> Locator:
    """What came of the last change."""
    return page.locator(".outcome .done")


def fill(page: Page, **values: str) -> None:
    """Types into fields by their names."""
    for name, value in values.items():
        page.locator(f"[name={name}]").fill(value)
