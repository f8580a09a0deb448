"""The way to an identity provider and back, past a provider that asks nothing; the room has an issuer that asks."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.frontend.room import Room
from tests.frontend.script import Script
from tests.frontend.steps import arrive, click, heading


@pytest.mark.parametrize("issuer", ["/issuer", "/issuer/"])
def test_the_provider_is_found_whether_or_not_its_name_ends_in_a_slash(
    page: Page, script: Script, room: Room, issuer: str
) -> None:
    asked: list[str] = []

    def describe(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(json={"authorization_endpoint": f"{room.url}/issuer/authorize"})

    page.route("**/.well-known/*", describe)
    page.route("**/issuer/authorize?*", lambda route: route.fulfill(body="Who are you?"))
    script.identity, script.sign_in = "oidc", {"issuer": room.url + issuer, "client_id": "fans"}
    arrive(page)
    click(page, "Join the line")
    expect(page.get_by_text("Who are you?")).to_be_visible()
    assert asked == [f"{room.url}/issuer/.well-known/openid-configuration"]


def provide(page: Page, script: Script, room: Room, **answer: str) -> list[dict[str, list[str]]]:
    """A provider that sends everybody back at once with `answer`; what it was asked."""
    issuer, asked = f"{room.url}/issuer", []

    def authorize(route: Route) -> None:
        asked.append(parse_qs(urlsplit(route.request.url).query))
        (back,), (state,) = asked[-1]["redirect_uri"], asked[-1]["state"]
        route.fulfill(status=303, headers={"location": f"{back}?{urlencode({**answer, 'state': state})}"})

    ends = {"authorization_endpoint": f"{issuer}/authorize", "token_endpoint": f"{issuer}/token"}
    page.route("**/.well-known/*", lambda route: route.fulfill(json=ends))
    page.route("**/issuer/authorize?*", authorize)
    page.route("**/issuer/token", lambda route: route.fulfill(json={"id_token": "kim"}))
    script.identity, script.sign_in = "oidc", {"issuer": issuer, "client_id": "fans"}
    return asked


def test_a_language_chosen_by_link_is_kept_on_the_way_through_the_provider(
    page: Page, script: Script, room: Room
) -> None:
    asked = provide(page, script, room, code="c1")
    page.goto("/?onsale=demo")
    page.get_by_role("link", name="Español").click()
    page.get_by_role("button", name="Entrar en la fila").click()
    expect(heading(page, "Estás en la fila")).to_be_visible()
    expect(page).to_have_url("/?onsale=demo&lang=es")
    assert asked[0]["ui_locales"] == ["es"]
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url("/?onsale=demo&lang=en")
    expect(heading(page, "You are in line")).to_be_visible()


def test_whoever_turns_back_at_the_provider_is_told_so_in_the_chosen_language(
    page: Page, script: Script, room: Room
) -> None:
    provide(page, script, room, error="access_denied")
    page.goto("/?onsale=demo&lang=es")
    page.get_by_role("button", name="Entrar en la fila").click()
    expect(page).to_have_url("/?onsale=demo&lang=es")
    expect(page.get_by_role("button", name=re.compile("nuevo")).locator("visible=true")).to_be_visible()


def test_a_language_that_the_browser_chose_stays_its_choice(browser: Browser, script: Script, room: Room) -> None:
    with browser.new_context(base_url=room.url, locale="es-ES") as context:
        page = context.new_page()
        provide(page, script, room, code="c1")
        page.goto("/?onsale=demo")
        page.get_by_role("button", name="Entrar en la fila").click()
        expect(heading(page, "Estás en la fila")).to_be_visible()
        expect(page).to_have_url("/?onsale=demo")
