"""`python -m local`: open the room, say where it is, close it on Ctrl-C."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local.settings import Settings

LAYER = Path(__file__).resolve().parent.parent / "layers" / "fairline" / "python"
WELCOME = """
  {page}

  Worth typing next, in another terminal:
    bin/fairline --local status demo --watch
    bin/fairline --local rate demo 600
    make load FANS=500

  Ctrl-C ends the room and leaves nothing behind.
"""


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    """What the command line says; PORT, CROWD and FAIRLINE_ROOM of the environment are the defaults."""
    parser = argparse.ArgumentParser(prog="python -m local", description="Fairline on this machine.")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 0), help="front port (default: free)")
    parser.add_argument("--crowd", type=int, default=int(os.environ.get("CROWD") or 0), help="simulated fans")
    parser.add_argument("--identity", choices=("guest", "oidc"), default="guest")
    limit = "new places for guests of one address, in one onsale (default: 0, any number)"
    parser.add_argument("--guest-places-per-address", type=int, default=0, metavar="N", help=limit)
    parser.add_argument("--guest-one-per-browser", action="store_true", help="one place for each browser of a guest")
    for name, what in (("registration", "joining and asking for one's place, each"), ("api", "all other requests")):
        told = f"{what}: requests a second, burst (default: any number)"
        parser.add_argument(f"--{name}-throttle", type=pair, default=(), metavar="RATE,BURST", help=told)
    parser.add_argument("--no-demo", dest="demo", action="store_false", help="open without the onsale `demo`")
    room = Path(os.environ.get("FAIRLINE_ROOM") or ".room")
    parser.add_argument("--directory", type=Path, default=room, help="where room.json and the logs go")
    parser.add_argument("--lambdas", type=Path, help="another folder of functions")
    return parser.parse_args(words)


def pair(text: str) -> tuple[int, int]:
    """Two whole numbers with a comma between them, for argparse."""
    rate, burst = (int(part) for part in text.split(","))
    return rate, burst


def settings(options: argparse.Namespace) -> "Settings":
    """The room's settings, from the command line."""
    from local.settings import Settings

    given = {name: value for name, value in vars(options).items() if value is not None}
    if options.lambdas:
        given["lambdas"] = options.lambdas.resolve()
    return Settings(**given)


async def run(chosen: "Settings") -> None:
    """Keep the room open until a signal ends it."""
    from local.room import open_room

    end_on_signals()
    async with open_room(chosen) as room:
        page = f"{room.url}/?onsale=demo" if chosen.demo else room.url
        print(WELCOME.format(page=page), flush=True)  # noqa: T201 - the one thing this command is to say
        await asyncio.Event().wait()


def end_on_signals() -> None:
    """Let the first signal cancel what runs; closing then takes its course, whatever comes after."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def end() -> None:
        for name in names:
            loop.remove_signal_handler(name)
            signal.signal(name, signal.SIG_IGN)
        if task:
            task.cancel()

    for name in names:
        loop.add_signal_handler(name, end)


def main() -> None:
    """Open the room; what prevents it is said in a sentence."""
    sys.path.insert(0, str(LAYER))  # the layer is a folder, as in Lambda, not an installed package
    from local.directory import RoomError

    logging.basicConfig(format="%(name)s: %(message)s", level=logging.WARNING)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(run(settings(arguments())))
    except RoomError as error:
        sys.exit(f"The room does not open: {error}")


if __name__ == "__main__":
    main()
