"""The report of a load run: for programs as one object, for people as tables."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Group
from rich.table import Table

from tools.figures import Spread, inversions, per_second, started_ms, turns
from tools.record import Record
from tools.tally import LOST, Tally

TOLERATED = ("unfinished", "closed", "sold out", "bought")
"""Outcomes that say nothing against the room: time ran out, or seats did."""


@dataclass(frozen=True)
class Report:
    """What a run found. Spreads are in milliseconds, rates per second."""

    fans: int
    registrations_per_second: float
    admissions_per_second: float
    spreads: dict[str, Spread]
    outcomes: dict[str, int]
    learned: dict[str, int]
    pushes_missed: int
    failures: list[tuple[str, int, str, int]]
    """The call, the status (0 for a lost one), the problem, and how often."""
    unexpected: int
    inversions: int
    first_errors: list[str]

    @property
    def passed(self) -> bool:
        """Whether the order was kept and nothing failed that should not."""
        return self.inversions == 0 and self.unexpected == 0

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self) | {"order_kept": self.inversions == 0, "passed": self.passed}


def report(records: list[Record], tally: Tally, session_ms: float) -> Report:
    """What `records` and `tally` add up to, with sessions of `session_ms`."""
    outcomes = Counter[str](record.outcome for record in records)
    failed_journeys = sum(n for outcome, n in outcomes.items() if outcome not in TOLERATED)
    starts = [start for record in records if (start := started_ms(record, session_ms)) is not None]
    return Report(
        fans=len(records),
        registrations_per_second=round(per_second(r.registered_ms for r in records if r.registered_ms), 1),
        admissions_per_second=round(per_second(starts), 1),
        spreads=_spreads(records, tally, session_ms),
        outcomes=dict(outcomes.most_common()),
        learned=dict(Counter(record.learned for record in records if record.learned)),
        pushes_missed=sum(r.push_due and r.pushed_ms is None for r in records if r.admitted_ms and _over(r)),
        failures=[(*failure, count) for failure, count in tally.failures.most_common()],
        unexpected=tally.unexpected + failed_journeys,
        inversions=inversions(turns(records, session_ms)),
        first_errors=[error for record in records for error in record.errors][:5],
    )


def _over(record: Record) -> bool:
    return record.outcome != "unfinished"


def _spreads(records: list[Record], tally: Tally, session_ms: float) -> dict[str, Spread]:
    pushes = [r.pushed_ms - start for r in records if r.pushed_ms and (start := started_ms(r, session_ms)) is not None]
    measured = {"push delay": pushes} | {call: [s * 1000 for s in took] for call, took in tally.seconds.items()}
    return {name: spread for name, values in measured.items() if (spread := Spread.of(values))}


def tables(found: Report) -> Group:
    """The report for a terminal."""
    parts = [_summary(found), _latencies(found)]
    if found.failures:
        parts.append(_failures(found))
    return Group(*parts)


def _summary(found: Report) -> Table:
    table = Table(title=f"{found.fans} fans", title_justify="left", show_header=False)
    table.add_row("registrations/s", f"{found.registrations_per_second:.1f}")
    table.add_row("admissions/s", f"{found.admissions_per_second:.1f}")
    table.add_row("outcomes", _counts(found.outcomes))
    table.add_row("learned of their turn by", _counts(found.learned))
    table.add_row("pushes that never came", str(found.pushes_missed))
    table.add_row("order", "[green]kept" if not found.inversions else f"[red]{found.inversions} inversions")
    table.add_row("unexpected errors", f"[{'red' if found.unexpected else 'green'}]{found.unexpected}")
    for error in found.first_errors:
        table.add_row("for example", error)
    return table


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "nobody"


def _latencies(found: Report) -> Table:
    table = Table("milliseconds", *(("count", "p50", "p90", "p99", "max")), title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, spread in found.spreads.items():
        figures = (spread.p50, spread.p90, spread.p99, spread.max)
        table.add_row(name, str(spread.count), *(f"{figure:.1f}" for figure in figures))
    return table


def _failures(found: Report) -> Table:
    table = Table("call", "status", "problem", "count")
    for call, status, problem, count in found.failures:
        table.add_row(call, "lost" if status == LOST else str(status), problem, str(count))
    return table
