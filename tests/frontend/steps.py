"""What a person does and sees, in the words of the page."""

from playwright.sync_api import Locator, Page, expect

from tests.frontend.script import Script


def heading(page: Page, words: str) -> Locator:
    return page.get_by_role("heading", name=words, exact=True)


def see(page: Page, words: str) -> None:
    """Waits for the view with this heading."""
    expect(heading(page, words)).to_be_visible()


def click(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def arrive(page: Page) -> None:
    page.goto("/?onsale=demo")


def join(page: Page) -> None:
    arrive(page)
    click(page, "Join the line")
    see(page, "You are in line")


def be_near(page: Page, script: Script) -> None:
    """In line near the front, with a socket that has been answered."""
    script.position, script.serving = 321, 300
    join(page)
    with_socket(page, script)


def with_socket(page: Page, script: Script) -> None:
    while not script.count("socket place"):
        page.wait_for_timeout(50)


def enter_shop(page: Page, script: Script) -> None:
    be_near(page, script)
    script.admit(push=True)
    click(page, "Choose your seat")
    see(page, "Choose your seat")


def ahead(page: Page) -> Locator:
    return page.locator('[data-text="ahead"]')
