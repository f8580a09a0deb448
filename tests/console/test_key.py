"""What an operator does when a completion key was lost: told first what it breaks, and shown the new one once."""

import re

from playwright.sync_api import Page, Route, expect

from tests.console.steps import click, done, fill, go, see
from tests.console.test_access import found
from tests.journey.client import Onsale, Operator, eventually
from tests.journey.test_journey import claims


def report(onsale: Onsale, session: str, key: str) -> int:
    return onsale.api.call("POST", f"{onsale.path}/sessions/{session}/completion", token=key).status


def test_a_key_is_renewed_after_its_effect_was_said_and_shown_once(page: Page, operator: Operator) -> None:
    onsale = operator.onsale()
    access = onsale.join().admitted()["access_token"]
    eventually(onsale.metrics, lambda told: told["active"] == 1)
    go(page, onsale.name, "/key")
    expect(page.get_by_text("The one in use was made by operator on")).to_be_visible()
    expect(page.locator(".points")).to_contain_text("every report with the key in use is refused (401)")
    expect(page.locator(".points")).to_contain_text("1 session runs now.")
    fill(page, confirm="something else")
    click(page, "Renew the key")
    expect(page.get_by_text(f"That is not {onsale.name}.")).to_be_visible()
    assert operator.call("GET", f"/{onsale.name}").body["version"] == 1
    fill(page, confirm=onsale.name)
    click(page, "Renew the key")
    see(page, "The new completion key")
    expect(page.get_by_role("heading", name="The new completion key")).to_be_focused()
    key = page.locator(".key-box").inner_text()
    assert found(page) == []
    session = claims(access)["jti"]
    eventually(lambda: report(onsale, session, onsale.completion_key), lambda status: status == 401)
    assert report(onsale, session, key) == 204
    page.reload()
    expect(page.get_by_text("The one in use was made by kim on")).to_be_visible()
    expect(page.locator(".key-box")).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_a_key_is_copied_or_marked_where_a_browser_does_not_copy(page: Page, waiting: Onsale) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    go(page, waiting.name, "/key")
    page.reload()
    fill(page, confirm=waiting.name)
    click(page, "Renew the key")
    click(page, "Copy the key")
    expect(page.get_by_text("The key is marked: copy it from there.")).to_be_visible()
    assert page.evaluate("getSelection().toString()") == page.locator(".key-box").inner_text()


def test_a_key_that_the_sample_backend_was_not_told_is_shown_with_what_to_do(page: Page, waiting: Onsale) -> None:
    def forgotten(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "warning": "The sample backend could not be told."})

    page.route(re.compile("/completion-key$"), forgotten)
    go(page, waiting.name, "/key")
    fill(page, confirm=waiting.name)
    click(page, "Renew the key")
    expect(page.get_by_text("The sample backend could not be told.")).to_be_visible()
    expect(page.locator(".key-box")).to_be_visible()


def test_a_stale_renewal_says_who_was_faster_and_is_made_on_top(page: Page, waiting: Onsale) -> None:
    go(page, waiting.name, "/key")
    waiting.change(rate_per_minute=77)
    fill(page, confirm=waiting.name)
    click(page, "Renew the key")
    see(page, "Somebody was faster")
    expect(done(page)).to_have_count(0)
    click(page, "Make mine on top")
    see(page, "The new completion key")
