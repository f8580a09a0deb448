"""An ASGI server on a port of 127.0.0.1, within the room's own event loop."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.types import ASGIApp

from local.websocket_api import FRAME_LIMITS

GRACE_SECONDS = 2


class QuietServer(uvicorn.Server):
    """uvicorn without its own handling of signals: the room ends everything in order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


def bind(port: int) -> socket.socket:
    """A socket bound to a port of 127.0.0.1, 0 for a free one. Raises OSError when it is taken."""
    # Said to be TCP: asyncio turns Nagle's algorithm off only where it knows, and answers would wait 40 ms for it.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(("127.0.0.1", port))
    except OSError:
        bound.close()
        raise
    return bound


def port_of(bound: socket.socket) -> int:
    """The port of a bound socket."""
    return int(bound.getsockname()[1])


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, bound: socket.socket) -> AsyncIterator[None]:
    """Serve `app` while in the context; connections then have two seconds to end."""
    server = QuietServer(_config(app))
    task = asyncio.create_task(server.serve([bound]))
    try:
        while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn offers nothing to wait for
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await task


def _config(app: ASGIApp) -> uvicorn.Config:
    """As API Gateway: no compression, no pings of its own on WebSockets, addresses as seen, not as claimed."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=FRAME_LIMITS,  # type: ignore[arg-type]  # handed as it is to websockets, which takes both limits
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
