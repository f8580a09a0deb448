"""Pictures of every state of an onsale's page.

The page shows them itself, as previews, so that any room or deployment will do.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

WIDTHS: "dict[str, ViewportSize]" = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
MIRRORED = ("far", "turn", "shop", "before")
"""States that are also shown in a language that is read from right to left."""
TALL = ("shop", "held", "ending")
"""States that are shown as a screen shows them: a part of them stays in sight of the whole."""
SHOWN = '[data-view]:not([hidden]):not([data-view="loading"])'
SETTLE_MS = 700


def states(page: "Page", url: str, onsale: str) -> list[str]:
    """What states there are, as the page lists them."""
    page.goto(_address(url, onsale, "all"))
    page.locator(SHOWN).wait_for()
    return page.locator(".states a").all_inner_texts()


def show(page: "Page", url: str, onsale: str, state: str, language: str = "en") -> None:
    """Opens the page in a state, and waits until it stands still."""
    page.goto(_address(url, onsale, state, language))
    page.locator(SHOWN).wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLE_MS)


def _address(url: str, onsale: str, state: str, language: str = "en") -> str:
    return f"{url}/?{urlencode({'onsale': onsale, 'preview': state, 'lang': language})}"


def _wanted(known: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each state with the language it is shown in."""
    yield from ((state, "en") for state in known)
    yield from ((state, "ar") for state in MIRRORED)


def take(browser: "Browser", url: str, onsale: str, into: Path, only: Sequence[str] | None = None) -> Iterator[Path]:
    """Every picture's path, as it is there; of all states, or of some `only`."""
    for (width, size), scheme in product(WIDTHS.items(), SCHEMES):
        with browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce") as context:
            page = context.new_page()
            for state, language in _wanted(only or states(page, url, onsale)):
                show(page, url, onsale, state, language)
                path = into / f"{state}-{language}-{width}-{scheme}.png"
                page.screenshot(path=path, full_page=state not in TALL)
                yield path
