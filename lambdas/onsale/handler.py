"""The public description of an onsale; and `$default`, the answer to everything that is not there."""

from fairline import wiring
from fairline.clients import now_ms
from fairline.domain.errors import MethodNotAllowed, NotFound, UnknownOnsale
from fairline.entrypoints.bodies import onsale_body
from fairline.entrypoints.http import Request, Response, endpoint
from fairline.entrypoints.missing import methods_of
from fairline.snapshot import hold

hold("boto3", "aws_lambda_powertools")


@endpoint
def handler(request: Request) -> Response:
    """`GET /v1/onsales/{onsale}`, cached for a second by the CDN; 404 or 405 for `$default`."""
    if request.route_key == "$default":
        allowed = methods_of(request.path)
        raise MethodNotAllowed(allowed) if allowed else NotFound("Check the address.")
    name = request.onsale
    onsale = wiring.latest_onsales().get(name)
    if onsale is None:
        raise UnknownOnsale("Check the address: there is no onsale of this name.")
    body = onsale_body(onsale, now_ms(), wiring.addresses())
    return Response(200, body, {"cache-control": "public, max-age=1"})
