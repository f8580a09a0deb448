"""Pictures of every state of the fans' page and every view of the console: `python -m tools.pictures`.

They are taken of a room of their own, with a crowd in it; with `--url` of an onsale's page in any room or deployment.
"""

import argparse
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from local.background import Room, Wish
from tools.browser import open_browser
from tools.pictures import console, page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CROWD = 250
WATCHED_SECONDS = 75
"""The crowd has moved for a while then, so that there is something to see."""


def of_a_room(browser: "Browser", into: Path) -> Iterator[Path]:
    """Of a room that is opened for it."""
    with Room(Wish(demo=True, crowd=CROWD)) as room:
        time.sleep(WATCHED_SECONDS)
        folder = into / "console"
        folder.mkdir(exist_ok=True)
        yield from chain(console.take(browser, room.url, folder), page.take(browser, room.url, "demo", into))


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
