"""Ten times what a stage takes, and among them visitors who come back as the page does."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.journey.client import Onsale
from tools.front import Answer, Call, Front, open_front
from tools.tally import Tally
from tools.target import Targets

TIMES = 10
AT_ONCE = 100
PRESSES = 10
"""How often somebody restless presses the button, without ever waiting."""
PATIENCE = 1_000
"""Tries, each after the pause that the page makes: twelve by itself, and more whenever its button is pressed."""
LOOK_SECONDS = 0.2


@dataclass
class Flood:
    """What it was answered, and what was seen of the line meanwhile."""

    onsale: Onsale
    restless: list[Answer] = field(default_factory=list)
    patient: list[Answer] = field(default_factory=list)
    """What those who came back were answered in the end."""
    statuses: list[dict[str, Any]] = field(default_factory=list)
    """Status documents, one after the other."""
    tally: Tally = field(default_factory=Tally)
    seconds: float = 0.0

    @property
    def refusals(self) -> Counter[int]:
        """By status, those included that somebody patient got over."""
        counted: Counter[int] = Counter()
        for (call, status, _), many in self.tally.failures.items():
            counted[status] += many if call == "register" else 0
        return counted

    def comes(self, rate: int, seconds: int, patient: int) -> "Flood":
        """Ten times `rate` a second come in even steps, `patient` of them of the patient kind."""
        status_url = str(self.onsale.describe()["status_url"])
        begun = time.monotonic()
        asyncio.run(self._comes(rate * TIMES, seconds, patient, status_url))
        self.seconds = time.monotonic() - begun
        return self

    async def _comes(self, a_second: int, seconds: int, patient: int, status_url: str) -> None:
        many = a_second * seconds
        async with open_front(Targets(), self.tally, AT_ONCE + patient) as front:
            watching = asyncio.create_task(self._watches(front, status_url))
            async with asyncio.TaskGroup() as group:
                waiting = group.create_task(self._patient(front, seconds / patient, patient))
                pressing = group.create_task(self._restless(front, 1 / a_second, many))
            watching.cancel()
        self.patient, self.restless = waiting.result(), pressing.result()

    async def _patient(self, front: Front, every_seconds: float, many: int) -> list[Answer]:
        coming = []
        for number in range(many):
            coming.append(asyncio.create_task(self._registers(front, f"patient-{number}", PATIENCE)))
            await asyncio.sleep(every_seconds)
        return await asyncio.gather(*coming)

    async def _restless(self, front: Front, every_seconds: float, many: int) -> list[Answer]:
        pressing, turns = [], asyncio.Semaphore(AT_ONCE)
        for number in range(many):
            await turns.acquire()
            pressing.append(asyncio.create_task(self._registers(front, f"restless-{number // PRESSES}", 1)))
            pressing[-1].add_done_callback(lambda _: turns.release())
            await asyncio.sleep(every_seconds)
        return await asyncio.gather(*pressing)

    async def _registers(self, front: Front, who: str, tries: int) -> Answer:
        url = f"{self.onsale.api.url}{self.onsale.path}/registrations"
        key = {"Idempotency-Key": f"{who}-of-{self.onsale.name}"}
        return await front.send(Call("register", "POST", url, headers=key, tries=tries), Random())

    async def _watches(self, front: Front, status_url: str) -> None:
        look = Call("status", "GET", status_url, tries=1)
        while True:
            seen = await front.send(look, Random())
            self.statuses += [seen.body] if seen.ok else []
            await asyncio.sleep(LOOK_SECONDS)
