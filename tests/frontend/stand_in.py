"""A small stand-in for the room: it speaks the public interface and says what a test's `Script` tells it to say.

The journey through the real room is tested elsewhere; here only the page is under test.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from fairline.domain.status import iso
from local.cdn import COMPRESSED_FROM_BYTES
from local.edge import AnswerHeaders
from local.site import Site
from stacks.headers import SECURITY_HEADERS, content_security_policy
from tests.frontend.script import Script, now_ms

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
HELD_MS = 120_000
CODE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h2v2H0zM3 3h1v1H3z"/></svg>'
"""A picture where the room has a QR code."""


def problem(slug: str, status: int, detail: str = "", **headers: str) -> JSONResponse:
    body = {"type": f"urn:fairline:problem:{slug}", "title": slug, "status": status, "detail": detail}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


Answer = Callable[[Script, Request], Response]


def onsale(script: Script, request: Request) -> Response:
    if request.path_params["onsale"] != "demo":
        return problem("unknown-onsale", 404)
    url = f"ws://{request.url.netloc}/socket"
    return JSONResponse({**script.onsale(), "websocket_url": url})


def status(script: Script, _: Request) -> Response:
    return JSONResponse(script.status())


def register(script: Script, request: Request) -> Response:
    if script.phase == "scheduled":
        return problem("not-open-yet", 503, "Come back when the lobby opens.", **{"retry-after": "1"})
    if script.phase == "closed":
        return problem("closed", 410)
    key = request.headers.get("idempotency-key")
    known = key in script.visitors if key else _bearer(request) == script.token
    if known and script.standing in ("left", "expired") and script.may_rejoin:
        script.position += 1_000
        script.state, script.extended, known = "waiting", False, False
    script.visitors = script.visitors | ({key: script.position} if key else {})
    return JSONResponse(script.place(), 200 if known else 201)


def _bearer(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def place(script: Script, request: Request) -> Response:
    token = _bearer(request)
    if token != script.token:
        older = token.startswith("token-")
        return problem("superseded", 410) if older else problem("invalid-token", 401, "This token is not ours.")
    if request.method == "DELETE":
        script.state = "left"
        return Response(status_code=204)
    return JSONResponse(script.place())


def code(script: Script, request: Request) -> Response:
    if _bearer(request) != script.token:
        return problem("invalid-token", 401)
    return Response(CODE, media_type="image/svg+xml")


def extension(script: Script, _: Request) -> Response:
    if script.extended:
        return problem("already-extended", 409)
    script.extended = True
    return JSONResponse({"session_expires_at": iso(script.expires_ms)})


def _gate(script: Script, request: Request) -> Response | None:
    owed = f"Bearer {script.session()['access_token']}"
    allowed = script.standing == "admitted" and request.headers.get("authorization") == owed
    return None if allowed else JSONResponse({"message": "Forbidden"}, 403)


def seats(script: Script, request: Request) -> Response:
    house = {"rows": list("ABCDEFGHIJKLMNOPQRST"), "seats_per_row": 30, "price": {"amount": 4500, "currency": "EUR"}}
    return _gate(script, request) or JSONResponse({**house, "taken": list(script.taken), "yours": script.yours})


def buy(script: Script, request: Request) -> Response:
    refused = _gate(script, request)
    if refused or not script.yours:
        return refused or problem("nothing-held", 409, "There is no seat held for you.")
    script.state = "completed"
    return JSONResponse({"order": "FL-2041", "seat": script.yours["seat"]}, 201)


def hold(script: Script, request: Request) -> Response:
    seat = request.state.body["seat"]
    refused = _gate(script, request)
    if refused or seat in script.taken:
        return refused or problem("seat-taken", 409)
    script.yours = {"seat": seat, "state": "held", "held_until": iso(now_ms() + HELD_MS)}
    return JSONResponse({"seat": seat, "held_until": script.yours["held_until"]}, 201)


def _endpoint(current: Callable[[], Script], answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        script = current()
        script.heard = (*script.heard, f"{request.method} {request.url.path}")
        owed = script.take_owed(request.url.path)
        if owed and not owed.lost:
            return Response(status_code=owed.status, headers=owed.headers)
        request.state.body = await request.json() if await request.body() else {}
        done = answer(script, request)
        return Response(status_code=owed.status) if owed else done

    return endpoint


def _socket(current: Callable[[], Script]) -> Callable[[WebSocket], Awaitable[None]]:
    async def socket(websocket: WebSocket) -> None:
        script = current()
        if script.socket_refused or websocket.query_params.get("visitor_token") != script.token:
            await websocket.close(1008)
            return
        await websocket.accept()
        script.loop = asyncio.get_running_loop()
        script.sockets = (*script.sockets, websocket)
        try:
            async for message in websocket.iter_json():
                await websocket.send_json({"type": "place", **script.place(), "ahead": None})
                script.heard = (*script.heard, f"socket {message['action']}")
        except WebSocketDisconnect:
            pass
        script.sockets = tuple(other for other in script.sockets if other is not websocket)

    return socket


BASE = "/v1/onsales/{onsale}"
ANSWERS: tuple[tuple[str, str, Answer], ...] = (
    ("GET", BASE, onsale),
    ("GET", "/status/demo.json", status),
    ("POST", f"{BASE}/registrations", register),
    ("GET", f"{BASE}/place", place),
    ("DELETE", f"{BASE}/place", place),
    ("GET", f"{BASE}/place/code", code),
    ("POST", f"{BASE}/place/extension", extension),
    ("GET", f"{BASE}/booking/seats", seats),
    ("POST", f"{BASE}/booking/holds", hold),
    ("POST", f"{BASE}/booking/purchases", buy),
)


def stand_in(current: Callable[[], Script], socket_origin: str) -> Starlette:
    """The application, with the headers that the CDN sends; `current` gives the script of the test that is running."""
    headers = {**SECURITY_HEADERS, "content-security-policy": content_security_policy([socket_origin])}
    routes = [Route(path, _endpoint(current, answer), methods=[method]) for method, path, answer in ANSWERS]
    site = Mount("/", GZipMiddleware(Site(FRONTEND), minimum_size=COMPRESSED_FROM_BYTES))
    return Starlette(
        routes=[*routes, WebSocketRoute("/socket", _socket(current)), site],
        middleware=[Middleware(AnswerHeaders, headers)],
    )
