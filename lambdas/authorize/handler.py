"""The gate: a Lambda authorizer with simple responses and no cache of its own."""

from typing import Any

from fairline import wiring
from fairline.domain.errors import FairlineError
from fairline.entrypoints.entry import entry_token
from fairline.entrypoints.http import Request
from fairline.entrypoints.telemetry import tally
from fairline.routes import ORIGIN_HEADER
from fairline.snapshot import hold

hold("boto3", "jwt", "aws_lambda_powertools")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Whether the request may pass, and who is calling. What cannot be checked may not pass."""
    request = Request(event)
    try:
        through_the_cdn = wiring.origin_check().passes(request.header(ORIGIN_HEADER))
        place = wiring.gate().admits(request.path, entry_token(request)) if through_the_cdn else None
    except FairlineError:
        tally("GateFailures")
        place = None
    if place is None:
        tally("GateRefusals")
        return {"isAuthorized": False}
    context = {"visitor": place.visitor, "session": place.id, "onsale": place.onsale}
    return {"isAuthorized": True, "context": context}
