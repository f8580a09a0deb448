"""Before the line, in it, and out of it again."""

from playwright.sync_api import Page, expect

from tests.frontend.script import Script
from tests.frontend.steps import ahead, arrive, be_near, click, join, see


def test_an_unknown_onsale_is_said_to_be_unknown(page: Page) -> None:
    page.goto("/?onsale=nope")
    see(page, "We do not know this sale")


def test_an_address_without_an_onsale_is_said_to_be_incomplete(page: Page) -> None:
    page.goto("/")
    see(page, "We do not know this sale")


def test_before_the_lobby_the_page_counts_down_and_joins_only_for_whoever_asked(page: Page, script: Script) -> None:
    script.phase, script.opens_in_ms, script.starts_in_ms = "scheduled", 3_600_000, 7_200_000
    arrive(page)
    see(page, "The line is not open yet")
    expect(page.locator('[data-text="until-lobby"]')).to_contain_text(":")
    click(page, "Join the line when it opens")
    expect(page.get_by_text("This page joins for you")).to_be_visible()
    page.reload()
    expect(page.get_by_text("This page joins for you")).to_be_visible()
    script.phase, script.opens_in_ms = "lobby", -1
    page.reload()
    see(page, "You have a place in line")
    expect(page.get_by_text("The sale starts in")).to_be_visible()


def test_the_line_opens_by_the_servers_clock_and_waits_for_the_button(page: Page, script: Script) -> None:
    script.phase, script.opens_in_ms, script.starts_in_ms = "scheduled", 1_500, 60_000
    page.clock.set_system_time(0)
    arrive(page)
    see(page, "The line is not open yet")
    see(page, "The line is open")
    assert script.count("POST /v1/onsales/demo/registrations") == 0


def test_asking_a_moment_too_early_is_repeated_when_the_server_says(page: Page, script: Script) -> None:
    script.phase = "scheduled"
    arrive(page)
    click(page, "Join the line")
    expect(page.get_by_text("We ask again in")).to_be_visible()
    script.phase = "on_sale"
    see(page, "You are in line")


def test_waiting_shows_the_number_the_people_ahead_and_the_wait(page: Page, script: Script) -> None:
    script.notice = "Doors open at seven."
    join(page)
    expect(ahead(page)).to_have_text("499")
    expect(page.locator('dd[data-text="position"]')).to_have_text("500")
    expect(page.locator('dd[data-text="wait"]')).to_contain_text("minute")
    expect(page.locator('[data-view="line"] .notice')).to_have_text("Doors open at seven.")
    expect(page).to_have_title("499 ahead · The Night Trains, live in Lisbon")


def test_the_number_ahead_falls_with_the_line_and_never_rises(page: Page, script: Script) -> None:
    be_near(page, script)
    expect(ahead(page)).to_have_text("20")
    script.serving, script.skipped = 305, [[310, 312]]
    expect(ahead(page)).to_have_text("12")
    script.serving, script.skipped, script.notice = 290, [], "We are back."
    expect(page.get_by_text("We are back.", exact=True).locator("visible=true")).to_be_visible()
    expect(ahead(page)).to_have_text("12")
    page.reload()
    expect(ahead(page)).to_have_text("12")


def test_a_refresh_keeps_the_place(page: Page, script: Script) -> None:
    join(page)
    page.reload()
    see(page, "You are in line")
    assert script.count("POST /v1/onsales/demo/registrations") == 1


def test_a_second_tab_shares_the_place_and_its_end(page: Page, script: Script) -> None:
    join(page)
    other = page.context.new_page()
    arrive(other)
    see(other, "You are in line")
    assert len(script.visitors) == 1
    script.state = "left"
    page.reload()
    click(page, "Join the line again")
    see(page, "You are in line")
    expect(other.locator('dd[data-text="position"]')).to_have_text("1,500")


