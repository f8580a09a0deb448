"""How stream records reach a function: in batches, in order per item, at least once, with bounded retries."""

import asyncio
import json
import random
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from local.worker import FunctionError

Record = dict[str, Any]
Consumer = Callable[[list[Record]], Awaitable[Any]]
"""Given a batch, answers `{"batchItemFailures": [{"itemIdentifier": sequence number}]}` or raises FunctionError."""

BATCH_SIZE = 100
RETRIES = 3
FIRST_BACK_OFF_SECONDS = 0.2


class FailureQueue:
    """Where records go that no retry could deliver: a file of JSON lines, and a count."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.records = 0

    def put(self, records: list[Record]) -> None:
        """Keep records for a person to look at."""
        self.records += len(records)
        with self._path.open("a", encoding="utf-8") as lines:
            lines.writelines(json.dumps(record) + "\n" for record in records)


class Lanes:
    """Records of one item always take the same lane, and a lane delivers one batch after another."""

    def __init__(
        self, consumer: Consumer, failures: FailureQueue, *, count: int = 2, back_off: float = FIRST_BACK_OFF_SECONDS
    ) -> None:
        self._consumer = consumer
        self._failures = failures
        self._back_off = back_off
        self._lanes: list[asyncio.Queue[Record]] = [asyncio.Queue() for _ in range(count)]
        self.delivered = 0

    def put(self, record: Record, item: str) -> None:
        """Queue a record behind the earlier ones of the same item."""
        self._lanes[zlib.crc32(item.encode()) % len(self._lanes)].put_nowait(record)

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with asyncio.TaskGroup() as group:
            for lane in self._lanes:
                group.create_task(self._run(lane))

    async def _run(self, lane: asyncio.Queue[Record]) -> None:
        while True:
            batch = [await lane.get()]
            while len(batch) < BATCH_SIZE and not lane.empty():
                batch.append(lane.get_nowait())
            await self.deliver(batch)

    async def deliver(self, batch: list[Record]) -> None:
        """Have a batch consumed, from where it failed on; halved while it fails; at last given up."""
        attempt = 0
        while batch:
            done = await self._attempt(batch)
            self.delivered += done
            batch, attempt = batch[done:], 0 if done else attempt + 1
            if not batch:
                return
            if not done and len(batch) > 1:
                middle = len(batch) // 2
                await self.deliver(batch[:middle])
                batch, attempt = batch[middle:], 0
            elif attempt > RETRIES:
                self._failures.put(batch)
                return
            await asyncio.sleep(self._back_off * 2**attempt * random.uniform(0.5, 1))  # noqa: S311 - jitter, no secret

    async def _attempt(self, batch: list[Record]) -> int:
        """How many records, from the first on, need not be delivered again."""
        try:
            answer = await self._consumer(batch)
        except FunctionError:
            return 0
        return _done(batch, answer)


def _done(batch: list[Record], answer: Any) -> int:
    """Records before the first one reported as failed; none when the report makes no sense."""
    places = {record["dynamodb"]["SequenceNumber"]: place for place, record in enumerate(batch)}
    try:
        failed = [places[failure["itemIdentifier"]] for failure in (answer or {}).get("batchItemFailures") or []]
    except (AttributeError, KeyError, TypeError):
        return 0
    return min(failed, default=len(batch))
