"""What the crowd and the load generator have in common on their command lines, and before they start."""

import argparse
import asyncio
import signal
from collections.abc import Callable
from random import Random

from tools.front import Call, Front, RefusedError
from tools.target import Targets

BAD_USAGE = 2
SIGN_IN = "This onsale wants visitors to sign in, which simulated fans cannot."
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class UnfitError(Exception):
    """An onsale that simulated fans cannot take part in."""


def within(least: float, most: float) -> Callable[[str], float]:
    """A number between `least` and `most`, for argparse."""

    def number(text: str) -> float:
        value = float(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not between {least:g} and {most:g}")
        return value

    return number


def count(most: int) -> Callable[[str], int]:
    """A whole number from 1 to `most`, for argparse."""

    def number(text: str) -> int:
        value = int(text)
        if not 1 <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not between 1 and {most}")
        return value

    return number


def parser(prog: str, description: str, most_fans: int) -> argparse.ArgumentParser:
    """A parser with the options that say whom to send where."""
    options = argparse.ArgumentParser(prog=prog, description=description)
    options.add_argument("--url", required=True, help="the front address, such as http://127.0.0.1:8000")
    options.add_argument("--onsale", default="demo", help="which onsale (default: demo)")
    options.add_argument("--fans", type=count(most_fans), default=300, help=f"how many fans, at most {most_fans}")
    options.add_argument("--seed", type=int, help="repeat the habits of an earlier run")
    options.add_argument(
        "--i-own-this-target",
        action="append",
        default=[],
        metavar="HOST",
        help="confirm that HOST, which is not this machine, is yours to load; repeat it for the hosts of sockets and "
        "status documents",
    )
    return options


async def inspect(front: Front, targets: Targets, url: str) -> None:
    """See whether fans can take part in the onsale at `url`, and may call every host it names.

    Raises UnfitError, RefusedError when there is no answer, ForeignAddressError.
    """
    answer = await front.send(Call("onsale", "GET", url, tries=3), Random(0))  # noqa: S311  jitter needs no secrecy
    if not answer.ok:
        raise RefusedError("onsale", answer)
    if answer.body.get("identity") == "oidc":
        raise UnfitError(SIGN_IN)
    for field in ("websocket_url", "status_url"):
        targets.check(str(answer.body.get(field)))


def stop_on_signals() -> asyncio.Event:
    """An event that is set once somebody asks this program to end."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop.set)
    return stop
