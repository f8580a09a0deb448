"""`python -m tools.smoke --url https://tickets.example.com`."""

import asyncio
import secrets
import sys
import time
from collections.abc import Sequence

from rich.console import Console

from fairline.domain.errors import FairlineError
from tools.fan import Venue
from tools.front import RefusedError, open_front
from tools.operator.refusals import cause_of
from tools.options import BAD_USAGE, stop_on_signals
from tools.smoke.access import operators
from tools.smoke.journey import JOURNEY
from tools.smoke.options import Target, UnclearError, parse, target
from tools.smoke.report import Paper, is_good
from tools.smoke.scene import Scene
from tools.smoke.steps import Result, Show, Step, take_all
from tools.status_desk import StatusDesk
from tools.tally import Tally
from tools.target import Targets

CONNECTIONS = 8


class Told(Targets):
    """Whatever the deployment names as its own: three fans are no load, and the operator has shown whose it is."""

    def check(self, url: str) -> str:
        """The same `url`."""
        return url


async def run(found: Target, show: Show, steps: Sequence[Step] = JOURNEY) -> list[Result]:
    """What came of each step. Raises UnclearError or RefusedError before any was taken."""
    async with open_front(Told(), Tally(), CONNECTIONS) as front:
        venue = Venue(front, StatusDesk(front), found.url, f"smoke-{secrets.token_hex(5)}")
        scene = Scene(venue, await operators(front, found), api_url=found.api_url, id_tokens=found.id_tokens)
        taking = asyncio.create_task(take_all(steps, scene, found.seconds, show))
        ending = asyncio.create_task(stop_on_signals().wait())
        await asyncio.wait((taking, ending), return_when=asyncio.FIRST_COMPLETED)
        if not taking.done():
            taking.cancel()
        ending.cancel()
        return await taking


def main(arguments: list[str] | None = None) -> int:
    """0: good; 1: not good; 2: nothing was tried."""
    options = parse(arguments)
    console = Console(markup=False, emoji=False, highlight=False)
    paper, started = Paper(console), time.monotonic()
    try:
        found = target(options)
        results = asyncio.run(run(found, paper.show))
    except (UnclearError, RefusedError, FairlineError) as unclear:
        sys.stderr.write("\n  ".join(filter(None, (f"smoke: {unclear}", cause_of(unclear)))) + "\n")
        return BAD_USAGE
    except asyncio.CancelledError:
        sys.stderr.write("smoke: ended before it was done\n")
        return 1
    paper.verdict(results, found.url, time.monotonic() - started)
    return 0 if is_good(results) else 1


if __name__ == "__main__":
    sys.exit(main())
