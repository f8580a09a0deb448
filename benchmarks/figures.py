"""Measuring side by side, and printing what came of it."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Literal

Call = Callable[[int], object]
"""What is measured; it is handed the number of the call."""


@dataclass(frozen=True)
class Comparison:
    """Calls a second of a subject and its baseline, and the median of the ratios of their rounds."""

    subject: float
    baseline: float
    ratio: float


@dataclass(frozen=True)
class Figure:
    """One row of the table. `budget` bounds the ratio, or the figure itself where there is no baseline."""

    name: str
    figure: float
    unit: str
    budget: float
    keep: Literal["above", "below"]
    baseline: float | None = None
    ratio: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the budget is kept."""
        value = self.figure if self.ratio is None else self.ratio
        return value >= self.budget if self.keep == "above" else value <= self.budget


def seconds_each(call: Call, first: int, calls: int) -> float:
    """Seconds for one call of `calls`, numbered from `first`; the collector waits outside."""
    gc.collect()
    gc.disable()
    try:
        begun = time.perf_counter()
        for number in range(first, first + calls):
            call(number)
        return (time.perf_counter() - begun) / calls
    finally:
        gc.enable()


def compare(subject: Call, baseline: Call, *, calls: int, rounds: int = 9) -> Comparison:
    """Both in turns, so that whatever else the machine does hits both; the first round only warms up.

    What was there before is not looked through by the collector, each time anew.
    """
    gc.freeze()
    try:
        took = [
            (seconds_each(subject, number * calls, calls), seconds_each(baseline, number * calls, calls))
            for number in range(rounds + 1)
        ][1:]
    finally:
        gc.unfreeze()
    ratio = median(theirs / ours for ours, theirs in took)
    return Comparison(1 / min(ours for ours, _ in took), 1 / min(theirs for _, theirs in took), ratio)


def show(title: str, *rows: Figure) -> None:
    """Print a small table."""
    print(f"\n{title}\n")
    print(f"  {'':44} {'figure':>12} {'baseline':>12} {'ratio':>7}  budget")
    for row in rows:
        baseline = "" if row.baseline is None else f"{row.baseline:,.1f}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        sign = "≥" if row.keep == "above" else "≤"
        verdict = "kept" if row.kept else "MISSED"
        figure = f"{row.figure:,.1f}"
        print(f"  {row.name:44} {figure:>12} {baseline:>12} {ratio:>7}  {sign} {row.budget:g} {row.unit}: {verdict}")
    print()