def test_a_tab_at_the_door_follows_the_one_that_joined(page: Page) -> None:
    arrive(page)
    other = page.context.new_page()
    join(other)
    see(page, "You are in line")


def test_a_place_handed_over_opens_here_and_leaves_the_address_bar(page: Page, script: Script) -> None:
    page.goto(f"/?onsale=demo#place={script.token}")
    see(page, "You are in line")
    expect(page).to_have_url("/?onsale=demo")
    assert script.visitors == {}
    page.reload()
    see(page, "You are in line")


def test_a_place_handed_over_is_joined_again_as_the_same_visitor(page: Page, script: Script) -> None:
    script.state = "left"
    page.goto(f"/?onsale=demo#place={script.token}")
    click(page, "Join the line again")
    expect(page.locator('dd[data-text="position"]')).to_have_text("1,500")
    assert script.visitors == {}


def test_a_handed_over_place_does_not_replace_another_without_asking(page: Page, script: Script) -> None:
    join(page)
    page.goto("/?onsale=demo#place=token-9")
    see(page, "Which place do you want?")
    click(page, "Keep the place in this browser")
    see(page, "You are in line")
    script.position = 9
    page.goto("/?onsale=demo#place=token-9")
    click(page, "Use the place from the link")
    expect(page.locator('dd[data-text="position"]')).to_have_text("9")


def test_the_link_for_another_device_carries_the_place(page: Page, script: Script) -> None:
    join(page)
    page.get_by_text("Continue on another device").click()
    link = page.get_by_label("Link to your place")
    assert link.input_value().endswith(f"/?onsale=demo#place={script.token}")


def test_a_pause_is_shown_and_ends_by_itself(page: Page, script: Script) -> None:
    be_near(page, script)
    script.phase = "paused"
    see(page, "The line is paused")
    script.phase = "on_sale"
    see(page, "You are in line")


def test_leaving_can_be_undone(page: Page, script: Script) -> None:
    join(page)
    click(page, "Leave the line")
    click(page, "Keep my place")
    expect(page.get_by_text("You are giving up your place.")).to_be_hidden()
    page.reload()
    see(page, "You are in line")
    assert script.count("DELETE /v1/onsales/demo/place") == 0


def test_leaving_without_undo_gives_the_place_up_and_allows_joining_again(page: Page, script: Script) -> None:
    page.clock.install()
    join(page)
    click(page, "Leave the line")
    page.clock.fast_forward(10_000)
    see(page, "You have left the line")
    page.reload()
    see(page, "You have left the line")
    click(page, "Join the line again")
    expect(page.locator('dd[data-text="position"]')).to_have_text("1,500")
    assert len(script.visitors) == 1


def test_a_refresh_while_leaving_keeps_the_place(page: Page, script: Script) -> None:
    join(page)
    click(page, "Leave the line")
    page.reload()
    see(page, "You are in line")
    assert script.count("DELETE /v1/onsales/demo/place") == 0


def test_where_nobody_may_rejoin_the_page_says_so(page: Page, script: Script) -> None:
    script.may_rejoin = False
    join(page)
    script.state = "left"
    page.reload()
    click(page, "Join the line again")
    expect(page.get_by_text("does not let people join twice").locator("visible=true")).to_be_visible()


def test_a_sale_that_closes_says_goodbye_to_the_line(page: Page, script: Script) -> None:
    be_near(page, script)
    script.phase = "closed"
    see(page, "The sale has closed")


def test_a_closed_sale_is_closed_on_arrival(page: Page, script: Script) -> None:
    script.phase = "closed"
    arrive(page)
    see(page, "The sale has closed")


def test_a_superseded_place_leads_to_the_newer_one(page: Page, script: Script) -> None:
    join(page)
    script.position = 777
    script.visitors = dict.fromkeys(script.visitors, 777)
    page.reload()
    see(page, "You have a newer place")
    click(page, "Open my place")
    expect(page.locator('dd[data-text="position"]')).to_have_text("777")
