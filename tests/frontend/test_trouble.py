"""A bad network, a busy or forgetful server, and a browser that keeps nothing."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.frontend.script import Owed, Script
from tests.frontend.steps import arrive, be_near, click, join, see, with_socket

BLOCK_STORAGE = """
const blocked = { get() { throw new DOMException("blocked", "SecurityError"); } };
for (const shelf of ["localStorage", "sessionStorage"]) Object.defineProperty(window, shelf, blocked);
Object.defineProperty(document, "cookie", blocked);
"""


def test_offline_the_page_says_that_the_place_is_safe_and_comes_back(page: Page, script: Script) -> None:
    be_near(page, script)
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline. Your place is safe")).to_be_visible()
    see(page, "You are in line")
    page.context.set_offline(False)
    expect(page.get_by_text("You are offline.")).to_be_hidden()


def test_with_cookies_and_storage_blocked_the_place_still_survives_a_refresh(page: Page, script: Script) -> None:
    page.add_init_script(BLOCK_STORAGE)
    join(page)
    page.reload()
    see(page, "You are in line")
    assert script.count("POST /v1/onsales/demo/registrations") == 1


def test_a_lost_answer_to_joining_costs_no_second_place(page: Page, script: Script) -> None:
    script.owed = (Owed("/registrations", 502, lost=True),)
    join(page)
    assert script.count("POST /v1/onsales/demo/registrations") == 2
    assert len(script.visitors) == 1
    (key,) = script.visitors
    assert len(bytes.fromhex(key)) == 16


def test_a_refresh_before_the_answer_joins_with_the_same_key(page: Page, script: Script) -> None:
    script.owed = (Owed("/registrations", 503, {"retry-after": "30"}, lost=True),)
    arrive(page)
    click(page, "Join the line")
    expect(page.get_by_text("We ask again in")).to_be_visible()
    page.reload()
    click(page, "Join the line")
    see(page, "You are in line")
    assert len(script.visitors) == 1


def test_a_busy_server_is_asked_again_when_it_says(page: Page, script: Script) -> None:
    script.owed = (Owed("/registrations", 429, {"retry-after": "1"}), Owed("/registrations", 503))
    join(page)


def test_a_server_that_refuses_for_long_is_not_asked_again_until_told(page: Page, script: Script) -> None:
    script.owed = (Owed("/registrations", 503, {"retry-after": "600"}),)
    arrive(page)
    click(page, "Join the line")
    see(page, "That did not work")
    click(page, "Try again")
    see(page, "You are in line")


def test_a_place_that_cannot_be_read_at_first_is_said_to_be_safe_and_read_again(page: Page, script: Script) -> None:
    page.add_init_script("Math.random = () => 0.9")  # a pause by chance is long enough to look
    join(page)
    page.goto("about:blank")  # so that the page of before takes none of the failures
    script.owed = tuple(Owed("/place", 500) for _ in range(3))
    arrive(page)
    expect(page.get_by_text("Your place in line is safe.")).to_be_visible()
    see(page, "You are in line")


def test_without_a_status_document_the_place_itself_is_asked(page: Page, script: Script) -> None:
    script.owed = tuple(Owed("/status/demo.json", 404) for _ in range(50))
    join(page)
    script.admit(push=False)
    page.reload()
    see(page, "It is your turn")


def test_with_the_status_failing_for_long_the_place_itself_is_asked(page: Page, script: Script) -> None:
    script.socket_refused = True
    script.owed = tuple(Owed("/status/demo.json", 500, {"retry-after": "0"}) for _ in range(50))
    script.position, script.serving = 321, 300
    join(page)
    script.admit(push=False)
    see(page, "It is your turn")


def test_a_token_the_line_does_not_know_leads_back_to_the_door(page: Page) -> None:
    page.goto("/?onsale=demo#place=forged")
    expect(page.get_by_text("is not one of this line")).to_be_visible()
    click(page, "Try again")
    see(page, "The sale is on")


def test_a_new_epoch_makes_the_page_present_its_token(page: Page, script: Script) -> None:
    be_near(page, script)
    asked = script.count("GET /v1/onsales/demo/place")
    script.epoch = 2
    while script.count("GET /v1/onsales/demo/place") == asked:
        page.wait_for_timeout(50)
    see(page, "You are in line")


WRONG = """
const Right = Date;
Date = class extends Right {
  constructor(...given) { super(...(given.length ? given : [Right.now() + AHEAD])); }
  static now() { return Right.now() + AHEAD; }
};
"""
"""A device's clock as scripts know it; timers go as they did."""
HOUR_MS = 3_600_000


@pytest.mark.parametrize("ahead_ms", [-HOUR_MS, HOUR_MS])
def test_a_clock_that_is_an_hour_wrong_counts_down_as_the_server_does(
    page: Page, script: Script, ahead_ms: int
) -> None:
    page.add_init_script(WRONG.replace("AHEAD", str(ahead_ms)))
    script.phase, script.opens_in_ms, script.starts_in_ms = "scheduled", 90_000, 120_000
    arrive(page)
    see(page, "The line is not open yet")
    expect(page.locator('[data-text="until-lobby"]')).to_have_text(re.compile(r"^1:[0-2]\d$"))
    script.phase = "on_sale"
    page.reload()
    be_near(page, script)
    script.admit(push=True)
    see(page, "It is your turn")
    expect(page.locator('[data-view="turn"] [data-text="left"]')).to_have_text(re.compile(r"^2:[345]\d$"))


LATE_MS = 4_000


def test_an_answer_that_has_waited_for_a_late_script_still_tells_the_time(page: Page, script: Script) -> None:
    """It was asked for before there was a script. A clock four seconds behind would open the line that much later."""

    def late(route: Route) -> None:
        page.wait_for_timeout(LATE_MS)
        route.continue_()

    page.route("**/js/page.js", late)
    script.phase, script.opens_in_ms, script.starts_in_ms = "scheduled", 90_000, 120_000
    page.goto("/?onsale=demo", wait_until="commit")
    see(page, "The line is not open yet")
    shown = page.evaluate("import('/js/page.js').then(({ clock }) => clock.now() - Date.now())")
    assert abs(shown) < LATE_MS / 4


def test_an_answer_that_came_at_the_second_try_tells_the_time_as_well(page: Page, script: Script) -> None:
    script.owed = (Owed("/v1/onsales/demo", 503, {"retry-after": "3"}),)
    script.phase, script.opens_in_ms, script.starts_in_ms = "scheduled", 90_000, 120_000
    arrive(page)
    see(page, "The line is not open yet")
    shown = page.evaluate("import('/js/page.js').then(({ clock }) => clock.now() - Date.now())")
    assert abs(shown) < LATE_MS / 4


SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""A phone with one bar: 400 ms there and back, 400 kbit/s."""


def test_on_a_slow_network_an_impatient_fan_gets_one_place_and_a_seat(page: Page, script: Script) -> None:
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
    script.position, script.serving = 321, 300
    arrive(page)
    page.get_by_role("button", name="Join the line", exact=True).dblclick()
    see(page, "You are in line")
    with_socket(page, script)
    assert script.count("POST /v1/onsales/demo/registrations") == 1
    script.admit(push=True)
    click(page, "Choose your seat")
    click(page, "Seat A-1")
    click(page, "Buy seat A-1")
    see(page, "Thank you, the seat is yours")
