"""What the sample booking backend answers programs, for a session that the gate has let through."""

from fairline import wiring
from fairline.domain.status import iso
from fairline.entrypoints.http import Request, Response


def _seats(_request: Request, onsale: str, session: str) -> Response:
    return Response(200, wiring.box_office().seats(onsale, session).document())


def _hold(request: Request, onsale: str, session: str) -> Response:
    seat = wiring.box_office().hold(onsale, session, request.json().get("seat"))
    return Response(201, {"seat": seat.label, "held_until": iso(seat.held_until_ms)})


def _purchase(_request: Request, onsale: str, session: str) -> Response:
    bought = wiring.box_office().purchase(onsale, session)
    return Response(200 if bought.repeated else 201, {"order": bought.order, "seat": bought.seat})


ANSWERS = {"seats": _seats, "holds": _hold, "purchases": _purchase}
