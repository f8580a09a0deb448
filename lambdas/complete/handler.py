"""The booking backend reports a purchase."""

from fairline import wiring
from fairline.entrypoints.http import Request, Response, endpoint
from fairline.snapshot import hold

hold("boto3", "redis", "aws_lambda_powertools")


@endpoint
def handler(request: Request) -> Response:
    """`POST /v1/onsales/{onsale}/sessions/{session}/completion` with the onsale's completion key."""
    onsale, session = request.onsale, request.path_parameter("session")
    wiring.completion().complete(onsale, session, request.required_bearer())
    return Response(204)
