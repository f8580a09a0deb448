"""Ticks every live onsale until a deadline, each on its own, so that one that fails delays no other."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairline.usecases.admit import Admitter, TickReport
    from fairline.usecases.ports import Onsales

PERIOD_SECONDS = 0.75
"""Shorter than the bucket is deep (one second), so that a tick that comes a little late costs no admission."""

REST_SECONDS = 30.0
"""Between ticks of an onsale that is over. A day may have many of them."""

LOOK_SECONDS = 1.0
"""How often to look for onsales that have become live."""


class Ticker:
    """Runs ticks. `clock` gives monotonic seconds, `now` milliseconds to find out what is live.

    `report` is told of each tick that did something and how many seconds it took, `failed` of each that could not.
    """

    def __init__(  # noqa: PLR0913 - its world, handed in by name
        self,
        admitter: Admitter,
        onsales: Onsales,
        *,
        clock: Callable[[], float],
        now: Callable[[], int],
        report: Callable[[TickReport, float], None],
        failed: Callable[[str, Exception], None],
    ) -> None:
        self._admitter = admitter
        self._onsales = onsales
        self._clock = clock
        self._now = now
        self._report = report
        self._failed = failed
        self._live: frozenset[str] = frozenset()

    def run(self, seconds: float) -> int:
        """Tick for `seconds`, or return after one look if nothing is live. How many onsales were ticked."""
        deadline = self._clock() + seconds
        threads: dict[str, threading.Thread] = {}
        while self._look() and self._clock() < deadline:
            for name in self._live - {name for name, thread in threads.items() if thread.is_alive()}:
                threads[name] = threading.Thread(target=self._keep, args=(name, deadline), name=f"tick-{name}")
                threads[name].start()
            threading.Event().wait(LOOK_SECONDS)
        for thread in threads.values():
            thread.join()
        return len(threads)

    def _look(self) -> bool:
        """Find what is live; False if nothing is. What could not be read stays as it was."""
        try:
            self._live = frozenset(self._onsales.live(self._now()))
        except Exception as error:  # noqa: BLE001 - whatever it is, the next look may succeed
            self._failed("*", error)
            return True
        return bool(self._live)

    def _keep(self, name: str, deadline: float) -> None:
        """Tick one onsale each period until the deadline, or until it is live no more."""
        due = self._clock()
        while due < deadline and name in self._live:
            threading.Event().wait(max(0, due - self._clock()))
            over = self._tick(name)
            due = max(due + (REST_SECONDS if over else PERIOD_SECONDS), self._clock())

    def _tick(self, name: str) -> bool:
        """Tick once; whether the onsale is over."""
        begun = self._clock()
        try:
            report = self._admitter.tick(name)
        except Exception as error:  # noqa: BLE001 - one failed tick must not end the others
            self._failed(name, error)
            return False
        if report:
            self._report(report, self._clock() - begun)
        return report is not None and report.over
