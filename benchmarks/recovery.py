"""How long a sale takes to go on after its cache died, and how it serves then against before: about three minutes.

A crowd registers, asks and buys all the while, with the lease, the return window and the time-outs as deployed.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.figures import Figure, show
from fairline.domain.tick import LEASE_MS
from fairline.usecases.admit import RETURN_MS
from fairline.usecases.ticker import PERIOD_SECONDS
from tests.handlers.cloud import forget
from tests.promises.faults import night as nights
from tests.promises.faults.night import Fan, Night, impatient, in_full_swing, now_ms
from tests.promises.faults.pair import Pair, fails_over, replicated
from tests.promises.faults.wire import Wire
from tests.races.test_two_tickers import until
from tests.support.valkey import client_of, valkey_server

POLICY = {"rate_per_minute": 900, "max_active": 10_000}
FANS, OUTAGE_SECONDS = 600, 30
SLICES, SLICE_SECONDS = 5, 0.8
TIMEOUT_SECONDS = 2.0
LEAST = 0.8
NEXT_TICK = 4 * PERIOD_SECONDS
RETURNED = RETURN_MS / 1000 + NEXT_TICK
"""Nobody is let in until those who waited have had time to return."""


@dataclass
class Stage:
    """A night, and what can be done to its store."""

    night: Night
    wire: Wire
    pair: Pair
    probes: int = 1_000_000

    def registers(self) -> bool:
        """Whether somebody new is given a place."""
        self.probes += 1
        return Fan(self.night.sale, self.probes, 0).comes().status == 201  # noqa: PLR2004 - created

    def registrations_a_second(self) -> float:
        """In one thread while the crowd pauses: the best of some slices, as other work only slows them."""
        self.rest(away=True)
        try:
            return max(self._slice() for _ in range(SLICES))
        finally:
            self.rest(away=False)

    def _slice(self) -> float:
        begun, made = time.perf_counter(), 0
        while time.perf_counter() < begun + SLICE_SECONDS:
            made += self.registers()
        return made / (time.perf_counter() - begun)

    def rest(self, *, away: bool) -> None:
        """Let the crowd do nothing, or go on."""
        for fan in self.night.fans:
            fan.away = away

    def let_in_since(self, moment_ms: int) -> bool:
        """Whether anybody has been let in."""
        return any(start.started_at_ms > moment_ms for start in self.night.sale.starts())


@contextmanager
def stage() -> Iterator[Stage]:
    """A night in full swing, over a store with a replica, reached through a wire."""
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory() as directory,
        valkey_server(Path(directory)) as port,
        client_of(port) as direct,
        replicated(direct, Path(directory)) as pair,
    ):
        patch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
        patch.setattr(nights, "TICK_SECONDS", PERIOD_SECONDS)
        wire = Wire(port)
        with impatient(wire.port, TIMEOUT_SECONDS) as client:
            night = Night(patch, client, FANS, **POLICY)
            with night.under_way():
                in_full_swing(night)
                yield Stage(night, wire, pair)
                wire.mend()
        wire.end()
    forget()


def wiped(on: Stage) -> None:
    """Everything is gone at once."""
    on.pair.primary.flushall()


def unreachable(on: Stage) -> None:
    """No connection for half a minute."""
    on.wire.cut()
    time.sleep(OUTAGE_SECONDS)
    on.wire.mend()


def failed_over(on: Stage) -> None:
    """To a replica that lacks three seconds."""
    on.pair.between.hold()
    time.sleep(3)
    fails_over(on.night, on.wire, on.pair, LEASE_MS)


def full(on: Stage) -> None:
    """No memory for half a minute."""
    store = on.pair.primary
    store.config_set("maxmemory", 1)
    time.sleep(OUTAGE_SECONDS)
    store.config_set("maxmemory", 0)


def measured(name: str, fault: Callable[[Stage], None], budget: float) -> list[Figure]:
    """The rows of one fault: until registering, until admitting, and the rates before and after."""
    with stage() as on:
        before = on.registrations_a_second()
        fault(on)
        whole_ms = now_ms()
        until(on.registers)
        registering = (now_ms() - whole_ms) / 1000
        until(lambda: on.let_in_since(whole_ms))
        admitting = (now_ms() - whole_ms) / 1000
        after = on.registrations_a_second()
    return [
        Figure(f"{name}: until somebody new registers", registering, "s", NEXT_TICK, "below"),
        Figure(f"{name}: until somebody is let in", admitting, "s", budget, "below"),
        Figure(
            f"{name}: registrations a second after", after, "of those before", LEAST, "above", before, after / before
        ),
    ]


def main() -> None:
    """Each fault in a night of its own."""
    rows = [
        *measured("wiped", wiped, RETURNED),
        *measured(f"unreachable {OUTAGE_SECONDS} s", unreachable, NEXT_TICK),
        *measured("failed over", failed_over, RETURNED),
        *measured(f"full {OUTAGE_SECONDS} s", full, NEXT_TICK),
    ]
    show("Recovery, in seconds from when the store is there again", *rows)


if __name__ == "__main__":
    main()
