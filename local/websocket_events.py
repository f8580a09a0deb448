"""WebSocket traffic as the events API Gateway sends to `$connect`, `$default` and `$disconnect`."""

import base64
from typing import Any
from urllib.parse import parse_qs

from starlette.websockets import WebSocket

from local.aws_shapes import API_ID, execute_api_arn, gateway_id, now_ms, request_time, trace_id
from local.connections import STAGE, Connection
from local.http_events import source_ip


def connect_event(connection: Connection) -> dict[str, Any]:
    """The event of a handshake: the only one that shows headers and query."""
    return {
        **_client_says(connection.socket),
        "requestContext": request_context(connection, "$connect", "CONNECT"),
        "isBase64Encoded": False,
    }


def authorizer_event(connection: Connection) -> dict[str, Any]:
    """What the REQUEST authorizer of `$connect` is asked."""
    return {
        "type": "REQUEST",
        "methodArn": execute_api_arn(STAGE, "$connect"),
        **_client_says(connection.socket),
        "stageVariables": {},
        "requestContext": request_context(connection, "$connect", "CONNECT"),
    }


def message_event(connection: Connection, message: str | bytes) -> dict[str, Any]:
    """The event of one message; a binary one is base64."""
    context = {**request_context(connection, "$default", "MESSAGE"), "messageId": gateway_id()}
    binary = isinstance(message, bytes)
    body = base64.b64encode(message).decode() if isinstance(message, bytes) else message
    return {"requestContext": context, "body": body, "isBase64Encoded": binary}


def disconnect_event(connection: Connection, code: int, reason: str) -> dict[str, Any]:
    """The event of an end, whoever brought it about."""
    context = request_context(connection, "$disconnect", "DISCONNECT")
    return {
        "requestContext": {**context, "disconnectStatusCode": code, "disconnectReason": reason},
        "isBase64Encoded": False,
    }


def request_context(connection: Connection, route_key: str, event_type: str) -> dict[str, Any]:
    """What every event says of its connection."""
    at_ms, request = now_ms(), gateway_id()
    authorizer = {"authorizer": connection.authorizer} if connection.authorizer else {}
    return {
        "routeKey": route_key,
        **authorizer,
        "eventType": event_type,
        "extendedRequestId": request,
        "requestTime": request_time(at_ms),
        "messageDirection": "IN",
        "stage": STAGE,
        "connectedAt": connection.connected_at_ms,
        "requestTimeEpoch": at_ms,
        "identity": {"userAgent": connection.user_agent, "sourceIp": connection.source_ip},
        "requestId": request,
        "domainName": connection.socket.headers.get("host", "").partition(":")[0],
        "connectionId": connection.connection_id,
        "apiId": API_ID,
    }


def _client_says(socket: WebSocket) -> dict[str, Any]:
    """Headers and query of a handshake, once with the last value of each name and once with all."""
    headers: dict[str, list[str]] = {}
    for name, value in socket.headers.items():
        headers.setdefault(_capitals(name), []).append(value)
    headers |= _forwarded(socket)
    query = parse_qs(socket.url.query, keep_blank_values=True)
    said = {
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: values[-1] for name, values in query.items()},
        "multiValueQueryStringParameters": query,
    }
    return {key: value for key, value in said.items() if value}


def _capitals(name: str) -> str:
    """A header's name as clients write it: this API keeps their spelling, the server below it does not."""
    return name.title().replace("Websocket", "WebSocket")


def _forwarded(socket: WebSocket) -> dict[str, list[str]]:
    return {
        "X-Amzn-Trace-Id": [trace_id()],
        "X-Forwarded-For": [source_ip(socket.scope)],
        "X-Forwarded-Port": [str(socket.scope["server"][1])],
        "X-Forwarded-Proto": ["https" if socket.url.scheme == "wss" else "http"],
    }
