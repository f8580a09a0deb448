"""A crowd that comes, leaves, buys and vanishes, and beside it some whose sockets break off again and again."""

import socket as sockets
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from random import Random

from websockets.exceptions import WebSocketException

from local.background import ROOT
from tests.journey.client import Fan, Onsale, ask

RESTLESS = 8
LONGEST_SECONDS = 3.0


@contextmanager
def churning(onsale: Onsale, fans: int) -> Iterator[None]:
    """The crowd of `make dev` for this onsale, and the restless ones, until the context is left."""
    over = threading.Event()
    with _crowd(onsale, fans), ThreadPoolExecutor(RESTLESS) as pool:
        coming = [pool.submit(_restless, onsale, over, Random(number)) for number in range(RESTLESS)]
        try:
            yield
        finally:
            over.set()
        for each in coming:
            each.result()


@contextmanager
def _crowd(onsale: Onsale, fans: int) -> Iterator[None]:
    words = ["--url", onsale.api.url, "--onsale", onsale.name, "--fans", str(fans)]
    process = subprocess.Popen([sys.executable, "-m", "tools.crowd", *words], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        yield
        assert process.poll() is None, "the crowd has gone by itself"
    finally:
        process.terminate()
        process.wait(30)


def _restless(onsale: Onsale, over: threading.Event, luck: Random) -> None:
    """Open a socket, ask, and be gone: one in two without a word. Whoever's turn is over comes anew."""
    fan: Fan | None = None
    while not over.is_set():
        fan = fan or onsale.join()
        with suppress(OSError, WebSocketException, TimeoutError), fan.socket() as socket:
            state = ask(socket, "place")["state"]
            over.wait(luck.uniform(0, LONGEST_SECONDS))
            if luck.random() < 1 / 2:
                socket.socket.shutdown(sockets.SHUT_RDWR)
            if state in ("expired", "left", "completed"):
                fan = None
