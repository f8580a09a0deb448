"""Many fans in one event loop, each a task of its own."""

import asyncio
from collections.abc import Callable
from random import Random

from tools.behaviour import Behaviour
from tools.fan import Fan, Venue
from tools.record import Record
from tools.tally import LOST

Draw = Callable[[Random], Behaviour]


class Parade:
    """Starts fans and follows them to their end, told to `finish` once each."""

    def __init__(self, venue: Venue, draw: Draw, seed: int | None, finish: Callable[[Record], None]) -> None:
        """`draw` gives each fan its behaviour. The same `seed` repeats habits and choices, never the visitors' keys."""
        self._venue = venue
        self._draw = draw
        self._seeds = Random(seed)  # noqa: S311  habits of simulated fans, not secrets
        self._finish = finish
        self._living: dict[asyncio.Task[Record], Fan] = {}
        self.started = 0

    @property
    def living(self) -> list[Record]:
        """The records of all that are on their way."""
        return [fan.record for fan in self._living.values()]

    def __len__(self) -> int:
        return len(self._living)

    def add(self) -> None:
        """Send one more fan."""
        rng = Random(self._seeds.getrandbits(64))  # noqa: S311  as above
        fan = Fan(self._venue, self._draw(rng), rng)
        task = asyncio.create_task(fan.live())
        self._living[task] = fan
        self.started += 1
        task.add_done_callback(self._done)

    async def drain(self) -> None:
        """Wait until everybody who is on the way now has come to an end."""
        await asyncio.gather(*self._living, return_exceptions=True)

    async def disperse(self) -> None:
        """Send everybody home; who is still on the way stays `unfinished`."""
        for task in self._living:
            task.cancel()
        await self.drain()

    def _done(self, task: asyncio.Task[Record]) -> None:
        record = self._living.pop(task).record
        if not task.cancelled() and (error := task.exception()):
            record.outcome = "failed"
            record.errors.append(repr(error))
            self._venue.front.tally.failed("fan", LOST, type(error).__name__)
        self._finish(record)
