"""The page in each language: whole, right from its first byte, and by the rules of the language."""

import re
from string import Formatter
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from fairline.languages import LANGUAGES, words
from stacks.pages import PLACE, pages
from tests.frontend.room import Room
from tests.frontend.script import Script
from tests.frontend.stand_in import FRONTEND
from tests.frontend.steps import heading

OF_THE_PAGE = {"language", "direction", "spoken", "choice"}
FIRST = LANGUAGES[0]


def said(language: str) -> dict[str, Any]:
    section: dict[str, Any] = words(language)["page"]
    return section


def forms(word: Any) -> list[str]:
    return [word] if isinstance(word, str) else list(word.values())


def values(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_all_that_the_first_one_says(language: str) -> None:
    assert list(said(language)) == list(said(FIRST))
    assert all(form.strip() for word in said(language).values() for form in forms(word))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_names_the_values_that_it_is_given_and_no_other(language: str) -> None:
    for name, word in said(language).items():
        given = set().union(*(values(form) for form in forms(said(FIRST)[name])))
        assert all(values(form) <= given for form in forms(word)), name
        assert values(forms(word)[-1]) == given, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_has_every_form_that_the_language_knows(page: Page, language: str) -> None:
    known = set(page.evaluate("tag => new Intl.PluralRules(tag).resolvedOptions().pluralCategories", language))
    counted = {name: set(word) for name, word in said(language).items() if not isinstance(word, str)}
    assert counted.keys() == {name for name, word in said(FIRST).items() if not isinstance(word, str)}
    assert counted == dict.fromkeys(counted, known)


def test_every_word_is_said_somewhere_and_every_place_has_one() -> None:
    placed = set(PLACE.findall((FRONTEND / "index.html").read_text()))
    scripts = "".join(path.read_text() for path in (FRONTEND / "js").glob("*.js"))
    quoted = {name for pair in re.findall(r'"([a-z-]+)"|`([a-z]+)-', scripts) for name in pair}
    spoken = {name for name in said(FIRST) if name in quoted or re.sub(r"^problem-.*|.*-range$", "", name) == ""}
    assert placed - OF_THE_PAGE <= said(FIRST).keys()
    assert said(FIRST).keys() == (placed - OF_THE_PAGE) | spoken


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_whole_before_any_script_has_run(language: str) -> None:
    page = pages(FRONTEND)[f"{language}/index.html"]
    assert f'<html lang="{language}" dir="{words(language)["direction"]}">' in page
    assert "{{" not in page
    assert f"<title>{said(language)['waiting-room']}</title>" in page


def spoken_to(browser: Browser, room: Room, language: str) -> Page:
    return browser.new_context(base_url=room.url, locale=language).new_page()


def test_the_browser_chooses_and_a_link_in_the_foot_chooses_again(browser: Browser, room: Room) -> None:
    page = spoken_to(browser, room, "es-MX")
    page.goto("/?onsale=demo")
    expect(heading(page, "La venta está en marcha")).to_be_visible()
    page.get_by_role("link", name="العربية").click()
    expect(heading(page, "البيع جارٍ")).to_be_visible()
    expect(page).to_have_url("/?onsale=demo&lang=ar")
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    page.context.close()


def test_numbers_times_and_waits_follow_the_language(browser: Browser, room: Room, script: Script) -> None:
    script.position = 12_346
    page = spoken_to(browser, room, "es-ES")
    page.goto("/?onsale=demo")
    page.get_by_role("button", name="Entrar en la fila").click()
    expect(page.locator('[data-text="ahead"]')).to_have_text("12.345")
    expect(page.locator('[data-text="ahead-read"]')).to_have_text("Hay 12.345 personas delante de ti.")
    expect(page.locator('[data-text="wait"]')).to_contain_text("entre 20 y")
    page.context.close()


def test_arabic_counts_two_as_two(browser: Browser, room: Room, script: Script) -> None:
    script.position = 3
    page = spoken_to(browser, room, "ar")
    page.goto("/?onsale=demo")
    page.get_by_role("button", name="انضم إلى الطابور").click()
    expect(page.locator('[data-text="ahead-words"]')).to_have_text("شخصان أمامك")
    page.context.close()


def test_a_form_without_script_goes_where_the_place_is(browser: Browser, room: Room) -> None:
    with browser.new_context(base_url=room.url, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/?onsale=demo")
        expect(heading(page, "Take your place in line")).to_be_visible()
        expect(page.get_by_text("We are reaching the waiting room.")).to_be_hidden()
        page.get_by_role("button", name="Join the line").click()
        expect(page).to_have_url("/v1/onsales/demo/place")
