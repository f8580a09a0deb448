"""The sample booking backend. Who is calling stands in headers that the gate overwrites on every request."""

from fairline import wiring
from fairline.domain.errors import InvalidToken, MethodNotAllowed, NotFound
from fairline.domain.status import iso
from fairline.entrypoints.http import Request, Response, endpoint

METHODS = {"seats": "GET", "holds": "POST", "purchases": "POST"}


@endpoint
def handler(request: Request) -> Response:
    """`GET seats`, `POST holds {"seat"}`, `POST purchases`."""
    path = request.path_parameter("proxy")
    if path not in METHODS:
        raise NotFound("There are seats, holds and purchases here.")
    if request.method != METHODS[path]:
        raise MethodNotAllowed([METHODS[path]])
    onsale, session = _caller(request)
    office = wiring.box_office()
    if path == "seats":
        return Response(200, office.seats(onsale, session).document())
    if path == "holds":
        seat = office.hold(onsale, session, request.json().get("seat"))
        return Response(201, {"seat": seat.label, "held_until": iso(seat.held_until_ms)})
    bought = office.purchase(onsale, session)
    return Response(200 if bought.repeated else 201, {"order": bought.order, "seat": bought.seat})


def _caller(request: Request) -> tuple[str, str]:
    onsale, session = request.header("x-fairline-onsale"), request.header("x-fairline-session")
    if not onsale or not session or onsale != request.path_parameter("onsale"):
        raise InvalidToken("This session is for another onsale.")
    return onsale, session
