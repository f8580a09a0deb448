"""A fan's WebSocket: opened near the front, it rings when the turn has come."""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import aiohttp

from tools.front import Front
from tools.tally import LOST

MOST_OPENINGS = 5


class Doorbell:
    """One socket at a time, handed on message by message; opened `MOST_OPENINGS` times at most."""

    def __init__(self, front: Front, hear: Callable[[dict[str, Any]], None]) -> None:
        """`hear` takes each JSON object that arrives; it must not raise."""
        self._front = front
        self._hear = hear
        self._openings = 0
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._listener: asyncio.Task[None] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it could ring."""
        return self._socket is not None and not self._socket.closed

    @property
    def may_open(self) -> bool:
        """Whether opening it would be of use, and allowed once more."""
        return not self.is_open and self._openings < MOST_OPENINGS

    async def open(self, url: str, query: dict[str, str]) -> None:
        """Open it and ask for the place; a socket that does not open is tallied and left for a later try."""
        self._openings += 1
        started = time.perf_counter()
        try:
            self._socket = await self._front.connect(url, query)
            await self._socket.send_json({"action": "place"})
        except aiohttp.WSServerHandshakeError as refused:
            self._front.tally.failed("socket", refused.status, "")
        except (aiohttp.ClientError, OSError, TimeoutError) as lost:
            self._front.tally.failed("socket", LOST, type(lost).__name__)
        else:
            self._front.tally.took("socket", time.perf_counter() - started)
            self._listener = asyncio.create_task(self._listen(self._socket))

    async def close(self) -> None:
        """Close it, if it is open."""
        if self._listener:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)
        if self._socket:
            with suppress(aiohttp.ClientError, OSError, TimeoutError):
                await self._socket.close()

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            with suppress(ValueError):
                body = json.loads(message.data)
                if isinstance(body, dict):
                    self._hear(body)
