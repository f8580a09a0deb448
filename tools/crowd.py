"""A living crowd for one onsale: `python -m tools.crowd --url http://127.0.0.1:8000 --fans 300`.

It knows only the front address. It ends when told to, when the onsale has closed, and when nobody has answered
at the front address for a while.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from contextlib import suppress
from random import Random

from tools.behaviour import draw
from tools.fan import Venue
from tools.front import Call, open_front
from tools.options import BAD_USAGE, SIGN_IN, UnfitError, parser, stop_on_signals
from tools.parade import Parade
from tools.record import Record
from tools.status_desk import StatusDesk
from tools.tally import Tally
from tools.target import ForeignAddressError, Targets

MOST_FANS = 5_000
ARRIVAL_SECONDS = 20.0
BEAT_SECONDS = 0.25
WATCH_SECONDS = 3.0
GONE_SECONDS = 15.0
SUMMARY_SECONDS = 10.0
STATUS_AGE_SECONDS = 1.0
KEPT_MEASUREMENTS = 1_000
MOST_EVER = 50
"""How many times its own number a crowd replaces before it lets the line run dry."""


class Crowd:
    """Fans that come in one wave and are then replaced, slowly, so that the line goes on living."""

    def __init__(self, venue: Venue, fans: int, seed: int | None) -> None:
        """At most `fans` are on their way at once."""
        self._venue = venue
        self._fans = fans
        self._outcomes: Counter[str] = Counter()
        self._trouble = ""
        self._parade = Parade(venue, draw, seed, self._finish)
        self._replaced = 0.0

    async def go(self, stop: asyncio.Event) -> None:
        """Live until `stop` is set, or there is nothing to come for any more."""
        tasks = [asyncio.create_task(work) for work in (self._arrive(), self._watch(), self._report(), _until(stop))]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._parade.disperse()
        for task in done:
            task.result()

    def summary(self) -> str:
        """One line on who is where."""
        stages = Counter(record.stage for record in self._parade.living)
        parts = [f"{stages[stage]} {stage}" for stage in ("arriving", "waiting", "shopping")]
        ended = [f"{count} {outcome}" for outcome, count in self._outcomes.most_common()]
        trouble = f" (latest trouble: {self._trouble})" if self._trouble else ""
        return f"crowd: {', '.join(parts + ended)}{trouble}"

    async def _arrive(self) -> None:
        """Let them come; return when the last replacement has gone."""
        started, most = time.monotonic(), MOST_EVER * self._fans
        then = started
        while self._parade.started < most:
            now = time.monotonic()
            self._replaced += self._replacements(now - then) if now > started + ARRIVAL_SECONDS else 0.0
            due = self._fans * min(1.0, (now - started) / ARRIVAL_SECONDS) + self._replaced
            while self._parade.started < min(due, most) and len(self._parade) < self._fans:
                self._parade.add()
            then = now
            await asyncio.sleep(BEAT_SECONDS)
        await self._parade.drain()

    def _replacements(self, seconds: float) -> float:
        """How many come in `seconds` to fill the gaps: a trickle, and more while few are left in the line."""
        gaps = self._fans - len(self._parade)
        waiting = sum(record.stage == "waiting" for record in self._parade.living)
        per_second = self._fans / (300 if waiting > self._fans / 5 else 60)
        return min(gaps, per_second * seconds)

    async def _watch(self) -> None:
        """Return when the onsale has closed, or has not been heard of for `GONE_SECONDS`."""
        heard, luck = time.monotonic(), Random()  # noqa: S311  jitter needs no secrecy
        while time.monotonic() < heard + GONE_SECONDS:
            answer = await self._venue.front.send(Call("watch", "GET", self._venue.onsale_url, tries=1), luck)
            if answer.ok:
                heard = time.monotonic()
            if answer.body.get("identity") == "oidc":
                raise UnfitError(SIGN_IN)
            if answer.body.get("phase") == "closed":
                return
            await asyncio.sleep(WATCH_SECONDS)

    async def _report(self) -> None:
        """Print the summary now and then; return when nobody reads it any more."""
        with suppress(BrokenPipeError):
            while True:
                await asyncio.sleep(SUMMARY_SECONDS)
                sys.stdout.write(f"{self.summary()}\n")
                sys.stdout.flush()

    def _finish(self, record: Record) -> None:
        self._outcomes[record.outcome] += 1
        self._trouble = record.errors[-1] if record.errors else self._trouble


async def _until(stop: asyncio.Event) -> None:
    await stop.wait()


async def run(options: argparse.Namespace) -> None:
    """Let the crowd live. Raises ForeignAddressError."""
    url = options.url.rstrip("/")
    targets = Targets(options.i_own_this_target)
    targets.check(url)
    async with open_front(targets, Tally(KEPT_MEASUREMENTS), options.fans) as front:
        venue = Venue(front, StatusDesk(front, STATUS_AGE_SECONDS), url, options.onsale)
        await Crowd(venue, options.fans, options.seed).go(stop_on_signals())


def main(arguments: list[str] | None = None) -> int:
    """0 when it has ended, 2 when it may not start."""
    try:
        asyncio.run(run(parser("crowd", "A simulated crowd of mixed habits.", MOST_FANS).parse_args(arguments)))
    except (ForeignAddressError, UnfitError) as unfit:
        sys.stderr.write(f"{unfit}\n")
        return BAD_USAGE
    return 0


if __name__ == "__main__":
    sys.exit(main())
