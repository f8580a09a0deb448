"""The JSON forms of the public interface, and the way back from a request's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fairline.domain.branding import shown
from fairline.domain.errors import InvalidRequest
from fairline.domain.onsale import TIMES, Onsale
from fairline.domain.status import from_iso, iso, status_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fairline.domain.estimate import Polls
    from fairline.domain.tick import Record
    from fairline.usecases.desk import Admission, PlaceView
    from fairline.usecases.operate import Issued
    from fairline.usecases.ports import Version

Body = dict[str, Any]

WITHOUT_WAIT_SECONDS = 10
"""When to ask again about a place that does not wait, or whose socket tells."""

NOT_HANDED_OVER = "The sample booking backend could not be told its key: issue a new one in a moment."


def place_body(view: PlaceView, polls: Polls) -> Body:
    """A place, for its visitor."""
    wait = view.wait
    body: Body = {
        "position": view.place.position,
        "ahead": view.ahead,
        "state": view.state,
        "epoch": view.epoch,
        "estimated_wait_seconds": {"low": wait.low, "high": wait.high} if wait else {"low": 0, "high": 0},
        "poll_after_seconds": wait.poll_after_seconds(polls) if wait else polls.within(WITHOUT_WAIT_SECONDS),
    }
    if view.reason:
        body["reason"] = view.reason
    if view.admission:
        body |= _admission_body(view.admission)
    return body


def _admission_body(admission: Admission) -> Body:
    return {
        "access_token": admission.access_token,
        "session_expires_at": iso(admission.ends_at_ms),
        "booking_url": admission.booking_url,
        "extension_available": admission.extendable,
    }


@dataclass(frozen=True)
class Addresses:
    """Where a deployment's parts are, and how its visitors are known."""

    status_url: str
    websocket_url: str
    identity: str
    sign_in: Mapping[str, str] | None = None
    """Issuer and client id where visitors sign in, if they do."""


def onsale_body(onsale: Onsale, now_ms: int, addresses: Addresses) -> Body:
    """An onsale, for anyone."""
    return {
        "onsale": onsale.onsale,
        "name": onsale.name,
        "phase": onsale.phase(now_ms),
        **{name.removesuffix("_ms"): iso(getattr(onsale, name)) for name in TIMES},
        "server_time": iso(now_ms),
        "websocket_url": addresses.websocket_url,
        "status_url": f"{addresses.status_url}/{status_key(onsale.onsale)}",
        "branding": shown(onsale.onsale, onsale.branding, addresses.status_url),
        "identity": addresses.identity,
        **({"sign_in": dict(addresses.sign_in)} if addresses.sign_in else {}),
    }


def policy_body(onsale: Onsale, now_ms: int) -> Body:
    """An onsale, for its operator. The completion key's hash stays inside."""
    body = onsale.as_dict()
    del body["completion_key_sha256"]
    for name in TIMES:
        body[name.removesuffix("_ms")] = iso(body.pop(name))
    return {**body, "phase": onsale.phase(now_ms)}


def issued_body(issued: Issued, now_ms: int) -> Body:
    """An onsale with its new completion key, shown this once."""
    body = {**policy_body(issued.onsale, now_ms), "completion_key": issued.completion_key}
    return body if issued.handed_over else {**body, "warning": NOT_HANDED_OVER}


def progress_body(onsale: Onsale, record: Record, now_ms: int) -> Body:
    """How a line goes, for its operator."""
    counts = record.counts
    return {
        "onsale": onsale.onsale,
        "version": onsale.version,
        "phase": onsale.phase(now_ms),
        "notice": onsale.shown_notice,
        "rate_per_minute": onsale.rate_per_minute,
        "max_active": onsale.max_active,
        "epoch": record.epoch,
        "issued": record.issued,
        "serving": record.serving,
        "waiting": record.waiting,
        "active": record.active,
        "admitted": counts.admitted,
        "completed": counts.completed,
        "expired": counts.expired,
        "left": counts.left,
        "updated_at": iso(record.updated_at_ms) if record.updated_at_ms else None,
    }


def audit_body(versions: list[Version], now_ms: int) -> Body:
    """The audit trail, newest first, each entry with what it changed: `{field: [from, to]}`."""
    bodies = [policy_body(version.onsale, now_ms) for version in versions]
    earlier: list[Body] = [*bodies[1:], {}]
    return {
        "versions": [
            {
                "version": version.onsale.version,
                "at": iso(version.at_ms),
                "by": version.by,
                "action": version.action,
                "changes": _changes(before, after),
            }
            for version, before, after in zip(versions, earlier, bodies, strict=True)
        ]
    }


def _changes(before: Body, after: Body) -> Body:
    passed_over = ("version", "phase", "onsale")
    return {
        name: [before.get(name), value]
        for name, value in after.items()
        if name not in passed_over and before.get(name) != value
    }


def policy_values(body: Body, allowed: frozenset[str]) -> Body:
    """Values by field of `Onsale` from a request's. Raises InvalidRequest naming unknown fields and wrong times."""
    faults = [(name, "is not a field that can be set here") for name in body if name not in allowed]
    values = {name: value for name, value in body.items() if name in allowed}
    for name in (time.removesuffix("_ms") for time in TIMES):
        if name in values:
            values[f"{name}_ms"] = _parsed(from_iso, name, values.pop(name), "an ISO 8601 time with a zone", faults)
    if faults:
        raise InvalidRequest(faults)
    return values


def _parsed(
    parse: Callable[[object], int], name: str, value: object, expected: str, faults: list[tuple[str, str]]
) -> int | None:
    try:
        return parse(value)
    except (ValueError, OverflowError):
        faults.append((name, expected))
        return None


def required(body: Body, name: str, kind: type, expected: str) -> Any:
    """A field of a request. Raises InvalidRequest if it is missing or of another kind."""
    value = body.get(name)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise InvalidRequest([(name, expected)])
    return value
