"""Logs and metrics by Powertools, made on first use so that importing a handler reads no environment."""

import threading
import time
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools import Logger, Metrics

NAMESPACE = "Fairline"
"""Unless the environment names another: two deployments in one account are told apart by it."""

UNITS = {"StatusAge": "Seconds", "TickTime": "Milliseconds"}
"""Of metrics that are no counts."""

BY_THE_SECOND = frozenset({"StatusAge", "Unavailable"})
"""Metrics whose alarms cannot wait for a minute to be over."""

TALLY_SECONDS = 5.0

_one_line = threading.Lock()


@cache
def logger() -> "Logger":
    """The structured logger; its service name is the function's. Never hand it a token or an identity."""
    from aws_lambda_powertools import Logger

    return Logger()


@cache
def _metrics() -> "Metrics":
    from aws_lambda_powertools import Metrics

    metrics = Metrics()
    metrics.namespace = metrics.namespace or NAMESPACE
    return metrics


def count(values: dict[str, float], *, overall: bool = False, **dimensions: str) -> None:
    """Write metrics of this function in one EMF line: by `dimensions`, with `overall` also without them.

    Each name costs by its dimensions and by the hours in which it is written; alarms cannot know what onsales are
    called, and need it without. Powertools gathers a line's metrics in one place for the whole process, and onsales
    tick in threads. Kept for failures and ticks: counting each fan would cost each fan.
    """
    with _one_line:
        metrics = _metrics()
        for dimension, of in dimensions.items():
            metrics.add_dimension(name=dimension, value=of)
        if overall and metrics.service:
            metrics.add_dimensions(service=metrics.service)
        for name, value in values.items():
            metrics.add_metric(name, UNITS.get(name, "Count"), value, resolution=1 if name in BY_THE_SECOND else 60)
        metrics.flush_metrics()


class Tally:
    """Adds up what a whole crowd may meet, and writes each name once in `seconds`: `clock` gives them.

    What is added after the last line is written with the next. A function that is not called again keeps it.
    """

    def __init__(self, seconds: float, clock: "Callable[[], float]") -> None:
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._gathered: dict[str, int] = {}
        self._due: dict[str, float] = {}

    def add(self, name: str) -> int:
        """One more. How many are to be written now, or 0."""
        with self._lock:
            self._gathered[name] = self._gathered.get(name, 0) + 1
            if self._clock() < self._due.get(name, float("-inf")):
                return 0
            self._due[name] = self._clock() + self._seconds
            return self._gathered.pop(name)


@cache
def _tally() -> Tally:
    return Tally(TALLY_SECONDS, time.monotonic)


def tally(name: str) -> None:
    """Count what any request may meet, in a line each few seconds and environment at most."""
    if many := _tally().add(name):
        count({name: many})


def seldom(name: str) -> bool:
    """Whether something that any request may measure is to be measured now: each few seconds at most."""
    return _tally().add(name) > 0
