"""The operators' routes, each with its answer."""

from collections.abc import Callable

from fairline import console, wiring
from fairline.clients import now_ms
from fairline.domain.onsale import CHANGEABLE, TIMES, Onsale
from fairline.domain.picture import LARGEST_PICTURE
from fairline.entrypoints.bodies import (
    audit_body,
    issued_body,
    place_body,
    policy_body,
    policy_values,
    required,
)
from fairline.entrypoints.figures import history_body, live_body, moment
from fairline.entrypoints.http import Request, Response
from fairline.routes import ADMIN

ONE = f"{ADMIN}/{{onsale}}"
SETTABLE = frozenset(name.removesuffix("_ms") if name in TIMES else name for name in CHANGEABLE)
VERSION = "the version this change is made from, a whole number"


def _list(_request: Request) -> Response:
    return Response(200, {"onsales": [policy_body(onsale, now_ms()) for onsale in wiring.operations().every()]})


def _create(request: Request) -> Response:
    values = policy_values({"session_seconds": wiring.session_seconds(), **request.json()}, SETTABLE | {"onsale"})
    return Response(201, issued_body(wiring.operations().create(_who(request), **values), now_ms()))


def _read(request: Request) -> Response:
    return _policy(wiring.operations().read(request.onsale))


def _change(request: Request) -> Response:
    body = request.json()
    version = required(body, "expected_version", int, VERSION)
    values = policy_values({k: v for k, v in body.items() if k != "expected_version"}, SETTABLE)
    return _policy(wiring.operations().change(request.onsale, version, _who(request), **values))


def _pause(request: Request) -> Response:
    body = request.json()
    version = required(body, "expected_version", int, VERSION)
    return _policy(wiring.operations().pause(request.onsale, version, _who(request), body.get("reason")))


def _resume(request: Request) -> Response:
    return _policy(wiring.operations().resume(request.onsale, _expected(request), _who(request)))


def _close(request: Request) -> Response:
    return _policy(wiring.operations().close(request.onsale, _expected(request), _who(request)))


def _notice(request: Request) -> Response:
    notice = required(request.json(), "notice", str, "text")
    return _policy(wiring.operations().notice(request.onsale, _expected(request), _who(request), notice))


def _new_key(request: Request) -> Response:
    issued = wiring.operations().new_key(request.onsale, _expected(request), _who(request))
    return Response(200, issued_body(issued, now_ms()))


def _metrics(request: Request) -> Response:
    return Response(200, live_body(console.figures().live(request.onsale), now_ms()))


def _history(request: Request) -> Response:
    since_ms = moment("since", request.query("since"))
    return Response(200, history_body(console.figures().history(request.onsale, since_ms), now_ms()))


def _audit(request: Request) -> Response:
    return Response(200, audit_body(wiring.operations().audit(request.onsale), now_ms()))


def _picture(request: Request) -> Response:
    """The body is the picture itself, which API Gateway hands over in base64."""
    return Response(201, {"picture": wiring.pictures().add(request.onsale, request.content(LARGEST_PICTURE))})


def _look_up(request: Request) -> Response:
    """One place, for the help desk: by its visitor's token or by its position."""
    body, onsale = request.json(), request.onsale
    if "visitor_token" in body:
        token = required(body, "visitor_token", str, "a visitor token")
        view = wiring.lookup().of(wiring.visitor_tokens().read(token, onsale).place)
    else:
        view = wiring.lookup().by_position(onsale, required(body, "position", int, "a position, or a visitor_token"))
    return Response(200, place_body(view, wiring.polls()))


def _policy(onsale: Onsale) -> Response:
    return Response(200, policy_body(onsale, now_ms()))


def _expected(request: Request) -> int:
    version: int = required(request.json(), "expected_version", int, VERSION)
    return version


def _who(request: Request) -> str:
    """The operator, as the token names them."""
    claims = request.claims() or {}
    return str(claims.get("email") or claims.get("username") or claims.get("sub") or "unknown")


ANSWERS: dict[str, Callable[[Request], Response]] = {
    f"GET {ADMIN}": _list,
    f"POST {ADMIN}": _create,
    f"GET {ONE}": _read,
    f"PATCH {ONE}": _change,
    f"POST {ONE}/pause": _pause,
    f"POST {ONE}/resume": _resume,
    f"POST {ONE}/close": _close,
    f"POST {ONE}/notice": _notice,
    f"POST {ONE}/completion-key": _new_key,
    f"POST {ONE}/picture": _picture,
    f"GET {ONE}/metrics": _metrics,
    f"GET {ONE}/history": _history,
    f"GET {ONE}/audit": _audit,
    f"POST {ONE}/place-lookup": _look_up,
}
