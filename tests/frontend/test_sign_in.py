"""The way to an identity provider; the whole way there and back is tested with the room's own issuer."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.frontend.room import Room
from tests.frontend.script import Script
from tests.frontend.steps import arrive, click


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
