"""What a tick reports: EMF lines for each that did something, and a log line for each that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairline.domain.status import from_iso
from fairline.entrypoints.telemetry import count, logger, seldom

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairline.usecases.admit import TickReport


def report(tick: TickReport, seconds: float) -> None:
    """Write the metrics of one tick of one onsale: how the sale goes, and how the ticker does."""
    count(
        {
            "Arrivals": tick.arrived,
            "Admissions": tick.admitted,
            "Waiting": tick.record.waiting,
            "ActiveSessions": tick.record.active,
        },
        onsale=tick.onsale,
    )
    count(
        {"Ticks": 1, "TickTime": seconds * 1000, "UnwrittenAdmissions": tick.unwritten},
        overall=True,
        onsale=tick.onsale,
    )


def failed(onsale: str, error: Exception) -> None:
    """Log and count a tick that failed."""
    logger().error("tick failed", onsale=onsale, error=repr(error))
    count({"TickFailures": 1}, overall=True, onsale=onsale)


def seen(document: Mapping[str, Any] | None, now_ms: int) -> Mapping[str, Any] | None:
    """The status document as it was read, its age noted: whoever reads it knows better than a ticker that stands.

    A closed onsale is ticked seldom, and then no more: its age says nothing.
    """
    if document and document["phase"] != "closed" and seldom(f"StatusAge {document['onsale']}"):
        age = max(0, now_ms - from_iso(document["updated_at"])) / 1000
        count({"StatusAge": age}, overall=True, onsale=document["onsale"])
    return document
