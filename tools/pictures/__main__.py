"""Pictures of every state of the fans' page, plain or not, and every view of the console: `python -m tools.pictures`.

They are taken of a room of their own, with a crowd in it; with `--url` of an onsale's page in any room or deployment.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from local.background import Room, Wish
from tools.browser import open_browser
from tools.pictures import console, page, plain
from tools.pictures.organiser import DRESSED, Organiser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CROWD = 250
WATCHED_SECONDS = 75
"""The crowd has moved for a while then, so that there is something to see."""
BRANDED = ("before", "far", "turn", "shop")
"""States that are also shown in an organiser's look."""


def of_a_room(browser: "Browser", into: Path) -> Iterator[Path]:
    """Of a room that is opened for it."""
    with Room(Wish(demo=True, crowd=CROWD)) as room:
        organiser = Organiser(browser, room.url, room.operator_token())
        organiser.creates(DRESSED, "The Night Trains, live in Lisbon", opens=2 * 60 * 60, starts=3 * 60 * 60)
        organiser.dresses(DRESSED)
        time.sleep(WATCHED_SECONDS)
        yield from console.take(browser, room.url, _folder(into, "console"))
        yield from page.take(browser, room.url, "demo", into)
        yield from page.take(browser, room.url, DRESSED, _folder(into, "branded"), BRANDED)
        yield from plain.take(browser, room.url, organiser, _folder(into, "plain"))


def _folder(into: Path, name: str) -> Path:
    folder = into / name
    folder.mkdir(exist_ok=True)
    return folder


def main() -> None:
    """Take them all, and say where they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="the public address of a room or deployment that runs")
    parser.add_argument("--onsale", default="demo")
    parser.add_argument("--into", type=Path, default=Path("build/pictures"))
    asked = parser.parse_args()
    asked.into.mkdir(parents=True, exist_ok=True)
    with open_browser() as browser:
        url = asked.url and asked.url.rstrip("/")
        taken = page.take(browser, url, asked.onsale, asked.into) if url else of_a_room(browser, asked.into)
        for path in taken:
            print(path)  # noqa: T201 - what was made is what was asked for


if __name__ == "__main__":
    main()
