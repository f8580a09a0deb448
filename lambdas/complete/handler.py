"""The booking backend reports a purchase."""

from fairline import wiring
from fairline.entrypoints.http import Request, Response, endpoint


@endpoint
def handler(request: Request) -> Response:
    """`POST /v1/onsales/{onsale}/sessions/{session}/completion` with the onsale's completion key."""
    onsale, session = request.onsale, request.path_parameter("session")
    wiring.completion().complete(onsale, session, request.required_bearer())
    return Response(204)
