"""The JSON forms of figures: how a line goes, and how it went."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from fairline.domain.errors import InvalidRequest
from fairline.domain.figures import arrived
from fairline.domain.status import from_iso, iso
from fairline.entrypoints.bodies import Body, progress_body

if TYPE_CHECKING:
    from fairline.domain.estimate import Wait
    from fairline.domain.figures import Minute, Sample
    from fairline.usecases.figures import History, Live


def live_body(live: Live, now_ms: int) -> Body:
    """How a line goes, with what is expected of it. Null where nothing can be said."""
    record, minute, ends_in = live.record, live.minute, live.ends_in_seconds
    return {
        **progress_body(live.onsale, record, now_ms),
        "server_time": iso(now_ms),
        "status_age_seconds": max(0, now_ms - record.updated_at_ms) / 1000 if record.updated_at_ms else None,
        "session_seconds": live.onsale.session_seconds,
        "arrived": arrived(record),
        "arrivals_last_minute": minute.arrivals,
        "admissions_last_minute": minute.admissions,
        "average_session_seconds": minute.session_seconds,
        "estimated_wait_seconds": _wait(live.joining),
        "line_ends_at": None if ends_in is None else iso(now_ms + ends_in * 1000),
    }


def _wait(wait: Wait | None) -> Body | None:
    return wait._asdict() if wait else None


def history_body(history: History, now_ms: int) -> Body:
    """Samples, oldest first."""
    return {
        "server_time": iso(now_ms),
        "every_seconds": history.every_ms // 1000,
        "samples": [_timed(sample) for sample in history.samples],
    }


def _timed(figures: Sample | Minute) -> Body:
    body = asdict(figures)
    return {"at": iso(body.pop("at_ms")), **body}


def errors_body(minutes: list[Minute], now_ms: int) -> Body:
    """Minutes, oldest first."""
    return {"server_time": iso(now_ms), "minutes": [_timed(minute) for minute in minutes]}


def moment(name: str, text: str | None) -> int | None:
    """A time in a query, in milliseconds. Raises InvalidRequest for what is none."""
    try:
        return None if text is None else from_iso(text)
    except (ValueError, OverflowError):
        raise InvalidRequest([(name, "an ISO 8601 time with a zone")]) from None
