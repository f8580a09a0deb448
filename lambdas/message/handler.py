"""What a client says on its WebSocket, answered by route response."""

from typing import Any

from fairline import wiring
from fairline.domain.errors import InvalidRequest
from fairline.entrypoints.bodies import place_body
from fairline.entrypoints.socket import SocketRequest, socket_endpoint
from fairline.snapshot import hold

hold("boto3", "jwt", "aws_lambda_powertools")


@socket_endpoint
def handler(request: SocketRequest) -> dict[str, Any]:
    """`{"action": "place"}` and `{"action": "ping"}`."""
    action = request.action()
    if action == "place":
        return {"type": "place", **place_body(wiring.socket_answers().place(request.place), wiring.polls())}
    if action == "ping":
        return {"type": "pong", **wiring.socket_answers().progress(request.place.onsale)}
    raise InvalidRequest([("action", "place or ping")])
