"""The WebSocket API: authorizer and `$connect` before the handshake, `$default` with route response, `$disconnect`."""

import asyncio
import contextlib
import json
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse
from starlette.websockets import WebSocket

from fairline.routes import SOCKET_AUTHORIZER, SOCKET_ROUTES
from local.authorizers import RefusedError, policy_context
from local.aws_shapes import gateway_id, now_ms
from local.connections import LARGEST_MESSAGE, Connection, Connections, GoneError
from local.functions import Functions
from local.http_events import source_ip
from local.tasks import Tasks
from local.websocket_events import authorizer_event, connect_event, disconnect_event, message_event
from local.worker import FunctionError

IDENTITY_SOURCE = "visitor_token"
LARGEST_FRAME = 32 * 1024
FRAME_LIMITS = (LARGEST_MESSAGE, LARGEST_FRAME)
"""Bytes of a message and of a frame; beyond either the server closes with 1009."""
MESSAGES_AT_ONCE = 8
GOING_AWAY = 1001
ABNORMAL_CLOSURE = 1006


@dataclass(frozen=True)
class Limits:
    """How long a connection may be silent and may last, in seconds."""

    idle_seconds: float = 600
    life_seconds: float = 7200


class WebSocketApi:
    """Serves each socket from handshake to `$disconnect`."""

    def __init__(
        self, functions: Functions, connections: Connections, tasks: Tasks, limits: Limits | None = None
    ) -> None:
        self._functions = functions
        self._connections = connections
        self._tasks = tasks
        self._limits = limits or Limits()

    async def endpoint(self, socket: WebSocket) -> None:
        """One connection, refused or served to its end."""
        await socket.receive()  # the request to connect, put off until the functions have spoken
        connection = Connection(socket, source_ip(socket.scope), socket.headers.get("user-agent", ""))
        try:
            await self._admit(connection)
        except RefusedError as refusal:
            identity = {"connectionId": connection.connection_id, "requestId": gateway_id()}
            await socket.send_denial_response(JSONResponse({"message": refusal.message, **identity}, refusal.status))
            return
        await self._serve(connection)

    async def _admit(self, connection: Connection) -> None:
        """Ask the authorizer, then `$connect`. Raises RefusedError when either says no."""
        if not connection.socket.query_params.get(IDENTITY_SOURCE):
            raise RefusedError(401, "Unauthorized")
        event = authorizer_event(connection)
        try:
            answer = await self._functions.invoke(SOCKET_AUTHORIZER, event)
        except FunctionError as error:
            raise RefusedError(500, "Internal server error") from error
        connection.authorizer = policy_context(answer, event["methodArn"])
        await self._connect(connection)

    async def _connect(self, connection: Connection) -> None:
        try:
            answer = await self._functions.invoke(SOCKET_ROUTES["$connect"], connect_event(connection))
            status = int(answer["statusCode"])
        except (FunctionError, KeyError, TypeError, ValueError) as error:
            raise RefusedError(502, "Internal server error") from error
        if not 200 <= status < 300:  # noqa: PLR2004 - a class of HTTP status codes
            raise RefusedError(status, "Forbidden" if status == 403 else "Unauthorized" if status == 401 else "Refused")  # noqa: PLR2004 - likewise

    async def _serve(self, connection: Connection) -> None:
        code, reason = ABNORMAL_CLOSURE, ""
        try:
            # accepted and reachable in one step: a client that knows it is connected can be posted to
            self._connections.add(connection)
            await connection.socket.accept()
            code, reason = await self._read(connection)
        finally:
            self._connections.remove(connection)
            self._tasks.spawn(self._disconnect(connection, code, reason))

    async def _disconnect(self, connection: Connection, code: int, reason: str) -> None:
        with contextlib.suppress(FunctionError):  # counted and logged there; nobody is left to hear of it
            await self._functions.invoke(SOCKET_ROUTES["$disconnect"], disconnect_event(connection, code, reason))

    async def _read(self, connection: Connection) -> tuple[int, str]:
        """Hand messages on until the connection ends: its close code and reason. Messages overtake one another."""
        turns = asyncio.Semaphore(MESSAGES_AT_ONCE)
        async with asyncio.TaskGroup() as messages:
            while True:
                received = await self._receive(connection)
                if received["type"] == "websocket.disconnect":
                    return received.get("code") or ABNORMAL_CLOSURE, received.get("reason") or ""
                connection.last_active_ms = now_ms()
                await turns.acquire()
                content = received.get("text")
                task = messages.create_task(
                    self._message(connection, received["bytes"] if content is None else content)
                )
                task.add_done_callback(lambda _: turns.release())

    async def _receive(self, connection: Connection) -> dict[str, Any]:
        """What comes next from the client; a disconnection when it was silent or connected for too long."""
        while True:
            now = now_ms()
            idle_until = connection.last_active_ms + self._limits.idle_seconds * 1000
            end = min(idle_until, connection.connected_at_ms + self._limits.life_seconds * 1000)
            if now >= end:
                await connection.close(GOING_AWAY)
                return {"type": "websocket.disconnect", "code": GOING_AWAY, "reason": "Going away"}
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout((end - now) / 1000):
                    return dict(await connection.socket.receive())

    async def _message(self, connection: Connection, message: str | bytes) -> None:
        with contextlib.suppress(GoneError):
            if (answer := await self._answer(connection, message)) is not None:
                await connection.send(answer)

    async def _answer(self, connection: Connection, message: str | bytes) -> str | None:
        """The route response to a message: the body of the function's answer, if it has one."""
        event = message_event(connection, message)
        try:
            answer = await self._functions.invoke(SOCKET_ROUTES["$default"], event)
            body = answer.get("body")
            return None if body is None else str(body)
        except (FunctionError, AttributeError):
            context = event["requestContext"]
            identity = {"connectionId": context["connectionId"], "requestId": context["requestId"]}
            return json.dumps({"message": "Internal server error", **identity})
