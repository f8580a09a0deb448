"""An operator's night at the console, against a running room."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.console.conftest import People
from tests.console.steps import click, done, fill, go, see, tile
from tests.journey.client import Onsale, Operator, eventually


def test_somebody_signs_in_stays_signed_in_over_a_reload_and_signs_out(page: Page) -> None:
    assert "code=" not in page.url
    expect(page.locator("#operator")).to_have_text("kim")
    page.reload()
    see(page, "Onsales")
    click(page, "Sign out")
    see(page, "Operate onsales")
    page.reload()
    see(page, "Operate onsales")


def test_a_sign_in_that_was_not_asked_for_lets_nobody_in(page: Page) -> None:
    click(page, "Sign out")
    page.goto("/console/?code=forged&state=forged")
    expect(page.get_by_text("Signing in did not work. Please try again.")).to_be_visible()


def test_an_onsale_is_created_with_its_phases_in_sight_and_its_key_shown_once(page: Page, operator: Operator) -> None:
    page.get_by_role("link", name="New onsale").click()
    see(page, "New onsale")
    begin = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    times = ("lobby_opens_at", "sale_starts_at", "closes_at")
    moments = {
        name: f"{begin + timedelta(minutes=m):%Y-%m-%dT%H:%M:%S}" for name, m in zip(times, (0, 30, 150), strict=True)
    }
    fill(page, onsale="the-lanterns", name="The Lanterns", rate_per_minute="90", max_active="40", **moments)
    words = page.locator(".phase-words")
    expect(words).to_contain_text("people join and wait for 30 min")
    expect(words).to_contain_text("people are let in for 2 h")
    click(page, "Create the onsale")
    see(page, "The Lanterns is made")
    assert re.fullmatch(r"[\w-]{43}", page.locator(".key-box").inner_text())
    page.get_by_role("link", name="Go to the onsale").click()
    see(page, "The Lanterns")
    made = operator.call("GET", "/the-lanterns").body
    assert (made["rate_per_minute"], made["max_active"], made["session_seconds"]) == (90, 40, 180)
    page.goto("/console")
    expect(page.get_by_role("listitem").filter(has_text="The Lanterns")).to_contain_text("Lobby opens")


def test_what_is_wrong_with_an_onsale_is_said_beside_the_field(page: Page, waiting: Onsale) -> None:
    page.goto("/console/#/new")
    fill(page, onsale="Not An Id", name="A show", max_active="0")
    click(page, "Create the onsale")
    field = page.locator("[name=onsale]")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".field").filter(has=page.locator("[name=max_active]"))).to_contain_text(
        "A whole number from 1"
    )
    fill(page, onsale=waiting.name, max_active="5")
    click(page, "Create the onsale")
    expect(page.get_by_text("There is an onsale of this id.")).to_be_visible()


def test_the_line_is_seen_to_grow_and_to_move(page: Page, operator: Operator) -> None:
    onsale = operator.onsale(starts_in=1_800, rate_per_minute=6_000, max_active=4)
    go(page, onsale.name)
    expect(tile(page, "In the line")).to_have_text("0")
    for _ in range(9):
        onsale.join()
    expect(tile(page, "In the line")).to_have_text("9")
    expect(tile(page, "Arrivals, last minute")).to_have_text("9")
    onsale.change(sale_starts_at=onsale.describe()["lobby_opens_at"])
    expect(tile(page, "Active now")).to_have_text("4")
    expect(tile(page, "In the line")).to_have_text("5")
    expect(page.get_by_text("At the cap: each slot that frees is filled.")).to_be_visible()
    expect(page.locator(".pill")).to_have_text("On sale")


def test_a_rate_is_changed_with_its_effect_in_sight_and_taken_back(page: Page, waiting: Onsale) -> None:
    go(page, waiting.name)
    expect(tile(page, "In the line")).to_have_text("12")
    fill(page, rate_per_minute="4")
    effect = page.locator(".effect")
    expect(effect).to_have_text(
        re.compile(
            r"Rate 60 → 4 a minute: the line's estimated end moves from [^.]+ to [^.]+\. The rate then decides\."
        )
    )
    assert waiting.operator.call("GET", f"/{waiting.name}").body["rate_per_minute"] == 60
    click(page, "Apply")
    expect(done(page)).to_contain_text("Rate 60 → 4 a minute")
    assert waiting.operator.call("GET", f"/{waiting.name}").body["rate_per_minute"] == 4
    click(page, "Undo")
    expect(done(page)).to_contain_text("Taken back: Rate 60 → 4 a minute")
    assert waiting.operator.call("GET", f"/{waiting.name}").body["rate_per_minute"] == 60
    expect(page.locator("[name=rate_per_minute]")).to_have_value("60")


def test_a_pause_tells_the_line_its_reason_until_it_is_resumed(page: Page, operator: Operator) -> None:
    onsale = operator.onsale()
    onsale.join()
    go(page, onsale.name)
    fill(page, reason="Back in five minutes")
    click(page, "Pause admission")
    expect(page.locator(".pill")).to_have_text("Paused")
    eventually(onsale.status, lambda told: told["notice"] == "Back in five minutes" and told["phase"] == "paused")
    click(page, "Resume admission")
    expect(page.locator(".pill")).to_have_text("On sale")
    eventually(onsale.status, lambda told: told["phase"] == "on_sale" and not told["notice"])
    click(page, "Undo")
    eventually(onsale.status, lambda told: told["notice"] == "Back in five minutes")


def test_a_notice_is_shown_to_the_line_and_taken_back(page: Page, waiting: Onsale) -> None:
    go(page, waiting.name)
    fill(page, notice="Merchandise opens at nine")
    click(page, "Show the notice")
    eventually(waiting.status, lambda told: told["notice"] == "Merchandise opens at nine")
    expect(page.get_by_text("Shown now: “Merchandise opens at nine”.")).to_be_visible()
    click(page, "Undo")
    eventually(waiting.status, lambda told: not told["notice"])
    expect(page.get_by_text("None is shown.")).to_be_visible()


def test_a_stale_edit_says_who_changed_what_and_can_be_made_on_top(page: Page, person: People, waiting: Onsale) -> None:
    go(page, waiting.name, "/edit")
    fill(page, max_active="55", name="The Lanterns")
    lee = person("lee")
    go(lee, waiting.name)
    fill(lee, rate_per_minute="75")
    click(lee, "Apply")
    expect(done(lee)).to_contain_text("Rate 60 → 75")
    click(page, "Save the changes")
    see(page, "Somebody was faster")
    expect(page.locator(".stale")).to_contain_text("lee Rate a minute from 60 to 75")
    expect(page.locator("[name=name]")).to_have_value("The Lanterns")
    click(page, "Make mine on top")
    expect(done(page)).to_contain_text("Changed its name, its cap")
    made = waiting.operator.call("GET", f"/{waiting.name}").body
    assert (made["name"], made["max_active"], made["rate_per_minute"]) == ("The Lanterns", 55, 75)


def test_a_stale_edit_can_be_dropped(page: Page, waiting: Onsale) -> None:
    go(page, waiting.name, "/edit")
    fill(page, max_active="55")
    waiting.change(max_active=66)
    click(page, "Save the changes")
    see(page, "Somebody was faster")
    click(page, "Drop mine")
    assert waiting.operator.call("GET", f"/{waiting.name}").body["max_active"] == 66


def test_the_help_desk_finds_a_visitor_by_position_and_by_token(page: Page, waiting: Onsale) -> None:
    fan = waiting.join()
    go(page, waiting.name, "/visitor")
    for sought in (str(fan.position), fan.token, f"{waiting.api.url}/?onsale={waiting.name}#place={fan.token}"):
        fill(page, sought=sought)
        click(page, "Find")
        see(page, f"Position {fan.position}: waiting")
        expect(page.locator(".facts")).to_contain_text("Ahead of them12")
    fan.leave()
    fill(page, sought=fan.token)
    click(page, "Find")
    see(page, f"Position {fan.position}: left")
    fill(page, sought="987654")
    click(page, "Find")
    expect(page.get_by_text("Nobody holds this, now or lately.")).to_be_visible()
    fill(page, sought="no token")
    click(page, "Find")
    expect(page.get_by_text("This is no visitor token of this onsale.")).to_be_visible()


def test_the_trail_tells_who_did_what(page: Page, waiting: Onsale) -> None:
    waiting.change(rate_per_minute=90)
    go(page, waiting.name, "/audit")
    rows = page.get_by_role("row")
    expect(rows.nth(1)).to_contain_text("operator")
    expect(rows.nth(1)).to_contain_text("Rate a minute6090")
    expect(rows.last).to_contain_text("Created")


def test_closing_takes_the_name_typed_and_is_for_good(page: Page, waiting: Onsale) -> None:
    go(page, waiting.name)
    page.get_by_text("Close this onsale").click()
    fill(page, confirm="something")
    click(page, "Close for good")
    expect(page.get_by_text(f"That is not {waiting.name}.")).to_be_visible()
    assert waiting.operator.call("GET", f"/{waiting.name}").body["phase"] == "lobby"
    fill(page, confirm=waiting.name)
    click(page, "Close for good")
    expect(page.locator(".pill")).to_have_text("Closed")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    assert waiting.operator.call("GET", f"/{waiting.name}").body["phase"] == "closed"


def test_every_view_is_reached_by_its_address(page: Page, waiting: Onsale) -> None:
    for view in ("", "/edit", "/branding", "/key", "/audit", "/visitor"):
        go(page, waiting.name, view)
        page.reload()
        page.get_by_role("navigation", name="A test").wait_for()
        assert page.url.endswith(f"#/onsale/{waiting.name}{view}")
    page.goto("/console/#/onsale/nothing-here")
    see(page, "There is no such onsale")
    page.goto("/console/#/nothing")
    see(page, "There is nothing here")


def test_a_sign_in_that_has_ended_loses_nothing_of_what_was_typed(page: Page, waiting: Onsale) -> None:
    go(page, waiting.name)
    page.evaluate("""() => {
      const kept = JSON.parse(sessionStorage.getItem("fairline:console:session"));
      sessionStorage.setItem("fairline:console:session", JSON.stringify({ ...kept, access: "ended", refresh: null }));
    }""")
    fill(page, rate_per_minute="77", reason="The door is jammed")
    page.reload()
    see(page, "Operate onsales")
    click(page, "Sign in")
    page.get_by_label("Name").fill("kim")
    click(page, "Sign in")
    page.get_by_role("navigation", name="A test").wait_for()
    expect(page.locator("[name=rate_per_minute]")).to_have_value("77")
    expect(page.locator("[name=reason]")).to_have_value("The door is jammed")


def test_a_token_that_ends_while_somebody_looks_is_renewed(page: Page, waiting: Onsale) -> None:
    page.evaluate("""() => {
      const kept = JSON.parse(sessionStorage.getItem("fairline:console:session"));
      sessionStorage.setItem("fairline:console:session", JSON.stringify({ ...kept, access: "ended", ends: 0 }));
    }""")
    page.reload()
    go(page, waiting.name)
    expect(tile(page, "In the line")).to_have_text("12")
