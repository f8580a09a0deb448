"""Events as AWS sends them: HTTP API payload 2.0, WebSocket API, Lambda authorizers, DynamoDB stream, schedule."""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from fairline.routes import HTTP_ROUTES, ORIGIN_HEADER

Event = dict[str, Any]

ORIGIN = "what the CDN of the tests adds, 32+ bytes"
NOW_MS = 1_795_363_200_000


def http_event(
    method: str,
    path: str,
    body: Any = None,
    *,
    token: str | None = None,
    headers: Mapping[str, str] | None = None,
    claims: Mapping[str, str] | None = None,
    binary: bool = False,
) -> Event:
    """A request; `body` is sent as it is if it is text or bytes, else as JSON. `binary` sends it as base64."""
    path, _, query = path.partition("?")
    route_key, parameters = matched(method, path)
    event: Event = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": query,
        "headers": {
            "accept": "application/json",
            "content-type": "application/json",
            "host": "tickets.example",
            "x-forwarded-for": "203.0.113.7",
            ORIGIN_HEADER: ORIGIN,
            **({"authorization": f"Bearer {token}"} if token is not None else {}),
            **(headers or {}),
        },
        "requestContext": _http_context(method, path, route_key, claims),
        **({"pathParameters": parameters} if parameters else {}),
        **({"queryStringParameters": dict(parse_qsl(query))} if query else {}),
        "isBase64Encoded": False,
    }
    return event if body is None else event | _body(body, binary=binary)


def matched(method: str, path: str) -> tuple[str, dict[str, str]]:
    """Route key and path parameters of a request, `$default` where no route is."""
    for route in HTTP_ROUTES:
        pattern = re.sub(r"\\\{(\w+)(\\\+)?\\\}", _group, re.escape(route.path))
        match = re.fullmatch(pattern, path)
        if match and route.method in (method, "ANY"):
            return route.key, match.groupdict()
    return "$default", {}


def _group(match: re.Match[str]) -> str:
    return f"(?P<{match[1]}>.+)" if match[2] else f"(?P<{match[1]}>[^/]+)"


def _http_context(method: str, path: str, route_key: str, claims: Mapping[str, str] | None) -> Event:
    jwt = {"authorizer": {"jwt": {"claims": dict(claims), "scopes": None}}} if claims else {}
    return {
        "accountId": "123456789012",
        "apiId": "a1b2c3d4e5",
        **jwt,
        "domainName": "tickets.example",
        "domainPrefix": "tickets",
        "http": {
            "method": method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": "203.0.113.7",
            "userAgent": "a browser",
        },
        "requestId": "JKJaXmPLvHcESHA=",
        "routeKey": route_key,
        "stage": "$default",
        "time": "22/Nov/2026:16:00:00 +0000",
        "timeEpoch": NOW_MS,
    }


def _body(body: Any, *, binary: bool) -> Event:
    if not isinstance(body, str | bytes):
        body = json.dumps(body)
    if isinstance(body, str) and not binary:
        return {"body": body, "isBase64Encoded": False}
    raw = body.encode() if isinstance(body, str) else body
    return {"body": base64.b64encode(raw).decode(), "isBase64Encoded": True}


def gate_event(method: str, path: str, *, token: str | None = None, **headers: str) -> Event:
    """What the gate is asked: the request without its body."""
    event = http_event(method, path, token=token, headers=headers)
    del event["isBase64Encoded"]
    arn = f"arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/$default/{method}{path}"
    decoded = {"rawPath": path}  # a question mark that was sent as %3F is part of it
    return {**event, **decoded, "type": "REQUEST", "routeArn": arn, "identitySource": None}


def socket_authorizer_event(query: Mapping[str, str] | None) -> Event:
    """What the authorizer of `$connect` is asked."""
    return {
        "type": "REQUEST",
        "methodArn": "arn:aws:execute-api:eu-central-1:123456789012:w1b2c3d4e5/live/$connect",
        "headers": {"Host": "sockets.example", "Sec-WebSocket-Version": "13"},
        "multiValueHeaders": {"Host": ["sockets.example"], "Sec-WebSocket-Version": ["13"]},
        "queryStringParameters": query,
        "multiValueQueryStringParameters": query and {name: [value] for name, value in query.items()},
        "stageVariables": {},
        "requestContext": _socket_context("$connect", "CONNECT", "cOnNeCt0000=", 1, {}),
    }


def socket_event(
    route_key: str,
    authorizer: Mapping[str, str],
    *,
    connection: str = "cOnNeCt0000=",
    connected_at: int = NOW_MS,
    body: str | None = None,
) -> Event:
    """`$connect`, `$default` with a body, or `$disconnect` of a connection whose authorizer named its place."""
    kind = {"$connect": "CONNECT", "$disconnect": "DISCONNECT"}.get(route_key, "MESSAGE")
    context = _socket_context(route_key, kind, connection, connected_at, authorizer)
    return {"requestContext": context, "isBase64Encoded": False, **({} if body is None else {"body": body})}


def _socket_context(
    route_key: str, kind: str, connection: str, connected_at: int, authorizer: Mapping[str, str]
) -> Event:
    return {
        "routeKey": route_key,
        **({"authorizer": {"principalId": "somebody", "integrationLatency": 3, **authorizer}} if authorizer else {}),
        "eventType": kind,
        "extendedRequestId": "JKJaXmPLvHcESHA=",
        "requestTime": "22/Nov/2026:16:00:00 +0000",
        "messageDirection": "IN",
        "stage": "live",
        "connectedAt": connected_at,
        "requestTimeEpoch": NOW_MS,
        "identity": {"userAgent": "a browser", "sourceIp": "203.0.113.7"},
        "requestId": "JKJaXmPLvHcESHA=",
        "domainName": "sockets.example",
        "connectionId": connection,
        "apiId": "w1b2c3d4e5",
    }


def stream_event(images: Iterable[Event], name: str = "INSERT") -> Event:
    """Records of the session table's stream (view type NEW_IMAGE), one for each image."""
    return {"Records": [_record(number, image, name) for number, image in enumerate(images, start=1)]}


def _record(number: int, image: Event, name: str) -> Event:
    table = "arn:aws:dynamodb:eu-central-1:123456789012:table/fairline-sessions"
    return {
        "eventID": f"{number:032x}",
        "eventName": name,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-central-1",
        "dynamodb": {
            "ApproximateCreationDateTime": NOW_MS // 1000,
            "Keys": {key: image[key] for key in ("place", "event")},
            "NewImage": image,
            "SequenceNumber": sequence_number(number),
            "SizeBytes": 180,
            "StreamViewType": "NEW_IMAGE",
        },
        "eventSourceARN": f"{table}/stream/2026-11-22T16:00:00.000",
    }


def sequence_number(number: int) -> str:
    """The sequence number of the `number`th record of an event, counted from 1."""
    return f"{100000000000000000000 + number}"


def schedule_event() -> Event:
    """What EventBridge sends each minute."""
    return {
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-11-22T16:00:00Z",
        "region": "eu-central-1",
        "resources": ["arn:aws:events:eu-central-1:123456789012:rule/fairline-admit"],
        "detail": {},
    }
