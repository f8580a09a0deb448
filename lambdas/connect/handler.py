"""A WebSocket opens: remember it. The client asks for its place next; nothing is sent from here."""

from fairline import wiring
from fairline.entrypoints.socket import SocketRequest, socket_endpoint
from fairline.snapshot import hold

hold("boto3", "aws_lambda_powertools")


@socket_endpoint
def handler(request: SocketRequest) -> None:
    """`$connect`."""
    wiring.socket_register(closing=True).opened(request.place, request.socket)
