"""Drive many fans through a line and report how it went: `python -m tools.load --url http://127.0.0.1:8000`."""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tools.behaviour import STRAIGHT
from tools.fan import Venue
from tools.front import RefusedError, open_front
from tools.options import BAD_USAGE, UnfitError, inspect, parser, stop_on_signals, within
from tools.parade import Parade
from tools.record import Record
from tools.report import Report, report, tables
from tools.status_desk import StatusDesk
from tools.tally import Tally
from tools.target import ForeignAddressError, Targets

MOST_FANS = 20_000
BEAT_SECONDS = 0.02
SHOWN_EVERY_SECONDS = 0.5


async def drive(venue: Venue, options: argparse.Namespace, bars: "Bars") -> list[Record]:
    """The records of all fans, who arrive at an even rate and are followed until they are done or time is up."""
    records: list[Record] = []
    stop = stop_on_signals()
    parade = Parade(venue, lambda _: STRAIGHT, options.seed, records.append)
    started = now = time.monotonic()
    while not stop.is_set() and now < started + options.seconds:
        due = min(options.fans, 1 + int((now - started) * options.arrivals_per_second))
        for _ in range(due - parade.started):
            parade.add()
        if len(records) == options.fans:
            break
        bars.show(records, parade, now)
        now = await _beat(venue.front.tally)
    await parade.disperse()
    return records


async def _beat(tally: Tally) -> float:
    """Wait a moment; how much longer it took tells how busy this program itself is, which would spoil its figures."""
    wake = time.monotonic() + BEAT_SECONDS
    await asyncio.sleep(BEAT_SECONDS)
    now = time.monotonic()
    tally.took("lag of this program", now - wake)
    return now


class Bars:
    """The progress bars: who has a place, who was let in, who is done."""

    def __init__(self, progress: Progress, fans: int) -> None:
        self._progress = progress
        self._placed, self._let_in, self._done = (
            progress.add_task(name, total=fans) for name in ("registered", "let in", "done")
        )
        self._shown_at = float("-inf")

    def show(self, records: list[Record], parade: Parade, now: float) -> None:
        """Bring the bars up to date, if that is due at `now` (s)."""
        if self._progress.disable or now < self._shown_at + SHOWN_EVERY_SECONDS:
            return
        self._shown_at = now
        stages = Counter(record.stage for record in (*records, *parade.living))
        self._progress.update(self._let_in, completed=stages["shopping"])
        self._progress.update(self._placed, completed=stages["shopping"] + stages["waiting"])
        self._progress.update(self._done, completed=len(records))
        self._progress.refresh()


@contextmanager
def bars(fans: int) -> Iterator[Bars]:
    """Bars on the error stream, if somebody looks at it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:>10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, auto_refresh=False, disable=not console.is_terminal) as progress:
        yield Bars(progress, fans)


async def run(options: argparse.Namespace) -> Report:
    """The report of a run with `options`. Raises ForeignAddressError, UnfitError or RefusedError before it starts."""
    url = options.url.rstrip("/")
    targets, tally = Targets(options.i_own_this_target), Tally()
    targets.check(url)
    async with open_front(targets, tally, options.fans) as front:
        venue = Venue(front, StatusDesk(front), url, options.onsale)
        await inspect(front, targets, venue.onsale_url)
        with bars(options.fans) as shown:
            records = await drive(venue, options, shown)
    return report(records, tally, options.session_seconds * 1000)


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """The options of the command line."""
    options = parser("load", "Drive many fans through registration, waiting, admission and purchase.", MOST_FANS)
    options.add_argument("--seconds", type=within(1, 3600), default=300, help="stop after so long (default: 300)")
    options.add_argument(
        "--arrivals-per-second",
        type=within(0.1, 2000),
        default=50,
        metavar="A",
        help="how fast they come (default: 50)",
    )
    options.add_argument(
        "--session-seconds",
        type=within(1, 86_400),
        default=180,
        help="the onsale's session length, from which the start of each session is worked out (default: 180)",
    )
    options.add_argument("--json", action="store_true", help="print the report as one JSON object")
    return options.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """0: order kept and nothing failed; 1: something did; 2: nothing was sent."""
    options = parse(arguments)
    try:
        found = asyncio.run(run(options))
    except (ForeignAddressError, UnfitError, RefusedError) as unfit:
        sys.stderr.write(f"{unfit}\n")
        return BAD_USAGE
    if options.json:
        sys.stdout.write(json.dumps(found.as_json(), indent=2) + "\n")
    else:
        Console().print(tables(found))
    return 0 if found.passed else 1


if __name__ == "__main__":
    sys.exit(main())
