"""The sample booking backend. Who is calling stands in headers that the gate overwrites on every request."""

from fairline.domain.errors import InvalidToken, MethodNotAllowed, NotFound
from fairline.entrypoints.booking import ANSWERS
from fairline.entrypoints.http import Request, Response
from fairline.entrypoints.readers import readable, reads

METHODS = {"seats": "GET", "holds": "POST", "purchases": "POST"}


@readable
def handler(request: Request) -> Response:
    """`GET seats`, `POST holds {"seat"}`, `POST purchases`: as data, or as pages."""
    path = request.path_parameter("proxy")
    if path not in METHODS:
        raise NotFound("There are seats, holds and purchases here.")
    if request.method != METHODS[path]:
        raise MethodNotAllowed([METHODS[path]])
    onsale, session = _caller(request)
    if not reads(request):
        return ANSWERS[path](request, onsale, session)
    from fairline.entrypoints.plain_seats import PAGES

    return PAGES[path](request, onsale, session)


def _caller(request: Request) -> tuple[str, str]:
    onsale, session = request.header("x-fairline-onsale"), request.header("x-fairline-session")
    if not onsale or not session or onsale != request.path_parameter("onsale"):
        raise InvalidToken("This session is for another onsale.")
    return onsale, session
