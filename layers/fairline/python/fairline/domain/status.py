"""The small public document that tells a whole line how it moves, and the timestamps it is written with."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fairline.domain.onsale import Onsale

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Progress:
    """How far the line has come: positions up to `issued` given out, up to `serving` called."""

    epoch: int
    serving: int
    issued: int
    waiting: int
    active: int
    skipped: Ranges = ()
    """Positions never given out, as inclusive ranges: the room left under the limit when a store was lost."""


def status_key(onsale: str) -> str:
    """Where the document stands in the status bucket and under the status address."""
    return f"status/{onsale}.json"


def status_document(onsale: Onsale, progress: Progress, now_ms: int) -> dict[str, Any]:
    """The document as it is published once a tick."""
    return {
        "onsale": onsale.onsale,
        "epoch": progress.epoch,
        "phase": onsale.phase(now_ms),
        "serving": progress.serving,
        "issued": progress.issued,
        "skipped": [list(r) for r in progress.skipped],
        "waiting": progress.waiting,
        "active": progress.active,
        "rate_per_minute": onsale.rate_per_minute,
        "notice": onsale.shown_notice,
        "updated_at": iso(now_ms),
    }


def iso(ms: int) -> str:
    """`2026-11-22T16:00:00.000Z`."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_iso(text: object) -> int:
    """Milliseconds of an ISO 8601 time with a zone. Raises ValueError for anything else."""
    if not isinstance(text, str):
        raise ValueError(text)  # noqa: TRY004 - one error for whatever is no time
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return round(moment.timestamp() * 1000)
