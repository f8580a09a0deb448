"""Logs and metrics by Powertools, made on first use so that importing a handler reads no environment."""

import threading
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger, Metrics


_one_line = threading.Lock()


@cache
def logger() -> "Logger":
    """The structured logger; its service name is the function's. Never hand it a token or an identity."""
    from aws_lambda_powertools import Logger

    return Logger()


@cache
def _metrics() -> "Metrics":
    from aws_lambda_powertools import Metrics

    return Metrics(namespace="Fairline")


def count(values: dict[str, float], **dimensions: str) -> None:
    """Write metrics in one EMF line. Kept for refusals, failures and ticks: counting each fan would cost each fan.

    Powertools gathers a line's metrics in one place for the whole process, and onsales tick in threads.
    """
    with _one_line:
        metrics = _metrics()
        for dimension, of in dimensions.items():
            metrics.add_dimension(name=dimension, value=of)
        for name, value in values.items():
            metrics.add_metric(name=name, unit="Count", value=value)
        metrics.flush_metrics()
