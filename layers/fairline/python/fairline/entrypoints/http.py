"""HTTP API events (payload format 2.0) in, proxy responses out; every refusal becomes a problem document here."""

import base64
import functools
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fairline import wiring
from fairline.domain.errors import (
    FairlineError,
    InvalidRequest,
    InvalidToken,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    Unavailable,
    UnknownOnsale,
)
from fairline.domain.onsale import NAME
from fairline.entrypoints.telemetry import logger, tally
from fairline.routes import ORIGIN_HEADER

Event = dict[str, Any]

LARGEST_BODY, DEEPEST_BODY = 16_384, 32
_compact = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True)
class Request:
    """One event, read on demand."""

    event: Event

    @property
    def route_key(self) -> str:
        """Such as `GET /v1/onsales/{onsale}`."""
        return str(self.event["routeKey"])

    @property
    def method(self) -> str:
        """Upper-case."""
        return str(self.event["requestContext"]["http"]["method"])

    @property
    def path(self) -> str:
        """The path as it was called."""
        return str(self.event["rawPath"])

    def path_parameter(self, name: str) -> str:
        """A parameter that the route names. Raises NotFound without it."""
        parameters = self.event.get("pathParameters") or {}
        if name not in parameters:
            raise NotFound("Check the address.")
        return str(parameters[name])

    @property
    def onsale(self) -> str:
        """The onsale that the route names. Raises UnknownOnsale for what can be no onsale's name, before any call."""
        name = self.path_parameter("onsale")
        if not NAME.fullmatch(name):
            raise UnknownOnsale("Check the address: there is no onsale of this name.")
        return name

    def header(self, name: str) -> str | None:
        """A header by its lower-case name."""
        value = (self.event.get("headers") or {}).get(name)
        return None if value is None else str(value)

    def query(self, name: str) -> str | None:
        """A parameter of the query."""
        value = (self.event.get("queryStringParameters") or {}).get(name)
        return None if value is None else str(value)

    def cookie(self, name: str) -> str | None:
        """A cookie by its name."""
        for cookie in self.event.get("cookies") or ():
            sent, _, value = cookie.partition("=")
            if sent == name:
                return str(value)
        return None

    def bearer(self) -> str | None:
        """The bearer token, if one was sent."""
        scheme, _, token = (self.header("authorization") or "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" and token else None

    def required_bearer(self) -> str:
        """The bearer token. Raises InvalidToken without one."""
        token = self.bearer()
        if token is None:
            raise InvalidToken("Send the token as `Authorization: Bearer …`.")
        return token

    def claims(self) -> dict[str, Any] | None:
        """What API Gateway's JWT authorizer verified, on routes that have one."""
        jwt: dict[str, Any] = self.event["requestContext"].get("authorizer", {}).get("jwt", {})
        return jwt.get("claims")

    def raw(self, largest: int = LARGEST_BODY) -> bytes:
        """The body. Raises PayloadTooLarge if it is more than that, ValueError for what is no body of API Gateway's."""
        body = self.event.get("body") or ""
        raw = base64.b64decode(body) if self.event.get("isBase64Encoded") else body.encode()
        if len(raw) > largest:
            raise PayloadTooLarge(f"A body has at most {largest} bytes.")
        return raw

    def content(self, largest: int) -> bytes:
        """The body as it was sent. Raises InvalidRequest and PayloadTooLarge."""
        try:
            return self.raw(largest)
        except ValueError as error:
            raise InvalidRequest([("body", "bytes")]) from error

    def json(self) -> dict[str, Any]:
        """The body. Raises InvalidRequest unless it is a JSON object, PayloadTooLarge if it is more than we read."""
        try:
            value = json.loads(self.raw().decode())
            _check(value)
        except (ValueError, RecursionError) as error:
            raise InvalidRequest([("body", "a JSON object")]) from error
        if not isinstance(value, dict):
            raise InvalidRequest([("body", "a JSON object")])
        return value


def _check(value: object, depth: int = 0) -> None:
    """Raise ValueError for what JSON cannot hold though Python's reader lets it pass, and for nesting without end."""
    if depth > DEEPEST_BODY or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError(depth)
    if isinstance(value, str):
        value.encode()  # half a surrogate pair is no character
    elif isinstance(value, dict | list):
        for part in [*value, *(value.values() if isinstance(value, dict) else ())]:
            _check(part, depth + 1)


@dataclass(frozen=True)
class Response:
    """`body` is sent as JSON, text as it is; `cookies` are set, each with its attributes."""

    status: int
    body: dict[str, Any] | str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()

    def as_event(self) -> Event:
        """The proxy response. What belongs to one visitor is not for caches, unless a header says otherwise."""
        headers = {"cache-control": "no-store", **self.headers}
        event: Event = {"statusCode": self.status, "headers": headers}
        if self.cookies:
            event["cookies"] = list(self.cookies)
        if self.body is not None:
            headers.setdefault("content-type", "application/json")
            event["body"] = self.body if isinstance(self.body, str) else _compact(self.body)
        return event


Handle = Callable[[Request], Response]
Refuse = Callable[[FairlineError, Request], Response]


def endpoint(handle: Handle) -> Callable[[Event, object], Event]:
    """A Lambda handler of `handle`, for requests that came through the CDN; others touch nothing."""
    return answering(handle, lambda error, _request: refused(error))


def answering(handle: Handle, refuse: Refuse) -> Callable[[Event, object], Event]:
    """As `endpoint`, with words of its own for what it refuses."""

    @functools.wraps(handle)
    def handler(event: Event, _context: object) -> Event:
        request = Request(event)
        try:
            wiring.origin_check().require(request.header(ORIGIN_HEADER))
            response = handle(request)
        except FairlineError as error:
            response = refuse(error, request)
            if isinstance(error, Unavailable):
                tally("Unavailable")
        except Exception as error:  # noqa: BLE001 - the last line of defence: say nothing, log everything
            logger().exception("unhandled", route=event.get("routeKey"), error=type(error).__name__)
            response = refuse(FairlineError("This was recorded; please try again.", retry_after_seconds=5), request)
        if response.status >= 500 and response.status != 503:  # noqa: PLR2004
            tally("Failures")
        return response.as_event()

    return handler


def refused(error: FairlineError) -> Response:
    """The problem document of a refusal."""
    headers = {"content-type": "application/problem+json"}
    if error.retry_after_seconds is not None:
        headers["retry-after"] = str(error.retry_after_seconds)
    if isinstance(error, MethodNotAllowed):
        headers["allow"] = ", ".join(error.allow)
    if isinstance(error, InvalidToken):
        headers["www-authenticate"] = 'Bearer error="invalid_token"'
    return Response(error.status, error.problem(), headers)
