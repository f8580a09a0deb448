"""A room under a crowd that churns holds no more after twenty minutes than after five: memory, files, sockets, rows.

SOAK_MINUTES=5 make soak ARGS="-k churns" takes less time. What was held is printed.
"""

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from fairline.domain.figures import PERIOD_MS
from local.background import Room
from tests.journey.client import Onsale, eventually
from tests.journey.conftest import keeping
from tests.promises.load.churn import churning
from tests.promises.load.gauge import Gauge, Sample, level, table

MINUTES = float(os.environ.get("SOAK_MINUTES") or 20)
SAMPLES = 40
SECONDS = MINUTES * 60 / SAMPLES
"""Between two samples: half a minute of twenty."""
STEADY_FROM, LAST = SAMPLES // 4, SAMPLES // 8
"""The crowd is whole and everything is warm from a quarter on. Levels are means of an eighth."""

FANS = 150
POLICY = {"rate_per_minute": 240, "max_active": 60, "session_seconds": 60}

GROWS, SPARE_KB, SPARE_FILES = 1.10, 4_096, 16
"""A process may hold a tenth more than when all was steady, and a little: an allocator's slack, a pool's connection."""
PIPES = 3
"""That the room keeps open to each process of a function."""
KB_A_ROW, KB_A_MINUTE = 16, 1_024
"""The simulation of DynamoDB forgets nothing: rows, stream records, and an iterator for each reading of the stream."""
LEFT = 5
"""Sockets of hundreds that the table still names: `$disconnect` is tried once, and on a busy machine runs out of time.

The next push to them forgets them.
"""
BYTES_A_VISITOR = 400
"""Of the store: `called` and `ended` know everybody until a day after the closing."""
ROWS_A_SESSION, ONSALES = 3, 2
"""The crowd's onsale, and the closed one that every test's room has: each with figures of every ten seconds."""

pytestmark = [pytest.mark.soak, pytest.mark.timeout(MINUTES * 60 + 300)]


@dataclass(frozen=True)
class Evening:
    """Samples before the crowd came, while it churned, and after it had gone."""

    onsale: Onsale
    before: Sample
    samples: list[Sample]
    after: Sample
    known_sockets: int

    @property
    def steady(self) -> list[Sample]:
        """The first for which the crowd was whole."""
        return self.samples[STEADY_FROM : STEADY_FROM + LAST]

    @property
    def last(self) -> list[Sample]:
        """The last before it went."""
        return self.samples[-LAST:]

    def grown(self, what: str) -> float:
        """By how much more was held in the end than when all was steady."""
        return level(self.last, what) - level(self.steady, what)


@pytest.fixture(scope="module")
def evening(request: pytest.FixtureRequest) -> Iterator[Evening]:
    with Room() as room:
        onsale = keeping(room).onsale(**POLICY)
        onsale.join()
        gauge = Gauge(room)
        before, samples = gauge.look(), list[Sample]()
        with churning(onsale, FANS):
            for _ in range(SAMPLES):
                time.sleep(SECONDS)
                samples.append(gauge.look())
        after = eventually(gauge.look, lambda sample: sample.held["sockets"] == 0)
        eventually(gauge.known_sockets, lambda many: many <= LEFT)
        found = Evening(onsale, before, samples, gauge.look(), gauge.known_sockets())
        shown = [before, *samples[:: SAMPLES // 8], samples[-1], after]
        with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            sys.stdout.write(f"\n{MINUTES:g} minutes, {onsale.metrics()['issued']} places\n{table(shown)}\n")
        yield found


def kinds(evening: Evening, of: str) -> list[str]:
    """The processes that were there all the while."""
    there = [sample.held.keys() for sample in (*evening.steady, *evening.last)]
    return sorted(name for name in set.intersection(*map(set, there)) if name.startswith(f"{of} "))


def test_the_crowd_was_there_all_the_while(evening: Evening) -> None:
    """Or nothing else here says anything."""
    assert min(sample.held["sockets"] for sample in evening.samples[STEADY_FROM:]) > 0
    assert evening.onsale.metrics()["completed"] > 0
    assert evening.grown("rows sessions") > 0


def test_no_process_of_ours_grows(evening: Evening) -> None:
    names = [name for name in kinds(evening, "kB") if name not in ("kB aws", "kB in the store")]
    assert {"kB room", "kB valkey", "kB register", "kB place", "kB admit"} <= set(names)
    allowed = {name: level(evening.steady, name) * (GROWS - 1) + SPARE_KB for name in names}
    assert {name: evening.grown(name) for name in names if evening.grown(name) > allowed[name]} == {}


def test_the_simulation_of_dynamodb_grows_with_what_it_is_told_to_keep(evening: Evening) -> None:
    rows = sum(evening.grown(f"rows {name}") for name in ("sessions", "connections", "seats", "onsales", "keys"))
    assert evening.grown("kB aws") <= rows * KB_A_ROW + MINUTES * KB_A_MINUTE + SPARE_KB


def test_no_process_keeps_files_or_sockets_open(evening: Evening) -> None:
    names = kinds(evening, "files")
    assert {name: evening.grown(name) for name in names if evening.grown(name) > SPARE_FILES} == {}
    before, after = evening.before.held, evening.after.held
    pipes = PIPES * (after["processes"] - before["processes"])
    assert after["files room"] <= before["files room"] + pipes + SPARE_FILES


def test_no_socket_is_left_when_everybody_has_gone(evening: Evening) -> None:
    assert evening.after.held["sockets"] == 0
    assert evening.known_sockets <= LEFT


def test_the_store_holds_one_onsale_and_its_visitors(evening: Evening) -> None:
    assert evening.grown("keys") <= 0
    visitors = evening.onsale.metrics()["issued"]
    assert evening.grown("kB in the store") <= visitors * BYTES_A_VISITOR / 1024 + 64


def test_rows_are_those_of_sessions_places_seats_and_figures_and_none_beside(evening: Evening) -> None:
    """DynamoDB deletes them by `delete_after`, which the simulation does not."""
    metrics, held = evening.onsale.metrics(), evening.after.held
    assert held["rows sessions"] <= metrics["issued"] * ROWS_A_SESSION
    assert held["rows connections"] <= metrics["issued"]
    periods = (MINUTES + 1) * 60_000 / PERIOD_MS
    assert held["rows onsales"] - evening.before.held["rows onsales"] <= ONSALES * periods
    assert held["rows keys"] == evening.before.held["rows keys"]
