"""A person whose browser runs no script takes part, against a running deployment."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.frontend.test_states import ONLY_COLOURS, findings
from tests.journey.client import Onsale, Operator, eventually
from tests.support.browser import open_browser

PATIENCE_MS = 45_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


def address(onsale: Onsale) -> str:
    return f"{onsale.api.url}{onsale.path}/place"


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text, timeout=PATIENCE_MS)


def joined(context: BrowserContext, onsale: Onsale) -> Page:
    """Join, waiting out the seconds in which a new line is not kept yet."""
    page = context.new_page()
    page.goto(address(onsale))

    def once() -> str:
        again = page.get_by_role("button", name="Try again")
        (again if again.count() else page.get_by_role("button", name="Join the line")).click()
        return page.get_by_role("heading", level=1).inner_text()

    eventually(once, lambda seen: seen in ("You are next", "You are in line", "It is your turn"))
    return page


def checked(page: Page, until: str) -> None:
    """Press "Check now" until the page says it."""

    def once() -> str:
        press(page, "Check now")
        return page.get_by_role("heading", level=1).inner_text()

    eventually(once, lambda seen: seen == until)


class Onlooker:
    """Sees the same pages in a browser that runs axe, which needs scripts, and finds fault with them."""

    def __init__(self, browser: Browser, context: BrowserContext) -> None:
        self._browser = browser
        self._context = context

    def finds_nothing(self, page: Page) -> None:
        """Neither by day nor by night, nor wider than a narrow phone."""
        kept = self._context.storage_state()
        with self._browser.new_context(storage_state=kept, viewport={"width": 320, "height": 640}) as looking:
            shown = looking.new_page()
            shown.goto(page.url)
            assert shown.evaluate("document.documentElement.scrollWidth") <= 320
            assert findings(shown) == []
            shown.emulate_media(color_scheme="dark")
            assert findings(shown, ONLY_COLOURS) == []


@pytest.fixture
def onlooker(browser: Browser, context: BrowserContext) -> Onlooker:
    return Onlooker(browser, context)


def number(page: Page) -> str:
    return page.locator("dt", has_text="Your number").locator("xpath=../dd").inner_text()


def test_a_person_waits_checks_is_let_in_and_buys_a_seat_and_the_next_one_enters(
    operator: Operator, context: BrowserContext, onlooker: Onlooker
) -> None:
    onsale = operator.onsale(max_active=1)
    first = onsale.join()
    token = first.admitted()["access_token"]
    page = joined(context, onsale)
    assert number(page) == "2"
    onlooker.finds_nothing(page)
    following = onsale.join()
    assert first.buy(token, "A-1").status == 201

    checked(page, "It is your turn")
    press(page, "I need more time")
    heading(page, "It is your turn")
    onlooker.finds_nothing(page)
    press(page, "Choose your seat")
    heading(page, "Choose your seat")
    onlooker.finds_nothing(page)
    page.get_by_label("Free seats").select_option("B-2")
    press(page, "Hold this seat")
    heading(page, "This seat is held for you")
    onlooker.finds_nothing(page)
    press(page, "Buy it")
    heading(page, "Thank you, the seat is yours")
    onlooker.finds_nothing(page)
    expect(page.get_by_text("B-2")).to_be_visible()
    page.reload()
    heading(page, "Thank you, the seat is yours")

    entered = following.admitted()["access_token"]
    seen = eventually(lambda: following.enter(entered, "GET", "seats"), lambda seats: len(seats.body["taken"]) > 1)
    assert seen.body["taken"] == ["A-1", "B-2"]


def test_a_keyboard_is_enough(operator: Operator, context: BrowserContext) -> None:
    onsale = operator.onsale()
    page = joined(context, onsale)
    if page.get_by_role("heading", level=1).inner_text() != "It is your turn":
        checked(page, "It is your turn")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    heading(page, "Choose your seat")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    heading(page, "This seat is held for you")


def test_leaving_is_confirmed_and_the_place_is_given_up(operator: Operator, context: BrowserContext) -> None:
    onsale = operator.onsale(starts_in=600)
    page = joined(context, onsale)
    press(page, "Leave the line")
    heading(page, "Give up your place?")
    press(page, "Yes, give it up")
    heading(page, "You have left the line")
    press(page, "Join the line again")
    heading(page, "You are next")
    assert number(page) == "2"


def test_two_onsales_in_one_browser_keep_apart(operator: Operator, context: BrowserContext) -> None:
    first, second = operator.onsale(starts_in=600), operator.onsale(starts_in=600)
    second.join()
    one, other = joined(context, first), joined(context, second)
    assert (number(one), number(other)) == ("1", "2")
    one.reload()
    assert number(one) == "1"


def test_a_double_click_and_a_second_tab_take_one_place(operator: Operator, context: BrowserContext) -> None:
    onsale = operator.onsale(starts_in=600)
    onsale.join()
    page, tab = context.new_page(), context.new_page()
    page.goto(address(onsale))
    tab.goto(address(onsale))
    page.get_by_role("button", name="Join the line").dblclick(no_wait_after=True)
    heading(page, "You are in line")
    press(tab, "Join the line")
    heading(tab, "You are in line")
    assert (number(page), number(tab)) == ("2", "2")
    assert eventually(onsale.metrics, lambda counts: counts["issued"] >= 2)["issued"] == 2


def test_a_browser_says_where_its_forms_come_from_though_the_site_tells_nobody_else(
    operator: Operator, context: BrowserContext
) -> None:
    onsale = operator.onsale(starts_in=600)
    sent: list[Request] = []
    context.on("request", lambda request: sent.append(request))  # noqa: PLW0108 - it marks what it is given
    joined(context, onsale)
    posts = [request for request in sent if request.method == "POST"]
    assert {request.headers.get("origin") for request in posts} == {onsale.api.url}


def test_a_form_on_somebody_else_s_page_changes_nothing(operator: Operator, context: BrowserContext) -> None:
    """The same browser, with its cookies: another site may send the form, but not in our name."""
    onsale = operator.onsale(starts_in=600)
    mine = joined(context, onsale)
    page = context.new_page()
    action = f"{address(onsale)}/departure"
    form = f"<form method=post action='{action}'><input name=sure value=yes><button>Win a prize</button></form>"
    page.route("http://prizes.example/", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto("http://prizes.example/")
    press(page, "Win a prize")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("You have left the line")
    mine.reload()
    heading(mine, "You are next")


def test_a_cookie_of_another_onsale_or_a_forged_origin_opens_nothing(operator: Operator) -> None:
    """As a program may send it that does not keep to what browsers do."""
    onsale, other = operator.onsale(), operator.onsale()
    token = onsale.join().admitted()["access_token"]
    ours, page = onsale.api.url, "text/html"

    def ask(at: Onsale, named: Onsale, method: str, what: str, **headers: str) -> Any:
        cookie = f"__Host-fairline-{named.name}.access={token}"
        return onsale.api.call(method, f"{at.path}/booking/{what}", cookie=cookie, accept=page, **headers)

    assert ask(onsale, onsale, "GET", "seats").status == 200
    for at, named in ((other, onsale), (other, other), (onsale, other)):
        assert ask(at, named, "GET", "seats").body == {"message": "Forbidden"}
    for origin in ("null", "https://elsewhere.example", f"{ours}.elsewhere.example"):
        assert ask(onsale, onsale, "POST", "holds", origin=origin).body == {"message": "Forbidden"}
    assert ask(onsale, onsale, "POST", "holds").body == {"message": "Forbidden"}
    assert ask(onsale, onsale, "POST", "holds", origin=ours).status == 400
