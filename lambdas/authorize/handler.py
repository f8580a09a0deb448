"""The gate: a Lambda authorizer with simple responses and no cache of its own."""

from typing import Any

from fairline import wiring
from fairline.domain.errors import FairlineError
from fairline.entrypoints.http import Request
from fairline.entrypoints.telemetry import count


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Whether the request may pass, and who is calling. What cannot be checked may not pass."""
    request = Request(event)
    try:
        place = wiring.gate().admits(request.path, request.bearer() or "")
    except FairlineError:
        count({"GateFailures": 1})
        place = None
    if place is None:
        return {"isAuthorized": False}
    context = {"visitor": place.visitor, "session": place.id, "onsale": place.onsale}
    return {"isAuthorized": True, "context": context}
