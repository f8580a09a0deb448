"""A visitor's own place as data, for the visitor token of the header or of a cookie."""

from fairline import wiring
from fairline.domain.cookies import place_cookie
from fairline.domain.status import iso
from fairline.domain.visitor_token import VisitorClaims
from fairline.entrypoints.bodies import place_body
from fairline.entrypoints.http import Request, Response
from fairline.entrypoints.readers import shown_token


def shown(request: Request) -> tuple[VisitorClaims, str]:
    """The place that the request is about, with its token. Raises InvalidToken and WrongOrigin."""
    onsale = request.onsale
    token = shown_token(request, place_cookie(onsale))
    return wiring.visitor_tokens().read(token, onsale), token


def _read(request: Request) -> Response:
    claims, token = shown(request)
    view = wiring.places().read(claims)
    lasting, _ = wiring.visitor_tokens().lasting(token, claims, view)
    return Response(200, {"visitor_token": lasting, **place_body(view, wiring.polls())})


def _leave(request: Request) -> Response:
    claims, _ = shown(request)
    wiring.places().leave(claims)
    return Response(204)


def _extend(request: Request) -> Response:
    claims, _ = shown(request)
    admission = wiring.desk().admission(wiring.places().extend(claims))
    ends_at = {"session_expires_at": iso(admission.ends_at_ms)}
    return Response(200, {**ends_at, "access_token": admission.access_token, "extension_available": False})


ANSWERS = {"GET": _read, "DELETE": _leave, "POST": _extend}
