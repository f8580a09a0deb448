"""A visitor's own place."""

from fairline import wiring
from fairline.domain.status import iso
from fairline.domain.visitor_token import VisitorClaims
from fairline.entrypoints.bodies import place_body
from fairline.entrypoints.http import Request, Response, endpoint
from fairline.snapshot import hold

hold("boto3", "redis", "jwt", "aws_lambda_powertools")


@endpoint
def handler(request: Request) -> Response:
    """`GET` and `DELETE …/place`, `POST …/place/extension`, all with the visitor token."""
    token = request.required_bearer()
    claims = wiring.visitor_tokens().read(token, request.onsale)
    return ANSWERS[request.method](claims, token)


def _read(claims: VisitorClaims, token: str) -> Response:
    return Response(200, {"visitor_token": token, **place_body(wiring.places().read(claims), wiring.polls())})


def _leave(claims: VisitorClaims, _token: str) -> Response:
    wiring.places().leave(claims)
    return Response(204)


def _extend(claims: VisitorClaims, _token: str) -> Response:
    session = wiring.places().extend(claims)
    admission = wiring.desk().admission(session)
    ends_at = {"session_expires_at": iso(admission.ends_at_ms)}
    return Response(200, {**ends_at, "access_token": admission.access_token, "extension_available": False})


ANSWERS = {"GET": _read, "DELETE": _leave, "POST": _extend}
