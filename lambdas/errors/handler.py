"""How many requests the API refused lately. Outside the VPC, from where CloudWatch can be reached."""

from fairline import console
from fairline.clients import now_ms
from fairline.entrypoints.figures import errors_body
from fairline.entrypoints.http import Request, Response, endpoint


@endpoint
def handler(_request: Request) -> Response:
    """`GET /v1/admin/errors`."""
    return Response(200, errors_body(console.traffic().minutes(now_ms()), now_ms()))
