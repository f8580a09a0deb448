"""What a tick reports: one EMF line for each that did something, and a log line for each that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.entrypoints.telemetry import count, logger

if TYPE_CHECKING:
    from fairline.usecases.admit import TickReport


def report(tick: TickReport) -> None:
    """Write the metrics of one tick of one onsale."""
    count(
        {
            "Arrivals": tick.arrived,
            "Admissions": tick.admitted,
            "Waiting": tick.record.waiting,
            "ActiveSessions": tick.record.active,
            "Ticks": 1,
            "UnwrittenAdmissions": tick.unwritten,
        },
        onsale=tick.onsale,
    )


def failed(onsale: str, error: Exception) -> None:
    """Log and count a tick that failed."""
    logger().error("tick failed", onsale=onsale, error=repr(error))
    count({"TickFailures": 1}, onsale=onsale)
