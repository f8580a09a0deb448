"""The HTTP API: routes, authorizers and functions behind one ASGI endpoint; AWS's own words where AWS answers."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from fairline.routes import DEFAULT_FUNCTION, HTTP_ROUTES, HttpRoute
from local.authorizers import RefusedError
from local.aws_shapes import gateway_id
from local.functions import Functions
from local.http_events import MalformedAnswerError, http_event, http_response
from local.routing import Router
from local.throttle import Throttle
from local.traffic import Traffic
from local.worker import FunctionError

LARGEST_BODY = 10 * 1024 * 1024
LARGEST_DRAINED = 4 * LARGEST_BODY
INTEGRATION_SECONDS = 30.0
DEFAULT = "$default"

Authorizer = Callable[[HttpRoute, dict[str, Any]], Awaitable[None]]
"""Lets a request pass, adding what it found out to the event, or raises RefusedError."""


class HttpApi:
    """An ASGI application that sends requests to functions, as API Gateway would."""

    def __init__(
        self, functions: Functions, authorizers: Mapping[str, Authorizer], throttle: Throttle, traffic: Traffic
    ) -> None:
        self._functions = functions
        self._authorizers = authorizers
        self._throttle = throttle
        self._traffic = traffic
        self._router = Router(HTTP_ROUTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            response = await self.answer(Request(scope, receive))
        except ClientDisconnect:
            return
        response.headers["apigw-requestid"] = gateway_id()
        await response(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """The response to a request; AWS's own body when AWS would answer itself."""
        response = await self._answer(request)
        self._traffic.note(response.status_code)
        return response

    async def _answer(self, request: Request) -> Response:
        match = self._router.match(request.method, request.scope["path"])
        body = await _read(request)
        if body is None:
            return message(413, "Request Entity Too Large")
        if not self._throttle.lets_through(match.route.key if match else DEFAULT):
            return message(429, "Too Many Requests")
        if match is None:
            return await self._integrate(DEFAULT_FUNCTION, http_event(request, DEFAULT, {}, body))
        event = http_event(request, match.route.key, match.parameters, body)
        try:
            await self._authorize(match.route, event)
        except RefusedError as refusal:
            return message(refusal.status, refusal.message, refusal.headers)
        return await self._integrate(match.route.function, event)

    async def _authorize(self, route: HttpRoute, event: dict[str, Any]) -> None:
        if route.authorizer and (authorizer := self._authorizers.get(route.authorizer)):
            await authorizer(route, event)

    async def _integrate(self, function: str, event: dict[str, Any]) -> Response:
        invocation = asyncio.ensure_future(self._functions.invoke(function, event))
        done, _ = await asyncio.wait({invocation}, timeout=INTEGRATION_SECONDS)
        if not done:  # the function goes on: giving up on it is the client's side of the matter
            invocation.add_done_callback(_forget)
            return message(503, "Service Unavailable")
        try:
            return http_response(invocation.result())
        except (FunctionError, MalformedAnswerError):
            return message(500, "Internal Server Error")


def _forget(invocation: asyncio.Future[Any]) -> None:
    """Take note of an outcome that nobody waits for any more."""
    if not invocation.cancelled():
        invocation.exception()


def message(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    """An answer of the gateway itself."""
    return JSONResponse({"message": text}, status, headers)


async def _read(request: Request) -> bytes | None:
    """The body, or None when it is larger than the gateway takes; most of it is then read all the same.

    A client that is still writing would otherwise see a broken connection, and not the answer.
    """
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= LARGEST_BODY:
            body += chunk
        elif size > LARGEST_DRAINED:
            break
    return bytes(body) if size <= LARGEST_BODY else None
