"""Where fans read the status document."""

import asyncio
import time
from random import Random

from tools.front import Answer, Call, Front
from tools.waiting import Status


class StatusDesk:
    """Reads the document, for everybody at once if it may be `max_age_seconds` old, as a CDN would.

    Without an age every reading is a request of its own.
    """

    def __init__(self, front: Front, max_age_seconds: float = 0.0) -> None:
        self._front = front
        self._max_age_seconds = max_age_seconds
        self._lock = asyncio.Lock()
        self._answer = Answer(0)
        self._read_at = float("-inf")

    async def read(self, url: str, rng: Random) -> Status | Answer:
        """The document, or the answer that was none. Tried once: the next poll is the retry."""
        answer = await (self._shared(url, rng) if self._max_age_seconds else self._fetch(url, rng))
        try:
            return Status.of(answer.body) if answer.ok else answer
        except (KeyError, TypeError, ValueError):
            self._front.tally.failed("status", answer.status, "unreadable")
            return answer

    async def _shared(self, url: str, rng: Random) -> Answer:
        async with self._lock:
            if time.monotonic() - self._read_at > self._max_age_seconds:
                self._answer = await self._fetch(url, rng)
                self._read_at = time.monotonic()
            return self._answer

    async def _fetch(self, url: str, rng: Random) -> Answer:
        return await self._front.send(Call("status", "GET", url, tries=1), rng)
