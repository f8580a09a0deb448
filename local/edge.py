"""What the CDN adds on the way: secret and address towards the API, security headers towards the browser."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fairline.routes import ADDRESS_HEADER, ORIGIN_HEADER


class OriginHeader:
    """An ASGI application that hears the secret with each request, whatever the client claimed it to be."""

    def __init__(self, app: ASGIApp, secret: str) -> None:
        self._app = app
        self._name = ORIGIN_HEADER.encode()
        self._secret = secret.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = [(name, value) for name, value in scope["headers"] if name.lower() != self._name]
        await self._app({**scope, "headers": [*headers, (self._name, self._secret)]}, receive, send)


class AddressHeader:
    """An ASGI application that hears the client's address with each request, whatever the client claimed it to be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._name = ADDRESS_HEADER.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = [(name, value) for name, value in scope["headers"] if name.lower() != self._name]
        client = str(scope["client"][0]).encode()
        await self._app({**scope, "headers": [*headers, (self._name, client)]}, receive, send)


KEPT = "content-security-policy"
"""What an answer says of its own accord here stands: it knows better what it needs."""


class AnswerHeaders:
    """An ASGI application each of whose answers bears `headers`."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                own = {KEPT: headers[KEPT]} if KEPT in headers else {}
                headers.update({**self._headers, **own})
            await send(message)

        await self._app(scope, receive, send_with_headers)
