"""A WebSocket has closed: forget it."""

from fairline import wiring
from fairline.entrypoints.socket import SocketRequest, socket_endpoint


@socket_endpoint
def handler(request: SocketRequest) -> None:
    """`$disconnect`."""
    wiring.socket_register(closing=False).closed(request.place, request.socket)
