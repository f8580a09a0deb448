"""WebSocket API events in, answers out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fairline.domain.errors import FairlineError, InvalidRequest
from fairline.domain.place import Place
from fairline.entrypoints.telemetry import logger, tally
from fairline.usecases.ports import Socket

Event = dict[str, Any]

LARGEST_FRAME = 4_096


@dataclass(frozen=True)
class SocketRequest:
    """One event of a connection whose authorizer has named its place."""

    event: Event

    @property
    def place(self) -> Place:
        """The place that the connection was opened for."""
        return Place.at(self.event["requestContext"]["authorizer"]["place"])

    @property
    def socket(self) -> Socket:
        """The connection."""
        context = self.event["requestContext"]
        return Socket(int(context["connectedAt"]), context["connectionId"])

    def action(self) -> str:
        """What the message asks for. Raises InvalidRequest unless it is a JSON object that names an action."""
        body = self.event.get("body") or ""
        try:
            message = json.loads(body) if len(body) <= LARGEST_FRAME else None
        except (ValueError, RecursionError):
            message = None
        action = message.get("action") if isinstance(message, dict) else None
        if not isinstance(action, str):
            raise InvalidRequest([("action", f"a JSON object of at most {LARGEST_FRAME} characters with an action")])
        return action


Handle = Callable[[SocketRequest], dict[str, Any] | None]


def socket_endpoint(handle: Handle) -> Callable[[Event, object], Event]:
    """A Lambda handler of `handle`; what it returns is sent back on the socket by route response.

    A socket that cannot be remembered is not opened: nothing would ever be pushed to it, and its client would wait.
    """

    def handler(event: Event, _context: object) -> Event:
        try:
            answer = handle(SocketRequest(event))
        except FairlineError as error:
            if event["requestContext"]["routeKey"] == "$connect":
                return {"statusCode": error.status}
            answer = {"type": "error", "problem": error.problem()}
        except Exception as error:  # noqa: BLE001 - the last line of defence: say nothing, log everything
            logger().exception("unhandled", route=event["requestContext"]["routeKey"], error=type(error).__name__)
            tally("Failures")
            return {"statusCode": 500}
        return {"statusCode": 200} if answer is None else {"statusCode": 200, "body": json.dumps(answer)}

    return handler
