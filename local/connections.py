"""Open WebSocket connections, and the management API through which functions reach them (`@connections`)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from local.aws_shapes import gateway_id, now_ms

STAGE = "live"
LARGEST_MESSAGE = 128 * 1024
NORMAL_CLOSURE = 1000


class GoneError(Exception):
    """There is no such connection any more."""


@dataclass
class Connection:
    """One open socket, and what is known of its client since `$connect`."""

    socket: WebSocket
    source_ip: str
    user_agent: str
    connection_id: str = field(default_factory=gateway_id)
    connected_at_ms: int = field(default_factory=now_ms)
    last_active_ms: int = field(default_factory=now_ms)
    authorizer: dict[str, Any] = field(default_factory=dict)

    async def send(self, text: str) -> None:
        """Send one message. Raises GoneError."""
        try:
            await self.socket.send_text(text)
        except (WebSocketDisconnect, RuntimeError) as error:
            raise GoneError(self.connection_id) from error
        self.last_active_ms = now_ms()

    async def close(self, code: int) -> None:
        """Close the socket, unless that has happened already."""
        if self.socket.application_state == WebSocketState.CONNECTED:
            await self.socket.close(code)


class Connections:
    """The connections that are open now."""

    def __init__(self) -> None:
        self._open: dict[str, Connection] = {}

    def add(self, connection: Connection) -> None:
        """From here on functions can reach it."""
        self._open[connection.connection_id] = connection

    def remove(self, connection: Connection) -> None:
        """From here on it is gone."""
        self._open.pop(connection.connection_id, None)

    def get(self, connection_id: str) -> Connection:
        """The open connection with this id. Raises GoneError."""
        try:
            return self._open[connection_id]
        except KeyError:
            raise GoneError(connection_id) from None

    def __len__(self) -> int:
        return len(self._open)

    def routes(self) -> list[Route]:
        """The management API: POST, GET and DELETE, as `boto3.client("apigatewaymanagementapi")` calls it."""
        path = f"/{STAGE}/@connections/{{connection_id}}"
        return [
            Route(path, _managed(self._post), methods=["POST"]),
            Route(path, _managed(self._get), methods=["GET"]),
            Route(path, _managed(self._delete), methods=["DELETE"]),
        ]

    async def _post(self, request: Request) -> Response:
        connection = self.get(request.path_params["connection_id"])
        body = await request.body()
        if len(body) > LARGEST_MESSAGE:
            return _error(413, "PayloadTooLargeException", "Message too long")
        await connection.send(body.decode("utf-8", "replace"))
        return Response()

    async def _get(self, request: Request) -> Response:
        connection = self.get(request.path_params["connection_id"])
        return JSONResponse(
            {
                "connectedAt": _iso(connection.connected_at_ms),
                "identity": {"sourceIp": connection.source_ip, "userAgent": connection.user_agent},
                "lastActiveAt": _iso(connection.last_active_ms),
            }
        )

    async def _delete(self, request: Request) -> Response:
        await self.get(request.path_params["connection_id"]).close(NORMAL_CLOSURE)
        return Response(status_code=204)


def _managed(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint as AWS guards it: for signed requests only, and 410 for what is gone."""

    async def endpoint(request: Request) -> Response:
        if not request.headers.get("authorization", "").startswith("AWS4-HMAC-SHA256 "):
            return _error(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
        try:
            return await answer(request)
        except GoneError:
            return _error(410, "GoneException", None)

    return endpoint


def _error(status: int, error_type: str, message: str | None) -> Response:
    return JSONResponse({"message": message}, status, {"x-amzn-ErrorType": error_type})


def _iso(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
