"""HTTP requests as API Gateway's payload format 2.0, and functions' answers as HTTP responses."""

import base64
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from local.aws_shapes import ACCOUNT, API_ID, gateway_id, now_ms, request_time, trace_id

STAGE = "$default"
TEXT_TYPES = {"application/json", "application/javascript", "application/xml"}
DEFAULT_CONTENT_TYPE = "text/plain; charset=utf-8"


class MalformedAnswerError(Exception):
    """A function's answer cannot be made into a response: the client gets a 500."""


def http_event(request: Request, route_key: str, parameters: dict[str, str], body: bytes) -> dict[str, Any]:
    """The event of one request. Absent where AWS leaves it out: cookies, query, path parameters, body."""
    headers, cookies = event_headers(request)
    query = query_parameters(request.url.query)
    return {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": request.scope["path"],
        "rawQueryString": request.url.query,
        **({"cookies": cookies} if cookies else {}),
        "headers": headers,
        **({"queryStringParameters": query} if query else {}),
        "requestContext": _request_context(request, route_key, headers),
        **({"pathParameters": parameters} if parameters else {}),
        **event_body(body, headers.get("content-type", "")),
    }


def _request_context(request: Request, route_key: str, headers: dict[str, str]) -> dict[str, Any]:
    at_ms = now_ms()
    domain = headers.get("host", "").partition(":")[0]
    return {
        "accountId": ACCOUNT,
        "apiId": API_ID,
        "domainName": domain,
        "domainPrefix": domain.partition(".")[0],
        "http": {
            "method": request.method,
            "path": request.scope["path"],
            "protocol": f"HTTP/{request.scope['http_version']}",
            "sourceIp": source_ip(request.scope),
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": gateway_id(),
        "routeKey": route_key,
        "stage": STAGE,
        "time": request_time(at_ms),
        "timeEpoch": at_ms,
    }


def event_headers(request: Request) -> tuple[dict[str, str], list[str]]:
    """Headers in lower case, repeated ones joined by commas, and apart from them the cookies."""
    headers: dict[str, str] = {}
    cookies: list[str] = []
    for raw_name, raw_value in request.headers.raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name == "cookie":
            cookies += [cookie for part in value.split(";") if (cookie := part.strip())]
        else:
            headers[name] = f"{headers[name]},{value}" if name in headers else value
    return {**headers, **_forwarded(request.scope, headers)}, cookies


def _forwarded(scope: Any, headers: dict[str, str]) -> dict[str, str]:
    """What the gateway itself says of the client; only the list of addresses grows from what the client sent."""
    hops = [headers["x-forwarded-for"]] if "x-forwarded-for" in headers else []
    return {
        "x-forwarded-for": ", ".join([*hops, source_ip(scope)]),
        "x-forwarded-port": str(scope["server"][1]),
        "x-forwarded-proto": "https" if scope["scheme"] in {"https", "wss"} else "http",
        "x-amzn-trace-id": trace_id(),
    }


def source_ip(scope: Any) -> str:
    """The client's address as the server saw it."""
    return str(scope["client"][0]) if scope.get("client") else ""


def query_parameters(query: str) -> dict[str, str]:
    """Decoded parameters, the values of a repeated one joined by commas."""
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
    return parameters


def event_body(body: bytes, content_type: str) -> dict[str, Any]:
    """The body as text for the few types AWS takes for text; anything else, forms and untyped included, as base64."""
    if not body:
        return {"isBase64Encoded": False}
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type.startswith("text/") or media_type in TEXT_TYPES:
        return {"body": body.decode("utf-8", "replace"), "isBase64Encoded": False}
    return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


def http_response(answer: Any) -> Response:
    """The response for a function's answer, given in full or, without `statusCode`, as a bare body.

    Raises MalformedAnswerError.
    """
    if not isinstance(answer, dict) or "statusCode" not in answer:
        content = answer if isinstance(answer, str) else json.dumps(answer)
        return Response(content, media_type="application/json")
    try:
        response = Response(_content(answer), int(answer["statusCode"]))
    except (TypeError, ValueError) as error:
        raise MalformedAnswerError(str(error)) from error
    _set_headers(response, (answer.get("headers") or {}).items(), answer.get("cookies") or [])
    return response


def _content(answer: dict[str, Any]) -> bytes:
    body = answer.get("body")
    if not isinstance(body, str | None):
        raise TypeError("body is not a string")
    return base64.b64decode(body or "") if answer.get("isBase64Encoded") else (body or "").encode()


def _set_headers(response: Response, headers: Iterable[tuple[str, Any]], cookies: Iterable[str]) -> None:
    for name, value in headers:
        if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
            response.headers[name] = str(value).lower() if isinstance(value, bool) else str(value)
    if response.body:
        response.headers.setdefault("content-type", DEFAULT_CONTENT_TYPE)
    for cookie in cookies:
        response.headers.append("set-cookie", cookie)
