"""What an organiser may make of the page, and what nobody may."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.frontend.script import Script
from tests.frontend.steps import arrive, join, see

BRANDING = {
    "organiser": "Night Trains & Friends",
    "accent": "#ffd400",
    "picture": "/pictures/trains.svg",
    "picture_alt": "A train at night",
    "text": "Doors open at seven.",
    "link": "https://example.com/faq",
    "link_text": "Questions and answers",
}
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><path d="M0 0h16v9H0z"/></svg>'


def _serve_picture(page: Page) -> None:
    page.route("**/pictures/*", lambda route: route.fulfill(body=PICTURE, content_type="image/svg+xml"))


def test_name_colour_picture_text_and_link_of_the_organiser_are_shown(page: Page, script: Script) -> None:
    _serve_picture(page)
    script.branding = BRANDING
    join(page)
    expect(page.get_by_text("Night Trains & Friends")).to_be_visible()
    expect(page.get_by_text("Doors open at seven.")).to_be_visible()
    expect(page.get_by_role("img", name="A train at night")).to_be_visible()
    link = page.get_by_role("link", name="Questions and answers")
    expect(link).to_have_attribute("href", "https://example.com/faq")
    expect(link).to_have_attribute("rel", "noopener")


def test_a_picture_comes_after_the_first_view_and_moves_nothing(page: Page, script: Script) -> None:
    waiting: list[Route] = []
    page.route("**/pictures/*", lambda route: waiting.append(route))  # noqa: PLW0108 - Playwright wants a function of its own
    script.branding = BRANDING
    arrive(page)
    see(page, "The sale is on")
    place = page.locator("main").bounding_box()
    while not waiting:
        page.wait_for_timeout(50)
    waiting[0].fulfill(body=PICTURE, content_type="image/svg+xml")
    expect(page.locator("#picture")).to_have_class("picture hung")
    assert page.locator("main").bounding_box() == place


def test_a_picture_that_does_not_come_is_no_trouble(page: Page, script: Script) -> None:
    page.route("**/pictures/*", lambda route: route.fulfill(status=404))
    script.branding = BRANDING
    join(page)


@pytest.mark.parametrize("accent", ["#ffd400", "#000000", "#ffffff", "#777777", "#e11d48", "#0ea5e9", "#101827"])
def test_any_colour_can_be_read_on_and_is_read_on_the_page(page: Page, script: Script, accent: str) -> None:
    script.branding = {"accent": accent}
    arrive(page)
    see(page, "The sale is on")
    for scheme, ground in (("light", "#ecedf5"), ("dark", "#262a3a")):
        assert _contrast(page, f"--brand-on-{scheme}", ground) >= 4.5
    assert _contrast(page, "--on-brand", accent) >= 4.5


def _contrast(page: Page, name: str, ground: str) -> float:
    script = """async ([name, ground]) => (await import('/js/page.js')).contrast(
        document.documentElement.style.getPropertyValue(name), ground)"""
    contrast: float = page.evaluate(script, [name, ground])
    return contrast


@pytest.mark.parametrize(
    "branding",
    [
        {"accent": "red;}"},
        {"accent": "url(https://example.com)"},
        {"accent": 7},
        {"picture": "javascript:alert(1)"},
        {"picture": "//example.com/x.png"},
        {"picture": "http://example.com/x.png"},
        {"link": "javascript:alert(1)", "link_text": "Here"},
        {"link": "http://example.com", "link_text": "Here"},
        {"link": "https://example.com"},
        {"organiser": ["x"], "text": {"a": 1}},
    ],
)
def test_what_is_no_branding_is_left_out(page: Page, script: Script, branding: dict[str, object]) -> None:
    script.branding = branding
    join(page)
    assert page.locator("#picture img, #brand a[href]").count() == 0
    assert page.evaluate("document.documentElement.getAttribute('style')") is None
    expect(page.locator("#brand, .by").locator("visible=true")).to_have_count(0)


def test_markup_in_words_is_shown_as_it_is_written(page: Page, script: Script) -> None:
    script.branding = {"text": "<b>Doors</b>", "organiser": "<script>alert(1)</script>"}
    join(page)
    expect(page.get_by_text("<b>Doors</b>")).to_be_visible()
    expect(page.get_by_text("<script>alert(1)</script>")).to_be_visible()
