"""The stand-in room, serving."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn

from tests.frontend.script import Script
from tests.frontend.stand_in import stand_in


@dataclass
class Room:
    """The running stand-in. A fresh `script` makes it a fresh room."""

    url: str
    script: Script = field(default_factory=Script)


@contextmanager
def serving() -> Iterator[Room]:
    """The stand-in at an address of its own, stopped afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        room = Room(f"http://127.0.0.1:{listening.getsockname()[1]}")
        config = uvicorn.Config(
            stand_in(lambda: room.script, room.url.replace("http", "ws")),
            log_level="error",
            lifespan="off",
            ws="websockets-sansio",
        )
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, args=([listening],))
        thread.start()
        yield room
        running.should_exit = True
        running.force_exit = True
        thread.join(10)
