"""The page and its files. At the door it is done what `stacks/edge/door.py` does at CloudFront's edges."""

import hashlib
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from stacks.pages import ahead, form_leads_to, front, pages

READING = ("GET", "HEAD")
FRONT = ("/", "/index.html")


class Site:
    """An ASGI application. Pages are rendered for each request, so that a reload shows a change."""

    def __init__(self, frontend: Path) -> None:
        self._frontend = frontend
        self._files = Files(directory=frontend, html=True, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope)
        if request.method not in READING:
            return await _sent(request)(scope, receive, send)
        page = pages(self._frontend).get(_place(request))
        answer = self._files if page is None else _served(page, request)
        return await answer(scope, receive, send)


def _sent(request: Request) -> Response:
    """Where the form of a page without script leads."""
    onsale, asked = (request.query_params.get(name, "") for name in ("onsale", "lang"))
    if (request.method, request.url.path) != ("POST", "/"):
        return PlainTextResponse("", 405, {"allow": ", ".join(READING)})
    address = form_leads_to(onsale, asked)
    return RedirectResponse(address, 303) if address else PlainTextResponse("", 400)


def _place(request: Request) -> str:
    path = request.url.path
    if path not in FRONT:
        return path.removeprefix("/")
    return front(request.headers.get("accept-language", ""), request.query_params.get("lang", ""))


def _served(page: str, request: Request) -> Response:
    etag = f'"{hashlib.sha256(page.encode()).hexdigest()[:32]}"'
    headers = {"etag": etag, "cache-control": "no-cache"}
    asked = request.query_params
    if link := ahead(asked.get("onsale", ""), preview="preview" in asked):
        headers["link"] = link
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(page, headers=headers)


class Files(StaticFiles):
    """What the page loads. Browsers ask each time whether theirs is still the newest."""

    def file_response(self, *args: Any, **options: Any) -> Response:
        """One file, or 304."""
        response = super().file_response(*args, **options)
        response.headers["cache-control"] = "no-cache"
        return response
