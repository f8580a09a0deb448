"""The turn, however it is learnt, and what becomes of it."""

from playwright.sync_api import Page, expect

from tests.frontend.script import Owed, Script
from tests.frontend.steps import arrive, be_near, click, enter_shop, heading, join, see


def test_a_push_shows_the_turn_and_moves_the_focus_to_it(page: Page, script: Script) -> None:
    be_near(page, script)
    script.freeze()
    script.admit(push=True)
    see(page, "It is your turn")
    expect(heading(page, "It is your turn")).to_be_focused()
    expect(page.locator("#urgent")).to_have_text("It is your turn. You can buy now.")
    expect(page).to_have_title("It is your turn · The Night Trains, live in Lisbon")


def test_with_the_socket_refused_the_poll_still_shows_the_turn(page: Page, script: Script) -> None:
    script.socket_refused = True
    script.position, script.serving = 321, 300
    join(page)
    script.admit(push=False)
    see(page, "It is your turn")


def test_an_admission_just_before_the_socket_opened_is_not_missed(page: Page, script: Script) -> None:
    script.position, script.serving = 321, 300
    script.freeze()
    arrive(page)
    click(page, "Join the line")
    script.admit(push=False)
    see(page, "It is your turn")


def test_far_from_the_front_no_socket_is_opened(page: Page, script: Script) -> None:
    script.position = 50_000
    join(page)
    page.reload()
    see(page, "You are in line")
    assert script.count("socket place") == 0


def test_a_refresh_keeps_the_turn(page: Page, script: Script) -> None:
    be_near(page, script)
    script.admit(push=True)
    see(page, "It is your turn")
    page.reload()
    see(page, "It is your turn")


def test_a_seat_is_held_bought_and_remembered(page: Page, script: Script) -> None:
    enter_shop(page, script)
    expect(page.get_by_role("button", name="Buy", exact=True)).to_be_disabled()
    click(page, "Seat C-4")
    expect(page.get_by_text("Seat C-4 for €45.00, held for you")).to_be_visible()
    page.reload()
    see(page, "Choose your seat")
    click(page, "Buy seat C-4")
    see(page, "Thank you, the seat is yours")
    expect(page.get_by_text("Seat C-4, order FL-2041.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Seat C-4, order FL-2041.")).to_be_visible()


def test_a_purchase_whose_answer_was_lost_is_not_lost(page: Page, script: Script) -> None:
    enter_shop(page, script)
    click(page, "Seat C-4")
    script.owed = (Owed("/purchases", 502, lost=True),)
    click(page, "Buy seat C-4")
    see(page, "Thank you, the seat is yours")


def test_a_taken_seat_says_so(page: Page, script: Script) -> None:
    enter_shop(page, script)
    expect(page.get_by_role("button", name="Seat A-3, taken")).to_have_attribute("aria-disabled", "true")
    script.taken = (*script.taken, "C-4")
    click(page, "Seat C-4")
    expect(page.get_by_text("Somebody else was faster.")).to_be_visible()
    expect(page.get_by_role("button", name="Seat C-4, taken")).to_be_visible()


def test_the_arrow_keys_walk_the_house(page: Page, script: Script) -> None:
    enter_shop(page, script)
    page.get_by_role("button", name="Seat A-1", exact=True).focus()
    for key in ("ArrowDown", "ArrowRight", "End"):
        page.keyboard.press(key)
    last = page.get_by_role("button", name="Seat B-30", exact=True)
    expect(last).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Seat B-30 for €45.00")).to_be_visible()


def test_more_time_is_given_once(page: Page, script: Script) -> None:
    enter_shop(page, script)
    click(page, "I need more time")
    expect(page.get_by_role("button", name="I need more time")).to_be_hidden()
    expect(page.locator('[data-view="shop"] strong[data-text="left"]')).to_contain_text("5:")
    click(page, "Seat C-4")
    expect(page.get_by_text("Seat C-4 for €45.00")).to_be_visible()


def test_a_turn_that_runs_out_passes_on_and_allows_joining_again(page: Page, script: Script) -> None:
    script.session_ms = 2_000
    be_near(page, script)
    script.admit(push=True)
    see(page, "Your time to buy has run out")
    page.reload()
    see(page, "Your time to buy has run out")
    click(page, "Join the line again")
    see(page, "You are in line")


def test_the_turn_can_be_given_back(page: Page, script: Script) -> None:
    page.clock.install()
    enter_shop(page, script)
    click(page, "I do not want to buy")
    page.clock.fast_forward(10_000)
    see(page, "You have left the line")
    assert script.state == "left"


def test_a_purchase_in_another_tab_ends_this_one(page: Page, script: Script) -> None:
    enter_shop(page, script)
    script.state = "completed"
    click(page, "Seat C-4")
    see(page, "Thank you, the seat is yours")
