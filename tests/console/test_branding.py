"""What an operator does to an onsale's look: said at once where it cannot be read, and taken back."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.console.steps import click, done, fill, go
from tests.console.test_access import found
from tests.journey.client import Onsale
from tests.support.pictures import png


def branding(onsale: Onsale) -> dict[str, Any]:
    known: dict[str, Any] = onsale.operator.call("GET", f"/{onsale.name}").body["branding"]
    return known


def field(page: Page, name: str) -> Locator:
    return page.locator(".field").filter(has=page.locator(f"[name={name}]")).last


@pytest.fixture
def drawn(page: Page, waiting: Onsale, tmp_path: Path) -> Path:
    """A picture that a browser can show."""
    go(page, waiting.name, "/branding")
    path = tmp_path / "poster.png"
    page.get_by_role("heading", level=1).screenshot(path=path)
    return path


def test_a_look_is_saved_seen_as_fans_see_it_and_taken_back(page: Page, waiting: Onsale, drawn: Path) -> None:
    fill(page, organiser="The Old Hall", accent="#4338ca", text="Doors at seven")
    expect(page.locator(".beside").first).to_contain_text("White can be read on it: 7.9 to 1.")
    page.get_by_label("Picture", exact=True).set_input_files(drawn)
    expect(page.get_by_text("Uploaded. Fans see it once you save.")).to_be_visible()
    fill(page, picture_alt="A poster")
    assert branding(waiting) == {}
    click(page, "Save the branding")
    expect(done(page)).to_contain_text("Branding changed: organiser, colour, words, picture, what is on the picture")
    saved = branding(waiting)
    assert {**saved, "picture": ""} == {
        "organiser": "The Old Hall",
        "accent": "#4338ca",
        "text": "Doors at seven",
        "picture": "",
        "picture_alt": "A poster",
    }
    assert page.locator(".thumb").evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    assert found(page) == []
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="In line").click()
    expect(opened.value.locator("#picture.hung").get_by_role("img", name="A poster")).to_be_visible()
    expect(opened.value.get_by_text("The Old Hall")).to_be_visible()
    expect(opened.value.get_by_text("Preview: nothing here is real.")).to_be_visible()
    click(page, "Undo")
    expect(done(page)).to_contain_text("Taken back")
    assert branding(waiting) == {}
    expect(page.locator("[name=organiser]")).to_have_value("")


def test_a_colour_that_nothing_can_be_read_on_is_said_so_and_one_that_does_is_offered(
    page: Page, waiting: Onsale
) -> None:
    go(page, waiting.name, "/branding")
    fill(page, accent="#777777")
    verdict = page.locator(".beside").first
    expect(verdict).to_contain_text("Neither white nor nearly black can be read on it: 4.4 to 1 at best")
    click(page, "Save the branding")
    expect(field(page, "accent")).to_contain_text("on which white or #171a26 can be read")
    assert found(page) == []
    page.get_by_role("button", name="which can").click()
    expect(verdict).to_contain_text("White can be read on it: 4.")
    click(page, "Save the branding")
    expect(done(page)).to_contain_text("Branding changed: colour")


def test_what_is_wrong_with_a_picture_is_said_beside_it(page: Page, waiting: Onsale) -> None:
    go(page, waiting.name, "/branding")
    chosen, beside = page.get_by_label("Picture", exact=True), field(page, "file")
    for content, words in (
        (b"<svg/>", "It has to be a PNG, JPEG or WebP."),
        (png(5_000, 100), "It has to be 1 to 4000 pixels wide and high, not 5000 by 100."),
        (png() + b"\x00" * 200_000, "It has 201 kB, and 200 kB are the most."),
    ):
        chosen.set_input_files({"name": "picture.png", "mimeType": "image/png", "buffer": content})
        expect(beside).to_contain_text(words)
        expect(chosen).to_have_attribute("aria-invalid", "true")


def test_a_picture_without_words_for_whoever_cannot_see_it_is_refused_by_name(
    page: Page, waiting: Onsale, drawn: Path
) -> None:
    page.get_by_label("Picture", exact=True).set_input_files(drawn)
    expect(page.locator(".thumb")).to_be_visible()
    click(page, "Save the branding")
    expect(page.locator("[name=picture_alt]")).to_be_focused()
    expect(field(page, "picture_alt")).to_contain_text("Say what is on the picture, for whoever cannot see it.")
    click(page, "Take the picture away")
    expect(page.locator(".thumb")).to_be_hidden()
    fill(page, organiser="The Old Hall")
    click(page, "Save the branding")
    expect(done(page)).to_contain_text("Branding changed: organiser")
    assert branding(waiting) == {"organiser": "The Old Hall"}


def test_what_was_typed_is_kept_over_a_reload_with_the_picture(page: Page, waiting: Onsale, drawn: Path) -> None:
    fill(page, text="Doors at seven")
    page.get_by_label("Picture", exact=True).set_input_files(drawn)
    expect(page.locator(".thumb")).to_be_visible()
    page.reload()
    expect(page.locator("[name=text]")).to_have_value("Doors at seven")
    expect(page.locator(".thumb")).to_be_visible()
    click(page, "Reset")
    expect(page.locator("[name=text]")).to_have_value("")
    expect(page.locator(".thumb")).to_be_hidden()
    assert branding(waiting) == {}
