"""Pictures of the pages without JavaScript, on the way through them: narrow and wide, by day and by night."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tools.pictures.organiser import DRESSED, Organiser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = {"narrow": (320, 640), "wide": (1280, 900)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LONG = "The Lanterns and the Night Trains with the Philharmonic Orchestra of Southern Estremadura: the farewell tour"
WAITING, OPEN = "plain-waiting", "plain-open"
PATIENCE = 60


def take(browser: "Browser", url: str, organiser: Organiser, folder: Path) -> Iterator[Path]:
    """The path of each picture, as it is there."""
    organiser.creates(WAITING, LONG, opens=-60, starts=600)
    organiser.creates(OPEN, "The Lanterns, farewell tour", opens=-60, starts=-1)
    organiser.brings(WAITING, 41)
    with browser.new_context(base_url=url, java_script_enabled=False, reduced_motion="reduce") as context:
        page = context.new_page()
        for name, languages in _walk(page):
            yield from _shots(page, folder, name, languages)


def _walk(page: "Page") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Leads through every page; at each its name, and in which languages it is shown."""
    page.goto(_place(DRESSED))
    yield "before", ("en", "ar")
    page.goto(_place(WAITING))
    yield "door", ("en", "ar")
    _press(page, "Join the line")
    yield "waiting", ("en", "es", "ar")
    _press(page, "Leave the line")
    yield "leaving", ("en",)
    _press(page, "Yes, give it up")
    yield "left", ("en", "ar")
    page.goto(_place("nothing-here"))
    yield "refused", ("en", "ar")
    yield from _shop(page)


def _shop(page: "Page") -> Iterator[tuple[str, tuple[str, ...]]]:
    page.goto(_place(OPEN))
    _press(page, "Join the line")
    for _ in range(PATIENCE):
        if page.get_by_role("heading", name="It is your turn").count():
            break
        page.wait_for_timeout(500)
        _press(page, "Check now")
    yield "turn", ("en", "ar")
    _press(page, "Choose your seat")
    yield "seats", ("en", "es", "ar")
    _press(page, "Hold this seat")
    yield "held", ("en", "ar")
    _press(page, "Buy it")
    yield "bought", ("en", "ar")


def _place(onsale: str) -> str:
    return f"/v1/onsales/{onsale}/place"


def _press(page: "Page", label: str) -> None:
    """Presses a button; while the line is not kept yet, again."""
    for _ in range(PATIENCE):
        page.get_by_role("button", name=label, exact=True).click()
        again = page.get_by_role("button", name="Try again", exact=True)
        if not again.count():
            return
        page.wait_for_timeout(500)
        again.click()


def _shots(page: "Page", folder: Path, name: str, languages: tuple[str, ...]) -> Iterator[Path]:
    """Of one page, in each language that its address can be asked for in."""
    address = page.url.partition("?")[0]
    for language in languages:
        if language != "en":
            page.goto(f"{address}?lang={language}")
        for (width, (across, down)), scheme in product(WIDTHS.items(), SCHEMES):
            page.set_viewport_size({"width": across, "height": down})
            page.emulate_media(color_scheme=scheme)
            path = folder / f"{name}-{language}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=True)
            yield path
    if languages != ("en",):
        page.goto(address)
